"""Asking for outcomes that nobody reports."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from ..gateway import DeliveryReceipt, FailureReason, GatewayClient, GatewayError
from ..plain import get_logger
from ..storage.message import Channel, Message, ReceiptSource
from .due import Due
from .ledger import Ledger
from .receipts import Receipts

_LOGGER = get_logger(__name__)


def _ages(*seconds: int) -> tuple[timedelta, ...]:
    """Return how long after its send a message is asked about."""
    return tuple(timedelta(seconds=age) for age in seconds)


# While no receipts come in by themselves, and while they do: one may get lost.
UNREPORTED_AGES: Final = _ages(30, 60, 120, 300, 900)
REPORTED_AGES: Final = _ages(120, 900, 3600)
AFTER_TTL: Final = timedelta(seconds=15)
LATE_INTERVAL: Final = timedelta(hours=1)
# A gateway that is out of reach is asked again after this time, or sooner.
OUT_OF_REACH_INTERVAL: Final = timedelta(minutes=5)
GIVEN_UP_AFTER_TTL: Final = timedelta(hours=24)
# Messages that are due within this time are asked about together.
TOGETHER: Final = timedelta(seconds=5)
# A gateway that takes one id at a time is asked no more often than ten times a second.
MAX_AT_ONCE: Final = 50
RECEIPTS_COME_IN_FOR: Final = timedelta(hours=24)


class Poller:
    """Asks the gateway about messages whose end is not known.

    At once after a start, then more and more rarely, until a day after their time to
    live.
    """

    def __init__(
        self,
        client: GatewayClient,
        ledger: Ledger,
        receipts: Receipts,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Bind a gateway client to a ledger."""
        self.client = client
        self._ledger = ledger
        self._receipts = receipts
        self._now = now
        self._due = Due()
        self._rest_until: datetime | None = None
        self._failures = 0

    @property
    def followed(self) -> int:
        """Return how many messages are asked about."""
        return len(self._due)

    def load(self) -> None:
        """Follow what was sent before; it is asked about at once."""
        for message in self._ledger.under_way:
            self._due.plan(message.seq, self._now())

    def follow(self, message: Message) -> None:
        """Follow a message that was just sent."""
        self._due.plan(message.seq, self._next(message, message.sent_at))

    def end(self, message: Message) -> None:
        """Ask about a message no longer."""
        self._due.end(message.seq)

    def move(self, by: timedelta) -> None:
        """Move what is planned, because the clock was set."""
        self._due.move(by)
        if self._rest_until is not None:
            self._rest_until += by

    def next_due(self) -> datetime | None:
        """Return when something is to be asked or given up next, None for never."""
        due = self._due.next()
        if due is None or self._rest_until is None:
            return due
        return max(due, self._rest_until)

    async def ask(self) -> None:
        """Ask about what is due, and give up what has no hope left."""
        now = self._now()
        due = []
        for seq in self._due.take(now + TOGETHER, MAX_AT_ONCE):
            if (message := self._ledger.with_number(seq)) is None:
                continue
            if now >= _end(message):
                # Nothing more can be learned of it.
                self._ledger.fail(message, FailureReason.UNKNOWN, now)
            else:
                due.append(message)
        if due:
            await self._ask_about(due)
            self._rest_until = self._now() + TOGETHER

    async def _ask_about(self, messages: list[Message]) -> None:
        """Ask about some messages; whatever goes wrong, the next time is later."""
        asked_at = self._now() + TOGETHER
        for message in messages:
            self._due.plan(message.seq, self._next(message, asked_at))
        by_viber = [item for item in messages if item.channel is Channel.VIBER]
        by_sms = [item for item in messages if item.channel is Channel.SMS]
        if by_viber:
            await self._ask_by(self.client.statuses, by_viber, asked_at)
        if by_sms:
            await self._ask_by(self.client.sms_statuses, by_sms, asked_at)

    async def _ask_by(
        self,
        statuses: Callable[[Sequence[str]], Awaitable[Mapping[str, DeliveryReceipt]]],
        messages: list[Message],
        asked_at: datetime,
    ) -> None:
        """Ask about messages that went by one way."""
        ids = deque(message.message_id for message in messages if message.message_id)
        # Each time another one comes first, so that those which the gateway refuses
        # keep it from being asked about no other.
        ids.rotate(-self._failures)
        try:
            receipts = await statuses(ids)
        except GatewayError as err:
            _LOGGER.debug("No outcomes could be had: %s", err.reason)
            self._failures += 1
            if err.reason.retryable:
                self._ask_again(messages, asked_at + OUT_OF_REACH_INTERVAL)
            return
        for receipt in receipts.values():
            await self._receipts.receive(receipt, ReceiptSource.POLL)

    def _ask_again(self, messages: Iterable[Message], due: datetime) -> None:
        """Ask about messages at a time, unless they are asked about before, or ended.

        What was due is not learned yet; the next time may be a day later.
        """
        for message in messages:
            if (planned := self._due.of(message.seq)) is not None and planned > due:
                self._due.plan(message.seq, due)

    def _next(self, message: Message, asked_at: datetime) -> datetime:
        """Return when a message that was asked about is to be asked about again."""
        after_ttl = message.sent_at + timedelta(seconds=message.ttl or 0) + AFTER_TTL
        ages = REPORTED_AGES if self._receipts_come_in() else UNREPORTED_AGES
        planned = [message.sent_at + age for age in ages]
        later = [moment for moment in (*planned, after_ttl) if moment > asked_at]
        return min(min(later, default=asked_at + LATE_INTERVAL), _end(message))

    def _receipts_come_in(self) -> bool:
        """Return whether the gateway reports by itself these days."""
        reported_at = self._receipts.reported_by_webhook_at
        return (
            reported_at is not None and self._now() - reported_at < RECEIPTS_COME_IN_FOR
        )


def _end(message: Message) -> datetime:
    """Return when nothing more can be learned of a message."""
    ttl = timedelta(seconds=message.ttl or 0)
    return message.sent_at + ttl + GIVEN_UP_AFTER_TTL
