"""One house and one gateway for all tests; each file leaves them as it found them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from demo.house import House
from demo.ports import free_port
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

API_KEY: Final = "key-of-the-end-to-end-tests"
OLENA: Final = "+380671112233"
PETRO: Final = "+380671112911"
PATIENCE: Final = 15.0
PORCH: Final = {
    "media_content_id": "media-source://camera/camera.porch",
    "media_content_type": "image/jpeg",
}
BELL: Final[dict[str, Any]] = {
    "title": "Doorbell",
    "message": "Somebody is at the gate.",
    "media": PORCH,
}
ANSWERS: Final = [
    {"action": "open_gate", "text": "Open gate"},
    {"action": "ignore", "text": "Ignore"},
]


def new_gateway() -> SimulatedGateway:
    """Return a gateway that answers over HTTP, once it is entered."""
    return SimulatedGateway(GatewaySettings(api_keys=(API_KEY,)))


@asynccontextmanager
async def new_house(folder: Path) -> AsyncGenerator[House]:
    """Build a house, and onboard it."""
    async with House(folder, free_port()) as built:
        await built.onboard()
        await built.add_camera()
        yield built


@pytest.fixture(scope="session")
async def gateway() -> AsyncGenerator[SimulatedGateway]:
    """Return the gateway of all files."""
    async with new_gateway() as simulated:
        yield simulated


@pytest.fixture(scope="session")
async def house(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[House]:
    """Return the house of all files that have none of their own."""
    async with new_house(tmp_path_factory.mktemp("house")) as built:
        yield built


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpAccount:
    """What the set-up of the account showed on its way."""

    entry_id: str
    report_url: str
    webhook_id: str
    wrong_key: dict[str, Any]
    requests_of_wrong_key: int
    created: dict[str, Any]
    bad_phone: dict[str, Any]
    olena: dict[str, Any]


def account_input(gateway: SimulatedGateway, api_key: str = API_KEY) -> dict[str, Any]:
    """Return what a person enters for the account."""
    return {
        "username": "demo",
        "api_key": api_key,
        "currency": "UAH",
        "connection": {"url": gateway.url},
    }


async def set_up_account(house: House, gateway: SimulatedGateway) -> SetUpAccount:
    """Set an account up as a person does: wrong key first, then two recipients."""
    flow = await house.start_flow("inteltele")
    flow = await house.submit(flow, **account_input(gateway, "wrong"))
    wrong_key = await house.submit(flow, next_step_id="unencrypted")
    requests_of_wrong_key = gateway.request_count()
    created = await house.submit(wrong_key, **account_input(gateway))
    report_url = created["description_placeholders"]["report_url"]
    gateway.settings.report_url = report_url
    recipient = {"flow_id": created["next_flow"][1]}
    entered = {"name": "Olena", "sms_fallback": False}
    bad_phone = await house.submit_recipient(
        recipient, **entered, phone="12", test=True
    )
    olena = await house.submit_recipient(
        recipient, **entered, phone="067 111 22 33", test=True
    )
    await gateway.settle()
    entry_id = created["result"]["entry_id"]
    await house.submit_recipient(
        await house.start_recipient(entry_id),
        name="Petro",
        phone=PETRO,
        sms_fallback=True,
        sms_sender="MyHouse",
        test=False,
    )
    await until_state(house, "notify.petro", "unknown")
    await until_stored(house, PETRO)
    return SetUpAccount(
        entry_id=entry_id,
        report_url=report_url,
        webhook_id=report_url.rpartition("/")[2],
        wrong_key=wrong_key,
        requests_of_wrong_key=requests_of_wrong_key,
        created=created,
        bad_phone=bad_phone,
        olena=olena,
    )


@pytest.fixture(scope="session")
async def account(
    house: House, gateway: SimulatedGateway
) -> AsyncGenerator[SetUpAccount]:
    """Return the account of the house, whose secrets no file may have brought out."""
    built = await set_up_account(house, gateway)
    yield built
    check_secrets(house, API_KEY, built.webhook_id)


def check_secrets(house: House, *secrets: str) -> None:
    """Fail if the log of the house holds a secret in a line of ours."""
    ours = [line for line in house.log.splitlines() if "custom_components" in line]
    assert ours
    for secret in secrets:
        assert not [line for line in ours if secret in line]


@pytest.fixture
async def quiet_gateway(
    gateway: SimulatedGateway, account: SetUpAccount
) -> AsyncGenerator[SimulatedGateway]:
    """Return the gateway as it is after set-up, with nothing asked of it yet."""
    await gateway.settle()
    gateway.reset()
    gateway.settings.api_keys = (API_KEY,)
    gateway.settings.report_method = "POST"
    yield gateway
    await gateway.settle()


async def until_state(house: House, entity_id: str, *wanted: str) -> dict[str, Any]:
    """Wait until an entity has one of several states, and return it."""
    states: dict[str, dict[str, Any]] = {}
    async with asyncio.timeout(PATIENCE):
        while states.get(entity_id, {}).get("state") not in wanted:
            listed = await house.request("GET", "/api/states")
            states = {state["entity_id"]: state for state in listed}
            await asyncio.sleep(0.05)
    return states[entity_id]


async def until_stored(house: House, text: str) -> None:
    """Wait until Home Assistant has written a text into its accounts' file."""
    async with asyncio.timeout(PATIENCE):
        while text not in house.stored("core.config_entries"):
            await asyncio.sleep(0.1)


async def until_event_type(house: House, entity_id: str, wanted: str) -> dict[str, Any]:
    """Wait until an event entity shows a type, and return its attributes."""
    attributes: dict[str, Any] = {}
    async with asyncio.timeout(PATIENCE):
        while attributes.get("event_type") != wanted:
            attributes = (await house.state(entity_id))["attributes"]
            await asyncio.sleep(0.05)
    return attributes


async def heard(
    events: asyncio.Queue[Any], patience: float = PATIENCE
) -> dict[str, Any]:
    """Return the data of the next event."""
    async with asyncio.timeout(patience):
        return dict((await events.get())["data"])
