"""One account at work: what waits, what is told of it, and what needs a person."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.inteltele.account import schedules
from custom_components.inteltele.account.account import ledger_path
from custom_components.inteltele.const import (
    DOMAIN,
    EVENT_ACTIVITY,
    EVENT_DELIVERY_STATUS,
)
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.database import GATHERED_FOR
from custom_components.inteltele.storage.message import ReceiptSource
from custom_components.inteltele.storage.migrations import MIGRATIONS
from custom_components.inteltele.storage.schema import connect
from demo.simulated_gateway import Misbehaviour, SimulatedGateway
from demo.simulated_gateway.settings import DEFAULT_IPS

from ..conftest import OLENA, PETRO, restart, settled, stop

STRANGER = "+48601234567"


async def _send(home: HomeAssistant, *numbers: str, **fields: Any) -> Any:
    """Send a message and return the action's response."""
    return await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", "to": list(numbers), **fields},
        blocking=True,
        return_response=True,
    )


@pytest.fixture(autouse=True)
def _plans_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan in the next turn of the event loop what time that is put on is to find."""
    monkeypatch.setattr(schedules, "PLANNED_WITHIN", 0.0)


async def _pass_time(
    home: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let some time pass, and what is due then be done."""
    await settled(home)
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(home)
    await settled(home)


async def _report(
    home: HomeAssistant, account: MockConfigEntry, message_id: str, status: str
) -> None:
    """Let the gateway report."""
    receipt = parse_receipt({"msgid": message_id, "status": status})
    await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)
    await home.async_block_till_done()


def _issue(home: HomeAssistant, name: str) -> str | None:
    """Return which repairs issue of the account there is."""
    issue = ir.async_get(home).async_get_issue(DOMAIN, f"{name}_account")
    return None if issue is None else issue.translation_key


async def test_what_waits_is_sent_by_itself(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """And shows as waiting till then."""
    gateway.settings.allowed_ips = ()
    response = await _send(home, OLENA)
    [queued] = response["messages"]
    assert (queued["status"], queued["error"]) == ("queued", "ip_not_allowed")
    await _pass_time(home, freezer, 1)
    assert home.states.get("sensor.olena_last_message").state == "queued"
    assert home.states.get("sensor.inteltele_messages_pending").state == "1"
    gateway.settings.allowed_ips = DEFAULT_IPS
    await _pass_time(home, freezer, 10)
    assert [message.number for message in gateway.messages] == [OLENA]
    assert home.states.get("event.olena_delivery").attributes["event_type"] == "sent"


async def test_what_waits_is_sent_after_a_reload(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """At once."""
    gateway.settings.allowed_ips = ()
    await _send(home, OLENA)
    gateway.settings.allowed_ips = DEFAULT_IPS
    await home.config_entries.async_reload(account.entry_id)
    await _pass_time(home, freezer, 0)
    assert [message.number for message in gateway.messages] == [OLENA]


async def test_what_waits_is_sent_as_soon_as_the_gateway_answers_anything(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Whatever the pause."""
    gateway.settings.allowed_ips = ()
    await _send(home, OLENA)
    gateway.settings.allowed_ips = DEFAULT_IPS
    await account.runtime_data.coordinator.async_refresh()
    await _pass_time(home, freezer, 0)
    assert [message.number for message in gateway.messages] == [OLENA]


async def test_nothing_is_begun_any_more_while_the_house_stops(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """What waits is there at the next start."""
    gateway.settings.allowed_ips = ()
    await _send(home, OLENA)
    gateway.settings.allowed_ips = DEFAULT_IPS
    gateway.requests.clear()
    await home.async_block_till_done()
    home.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await home.async_block_till_done()
    await _pass_time(home, freezer, 60)
    assert gateway.request_count("/im/send/") == 0
    assert account.runtime_data.delivery.outbox.room.waiting == 1


async def test_a_house_that_has_stopped_can_still_unload(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """The file is closed already."""
    home.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await home.async_block_till_done()
    assert await home.config_entries.async_unload(account.entry_id)


async def test_a_message_that_waited_in_vain_is_told(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """With its reason, once."""
    events = async_capture_events(home, EVENT_DELIVERY_STATUS)
    await gateway.stop()
    # A connection that was kept open is found to be closed.
    await account.runtime_data.coordinator.async_refresh()
    await _send(home, OLENA, retry_for={"seconds": 30})
    await _pass_time(home, freezer, 31)
    [event] = events
    expected = {
        "entry_id": "account",
        "message_id": None,
        "number": OLENA,
        "recipient": "Olena",
        "status": "failed",
        "reason": "cannot_connect",
        "gateway_status": None,
        "seconds": None,
        "source": "house",
    }
    assert expected.items() <= event.data.items()
    state = home.states.get("event.olena_delivery")
    assert state.attributes["event_type"] == "failed"
    assert state.attributes["reason"] == "cannot_connect"


@pytest.mark.parametrize(
    ("status", "event_type", "reason"),
    [("delivrd", "delivered", None), ("undeliv", "failed", "undeliverable")],
)
async def test_activity_tells_of_a_number_without_entities(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    status: str,
    event_type: str,
    reason: str | None,
) -> None:
    """With the number masked."""
    lines = async_capture_events(home, EVENT_ACTIVITY)
    await _send(home, STRANGER)
    freezer.tick(timedelta(seconds=12))
    await _report(home, account, gateway.messages[0].message_id, status)
    [event] = lines
    assert event.data == {
        "entry_id": account.entry_id,
        "device_id": None,
        "recipient": "+48…4567",
        "type": event_type,
        "action": None,
        "seconds": 12,
        "reason": reason,
    }


async def test_activity_tells_of_a_recipient_once(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The line of its event entity is enough."""
    lines = async_capture_events(home, EVENT_ACTIVITY)
    await _send(home, OLENA)
    await _report(home, account, gateway.messages[0].message_id, "delivrd")
    assert lines == []
    state = home.states.get("event.olena_delivery")
    assert state.attributes["event_type"] == "delivered"


async def test_activity_tells_of_a_recipient_whose_entity_is_off(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """By name."""
    er.async_get(home).async_update_entity(
        "event.olena_delivery", disabled_by=er.RegistryEntryDisabler.USER
    )
    await home.async_block_till_done()
    lines = async_capture_events(home, EVENT_ACTIVITY)
    await _send(home, OLENA)
    freezer.tick(timedelta(seconds=12))
    await _report(home, account, gateway.messages[0].message_id, "delivrd")
    [event] = lines
    assert (event.data["recipient"], event.data["type"]) == ("Olena", "delivered")
    assert event.data["device_id"]


async def test_activity_tells_of_a_message_that_waited_in_vain(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Without seconds, because it was never sent."""
    lines = async_capture_events(home, EVENT_ACTIVITY)
    gateway.settings.allowed_ips = ()
    await _send(home, STRANGER, retry_for={"seconds": 30})
    await _pass_time(home, freezer, 31)
    [event] = lines
    assert (event.data["type"], event.data["seconds"]) == ("failed", None)
    assert event.data["reason"] == "ip_not_allowed"


@pytest.mark.parametrize("options", [{"daily_limit": 2}])
async def test_the_daily_limit_is_told_and_goes(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """By the action, and by a repairs issue until a day is over."""
    assert _issue(home, "limit_reached") is None
    response = await _send(home, OLENA, PETRO, STRANGER)
    statuses = [(one["status"], one["error"]) for one in response["messages"]]
    assert sorted(statuses, key=str) == [
        ("failed", "limit_reached"),
        ("sent", None),
        ("sent", None),
    ]
    assert _issue(home, "limit_reached") == "limit_reached"
    with pytest.raises(
        HomeAssistantError, match="daily limit or its SMS limit is reached"
    ):
        await _send(home, OLENA)
    freezer.tick(timedelta(hours=24))
    await account.runtime_data.coordinator.async_refresh()
    assert _issue(home, "limit_reached") is None


@pytest.mark.parametrize("options", [{"daily_limit": 1}])
async def test_the_issue_of_the_daily_limit_goes_when_it_is_raised(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """In the options."""
    await _send(home, OLENA, PETRO)
    assert _issue(home, "limit_reached") == "limit_reached"
    home.config_entries.async_update_entry(account, options={"daily_limit": 3})
    await home.async_block_till_done()
    assert _issue(home, "limit_reached") is None


@pytest.mark.parametrize("options", [{"daily_limit": 1}])
async def test_a_message_that_waits_counts_for_the_daily_limit(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It is going to be sent; a person has to look at what sends so much."""
    gateway.settings.allowed_ips = ()
    await _send(home, OLENA)
    assert _issue(home, "limit_reached") is None
    with pytest.raises(
        HomeAssistantError, match="daily limit or its SMS limit is reached"
    ):
        await _send(home, PETRO)
    assert _issue(home, "limit_reached") == "limit_reached"


async def _limit_pages(account: MockConfigEntry, count: int) -> None:
    """Let the account's file have no more pages than it has, or than a number."""
    await account.runtime_data.delivery.database.read(
        lambda connection: connection.execute(
            f"PRAGMA max_page_count = {count}"
        ).fetchall()
    )


async def test_a_disk_that_becomes_full_is_told_until_it_is_not(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Messages are sent meanwhile, and written afterwards."""
    await _limit_pages(account, 1)
    gateway.settings.repeat_detection = "off"
    for number in range(20):
        await _send(home, OLENA, message=f"{number:01000}")
    await asyncio.sleep(GATHERED_FOR * 2)
    assert len(gateway.messages) == 20
    assert _issue(home, "ledger_damaged") == "ledger_damaged_not_writable"
    await _limit_pages(account, 100_000)
    await _send(home, OLENA)
    await asyncio.sleep(GATHERED_FOR * 2)
    assert _issue(home, "ledger_damaged") is None
    messages = await account.runtime_data.ledger.history(None, None, 100)
    assert len(messages) == 21


async def test_what_cannot_be_written_waits_in_memory(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And whoever sends is told that a restart would lose it."""
    await _limit_pages(account, 1)
    gateway.settings.allowed_ips = ()
    crowd = [f"+4860123{number}" for number in range(4000, 4100)]
    response = await _send(home, *crowd, message="x" * 1000)
    assert {one["status"] for one in response["messages"]} == {"queued"}
    [warning] = response["warnings"]
    assert "restart would lose" in warning
    assert account.runtime_data.delivery.outbox.room.waiting == 100
    assert _issue(home, "ledger_damaged") == "ledger_damaged_not_writable"


def _spoil_truncated(path: Path) -> None:
    """Leave half a file."""
    connect(path).close()
    path.write_bytes(path.read_bytes()[:5000])


def _spoil_newer(path: Path) -> None:
    """Leave a file of a version to come."""
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()


def _spoil_other(path: Path) -> None:
    """Leave something else."""
    path.write_text("This is a shopping list." * 100)


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (_spoil_truncated, "ledger_damaged_unreadable"),
        (_spoil_other, "ledger_damaged_unreadable"),
        (_spoil_newer, "ledger_damaged_newer_version"),
    ],
)
async def test_a_file_that_cannot_be_used_is_kept_aside_and_told(
    home: HomeAssistant,
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    key: str,
) -> None:
    """The account works; its removal takes all of it away."""
    path = tmp_path / ".storage" / "inteltele.account.db"
    path.parent.mkdir()
    spoil(path)
    before = path.read_bytes()
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert _issue(home, "ledger_damaged") == key
    assert path.with_name(f"{path.name}.damaged-1").read_bytes()[100:] == before[100:]
    await _send(home, OLENA)
    await home.config_entries.async_remove(entry.entry_id)
    await home.async_block_till_done()
    assert list(path.parent.glob("inteltele.account*")) == []


async def test_a_full_disk_at_the_start_is_told_until_it_is_not(
    home: HomeAssistant,
    account: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The account starts all the same."""

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as full:
        full.setattr("custom_components.inteltele.storage.messages.prune", refuse)
        await restart(home, account)
    assert account.state is ConfigEntryState.LOADED
    assert _issue(home, "ledger_damaged") == "ledger_damaged_not_writable"
    await _send(home, OLENA)
    await asyncio.sleep(GATHERED_FOR * 2)
    assert _issue(home, "ledger_damaged") is None


async def test_a_script_that_is_started_anew_loses_no_message(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The gateway was asked already; its answer is remembered."""
    gateway.settings.misbehaviour = Misbehaviour(delay=0.2, apply_to=("/im/send/",))
    action = home.async_create_task(_send(home, OLENA))
    async with asyncio.timeout(5):
        while not gateway.requests:
            await asyncio.sleep(0.01)
    action.cancel()
    async with asyncio.timeout(5):
        while not account.runtime_data.ledger.counters.sent:
            await asyncio.sleep(0.01)
    [message] = await account.runtime_data.ledger.history(None, None, 10)
    assert message.message_id == gateway.messages[0].message_id


async def test_a_mistake_while_sending_reaches_whoever_waits(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not swallowed."""

    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(account.runtime_data.delivery, "send", fail)
    with pytest.raises(ZeroDivisionError):
        await _send(home, OLENA)


async def test_what_only_lives_in_memory_is_told(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """A restart would lose it."""
    await stop(home, account)
    path = ledger_path(home, account.entry_id)
    path.unlink()
    path.mkdir()
    await home.config_entries.async_setup(account.entry_id)
    gateway.settings.allowed_ips = ()
    response = await _send(home, OLENA)
    assert "restart would lose" in response["warnings"][0]
    path.rmdir()


async def test_a_send_comes_to_its_end_when_the_house_stops(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Otherwise nobody would remember what the gateway took."""
    gateway.settings.misbehaviour.delay = 0.3
    call = {"message": "Water!", "entity_id": "notify.olena"}
    sending = asyncio.create_task(
        home.services.async_call(DOMAIN, "send_message", call, blocking=True)
    )
    while not gateway.requests:
        await asyncio.sleep(0.01)
    await home.async_stop(force=True)
    await asyncio.wait([sending])
    with sqlite3.connect(ledger_path(home, account.entry_id)) as file:
        rows = file.execute("SELECT text, status FROM messages").fetchall()
    assert rows == [("Water!", "sent")]
    assert len(gateway.messages) == 1
