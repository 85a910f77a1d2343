"""What goes on behind an alarm: files, clocks, money, settings, and ends."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
import logging
import sqlite3
from typing import Any, Final
from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.persistent_notification import (
    _async_get_or_create_notifications,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, EVENT_STATE_CHANGED
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.inteltele.account.account import Account
from custom_components.inteltele.account.alarm_host import AlarmHost
from custom_components.inteltele.alarms import endings, escalation, post
from custom_components.inteltele.alarms.alarm import Alarm, Source
from custom_components.inteltele.alarms.letters import question
from custom_components.inteltele.alarms.questions import Standing
from custom_components.inteltele.alarms.step import Step
from custom_components.inteltele.coordinator import REFRESH_COOLDOWN
from custom_components.inteltele.delivery import Recipient
from custom_components.inteltele.storage import alarms as table, transactions
from demo.simulated_gateway import Misbehaviour, SimulatedGateway
from tests.conftest import OLENA, PETRO, restart, settled

from .calls import call, only_alarm, raise_alarm, sleep, types_of

MINUTE: Final = timedelta(minutes=1)
ONLY_OLENA: Final = {"recipients": ["notify.olena"]}


def _account(account: MockConfigEntry) -> Account:
    """Return the account at work."""
    found: Account = account.runtime_data
    return found


async def _in_file(account: MockConfigEntry) -> list[tuple[str, str]]:
    """Return the rows of the file."""
    return await _account(account).delivery.database.read(table.load)


async def test_a_row_that_cannot_be_read_costs_no_other(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged, and forgotten."""
    await raise_alarm(home)
    await _account(account).delivery.database.write(
        lambda file: table.write(file, "00", '{"id": 7}')
    )
    await restart(home, account)
    assert only_alarm(account).tag == "water"
    assert "Alarm 00 cannot be read" in caplog.text


async def test_a_question_whose_message_is_gone_is_asked_anew(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Where it had not left; what was taken stays taken."""
    await gateway.stop()
    await raise_alarm(home, **ONLY_OLENA)
    [asked] = only_alarm(account).questions
    service = _account(account).delivery
    await service.database.write(lambda file: file.execute("DELETE FROM messages"))
    await restart(home, account)
    await sleep(home, freezer, timedelta(seconds=1))
    [again] = only_alarm(account).questions
    assert again.standing.in_hand
    assert again.id != asked.id


async def test_an_alarm_is_forgotten_a_day_after_its_end(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Not only at the next start."""
    await raise_alarm(home)
    await call(home, "acknowledge_alarm", tag="water")
    assert len(await _in_file(account)) == 1
    await sleep(home, freezer, timedelta(hours=1))
    freezer.tick(timedelta(hours=23))
    await sleep(home, freezer, MINUTE)
    assert list(_account(account).alarms) == []
    assert await _in_file(account) == []


async def test_twenty_alarms_may_be_open(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """One more is refused, in words."""
    for place in range(20):
        await raise_alarm(home, tag=f"cause {place}", **ONLY_OLENA)
    with pytest.raises(ServiceValidationError, match="20 alarms are open"):
        await raise_alarm(home, tag="one more")
    assert (await raise_alarm(home, tag="cause 7"))["raised"] == 2
    # It goes on with those whom it asks.
    assert (await raise_alarm(home, tag="cause 7", recipients=[]))["raised"] == 3


@pytest.mark.parametrize("ends", [True, False])
async def test_an_action_can_wait_for_the_end(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    ends: bool,
) -> None:
    """For some time, or until the account stops."""
    waiting = asyncio.create_task(
        raise_alarm(home, wait_for="ended", wait_timeout={"hours": 1})
    )
    while not list(_account(account).alarms):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert not waiting.done()
    if ends:
        alarms = _account(account).alarms
        await alarms.acknowledge(only_alarm(account).id, "Olena", OLENA, Source.LINK)
    else:
        _account(account).alarms.stop()
    response = await waiting
    assert response["status"] == ("acknowledged" if ends else "open")


async def test_an_action_waits_no_longer_than_it_is_told(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """The alarm goes on."""
    response = await raise_alarm(
        home, wait_for="ended", wait_timeout={"milliseconds": 50}
    )
    assert response["status"] == "open"


async def test_what_is_told_before_the_start_is_heard_after_it(
    home: HomeAssistant,
    told: list[Event],
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Automations are armed once Home Assistant has started; also after a kill."""
    home.set_state(CoreState.starting)
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    await raise_alarm(home)
    assert types_of(told) == []
    await restart(home, entry)
    assert types_of(told) == []
    home.set_state(CoreState.running)
    home.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await settled(home)
    assert types_of(told) == ["raised", "asked"]
    await restart(home, entry)
    assert types_of(told) == ["raised", "asked"]


@pytest.mark.parametrize("options", [{"keep_text": False}])
async def test_a_text_that_is_not_kept_goes_with_the_end(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Whoever hears of the end still hears what it was about."""
    await raise_alarm(home, sms="as_set")
    await sleep(home, freezer, 4 * MINUTE)
    alarms = _account(account).alarms
    await alarms.acknowledge(only_alarm(account).id, "Petro", PETRO, Source.LINK)
    await settled(home)
    assert only_alarm(account).content.message == ""
    assert "cellar" not in str(await _in_file(account))
    assert gateway.messages[-1].text == "Petro takes care of it: Water in the cellar!"


async def test_money_that_ran_out_is_tried_once_a_minute(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An SMS goes by Viber first; a screen says so until something leaves."""
    gateway.settings.balance = Decimal(0)
    await raise_alarm(home, sms="always", **ONLY_OLENA)
    await sleep(home, freezer, 3 * MINUTE)
    assert types_of(told) == ["raised", "asked", "blocked"]
    assert told[-1].data["reason"] == "low_balance"
    tried = await _account(account).ledger.history(None, None, 50)
    # Each way has one row, however often it is tried.
    assert [(each.channel, each.status) for each in reversed(tried)] == [
        ("sms", "failed"),
        ("viber", "queued"),
    ]
    assert 3 <= gateway.request_count("/im/send/") <= 4
    [shown] = _async_get_or_create_notifications(home).values()
    assert shown["title"] == "An alarm cannot be sent"
    # Its row does not grow for as long as it goes on.
    assert len(only_alarm(account).questions) == 1
    gateway.settings.balance = Decimal(100)
    await sleep(home, freezer, MINUTE + timedelta(seconds=5))
    assert len(gateway.messages) == 1
    assert only_alarm(account).blocked is None
    assert _async_get_or_create_notifications(home) == {}


async def test_an_alarm_leaves_as_soon_as_there_is_more_money(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Once the balance is known; the sensor of a low balance goes off and stays so."""
    low = "binary_sensor.inteltele_low_balance"
    gateway.settings.balance = Decimal(0)
    await _account(account).coordinator.async_refresh()
    await raise_alarm(home, **ONLY_OLENA)
    assert gateway.messages == []
    gateway.settings.balance = Decimal(100)
    changes = async_capture_events(home, EVENT_STATE_CHANGED)
    await _account(account).coordinator.async_refresh()
    await sleep(home, freezer, timedelta(seconds=1))
    assert len(gateway.messages) == 1
    states = [
        change.data["new_state"].state
        for change in changes
        if change.data["entity_id"] == low
    ]
    assert states == ["off"]


async def test_what_is_left_is_asked_for_after_a_question(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Also where it was sent again because there was no money before."""
    balance = "sensor.inteltele_balance"
    low = "binary_sensor.inteltele_low_balance"
    gateway.settings.balance = Decimal(0)
    await raise_alarm(home, **ONLY_OLENA)
    await sleep(home, freezer, timedelta(seconds=REFRESH_COOLDOWN + 1))
    assert Decimal(home.states.get(balance).state) == 0
    assert home.states.get(low).state == "on"
    gateway.settings.balance = Decimal(100)
    await sleep(home, freezer, MINUTE + timedelta(seconds=REFRESH_COOLDOWN + 1))
    assert len(gateway.messages) == 1
    assert Decimal(home.states.get(balance).state) == gateway.settings.balance
    assert home.states.get(low).state == "off"


async def test_a_recipient_who_is_gone_is_passed_over(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Removed, or disabled, since the alarm was raised."""
    await raise_alarm(home)
    er.async_get(home).async_update_entity(
        "notify.petro", disabled_by=er.RegistryEntryDisabler.USER
    )
    await sleep(home, freezer, 3 * MINUTE + timedelta(seconds=20))
    passed_over = only_alarm(account).questions[1]
    assert (passed_over.standing, passed_over.reason) == (
        Standing.FAILED,
        "not_a_recipient",
    )
    assert PETRO not in [message.number for message in gateway.messages]


async def test_without_a_public_address_all_are_asked_at_once(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """The message says where to answer."""
    response = await raise_alarm(home)
    assert len(response["asked"]) == 2
    assert all(
        message.text.endswith("Answer in Home Assistant.")
        for message in gateway.messages
    )
    assert not any(message.button_link for message in gateway.messages)


async def test_messages_of_an_open_alarm_are_not_deleted(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """Question and link stay until its end."""
    await raise_alarm(home, **ONLY_OLENA)
    deleted = await call(home, "delete_messages", recipient="notify.olena")
    assert deleted == {"deleted": 0}
    assert len(_account(account).answers) == 1
    await call(home, "acknowledge_alarm", tag="water")
    deleted = await call(home, "delete_messages", recipient="notify.olena")
    assert deleted["deleted"] >= 1


async def test_a_question_too_long_is_cut(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Also its SMS, but the link never."""
    await raise_alarm(
        home, title="T" * 400, message="m" * 3000, sms="always", **ONLY_OLENA
    )
    [message] = gateway.messages
    assert message.api == "sms"
    assert message.text.splitlines()[-1].startswith("https://house.example.org/")


async def test_a_picture_on_the_web_goes_with_the_question(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Beside the button."""
    await raise_alarm(home, image="https://example.org/cellar.jpg")
    assert gateway.messages[0].image == "https://example.org/cellar.jpg"


async def test_a_clock_that_is_set_moves_alarms(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """Those of this run, and back also those of before."""
    await raise_alarm(home)
    alarms = _account(account).alarms
    before = only_alarm(account).raised_at
    alarms.move(timedelta(hours=1))
    assert only_alarm(account).raised_at == before + timedelta(hours=1)
    await restart(home, account)
    alarms = _account(account).alarms
    present = only_alarm(account).raised_at
    alarms.move(timedelta(hours=1))
    assert only_alarm(account).raised_at == present
    alarms.move(timedelta(hours=-1))
    assert only_alarm(account).raised_at == present - timedelta(hours=1)


async def test_what_is_unknown_is_answered_with_none(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """An alarm may be over for long."""
    alarms = _account(account).alarms
    assert await alarms.acknowledge("01", None, None, Source.LINK) is None
    assert await alarms.decline("01", OLENA, Source.LINK) is None
    assert await alarms.clear("01", None) is None
    assert await alarms.wait_ended("01", MINUTE) is None


async def test_an_answer_and_whom_it_is_told_are_one_write(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """No kill in between leaves the others without it, and no caller who gives up."""
    await raise_alarm(home, order="all_at_once")
    alarms = _account(account).alarms
    answering = asyncio.ensure_future(
        alarms.acknowledge(only_alarm(account).id, "Petro", PETRO, Source.LINK)
    )
    await asyncio.sleep(0)
    answering.cancel()
    rows = await _in_file(account)
    messages = await _account(account).delivery.database.read(
        lambda file: file.execute("SELECT count(*) FROM messages").fetchone()
    )
    assert '"acknowledged"' in rows[0][1]
    assert messages == (3,)
    await settled(home)
    assert [number for number, _ in only_alarm(account).news] == [OLENA]


async def test_a_limit_of_sms_keeps_no_question_back(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """It goes by Viber, as where an SMS costs too much."""
    _account(account).delivery.allowance.sms_limit = 0
    await raise_alarm(home, sms="always", **ONLY_OLENA)
    assert [message.api for message in gateway.messages] == ["viber"]


async def test_a_fault_in_one_alarm_keeps_no_other_back(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is logged, and tried again."""
    await raise_alarm(home, tag="broken", **ONLY_OLENA)
    await raise_alarm(home, tag="whole", message="Smoke!")
    advance = escalation.advance

    def failing(alarm: Alarm, now: datetime, *, everyone: bool) -> Step:
        """Fail for one of them."""
        if alarm.tag == "broken":
            raise RuntimeError
        return advance(alarm, now, everyone=everyone)

    monkeypatch.setattr(escalation, "advance", failing)
    await sleep(home, freezer, 4 * MINUTE)
    assert PETRO in [message.number for message in gateway.messages]


async def test_no_character_costs_the_alarm(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Also those that no file and no message can hold."""
    odd = "Water \ud800 \u202e\0"
    response = await raise_alarm(home, message=odd, title=odd, tag=odd, **ONLY_OLENA)
    assert response["status"] == "open"
    assert len(gateway.messages) == 1
    await restart(home, account)
    assert (await call(home, "clear_alarm", tag=odd))["status"] == "cleared"


async def test_a_full_disk_is_told_with_the_alarm(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked from memory, which no restart outlives."""
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def failing(*_: object) -> None:
        """Take nothing."""
        raise full

    monkeypatch.setattr(transactions, "_do", failing)
    response = await raise_alarm(home)
    [warning] = response["warnings"]
    assert "kept in memory" in warning
    assert len(gateway.messages) == 1
    answer = await call(home, "acknowledge_alarm", tag="water", by="Olena")
    assert answer["acknowledged_by"] == "Olena"


async def test_nothing_to_clear_is_null(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """Also where it was cleared before, but nobody has forgotten it."""
    await raise_alarm(home)
    assert (await call(home, "clear_alarm", tag="water"))["status"] == "cleared"
    assert await call(home, "clear_alarm", tag="water") == {"alarm_id": None}


async def test_a_question_by_both_ways_counts_twice(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody gets more than twelve messages an hour, whichever way they go."""
    gateway.settings.delivery_delay = 3600
    for place in range(7):
        fields = {"wait": {"minutes": 4}, "rounds": 1, "tag": f"water {place}"}
        await raise_alarm(home, message=f"Water {place}", **ONLY_OLENA, **fields)
        await sleep(home, freezer, 5 * MINUTE)
    assert [message.api for message in gateway.messages] == ["viber", "sms"] * 6
    last = _account(account).alarms.find("water 6")
    assert last is not None
    assert last.questions[0].reason == "too_many_messages"


async def test_who_was_just_being_asked_hears_who_took_over(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """The gateway answers only after somebody else did."""
    gateway.settings.misbehaviour = Misbehaviour(delay=0.5)
    raising = asyncio.ensure_future(raise_alarm(home, order="all_at_once"))
    await asyncio.sleep(0.3)
    alarms = _account(account).alarms
    await alarms.acknowledge(only_alarm(account).id, "Petro", PETRO, Source.LINK)
    await raising
    await settled(home)
    assert [number for number, _ in only_alarm(account).news] == [OLENA]


async def test_nothing_unforeseen_keeps_an_alarm_from_its_course(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither where a text cannot be written, nor where it cannot be told."""
    words = AlarmHost.text

    def torn(self: AlarmHost, key: str) -> str:
        """Return a text whose placeholder nobody fills."""
        torn_ones = {"alarm_taken_over", "alarm_unanswered_notification"}
        return "{nobody}" if key in torn_ones else words(self, key)

    def only_petro(
        alarm: Alarm, ask: Any, recipient: Recipient, host: Any, **more: Any
    ) -> Any:
        """Fail for the first."""
        if recipient.number == OLENA:
            raise RuntimeError
        return question(alarm, ask, recipient, host, **more)

    monkeypatch.setattr(AlarmHost, "text", torn)
    monkeypatch.setattr(post, "question", only_petro)
    with caplog.at_level(logging.CRITICAL):
        response = await raise_alarm(home)
        assert [message.number for message in gateway.messages] == [PETRO]
        alarms = _account(account).alarms
        alarm = alarms[response["alarm_id"]]
        alarms._take(endings.unanswered(alarm, alarm.raised_at))
        await alarms.acknowledge(alarm.id, "Olena", OLENA, Source.LINK)
        await settled(home)
    assert alarms[alarm.id].by == "Olena"
    assert types_of(told)[-2:] == ["unanswered", "acknowledged"]


@pytest.mark.parametrize("options", [{"sender": "https://evil.example"}])
async def test_what_the_gateway_would_refuse_passes_the_turn_on(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """Such as a sender that somebody mistyped long ago."""
    await raise_alarm(home, sms="as_set")
    asked = only_alarm(account).questions
    assert {each.reason for each in asked} == {"sender_invalid"}
    assert {each.standing for each in asked} == {Standing.FAILED}


async def test_news_that_the_gateway_would_refuse_end_the_alarm_all_the_same(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """It is logged."""
    await raise_alarm(home)
    home.config_entries.async_update_entry(
        account, options={"sender": "https://evil.example"}
    )
    await settled(home)
    answer = await call(home, "acknowledge_alarm", tag="water", by="Petro")
    assert answer["acknowledged_by"] == "Petro"
    assert len(gateway.messages) == 1


async def test_what_is_being_asked_when_it_ends_waits_no_more(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """A router answers in the gateway's place, and it would be tried again."""
    gateway.settings.misbehaviour = Misbehaviour(delay=0.3, router_page=302)
    raising = asyncio.create_task(raise_alarm(home, **ONLY_OLENA))
    while not gateway.requests:
        await asyncio.sleep(0.01)
    alarms = _account(account).alarms
    await alarms.acknowledge(only_alarm(account).id, "Olena", OLENA, Source.LINK)
    await raising
    await settled(home)
    assert _account(account).ledger.queued == {}
    [message] = await _account(account).ledger.history(None, None, 10)
    assert (message.status, message.reason) == ("failed", "withdrawn")


async def test_a_file_that_cannot_be_read_at_the_start_changes_nothing(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The question stands as it stood."""
    await raise_alarm(home, **ONLY_OLENA)
    before = only_alarm(account).questions
    monkeypatch.setattr(
        _account(account).ledger, "with_seq", AsyncMock(side_effect=sqlite3.Error)
    )
    await _account(account).alarms.load()
    assert only_alarm(account).questions == before


async def test_the_account_s_clock_moves_alarms_with_messages(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """Both by the same time."""
    await raise_alarm(home, **ONLY_OLENA)
    [before] = _account(account).ledger.under_way
    raised_at = only_alarm(account).raised_at
    by = timedelta(hours=1)
    _account(account)._async_clock_set(by)
    [after] = _account(account).ledger.under_way
    assert after.sent_at - before.sent_at == by
    assert only_alarm(account).raised_at - raised_at == by


@pytest.mark.parametrize(
    "options", [{"sms_sender": "MyHouse", "sms_after": {"minutes": 2}}]
)
async def test_a_bare_number_gets_the_sms_that_is_set_for_the_account(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """As from any other send."""
    await raise_alarm(home, recipients=[], to=["+48601234567"], sms="as_set")
    [question] = _account(account).ledger.under_way
    assert question.second_way is not None
    assert question.second_way.after == 120
