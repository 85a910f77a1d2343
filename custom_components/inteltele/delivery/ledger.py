"""The memory of an account: what was sent, and what became of it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ..gateway import DeliveryReceipt, FailureReason

MAX_MESSAGES: Final = 10_000
MAX_EARLY_RECEIPTS: Final = 256
EARLY_RECEIPT_LIFETIME: Final = timedelta(seconds=60)
CLOCK_TOLERANCE: Final = timedelta(minutes=5)


class MessageStatus(StrEnum):
    """Where a message that the gateway took stands."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class ReceiptSource(StrEnum):
    """How the word about a message came in."""

    WEBHOOK = "webhook"
    POLL = "poll"
    HOUSE = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that the gateway took, and where it stands.

    `number` is E.164, times are UTC, `cost` is in the account's currency, and `reason`
    is set for failed ones only.
    """

    message_id: str
    number: str
    sent_at: datetime
    cost: Decimal | None = None
    country: str | None = None
    status: MessageStatus = MessageStatus.SENT
    reason: FailureReason | None = None
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A message's new state, and what the gateway called it."""

    message: SentMessage
    gateway_status: str
    reported_at: datetime
    source: ReceiptSource

    @property
    def seconds(self) -> int:
        """Return how many seconds after the send the gateway learned it."""
        elapsed = _whole_second(self.reported_at) - _whole_second(self.message.sent_at)
        return int(elapsed.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class _EarlyReceipt:
    """A receipt for a message that is not known yet."""

    receipt: DeliveryReceipt
    source: ReceiptSource
    arrived_at: datetime


class Ledger:
    """Every message that an account sent, by the gateway's id.

    `on_change` hears of each change once. A receipt for an id that is not known yet is
    kept for a minute, because it may come before the reply to its own send.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        on_change: Callable[[StatusChange], None] = lambda _: None,
    ) -> None:
        """Start empty."""
        self.on_change = on_change
        self._now = now
        self._messages: OrderedDict[str, SentMessage] = OrderedDict()
        self._early: OrderedDict[str, _EarlyReceipt] = OrderedDict()

    def record(self, message: SentMessage) -> None:
        """Remember a message that the gateway took."""
        self._messages[message.message_id] = message
        while len(self._messages) > MAX_MESSAGES:
            self._messages.popitem(last=False)
        self._drop_stale_receipts()
        if (early := self._early.pop(message.message_id, None)) is not None:
            self._apply(message, early)

    def receive(self, receipt: DeliveryReceipt, source: ReceiptSource) -> None:
        """Take in what the gateway said about a message.

        May come twice, late, out of order, or for a message that is not ours.
        """
        news = _EarlyReceipt(receipt=receipt, source=source, arrived_at=self._now())
        if (message := self._messages.get(receipt.message_id)) is not None:
            self._apply(message, news)
            return
        self._drop_stale_receipts()
        self._early[receipt.message_id] = news
        if len(self._early) > MAX_EARLY_RECEIPTS:
            self._early.popitem(last=False)

    def _apply(self, message: SentMessage, news: _EarlyReceipt) -> None:
        """Change a message's state where the news is news."""
        receipt = news.receipt
        reported_at = _plausible(receipt.reported_at, message.sent_at, news.arrived_at)
        if not receipt.final or not _supersedes(receipt, reported_at, message):
            return
        changed = replace(
            message,
            status=MessageStatus.DELIVERED
            if receipt.delivered
            else MessageStatus.FAILED,
            reason=receipt.failure,
            reported_at=reported_at,
        )
        self._messages[message.message_id] = changed
        self.on_change(
            StatusChange(
                message=changed,
                gateway_status=receipt.gateway_status,
                reported_at=reported_at,
                source=news.source,
            )
        )

    def _drop_stale_receipts(self) -> None:
        """Forget receipts whose message did not turn up in time."""
        oldest = self._now() - EARLY_RECEIPT_LIFETIME
        while self._early:
            message_id, early = next(iter(self._early.items()))
            if early.arrived_at >= oldest:
                return
            del self._early[message_id]


def _supersedes(
    receipt: DeliveryReceipt, reported_at: datetime, message: SentMessage
) -> bool:
    """Return whether a final receipt changes a message.

    The first final state stands, except that a fallback SMS may get through after
    Viber gave up: a later word of delivery counts.
    """
    if message.reported_at is None:
        return True
    return (
        message.status is MessageStatus.FAILED
        and receipt.delivered
        and reported_at > message.reported_at
    )


def _plausible(
    reported_at: datetime | None, sent_at: datetime, arrived_at: datetime
) -> datetime:
    """Return the gateway's time, or that of arrival where it cannot be true."""
    earliest, latest = _whole_second(sent_at), arrived_at + CLOCK_TOLERANCE
    if reported_at is None or not earliest <= reported_at <= latest:
        return arrived_at
    return reported_at


def _whole_second(moment: datetime) -> datetime:
    """Return a time as exactly as the gateway tells times."""
    return moment.replace(microsecond=0)
