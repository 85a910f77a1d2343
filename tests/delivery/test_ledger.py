"""The memory of an account: what became of its messages."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.inteltele.delivery import (
    Ledger,
    MessageStatus,
    ReceiptSource,
    SentMessage,
    StatusChange,
)
from custom_components.inteltele.delivery.ledger import (
    MAX_EARLY_RECEIPTS,
    MAX_MESSAGES,
)
from custom_components.inteltele.gateway import DeliveryReceipt, FailureReason

SENT_AT = datetime(2026, 11, 24, 3, 0, 0, 400_000, tzinfo=UTC)


class House:
    """A ledger with a clock that a test turns, and what it told."""

    def __init__(self) -> None:
        """Start at the moment of the send."""
        self.time = SENT_AT
        self.changes: list[StatusChange] = []
        self.ledger = Ledger(now=lambda: self.time, on_change=self.changes.append)

    def record(self, message_id: str = "a") -> None:
        """Record a message that was sent at the start."""
        self.ledger.record(
            SentMessage(message_id=message_id, number="+380671112233", sent_at=SENT_AT)
        )

    def report(
        self, status: str, after: float | None = None, message_id: str = "a"
    ) -> None:
        """Report a state, so many seconds after the send."""
        start = SENT_AT.replace(microsecond=0)
        at = None if after is None else start + timedelta(seconds=after)
        self.ledger.receive(
            DeliveryReceipt(
                message_id=message_id, gateway_status=status, reported_at=at
            ),
            ReceiptSource.WEBHOOK,
        )

    @property
    def told(self) -> list[tuple[MessageStatus, FailureReason | None, int]]:
        """Return the changes that were told."""
        return [
            (change.message.status, change.message.reason, change.seconds)
            for change in self.changes
        ]


@pytest.fixture
def house() -> House:
    """Return a house that sent nothing yet."""
    return House()


def test_a_delivery_is_told(house: House) -> None:
    """With the seconds since the send."""
    house.record()
    house.time += timedelta(seconds=12)
    house.report("delivrd", 11)
    assert house.told == [(MessageStatus.DELIVERED, None, 11)]


def test_a_failure_is_told_with_its_reason(house: House) -> None:
    """In words that automations are written against."""
    house.record()
    house.report("undeliv", 0)
    assert house.told == [(MessageStatus.FAILED, FailureReason.UNDELIVERABLE, 0)]


def test_a_repeated_report_is_told_once(house: House) -> None:
    """The gateway may report as often as it likes."""
    house.record()
    house.report("delivrd", 1)
    house.report("delivrd", 2)
    house.report("expired", 3)
    assert len(house.told) == 1


def test_a_report_without_an_end_is_not_told(house: House) -> None:
    """The message is still on its way."""
    house.record()
    house.report("enroute", 1)
    assert house.told == []


def test_a_later_delivery_overrules_a_failure(house: House) -> None:
    """A fallback SMS may get through after Viber gave up."""
    house.record()
    house.time += timedelta(minutes=5)
    house.report("expired", 60)
    house.report("delivrd", 75)
    assert house.told == [
        (MessageStatus.FAILED, FailureReason.EXPIRED, 60),
        (MessageStatus.DELIVERED, None, 75),
    ]


@pytest.mark.parametrize(("status", "after"), [("delivrd", 59), ("rejectd", 99)])
def test_nothing_else_changes_a_final_state(
    house: House, status: str, after: float
) -> None:
    """Neither an earlier delivery nor another failure."""
    house.record()
    house.time += timedelta(minutes=5)
    house.report("expired", 60)
    house.report(status, after)
    assert len(house.told) == 1


@pytest.mark.parametrize("after", [None, -1, 400])
def test_an_impossible_time_becomes_that_of_arrival(
    house: House, after: float | None
) -> None:
    """Before the send, or more than five minutes ahead."""
    house.record()
    house.time += timedelta(seconds=30)
    house.report("delivrd", after)
    assert house.told == [(MessageStatus.DELIVERED, None, 30)]


def test_a_report_that_comes_before_its_reply_is_kept_for_it(house: House) -> None:
    """The gateway promises no order."""
    house.report("delivrd", 1)
    house.time += timedelta(seconds=59)
    house.record()
    assert house.told == [(MessageStatus.DELIVERED, None, 1)]


def test_an_early_report_is_forgotten_after_a_minute(house: House) -> None:
    """It was of somebody else's message."""
    house.report("delivrd", 1)
    house.time += timedelta(seconds=61)
    house.record()
    assert house.told == []


def test_early_reports_are_bounded(house: House) -> None:
    """A stranger can send any number of them; the oldest go first."""
    for number in range(MAX_EARLY_RECEIPTS + 1):
        house.report("delivrd", 1, message_id=str(number))
    house.record("0")
    house.record("1")
    assert [change.message.message_id for change in house.changes] == ["1"]


def test_messages_in_memory_are_bounded(house: House) -> None:
    """The oldest go first."""
    for number in range(MAX_MESSAGES + 1):
        house.record(str(number))
    house.report("delivrd", 1, message_id="0")
    house.report("delivrd", 1, message_id="1")
    assert [change.message.message_id for change in house.changes] == ["1"]
