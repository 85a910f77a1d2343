"""The accounts at work: through reloads, for whoever meets one, and until they stop."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from http import HTTPStatus
import time
from typing import Any
from urllib.parse import urlencode

from aiohttp.test_utils import TestClient
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util.aiohttp import MockRequest
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
from yarl import URL

import custom_components.inteltele as integration
from custom_components.inteltele.account import accounts as accounts_module
from custom_components.inteltele.account.account import Account, ledger_path
from custom_components.inteltele.account.accounts import (
    async_find_account,
    async_get_account,
)
from custom_components.inteltele.const import (
    DOMAIN,
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
)
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from ..conftest import (
    API_KEY,
    OLENA,
    USERNAME,
    WEBHOOK_ID,
    disable,
    enable,
    settled,
    stop,
)

BUTTON = {"button_text": "Open gate", "button_action": "open_gate"}

type ClientGenerator = Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]]


@pytest.fixture
def settings() -> GatewaySettings:
    """Return a gateway whose reports the tests make."""
    return GatewaySettings(username=USERNAME, api_keys=(API_KEY,), report_url=None)


@pytest.fixture(autouse=True)
def _house_on_the_internet(home: HomeAssistant) -> None:
    """Give the house a public address."""
    home.config.external_url = "https://house.example.org"


async def _send(home: HomeAssistant, **fields: Any) -> Any:
    """Send a message and return what became of it."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", "entity_id": "notify.olena"} | fields,
        blocking=True,
        return_response=True,
    )
    return response["messages"][0]


async def _report(home: HomeAssistant, message_id: str | None) -> HTTPStatus:
    """Let the gateway report that a message was delivered."""
    body = urlencode({"msgid": message_id, "status": "delivrd"}).encode()
    request = MockRequest(mock_source="test", method="POST", content=body)
    response = await webhook.async_handle_webhook(home, WEBHOOK_ID, request)
    return HTTPStatus(response.status)


@asynccontextmanager
async def _reloading(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[None]:
    """Hold a reload up in its middle, where no entity is there."""
    go_on = asyncio.Event()
    open_account = integration.async_open_account

    async def open_late(hass: HomeAssistant, entry: MockConfigEntry) -> Account:
        await go_on.wait()
        return await open_account(hass, entry)

    with monkeypatch.context() as slow:
        slow.setattr(integration, "async_open_account", open_late)
        # Not one that Home Assistant waits for.
        reload = home.loop.create_task(
            home.config_entries.async_reload(account.entry_id)
        )
        async with asyncio.timeout(5):
            while account.state is not ConfigEntryState.SETUP_IN_PROGRESS:
                await asyncio.sleep(0)
        assert home.states.get("notify.olena").state == STATE_UNAVAILABLE
        yield
        go_on.set()
        assert await reload
    await settled(home)


async def test_a_wait_outlives_a_reload(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And a report that comes in the middle ends it."""
    waiting = home.async_create_task(_send(home, wait_for="delivered"))
    async with asyncio.timeout(5):
        while not account.runtime_data.ledger.under_way:
            await asyncio.sleep(0.01)
    await home.config_entries.async_reload(account.entry_id)
    async with _reloading(home, account, monkeypatch):
        assert not waiting.done()
        assert await _report(home, gateway.messages[0].message_id) == HTTPStatus.OK
        assert (await waiting)["status"] == "delivered"


async def test_messages_go_out_in_the_middle_of_a_reload(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the two actions that Home Assistant lets reach us."""
    async with _reloading(home, account, monkeypatch):
        assert (await _send(home))["status"] == "sent"
        assert (await _send(home, to=OLENA, message="Fire!"))["status"] == "sent"
        await home.services.async_call(
            "notify", "inteltele", {"message": "Storm!"}, blocking=True
        )
    assert {message.text for message in gateway.messages} == {
        "Water!",
        "Fire!",
        "Storm!",
    }


async def test_a_request_outlives_a_reload(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also one that is answered in the middle."""
    events = async_capture_events(home, EVENT_DELIVERY_STATUS)
    gateway.settings.misbehaviour = Misbehaviour(delay=0.2, apply_to=("/im/send/",))
    sending = home.async_create_task(_send(home))
    async with asyncio.timeout(5):
        while not gateway.request_count("/im/send/"):
            await asyncio.sleep(0.01)
    async with _reloading(home, account, monkeypatch):
        message = await sending
        await _report(home, message["message_id"])
        await home.async_block_till_done()
    assert [event.data["message_id"] for event in events] == [message["message_id"]]
    assert home.states.get("sensor.olena_last_message").state == "delivered"


async def test_a_link_works_in_the_middle_of_a_reload(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    hass_client_no_auth: ClientGenerator,
) -> None:
    """Whoever opens it then can answer; automations hear of it afterwards."""
    presses = async_capture_events(home, EVENT_BUTTON_PRESSED)
    phone = await hass_client_no_auth()
    await _send(home, **BUTTON)
    path = URL(gateway.messages[0].button_link or "").path
    async with _reloading(home, account, monkeypatch):
        assert "Open gate?" in await (await phone.get(path)).text()
        assert (await phone.post(path, data={"answer": "0"})).status == HTTPStatus.OK
        await home.async_block_till_done()
        assert presses == []
    assert [press.data["action"] for press in presses] == ["open_gate"]
    assert "Already answered" in await (await phone.get(path)).text()


async def test_what_opens_nothing_yet_is_to_be_opened_again(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
) -> None:
    """The house may still be starting; a disabled account is not waited for."""
    phone = await hass_client_no_auth()
    await _send(home, **BUTTON)
    link = URL(gateway.messages[0].button_link or "").path
    picture = f"/api/inteltele/picture/{link.rpartition('/')[2]}.jpg"
    await stop(home, account)
    for path in (link, picture):
        response = await phone.get(path)
        assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert int(response.headers["Retry-After"]) > 0
    assert "is just starting" in await (await phone.get(link)).text()
    await home.config_entries.async_setup(account.entry_id)
    await settled(home)
    assert (await phone.get(link)).status == HTTPStatus.OK
    assert (await phone.get(picture)).status == HTTPStatus.NOT_FOUND
    await disable(home, account)
    assert (await phone.get(link)).status == HTTPStatus.NOT_FOUND


async def test_a_reload_takes_no_longer_with_a_silent_gateway(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody waits for its answer."""
    gateway.settings.misbehaviour = Misbehaviour(delay=60)
    began = time.monotonic()
    await home.config_entries.async_reload(account.entry_id)
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("domain", "action", "call"),
    [
        (DOMAIN, "send_message", {"entity_id": "notify.olena"}),
        (DOMAIN, "send_message", {"to": OLENA}),
        ("notify", "inteltele", {"target": "Olena"}),
    ],
)
async def test_a_call_waits_for_an_account_that_is_being_set_up(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    domain: str,
    action: str,
    call: dict[str, Any],
) -> None:
    """As it does when the house starts."""
    await stop(home, account)
    async with _opening(home, account, monkeypatch) as go_on:
        calling = home.async_create_task(
            home.services.async_call(
                domain, action, {"message": "Water!", **call}, blocking=True
            )
        )
        await asyncio.sleep(0.05)
        assert not calling.done()
        go_on.set()
        await calling
    assert len(gateway.messages) == 1


async def test_a_call_does_not_wait_for_ever(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it says that the account does not run."""
    await stop(home, account)
    async with _opening(home, account, monkeypatch) as go_on:
        with pytest.raises(ServiceValidationError, match="is not running"):
            await async_get_account(home, account, within=0.01)
        go_on.set()


@pytest.mark.parametrize("why", ["error", "disabled", "stopping"])
async def test_a_call_does_not_wait_for_an_account_that_is_not_set_up(
    home: HomeAssistant,
    account: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
) -> None:
    """Nothing would change."""

    async def fail(_: Account) -> None:
        raise ZeroDivisionError

    if why == "error":
        await stop(home, account)
        monkeypatch.setattr(Account, "async_open", fail)
        assert not await home.config_entries.async_setup(account.entry_id)
        assert account.state is ConfigEntryState.SETUP_ERROR
    elif why == "disabled":
        await disable(home, account)
    else:
        home.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
        await home.async_block_till_done()
    began = time.monotonic()
    with pytest.raises(ServiceValidationError):
        await _send(home, to=OLENA, entity_id=[])
    with pytest.raises(ServiceValidationError, match="is not running"):
        await _send(home)
    assert time.monotonic() - began < 1


@asynccontextmanager
async def _opening(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[asyncio.Event]:
    """Hold a set-up up until an event is set."""
    go_on = asyncio.Event()
    open_account = Account.async_open

    async def open_late(opened: Account) -> None:
        await go_on.wait()
        await open_account(opened)

    monkeypatch.setattr(Account, "async_open", open_late)
    setting_up = home.loop.create_task(
        home.config_entries.async_setup(account.entry_id)
    )
    await asyncio.sleep(0)
    yield go_on
    assert await setting_up
    await settled(home)


async def test_a_file_that_lives_in_memory_is_opened_anew_by_a_reload(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Whoever mended the disk need not restart the house."""
    await stop(home, account)
    path = ledger_path(home, account.entry_id)
    path.unlink()
    path.mkdir()
    await home.config_entries.async_setup(account.entry_id)
    assert not account.runtime_data.delivery.database.durable
    path.rmdir()
    await home.config_entries.async_reload(account.entry_id)
    assert account.runtime_data.delivery.database.durable


async def test_an_account_whose_entities_cannot_be_added_is_not_at_work(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disabled in that state, it would work on for ever."""
    await stop(home, account)

    async def fail(*_: object) -> None:
        raise ImportError

    with monkeypatch.context() as broken:
        broken.setattr(home.config_entries, "async_forward_entry_setups", fail)
        assert not await home.config_entries.async_setup(account.entry_id)
    assert async_find_account(home, account.entry_id) is None
    assert await home.config_entries.async_reload(account.entry_id)


async def test_a_stop_awaits_requests_for_some_time_only(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A gateway that hangs holds no house up."""
    monkeypatch.setattr(accounts_module, "STOPPED_WITHIN", 0.2)
    gateway.settings.misbehaviour = Misbehaviour(delay=2)
    sending = home.loop.create_task(_send(home))
    async with asyncio.timeout(5):
        while not gateway.request_count("/im/send/"):
            await asyncio.sleep(0.01)
    began = time.monotonic()
    home.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await home.async_block_till_done()
    assert 0.15 < time.monotonic() - began < 1
    with pytest.raises(ServiceValidationError, match="is not running"):
        await _send(home, message="Fire!")
    await sending
    [kept] = account.runtime_data.ledger.queued.values()
    assert kept.text == "Water!"


async def test_both_chores_and_a_request_that_hang_end_together(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An account that is disabled is so within five seconds."""
    assert accounts_module.CLOSED_WITHIN < 5
    monkeypatch.setattr(accounts_module, "CLOSED_WITHIN", 0.3)
    gateway.settings.allowed_ips = ()
    await _send(home, message="Queued")
    gateway.settings.allowed_ips = GatewaySettings().allowed_ips
    gateway.settings.misbehaviour = Misbehaviour(delay=1)
    sending = home.loop.create_task(_send(home, to="+48601234567", entity_id=[]))
    account.runtime_data.delivery.outbox.wake()
    async with asyncio.timeout(5):
        while gateway.request_count("/im/send/") < 3:
            await asyncio.sleep(0.01)
    began = time.monotonic()
    await disable(home, account)
    assert time.monotonic() - began < 0.9
    with pytest.raises(HomeAssistantError):
        await _send(home)
    await sending
    await enable(home, account)


async def test_doors_are_open_before_the_set_up_and_closed_with_the_account(
    home: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A report that comes early is not lost, and a removed account hears none."""
    entry.add_to_hass(home)
    home.config_entries.async_get_entry(entry.entry_id)
    await async_setup_component(home, "webhook", {})
    setting_up = home.async_create_task(home.config_entries.async_setup(entry.entry_id))
    async with asyncio.timeout(5):
        while await _report(home, "x") == HTTPStatus.OK:
            await asyncio.sleep(0)
    assert await _report(home, "x") == HTTPStatus.SERVICE_UNAVAILABLE
    await setting_up
    await settled(home)
    assert await _report(home, "x") == HTTPStatus.OK
    await home.config_entries.async_remove(entry.entry_id)
    assert await _report(home, "x") == HTTPStatus.OK
