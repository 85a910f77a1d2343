"""A house with an IntelTele account, and a gateway to send to."""

# Imported first: otherwise the test package's own `custom_components` is found.
import custom_components.inteltele  # noqa: F401  # isort: skip

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.const import (
    CONF_CURRENCY,
    CONF_PHONE,
    CONF_SMS_FALLBACK,
    CONF_SMS_SENDER,
    DOMAIN,
    SUBENTRY_RECIPIENT,
)
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

API_KEY = "key-of-the-tests"
USERNAME = "House"
WEBHOOK_ID = "webhook-of-the-tests"
OLENA = "+380671112233"
PETRO = "+380671112244"

type Damage = Callable[[str, str], Awaitable[None]]


@pytest.fixture(autouse=True)
def _integration_is_found(
    enable_custom_integrations: None, socket_enabled: None
) -> None:
    """Let Home Assistant load the integration, and tests speak over loopback."""


@pytest.fixture
def settings() -> GatewaySettings:
    """Return what the simulated gateway is like."""
    return GatewaySettings(username=USERNAME, api_keys=(API_KEY,))


@pytest.fixture
async def gateway(settings: GatewaySettings) -> AsyncGenerator[SimulatedGateway]:
    """Return a simulated gateway that answers over HTTP."""
    simulated = SimulatedGateway(settings=settings)
    await simulated.start()
    yield simulated
    await simulated.stop()


@pytest.fixture
def handshakes_may_fail(hass: HomeAssistant) -> None:
    """Let the server's side of a broken-off handshake pass: it runs in our loop."""

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        assert isinstance(context.get("exception"), OSError), context

    hass.loop.set_exception_handler(handle)


def recipient(subentry_id: str, name: str, phone: str, **data: Any) -> ConfigSubentry:
    """Return a recipient as an account holds it."""
    return ConfigSubentry(
        data=MappingProxyType({CONF_PHONE: phone, CONF_SMS_FALLBACK: False} | data),
        subentry_id=subentry_id,
        subentry_type=SUBENTRY_RECIPIENT,
        title=name,
        unique_id=phone,
    )


@pytest.fixture
def recipients() -> list[ConfigSubentry]:
    """Return the account's recipients."""
    return [
        recipient("olena", "Olena", OLENA),
        recipient(
            "petro",
            "Petro",
            PETRO,
            **{CONF_SMS_FALLBACK: True, CONF_SMS_SENDER: "House"},
        ),
    ]


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the options that the account was given."""
    return {}


@pytest.fixture
def entry(
    gateway: SimulatedGateway,
    recipients: list[ConfigSubentry],
    options: dict[str, Any],
) -> MockConfigEntry:
    """Return an account of the simulated gateway."""
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id="account",
        title="IntelTele",
        unique_id=USERNAME.casefold(),
        data={
            CONF_USERNAME: USERNAME,
            CONF_API_KEY: API_KEY,
            CONF_CURRENCY: "UAH",
            CONF_URL: gateway.url,
            CONF_WEBHOOK_ID: WEBHOOK_ID,
        },
        options=options,
        subentries_data=[item.as_dict() for item in recipients],
    )


@pytest.fixture
def home(hass: HomeAssistant, tmp_path: Path) -> HomeAssistant:
    """Return a house in Ukraine that talks English, with a folder of its own."""
    hass.config.config_dir = str(tmp_path)
    hass.config.country = "UA"
    hass.config.currency = "UAH"
    hass.config.language = "en"
    return hass


@pytest.fixture
async def account(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway
) -> AsyncGenerator[MockConfigEntry]:
    """Return the account, set up, with nothing asked of the gateway yet."""
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    gateway.requests.clear()
    yield entry
    # A changed recipient reloads the account, which must not happen half.
    await home.async_block_till_done()


@pytest.fixture
def damage(account: MockConfigEntry) -> Damage:
    """Return what takes a table of the account's file away, or brings it back."""

    async def rename(table: str, name: str) -> None:
        """Give a table another name."""
        await account.runtime_data.delivery.database.write(
            lambda file: file.execute(f"ALTER TABLE {table} RENAME TO {name}")
        )

    return rename
