"""What the gateway says of messages, in whatever order it comes."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from custom_components.inteltele.delivery.receipts import MAX_EARLY_RECEIPTS
from custom_components.inteltele.gateway import ErrorReason, FailureReason
from custom_components.inteltele.storage import messages as table
from custom_components.inteltele.storage.ids import new_id
from custom_components.inteltele.storage.message import (
    FailureCause,
    Message,
    MessageStatus,
    ReceiptSource,
)

from .house import OLENA, START, House


@pytest.fixture
async def sent(house: House) -> House:
    """Return a house that sent a message to Olena, a part of a second after three."""
    house.time = START + timedelta(milliseconds=400)
    await house.send()
    house.told.clear()
    return house


def _told(
    house: House,
) -> list[tuple[MessageStatus, FailureCause | None, int | None]]:
    """Return the changes that were told."""
    return [(after.status, after.reason, after.seconds) for _, after in house.told]


async def test_a_delivery_is_told(sent: House) -> None:
    """With the seconds since the send."""
    sent.turn(12)
    assert await sent.report("delivrd", 11)
    assert _told(sent) == [(MessageStatus.DELIVERED, None, 11)]


async def test_a_failure_is_told_with_its_reason(sent: House) -> None:
    """In words that automations are written against."""
    await sent.report("undeliv", 0)
    assert _told(sent) == [(MessageStatus.FAILED, FailureReason.UNDELIVERABLE, 0)]


async def test_a_repeated_report_is_told_once(sent: House) -> None:
    """The gateway may report as often as it likes."""
    await sent.report("delivrd", 1)
    await sent.report("delivrd", 2)
    assert await sent.report("expired", 3)
    assert len(sent.told) == 1


async def test_a_report_without_an_end_is_not_told(sent: House) -> None:
    """The message is still on its way."""
    assert await sent.report("enroute", 1)
    assert sent.told == []


@pytest.mark.parametrize("after", [60, 75])
async def test_a_delivery_that_is_not_older_overrules_a_failure(
    sent: House, after: int
) -> None:
    """A fallback SMS may get through after Viber gave up, in the same second even."""
    sent.turn(300)
    await sent.report("expired", 60)
    await sent.report("delivrd", after)
    assert _told(sent) == [
        (MessageStatus.FAILED, FailureReason.EXPIRED, 60),
        (MessageStatus.DELIVERED, None, after),
    ]


async def test_it_does_so_where_only_the_house_knows_the_time_of_the_failure(
    sent: House,
) -> None:
    """The gateway tells whole seconds, the house parts of them."""
    sent.time = START + timedelta(seconds=60, milliseconds=700)
    await sent.report("expired")
    await sent.report("delivrd", 60)
    assert [status for status, _, _ in _told(sent)] == ["failed", "delivered"]


@pytest.mark.parametrize(("status", "after"), [("delivrd", 59), ("rejectd", 99)])
async def test_nothing_else_changes_a_final_state(
    sent: House, status: str, after: float
) -> None:
    """Neither an earlier delivery nor another failure."""
    sent.turn(300)
    await sent.report("expired", 60)
    await sent.report(status, after)
    assert len(sent.told) == 1


@pytest.mark.parametrize("after", [None, -1, 400])
async def test_an_impossible_time_becomes_that_of_arrival(
    sent: House, after: float | None
) -> None:
    """Before the send, or more than five minutes ahead."""
    sent.turn(30)
    await sent.report("delivrd", after)
    assert _told(sent) == [(MessageStatus.DELIVERED, None, 30)]


async def test_ids_are_compared_without_case(sent: House) -> None:
    """In memory, and in the file."""
    message_id = sent.gateway.messages[0].message_id.upper()
    sent.turn(300)
    assert await sent.report("expired", 60, message_id=message_id)
    assert await sent.report("delivrd", 75, message_id=message_id)
    assert [status for status, _, _ in _told(sent)] == ["failed", "delivered"]


def _reply(house: House, *message_ids: str) -> None:
    """Let the replies to sends come in, which name ids."""
    for message_id in message_ids:
        seq = house.ledger.next_seq()
        queued = Message(
            seq=seq,
            id=new_id(START.timestamp(), seq),
            number=OLENA.number,
            sent_at=START,
            status=MessageStatus.QUEUED,
        )
        sent = replace(queued, status=MessageStatus.SENT, message_id=message_id)
        house.ledger.accept([queued])
        house.delivery.database.submit(partial(table.insert, messages=[queued]))
        house.ledger.change([(queued, sent)])


@pytest.mark.parametrize("message_id", ["abc", "ABC"])
async def test_a_report_that_comes_before_its_reply_is_kept_for_it(
    house: House, message_id: str
) -> None:
    """The gateway promises no order."""
    assert not await house.report("delivrd", 1, message_id=message_id)
    house.turn(59)
    _reply(house, "abc")
    assert house.ends == [("delivered", None)]
    assert house.delivery.poller.followed == 0


async def test_early_reports_are_taken_in_in_their_order(house: House) -> None:
    """As they would have been later."""
    await house.report("expired", 1, message_id="a")
    await house.report("enroute", 1, message_id="a")
    await house.report("delivrd", 2, message_id="a")
    _reply(house, "a")
    assert house.ends == [("failed", "expired"), ("delivered", None)]
    counters = house.ledger.counters
    assert (counters.sent, counters.delivered, counters.failed) == (1, 1, 1)


async def test_an_early_report_is_forgotten_after_a_minute(house: House) -> None:
    """It was of somebody else's message."""
    await house.report("delivrd", 1, message_id="a")
    house.turn(61)
    _reply(house, "a")
    assert house.ends == []


async def test_early_reports_are_bounded(house: House) -> None:
    """A stranger can send any number of them; the oldest go first."""
    for number in range(MAX_EARLY_RECEIPTS + 1):
        await house.report("delivrd", 1, message_id=str(number))
    _reply(house, "0", "1")
    assert [after.message_id for _, after in house.told if after.ended] == ["1"]


async def test_a_report_after_a_restart_is_recognised(sent: House) -> None:
    """The message was on disk before."""
    await sent.restart()
    assert sent.ledger.pending == 1
    assert await sent.report("delivrd", 5)
    assert _told(sent) == [(MessageStatus.DELIVERED, None, 5)]
    assert sent.ledger.pending == 0


async def test_a_final_state_stands_over_a_restart(sent: House) -> None:
    """A repetition tells nothing new, a later delivery does."""
    sent.turn(300)
    await sent.report("expired", 60)
    await sent.restart()
    await sent.report("expired", 60)
    await sent.report("delivrd", 75)
    assert [status for status, _, _ in _told(sent)] == ["failed", "delivered"]
    assert await sent.history() == [("delivered", None)]


async def test_receipts_of_one_message_at_the_same_time_change_it_once(
    sent: House,
) -> None:
    """Each sees what the one before did."""
    sent.turn(300)
    await sent.report("expired", 60)
    await asyncio.gather(*(sent.report("delivrd", 75) for _ in range(5)))
    assert len(sent.told) == 2


async def test_a_reply_during_the_search_for_its_message_is_not_missed(
    house: House,
) -> None:
    """The receipt was there first, by a moment."""
    searching = asyncio.create_task(house.report("delivrd", 1, message_id="a"))
    await asyncio.sleep(0)
    _reply(house, "a")
    await searching
    assert house.ends == [("delivered", None)]


async def test_a_receipt_is_kept_where_the_file_cannot_be_read(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """For a minute, as one whose message is not known yet."""
    await house.damage("ALTER TABLE messages RENAME TO hidden")
    assert not await house.report("delivrd", 1, message_id="a")
    assert "could not be read" in caplog.text
    _reply(house, "a")
    assert house.ends == [("delivered", None)]


async def test_an_unreadable_file_is_logged_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever knows the webhook could fill the log otherwise."""
    await house.damage("ALTER TABLE messages RENAME TO hidden")
    for _ in range(3):
        await house.report("delivrd", message_id="unknown")
    assert caplog.text.count("could not be read") == 1
    assert "Traceback" not in caplog.text


async def test_an_id_that_is_given_twice_takes_no_message_away(house: House) -> None:
    """A report is of the newer one; the other stays as it was."""
    _reply(house, "a", "a")
    assert await house.report("delivrd", 1, message_id="a")
    assert await house.history() == [("sent", None), ("delivered", None)]
    assert [message.seq for message in house.ledger.under_way] == [1]


async def test_a_report_is_of_the_newer_one_although_the_older_has_ended(
    house: House,
) -> None:
    """Whose id was the same."""
    _reply(house, "a", "a")
    older = house.ledger.under_way[0]
    house.ledger.fail(older, ErrorReason.OUTCOME_UNKNOWN, START)
    assert await house.report("delivrd", 1, message_id="a")
    assert await house.history() == [
        ("failed", "outcome_unknown"),
        ("delivered", None),
    ]


async def test_only_reports_that_come_by_themselves_count_as_such(
    sent: House,
) -> None:
    """What was asked for tells nothing of the webhook."""
    await sent.report("delivrd", 1, source=ReceiptSource.POLL)
    assert sent.delivery.receipts.reported_by_webhook_at is None
