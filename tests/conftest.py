"""A house with an IntelTele account, and a gateway to send to."""

# Imported first: otherwise the test package's own `custom_components` is found.
import custom_components.inteltele  # noqa: F401  # isort: skip

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
import threading
from types import MappingProxyType
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntryDisabler, ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_WEBHOOK_ID
from homeassistant.core import Event, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.inteltele.account import announcer
from custom_components.inteltele.account.accounts import async_close_account
from custom_components.inteltele.const import (
    CONF_CURRENCY,
    CONF_PHONE,
    CONF_SMS_FALLBACK,
    CONF_SMS_SENDER,
    DOMAIN,
    EVENT_ALARM,
    SUBENTRY_RECIPIENT,
)
from custom_components.inteltele.delivery import clock
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

API_KEY = "key-of-the-tests"
USERNAME = "House"
WEBHOOK_ID = "webhook-of-the-tests"
OLENA = "+380671112233"
PETRO = "+380671112244"

type Phone = TestClient[Any, Any]
type ClientGenerator = Callable[[], Coroutine[Any, Any, Phone]]
type Damage = Callable[[str, str], Awaitable[None]]


@pytest.fixture(autouse=True)
def _integration_is_found(
    enable_custom_integrations: None, socket_enabled: None
) -> None:
    """Let Home Assistant load the integration, and tests speak over loopback."""


@pytest.fixture(autouse=True)
def _counters_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for what is told together."""
    monkeypatch.setattr(announcer, "TELL_AFTER", 0.05)


@pytest.fixture(autouse=True)
def _time_that_is_put_on_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody take frozen time for a clock that was set."""
    monkeypatch.setattr(clock, "clock_gettime", lambda _: dt_util.utcnow().timestamp())


@pytest.fixture(autouse=True)
def _threads_of_pictures_end() -> Iterator[None]:
    """Wait for them, as the end of a house does not."""
    yield
    for thread in threading.enumerate():
        if thread.name == "IntelTele picture":
            thread.join(5)


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


async def settled(hass: HomeAssistant) -> None:
    """Wait for all that is under way, for tasks of the account's own as well."""
    while True:
        await hass.async_block_till_done(wait_background_tasks=True)
        own = {
            task
            for task in asyncio.all_tasks()
            if task.get_name().startswith("IntelTele ")
        }
        if own:
            await asyncio.wait(own)
        # What came of it is told in the next turns of the event loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if not own:
            return


async def disable(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Disable an account, which ends its work."""
    await hass.config_entries.async_set_disabled_by(
        account.entry_id, ConfigEntryDisabler.USER
    )


async def enable(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Enable an account again, and wait until it has begun to work."""
    await hass.config_entries.async_set_disabled_by(account.entry_id, None)
    await settled(hass)


async def stop(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """End an account's work, as at the end of Home Assistant."""
    await hass.config_entries.async_unload(account.entry_id)
    await async_close_account(hass, account)


async def restart(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """End an account's work, and let it begin anew with what is on the disk."""
    await stop(hass, account)
    await hass.config_entries.async_setup(account.entry_id)
    await settled(hass)


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
    await settled(home)
    gateway.requests.clear()
    yield entry
    # A reload must not happen half.
    await home.async_block_till_done()


@pytest.fixture
def told(home: HomeAssistant) -> list[Event]:
    """Return what alarms tell on the bus, in a house that phones reach."""
    home.config.external_url = "https://house.example.org"
    return async_capture_events(home, EVENT_ALARM)


@pytest.fixture
async def phone(
    account: MockConfigEntry, hass_client_no_auth: ClientGenerator
) -> Phone:
    """Return what a phone is to the house: somebody without a login."""
    return await hass_client_no_auth()


@pytest.fixture
def damage(account: MockConfigEntry) -> Damage:
    """Return what takes a table of the account's file away, or brings it back."""

    async def rename(table: str, name: str) -> None:
        """Give a table another name."""
        await account.runtime_data.delivery.database.write(
            lambda file: file.execute(f"ALTER TABLE {table} RENAME TO {name}")
        )

    return rename
