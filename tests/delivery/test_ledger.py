"""The memory of an account: what became of its messages."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from custom_components.inteltele.delivery import Ledger
from custom_components.inteltele.delivery.ledger import MAX_EARLY_RECEIPTS
from custom_components.inteltele.gateway import DeliveryReceipt, FailureReason
from custom_components.inteltele.storage import messages as store
from custom_components.inteltele.storage.database import Database
from custom_components.inteltele.storage.message import (
    FailureCause,
    Message,
    MessageStatus,
    ReceiptSource,
)
from custom_components.inteltele.storage.messages import Counters

SENT_AT = datetime(2026, 11, 24, 3, 0, 0, 400_000, tzinfo=UTC)


class House:
    """A house that keeps a ledger, with a clock that a test turns."""

    def __init__(self, path: Path) -> None:
        """Start at the moment of the send."""
        self.path = path
        self.time = SENT_AT
        self.changes: list[Message] = []
        self.start()

    def start(self) -> None:
        """Put the ledger together; nothing is read yet."""
        self.database = Database(self.path)
        self.ledger = Ledger(
            self.database, now=lambda: self.time, on_change=self.changes.append
        )

    async def open(self) -> None:
        """Begin with what the file holds."""
        await self.database.open()
        await self.ledger.load()

    async def close(self) -> None:
        """Stop in good order."""
        await self.database.close()

    async def restart(self) -> None:
        """Stop in good order and start again."""
        await self.close()
        self.start()
        await self.open()

    def record(self, *message_ids: str) -> None:
        """Record messages that were sent at the start."""
        self.ledger.record(
            [
                Message(
                    message_id=message_id,
                    number="+380671112233",
                    recipient="Olena",
                    sent_at=SENT_AT,
                    cost=Decimal("0.200000"),
                    text="Water!",
                )
                for message_id in message_ids or ("a",)
            ]
        )

    async def report(
        self, status: str, after: float | None = None, message_id: str = "a"
    ) -> None:
        """Report a state, so many seconds after the send."""
        start = SENT_AT.replace(microsecond=0)
        at = None if after is None else start + timedelta(seconds=after)
        await self.ledger.receive(
            DeliveryReceipt(
                message_id=message_id, gateway_status=status, reported_at=at
            ),
            ReceiptSource.WEBHOOK,
        )

    @property
    def told(self) -> list[tuple[MessageStatus, FailureCause | None, int | None]]:
        """Return the changes that were told."""
        return [
            (message.status, message.reason, message.seconds)
            for message in self.changes
        ]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[House]:
    """Return a house that sent nothing yet."""
    built = House(tmp_path / "ledger.db")
    await built.open()
    yield built
    await built.close()


async def test_a_delivery_is_told(house: House) -> None:
    """With the seconds since the send."""
    house.record()
    house.time += timedelta(seconds=12)
    await house.report("delivrd", 11)
    assert house.told == [(MessageStatus.DELIVERED, None, 11)]


async def test_a_failure_is_told_with_its_reason(house: House) -> None:
    """In words that automations are written against."""
    house.record()
    await house.report("undeliv", 0)
    assert house.told == [(MessageStatus.FAILED, FailureReason.UNDELIVERABLE, 0)]


async def test_a_repeated_report_is_told_once(house: House) -> None:
    """The gateway may report as often as it likes."""
    house.record()
    await house.report("delivrd", 1)
    await house.report("delivrd", 2)
    await house.report("expired", 3)
    assert len(house.told) == 1


async def test_a_report_without_an_end_is_not_told(house: House) -> None:
    """The message is still on its way."""
    house.record()
    await house.report("enroute", 1)
    assert house.told == []


async def test_a_later_delivery_overrules_a_failure(house: House) -> None:
    """A fallback SMS may get through after Viber gave up."""
    house.record()
    house.time += timedelta(minutes=5)
    await house.report("expired", 60)
    await house.report("delivrd", 75)
    assert house.told == [
        (MessageStatus.FAILED, FailureReason.EXPIRED, 60),
        (MessageStatus.DELIVERED, None, 75),
    ]


@pytest.mark.parametrize(("status", "after"), [("delivrd", 59), ("rejectd", 99)])
async def test_nothing_else_changes_a_final_state(
    house: House, status: str, after: float
) -> None:
    """Neither an earlier delivery nor another failure."""
    house.record()
    house.time += timedelta(minutes=5)
    await house.report("expired", 60)
    await house.report(status, after)
    assert len(house.told) == 1


@pytest.mark.parametrize("after", [None, -1, 400])
async def test_an_impossible_time_becomes_that_of_arrival(
    house: House, after: float | None
) -> None:
    """Before the send, or more than five minutes ahead."""
    house.record()
    house.time += timedelta(seconds=30)
    await house.report("delivrd", after)
    assert house.told == [(MessageStatus.DELIVERED, None, 30)]


async def test_a_report_that_comes_before_its_reply_is_kept_for_it(
    house: House,
) -> None:
    """The gateway promises no order."""
    await house.report("delivrd", 1)
    house.time += timedelta(seconds=59)
    house.record()
    assert house.told == [(MessageStatus.DELIVERED, None, 1)]


async def test_an_early_report_is_forgotten_after_a_minute(house: House) -> None:
    """It was of somebody else's message."""
    await house.report("delivrd", 1)
    house.time += timedelta(seconds=61)
    house.record()
    assert house.told == []


async def test_early_reports_are_bounded(house: House) -> None:
    """A stranger can send any number of them; the oldest go first."""
    for number in range(MAX_EARLY_RECEIPTS + 1):
        await house.report("delivrd", 1, message_id=str(number))
    house.record("0")
    house.record("1")
    assert [message.message_id for message in house.changes] == ["1"]


async def test_a_receipt_after_a_restart_is_recognised(house: House) -> None:
    """The message was on disk before."""
    house.record()
    await house.restart()
    assert house.ledger.pending == 1
    await house.report("delivrd", 5)
    assert house.told == [(MessageStatus.DELIVERED, None, 5)]
    assert house.ledger.pending == 0


async def test_a_final_state_stands_over_a_restart(house: House) -> None:
    """A repetition tells nothing new, a later delivery does."""
    house.record()
    house.time += timedelta(minutes=5)
    await house.report("expired", 60)
    await house.restart()
    await house.report("expired", 60)
    await house.report("delivrd", 75)
    assert [status for status, _, _ in house.told] == ["failed", "delivered"]


async def test_a_message_is_kept_as_it_was(house: House) -> None:
    """To the last digit of its cost."""
    house.record()
    await house.report("undeliv", 2)
    [before] = house.changes
    await house.restart()
    after = await house.ledger._find("a")
    assert after == before


async def test_counters_are_kept(house: House) -> None:
    """In the same breath as the messages."""
    house.record("a", "b", "c")
    await house.report("delivrd", 2, message_id="a")
    await house.report("rejectd", 2, message_id="b")
    expected = Counters(sent=3, delivered=1, failed=1, spent=Decimal("0.600000"))
    assert house.ledger.counters == expected
    await house.restart()
    assert house.ledger.counters == expected


async def test_old_messages_are_forgotten_but_counted(house: House) -> None:
    """After ninety days."""
    house.record()
    house.time += store.KEPT_FOR + timedelta(hours=1)
    await house.restart()
    assert house.ledger.pending == 0
    assert house.ledger.counters.sent == 1


async def test_the_oldest_of_too_many_messages_are_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest stay."""
    monkeypatch.setattr(store, "MAX_MESSAGES", 2)
    for message_id in ("a", "b", "c"):
        house.ledger.record(
            [Message(message_id=message_id, number="+380671112233", sent_at=house.time)]
        )
        house.time += timedelta(seconds=1)
    await house.restart()
    assert await house.ledger._find("a") is None
    assert house.ledger.pending == 2


async def test_receipts_of_one_message_at_the_same_time_change_it_once(
    house: House,
) -> None:
    """Each sees what the one before did."""
    house.record()
    house.time += timedelta(minutes=5)
    await house.report("expired", 60)
    await asyncio.gather(*(house.report("delivrd", 75) for _ in range(5)))
    assert len(house.told) == 2


async def test_a_reply_during_the_search_for_its_message_is_not_missed(
    house: House,
) -> None:
    """The receipt was there first, by a moment."""
    searching = asyncio.create_task(house.report("delivrd", 1))
    await asyncio.sleep(0)
    house.record()
    await searching
    assert house.told == [(MessageStatus.DELIVERED, None, 1)]


async def test_a_receipt_is_kept_where_the_file_cannot_be_read(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """For a minute, as one whose message is not known yet."""
    await house.database.write(
        lambda connection: connection.executescript("DROP TABLE messages").close()
    )
    await house.report("delivrd", 1)
    assert "could not be read" in caplog.text
    house.record()
    assert house.told == [(MessageStatus.DELIVERED, None, 1)]


async def test_an_empty_record_changes_nothing(house: House) -> None:
    """Where nobody was reached."""
    house.ledger.record([])
    assert house.ledger.counters == Counters()


async def test_a_message_that_was_forgotten_is_not_shown_again(house: House) -> None:
    """Although somebody still had it in hand, and gives it up."""
    house.record("a")
    [message] = house.ledger.under_way
    await house.ledger.forget(message.number)
    house.ledger.give_up(message)
    assert message.number not in house.ledger.latest


async def test_an_unreadable_file_is_logged_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever knows the webhook could fill the log otherwise."""
    await house.database.write(lambda file: file.execute("DROP TABLE messages"))
    for _ in range(3):
        await house.report("delivrd", message_id="unknown")
    assert caplog.text.count("could not be read") == 1
    assert "Traceback" not in caplog.text


async def test_an_id_that_is_given_twice_takes_no_message_away(house: House) -> None:
    """The message that had it stays in the history, without it."""
    house.record("a")
    await house.report("delivrd")
    house.record("a")
    history = await house.ledger.history(None, None, 10)
    assert sorted(str(message.message_id) for message in history) == ["None", "a"]
    assert sorted(message.status for message in history) == ["delivered", "sent"]
