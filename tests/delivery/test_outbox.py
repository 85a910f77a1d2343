"""Messages that wait until they can be sent."""

import asyncio
from datetime import timedelta
import itertools
import shutil
import sqlite3
from typing import Any

import pytest

from custom_components.inteltele.delivery import Outcome, Recipient, SendStatus
from custom_components.inteltele.delivery.outbox import MAX_WAITING, PAUSES
from custom_components.inteltele.gateway import ErrorReason
from custom_components.inteltele.storage.message import (
    HouseReason,
    MessageStatus,
    ReceiptSource,
)
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, RETRY_FOR, START, House

REFUSED = ("failed", "ip_not_allowed")
UNKNOWN = ("failed", "outcome_unknown")


@pytest.fixture
def house(sending_house: House) -> House:
    """Return a house that sent nothing yet."""
    return sending_house


@pytest.fixture
async def waiting(house: House) -> House:
    """Return a house where a message to Olena waits, and that is let in again."""
    house.shut_out()
    await house.send()
    house.let_in()
    house.gateway.requests.clear()
    return house


def _kinds(outcomes: list[Outcome]) -> list[tuple[str, str | None]]:
    """Return status and error of some outcomes."""
    return [(outcome.status, outcome.error) for outcome in outcomes]


async def test_a_message_waits_for_a_gateway_that_is_off_the_net(house: House) -> None:
    """And is sent once it is there."""
    await house.disconnect()
    assert _kinds(await house.send()) == [("queued", "cannot_connect")]
    await house.connect()
    await house.wait()
    assert house.texts == ["Water!"]


async def test_a_message_waits_for_the_end_of_a_lock_out(house: House) -> None:
    """In silence: a request would prolong it."""
    await house.lock_out()
    assert _kinds(await house.send()) == [("queued", "locked_out")]
    house.gateway.requests.clear()
    assert await house.wait() == [300]
    assert house.gateway.request_count() == 1
    assert house.texts == ["Water!"]


async def test_a_message_waits_until_the_address_is_allowed(house: House) -> None:
    """A back-up line has another one."""
    house.shut_out()
    assert _kinds(await house.send()) == [("queued", "ip_not_allowed")]
    house.let_in()
    await house.wait()
    assert house.texts == ["Water!"]


async def test_another_text_within_a_minute_is_sent_after_it(house: House) -> None:
    """The gateway's page does not say whether any text counts as a repetition."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    assert _kinds(await house.send()) == [("queued", "repeat_detected")]
    assert await house.wait() == [65]
    assert house.texts == ["Fire!", "Water!"]


async def test_the_same_text_within_a_minute_fails(house: House) -> None:
    """It arrived already."""
    await house.send()
    assert _kinds(await house.send()) == [("failed", "repeat_detected")]
    assert len(house.outbox) == 0


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+380671112901", ErrorReason.BLACKLISTED),
        ("+380671112902", ErrorReason.UNKNOWN_COUNTRY),
        ("+380671112903", ErrorReason.NO_ROUTE),
        ("+380671112904", ErrorReason.LOW_BALANCE),
    ],
)
async def test_what_waiting_does_not_change_fails_at_once(
    house: House, number: str, reason: ErrorReason
) -> None:
    """The gateway refuses this very message."""
    outcomes = await house.send(Recipient(number=number))
    assert _kinds(outcomes) == [("failed", reason)]
    assert len(house.outbox) == 0


async def test_a_rejected_key_fails_at_once(house: House) -> None:
    """A person has to change it."""
    house.gateway.settings.api_keys = ("other",)
    assert _kinds(await house.send()) == [("failed", "invalid_auth")]
    assert len(house.outbox) == 0


async def test_an_answer_without_sense_fails_at_once(house: House) -> None:
    """Nobody knows what it means."""
    house.gateway.settings.misbehaviour = Misbehaviour(redirect_to="http://127.0.0.1:1")
    assert _kinds(await house.send()) == [("failed", "invalid_response")]
    assert len(house.outbox) == 0


async def test_without_time_to_wait_a_message_fails_at_once(house: House) -> None:
    """As the one who sends it wants."""
    house.shut_out()
    outcomes = await house.send(retry_for=timedelta(0))
    assert _kinds(outcomes) == [REFUSED]
    assert house.outbox.next_due() is None


async def test_pauses_grow(house: House) -> None:
    """A gateway that is down is not knocked at all the time."""
    house.shut_out()
    await house.send(retry_for=timedelta(minutes=30))
    await house.wait()
    moments = [request.received_at for request in house.gateway.requests]
    pauses = [
        (later - earlier).total_seconds()
        for earlier, later in itertools.pairwise(moments)
    ]
    assert pauses == [5, 10, 20, 40] + [60] * 28 + [30]


async def test_a_message_is_tried_once_more_before_its_time_is_over(
    house: House,
) -> None:
    """A gateway that is back in the last minute still takes it."""
    house.shut_out()
    await house.send(retry_for=timedelta(seconds=170))
    while (due := house.outbox.next_due()) < START + timedelta(seconds=150):
        house.time = max(house.time, due)
        await house.outbox.work()
    house.let_in()
    await house.wait()
    assert len(house.texts) == 1


async def test_a_message_to_somebody_who_is_waited_for_is_tried_soon(
    house: House,
) -> None:
    """The way may be free again; a gateway that locked the house out is left alone."""
    house.shut_out()
    await house.send(message="Is anybody there?")
    while house.time < START + timedelta(seconds=140):
        house.time = max(house.time, house.outbox.next_due() or house.time)
        await house.outbox.work()
    house.let_in()
    asked_at = house.time
    await house.send(message="Fire!")
    assert house.outbox.paused_until == asked_at + PAUSES[0]
    await house.wait()
    assert house.texts == ["Is anybody there?", "Fire!"]


async def test_a_message_whose_time_is_over_failed(house: House) -> None:
    """For the reason that it waited for, and at that very time."""
    await house.disconnect()
    await house.send()
    await house.wait()
    [message] = house.changes
    assert (message.status, message.reason, message.source) == (
        MessageStatus.FAILED,
        ErrorReason.CANNOT_CONNECT,
        ReceiptSource.HOUSE,
    )
    assert message.reported_at == START + RETRY_FOR
    assert message.seconds is None
    assert house.delivery.ledger.counters.failed == 1
    assert house.delivery.ledger.counters.sent == 0


async def test_what_waits_is_on_disk_before_it_is_told(house: House) -> None:
    """Both that it waits, and what it says."""
    house.shut_out()
    await house.send()
    assert house.rows("SELECT number, status FROM messages") == [
        (OLENA.number, "queued")
    ]
    [[content]] = house.rows("SELECT content FROM outbox")
    assert "Water!" in content


async def test_what_was_sent_is_on_disk_as_sent(waiting: House) -> None:
    """In the place that it had while it waited."""
    await waiting.wait()
    await waiting.restart()
    assert waiting.rows("SELECT seq, status FROM messages") == [(1, "sent")]
    assert waiting.rows("SELECT * FROM outbox") == []


async def test_what_waited_is_told_like_any_other_message(waiting: House) -> None:
    """With the gateway's id and the time at which it was sent."""
    await waiting.wait()
    [message] = waiting.gateway.messages
    [outcome] = waiting.sent
    assert outcome.message_id == message.message_id
    [kept] = waiting.delivery.ledger.under_way
    assert kept.sent_at == START + timedelta(seconds=5)
    assert kept.cost == message.cost


async def test_messages_to_one_number_keep_their_order(house: House) -> None:
    """A later one waits for an earlier one, even where it could be sent."""
    house.shut_out()
    await house.send(message="Fire!")
    house.let_in()
    assert _kinds(await house.send(message="Storm!")) == [("queued", "ip_not_allowed")]
    await house.wait()
    assert house.texts == ["Fire!", "Storm!"]


async def test_a_message_that_waits_holds_up_nobody_else(house: House) -> None:
    """Each number has an order of its own."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.send(message="Storm!")
    outcomes = await house.send(OLENA, PETRO)
    assert _kinds(outcomes) == [("sent", None), ("queued", "repeat_detected")]
    await house.wait()
    assert [(message.number, message.text) for message in house.gateway.messages] == [
        (OLENA.number, "Fire!"),
        (PETRO.number, "Water!"),
        (OLENA.number, "Storm!"),
        (OLENA.number, "Water!"),
    ]


async def test_a_later_message_may_fail_before_an_earlier_one(house: House) -> None:
    """Its time is over first."""
    house.shut_out()
    await house.send(message="Fire!")
    await house.send(message="Storm!", retry_for=timedelta(seconds=7))
    await house.work_after(8)
    assert [message.text for message in house.changes] == ["Storm!"]
    house.let_in()
    await house.wait()
    assert house.texts == ["Fire!"]


async def test_one_request_sends_to_all_who_wait_for_the_same(house: House) -> None:
    """As it would have been without waiting."""
    house.shut_out()
    await house.send(OLENA, PETRO)
    house.let_in()
    house.gateway.requests.clear()
    await house.wait()
    assert house.gateway.request_count() == 1
    assert len(house.gateway.messages) == 2


async def test_after_a_start_what_waits_is_tried_at_once(waiting: House) -> None:
    """No pause is left of before."""
    await waiting.restart()
    await waiting.outbox.work()
    assert waiting.texts == ["Water!"]
    assert waiting.time == START


async def test_what_keeps_its_minute_keeps_it_over_a_restart(house: House) -> None:
    """The gateway remembers it, too."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.send()
    await house.restart(after=10)
    assert await house.wait() == [65]
    assert house.texts == ["Fire!", "Water!"]


@pytest.mark.parametrize(
    ("cut_off", "message_id_known"), [("before_work", True), ("after_work", False)]
)
async def test_an_interrupted_attempt_is_repeated_within_fifty_seconds(
    waiting: House, cut_off: Any, message_id_known: bool
) -> None:
    """The gateway tells a repetition from a message that it did not get."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(
        delay=0.05, cut_off=cut_off, times=1
    )
    waiting.turn(5)
    await waiting.interrupt()
    await waiting.restart(after=49)
    assert waiting.outbox.interrupted == 1
    await waiting.wait()
    assert waiting.texts == ["Water!"]
    first, second = waiting.gateway.requests
    assert first.parameters == second.parameters
    [outcome] = waiting.sent
    assert outcome.status is SendStatus.SENT
    assert (outcome.message_id is not None) is message_id_known
    assert waiting.changes == []


@pytest.mark.parametrize("after", [50, 3600])
async def test_an_interrupted_attempt_is_not_repeated_later(
    waiting: House, after: float
) -> None:
    """It would be a second message."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, times=1)
    waiting.turn(5)
    await waiting.interrupt()
    await waiting.restart(after=after)
    await waiting.wait()
    assert waiting.ends == [UNKNOWN]
    assert waiting.gateway.request_count() == 1


async def test_an_interrupted_attempt_may_be_resent_where_that_is_wanted(
    house: House,
) -> None:
    """After 65 seconds, and it may arrive twice."""
    house.shut_out()
    await house.send(resend_unknown=True)
    house.let_in()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, times=1)
    house.turn(5)
    await house.interrupt()
    await house.restart(after=60)
    assert await house.wait() == [65, 130]
    assert house.texts == ["Water!", "Water!"]


async def test_a_message_whose_time_went_by_while_the_house_was_off_failed(
    waiting: House,
) -> None:
    """Nothing old is sent."""
    await waiting.restart(after=RETRY_FOR.total_seconds())
    await waiting.outbox.work()
    assert waiting.ends == [REFUSED]
    assert waiting.gateway.request_count() == 0


@pytest.mark.parametrize("resend_unknown", [False, True])
async def test_an_attempt_whose_time_went_by_while_the_house_was_off_is_unknown(
    house: House, resend_unknown: bool
) -> None:
    """Whether it is to be resent or not."""
    house.shut_out()
    await house.send(resend_unknown=resend_unknown)
    house.let_in()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, times=1)
    house.turn(5)
    await house.interrupt()
    await house.restart(after=RETRY_FOR.total_seconds())
    await house.outbox.work()
    assert house.ends == [UNKNOWN]


async def test_a_restored_backup_sends_nothing_old(waiting: House) -> None:
    """Although the messages wait in it."""
    await waiting.delivery.close()
    backup = waiting.path.with_name("backup")
    shutil.copy(waiting.path, backup)
    await waiting.start()
    await waiting.wait()
    await waiting.delivery.close()
    shutil.copy(backup, waiting.path)
    await waiting.start(after=86400)
    await waiting.wait()
    assert waiting.texts == ["Water!"]
    assert waiting.ends == [REFUSED]


@pytest.mark.parametrize("resend_unknown", [False, True])
async def test_a_repetition_proves_nothing_where_another_message_went_before(
    house: House, resend_unknown: bool
) -> None:
    """It may be the other one that the gateway means."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!", retry_for=timedelta(0))
    house.shut_out()
    await house.send(resend_unknown=resend_unknown)
    house.let_in()
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=0.05, cut_off="before_work", times=1
    )
    house.turn(5)
    await house.interrupt()
    await house.restart(after=3)
    await house.outbox.work()
    assert house.ends == [UNKNOWN] * (not resend_unknown)
    await house.wait()
    assert house.texts == ["Fire!"] + ["Water!"] * resend_unknown


async def test_an_interrupted_attempt_stays_one_while_the_gateway_is_away(
    waiting: House,
) -> None:
    """Until nobody can tell any more what became of it."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, times=1)
    waiting.turn(5)
    await waiting.interrupt()
    waiting.shut_out()
    await waiting.restart(after=10)
    await waiting.outbox.work()
    assert waiting.changes == []
    assert waiting.outbox.interrupted == 1
    await waiting.wait()
    assert waiting.ends == [UNKNOWN]
    assert waiting.time == START + timedelta(seconds=55)


async def test_an_interrupted_attempt_is_unknown_once_the_key_is_rejected(
    waiting: House,
) -> None:
    """Nothing more can be learned."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, times=1)
    waiting.turn(5)
    await waiting.interrupt()
    waiting.gateway.settings.api_keys = ("other",)
    await waiting.restart(after=10)
    await waiting.outbox.work()
    assert waiting.ends == [UNKNOWN]


async def test_a_repetition_without_an_answer_leaves_the_outcome_unknown(
    waiting: House,
) -> None:
    """Twice is enough."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(
        delay=0.05, cut_off="after_work"
    )
    waiting.turn(5)
    await waiting.interrupt()
    await waiting.restart(after=10)
    await waiting.outbox.work()
    assert waiting.ends == [UNKNOWN]
    assert waiting.texts == ["Water!"]


async def test_lost_answers_are_not_made_up_for_by_sending_again(
    waiting: House,
) -> None:
    """A message never goes out twice unasked."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work")
    waiting.gateway.settings.repeat_detection = "off"
    await waiting.wait()
    assert waiting.ends == [UNKNOWN]
    # The request and its repetition; a real gateway would take the first one only.
    assert waiting.gateway.request_count() == 2


async def test_lost_answers_are_made_up_for_where_that_is_wanted(house: House) -> None:
    """Every 65 seconds, until the time is over."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work")
    outcomes = await house.send(retry_for=timedelta(minutes=4), resend_unknown=True)
    assert _kinds(outcomes) == [("queued", "outcome_unknown")]
    await house.wait()
    assert house.ends == [UNKNOWN]
    assert house.texts == ["Water!"] * 4
    assert house.time == START + timedelta(minutes=4)


async def test_an_unknown_outcome_does_not_wait_unasked(house: House) -> None:
    """It is told as it is."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work")
    assert _kinds(await house.send()) == [("unknown", "outcome_unknown")]
    assert len(house.outbox) == 0


async def test_a_full_outbox_takes_no_more(house: House) -> None:
    """And says so."""
    await house.restart(daily_limit=1000)
    house.shut_out()
    crowd = [
        Recipient(number=f"+3806700{number:05}") for number in range(MAX_WAITING + 1)
    ]
    outcomes = await house.send(*crowd)
    assert [outcome.status for outcome in outcomes] == (
        [SendStatus.QUEUED] * MAX_WAITING + [SendStatus.FAILED]
    )
    assert outcomes[-1].error is HouseReason.QUEUE_FULL
    assert len(house.outbox) == MAX_WAITING


async def test_an_unknown_outcome_stays_one_where_the_outbox_is_full(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It did not fail: it may have arrived."""
    monkeypatch.setattr("custom_components.inteltele.delivery.outbox.MAX_WAITING", 0)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work")
    outcomes = await house.send(resend_unknown=True)
    assert _kinds(outcomes) == [("unknown", "outcome_unknown")]


async def test_a_message_of_the_outbox_counts_against_the_daily_limit(
    waiting: House,
) -> None:
    """It fails where others used it up."""
    await waiting.restart(daily_limit=1)
    await waiting.send(PETRO)
    await waiting.wait()
    assert waiting.ends == [("failed", "limit_reached")]
    assert [message.number for message in waiting.gateway.messages] == [PETRO.number]


async def test_a_gateway_that_answers_somebody_else_is_asked_at_once(
    waiting: House,
) -> None:
    """Whatever the pause."""
    await waiting.outbox.work()
    assert waiting.texts == []
    waiting.outbox.wake()
    await waiting.outbox.work()
    assert waiting.texts == ["Water!"]


async def test_a_clock_that_is_set_back_prolongs_no_pause(house: House) -> None:
    """By more than the longest one."""
    house.shut_out()
    await house.send(retry_for=timedelta(days=1))
    house.let_in()
    await house.work_after(-3600)
    assert house.outbox.paused_until == house.time + timedelta(minutes=5)


async def test_a_clock_that_is_set_back_prolongs_no_minute(house: House) -> None:
    """The gateway's own clock was not."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.send(retry_for=timedelta(days=1))
    await house.work_after(-3600)
    assert house.outbox.next_due() == house.time + timedelta(seconds=65)


async def test_an_attempt_of_the_future_is_not_repeated(waiting: House) -> None:
    """Where the clock was set back, nobody can tell how long ago it was."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, times=1)
    waiting.turn(5)
    await waiting.interrupt()
    await waiting.restart(after=-3600)
    await waiting.outbox.work()
    assert waiting.ends == [UNKNOWN]
    assert waiting.gateway.request_count() == 1


async def test_a_clock_that_is_set_forward_ends_what_waits(waiting: House) -> None:
    """Its time is a point in time, not a length."""
    await waiting.work_after(86400)
    assert waiting.ends == [REFUSED]
    assert waiting.gateway.request_count() == 0


async def test_forgetting_takes_what_waits(waiting: House) -> None:
    """It is not sent any more."""
    assert await waiting.delivery.forget(OLENA.number) == 1
    await waiting.wait()
    await waiting.restart()
    await waiting.wait()
    assert waiting.texts == []
    assert waiting.delivery.ledger.pending == 0
    assert waiting.rows("SELECT * FROM messages") == []


async def test_forgetting_takes_nothing_that_is_just_being_sent(
    waiting: House,
) -> None:
    """What becomes of it must still be known."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(delay=0.1, times=1)
    waiting.turn(5)
    working = asyncio.create_task(waiting.outbox.work())
    async with asyncio.timeout(5):
        while not waiting.gateway.requests:
            await asyncio.sleep(0.001)
    assert await waiting.delivery.forget(OLENA.number) == 0
    await working
    assert [message.number for message in waiting.delivery.ledger.under_way] == [
        OLENA.number
    ]


async def test_after_the_end_nothing_is_tried(waiting: House) -> None:
    """It waits for the next start."""
    waiting.outbox.stop()
    await waiting.work_after(5)
    assert waiting.gateway.request_count() == 0
    assert len(waiting.outbox) == 1


async def test_a_message_that_cannot_be_written_does_not_wait(house: House) -> None:
    """A promise that a restart would break is not given."""
    await house.fill_disk()
    house.shut_out()
    assert _kinds(await house.send()) == [REFUSED]
    assert len(house.outbox) == 0
    assert isinstance(house.errors[-1], sqlite3.Error)


async def test_a_full_disk_keeps_no_message_back(waiting: House) -> None:
    """An alarm goes out, even where nobody can note that it does."""
    await waiting.fill_disk()
    await waiting.wait()
    assert waiting.texts == ["Water!"]
    assert isinstance(waiting.errors[-1], sqlite3.Error)
    assert waiting.rows("SELECT status FROM messages") == [("queued",)]


async def test_what_a_full_disk_did_not_take_is_written_later(waiting: House) -> None:
    """So that a restart sends nothing once more."""
    await waiting.fill_disk()
    await waiting.wait()
    await waiting.empty_disk()
    await waiting.restart()
    assert waiting.rows("SELECT status FROM messages") == [("sent",)]
    await waiting.wait()
    assert waiting.texts == ["Water!"]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM outbox",
        "UPDATE outbox SET content = '{}'",
        "UPDATE outbox SET content = 'nonsense'",
        "UPDATE outbox SET reason = 'nonsense'",
    ],
)
async def test_what_cannot_be_read_any_more_is_told_as_unknown(
    waiting: House, damage: str
) -> None:
    """It does not wait for ever."""
    await waiting.delivery.database.write(
        lambda connection: connection.executescript(damage).close()
    )
    await waiting.restart()
    assert waiting.ends == [UNKNOWN]
    assert waiting.delivery.ledger.pending == 0
    assert waiting.outbox.next_due() is None


async def test_what_waits_without_a_message_is_passed_over(waiting: House) -> None:
    """Nobody knows whom it is for."""
    await waiting.delivery.database.write(
        lambda connection: connection.executescript("DELETE FROM messages").close()
    )
    await waiting.restart()
    assert waiting.outbox.next_due() is None
    assert waiting.changes == []


async def test_what_cannot_be_forgotten_on_disk_goes_on_waiting(waiting: House) -> None:
    """In its order, and it is sent when the gateway answers again."""
    before = len(waiting.outbox)
    database = waiting.delivery.database
    await database.read(lambda db: db.execute("PRAGMA query_only = ON").fetchall())
    with pytest.raises(sqlite3.Error):
        await waiting.outbox.discard(OLENA.number)
    await database.read(lambda db: db.execute("PRAGMA query_only = OFF").fetchall())
    assert len(waiting.outbox) == before
    assert await waiting.outbox.discard(OLENA.number) == before
