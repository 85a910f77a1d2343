"""The memory of an account: what was sent, and what became of it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
import sqlite3
from typing import Final

from ..gateway import DeliveryReceipt, FailureReason
from ..storage import messages as store
from ..storage.database import Database, Work, nothing
from ..storage.message import (
    FailureCause,
    Message,
    MessageStatus,
    Place,
    ReceiptSource,
    whole_second,
)
from ..storage.messages import Counters
from ..storage.writing import Writing

MAX_EARLY_RECEIPTS: Final = 256
EARLY_RECEIPT_LIFETIME: Final = timedelta(seconds=60)
CLOCK_TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """A receipt, and how and when it came."""

    receipt: DeliveryReceipt
    source: ReceiptSource
    arrived_at: datetime


class Ledger:
    """Every message of an account: those that wait, and those the gateway took.

    Kept in a file; only messages whose end is not known stay in memory. `on_change`
    hears once of each message that comes to its end, `on_update` of all that are new or
    changed, once whoever reads finds them so. A receipt for an id that is not
    known yet is kept for a minute, because it may come before the reply to its own
    send.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        on_change: Callable[[Message], None] = lambda _: None,
    ) -> None:
        """Name the file; nothing is read yet."""
        self.counters = Counters()
        self.latest: dict[str, Message] = {}
        self.queued: dict[int, Message] = {}
        self.on_record: Callable[[], None] = lambda: None
        self.on_update: Callable[[Sequence[Message]], None] = lambda _: None
        self.reported_by_webhook_at: datetime | None = None
        self._database = database
        self._now = now
        self._on_change = on_change
        self._under_way: dict[str, Message] = {}
        self._early: deque[_News] = deque(maxlen=MAX_EARLY_RECEIPTS)
        self._looking_up = asyncio.Lock()
        self._last_seq: int | None = None
        self._before_load: list[Message] = []

    @property
    def under_way(self) -> list[Message]:
        """Return the messages whose end the gateway will tell."""
        return list(self._under_way.values())

    @property
    def loaded(self) -> bool:
        """Return whether the file was read."""
        return self._last_seq is not None

    @property
    def pending(self) -> int:
        """Return how many messages have not come to their end."""
        return len(self._under_way) + len(self.queued)

    async def load(self) -> None:
        """Read what is under way from the open file."""
        # A full disk, which is told elsewhere, must not keep the account from starting.
        with suppress(sqlite3.Error):
            await self._database.write(partial(store.prune, now=self._now()))
        found = await self._database.read(store.in_memory)
        self.counters, self.latest, queued, under_way, self._last_seq = found
        self.queued = {message.seq: message for message in queued}
        self._under_way = {message.message_id or "": message for message in under_way}
        self.record(self._before_load)
        self._before_load = []

    def next_seq(self) -> int:
        """Return a number for the next message, 0 before the file was read."""
        if self._last_seq is None:
            return 0
        self._last_seq += 1
        return self._last_seq

    def numbered(self, messages: Iterable[Message]) -> list[Message]:
        """Return messages with numbers, where they have none yet."""
        return [
            message if message.seq else replace(message, seq=self.next_seq())
            for message in messages
        ]

    def queue(self, messages: Sequence[Message]) -> None:
        """Take up messages that wait, and that were just written."""
        for message in messages:
            self.queued[message.seq] = message
            self._show(message)
        self.on_record()
        self.on_update(messages)

    def record(self, messages: Sequence[Message], also: Work = nothing) -> None:
        """Remember messages that the gateway just took, and write something besides.

        Those that waited before must come with the number they have. Before the file
        was read, they are kept until it is.
        """
        if self._last_seq is None:
            self._before_load += messages
            return
        if not messages:
            return
        messages = self.numbered(messages)
        self.counters = replace(
            self.counters,
            sent=self.counters.sent + len(messages),
            spent=self.counters.spent
            + sum((message.cost or Decimal(0) for message in messages), Decimal(0)),
        )
        for message in messages:
            self.queued.pop(message.seq, None)
            self._show(message)
            if message.message_id is not None:
                self._under_way[message.message_id] = message
        self._write(messages, also)
        self.on_update(messages)
        self._drop_stale_receipts()
        for message in messages:
            self._apply_early(message)
        self.on_record()

    def drop(self, message: Message, reason: FailureCause, also: Work) -> None:
        """End a message that waited in vain, and write something besides."""
        del self.queued[message.seq]
        self._change(
            replace(
                message,
                status=MessageStatus.FAILED,
                reason=reason,
                reported_at=self._now(),
                source=ReceiptSource.HOUSE,
            ),
            also,
        )

    def give_up(self, message: Message) -> None:
        """End a message of which nothing more can be learned."""
        self._change(
            replace(
                message,
                status=MessageStatus.FAILED,
                reason=FailureReason.UNKNOWN,
                reported_at=self._now(),
                source=ReceiptSource.HOUSE,
            )
        )

    async def history(
        self,
        numbers: Sequence[str] | None,
        status: MessageStatus | None,
        limit: int,
        before: Place | None = None,
    ) -> list[Message]:
        """Return messages, newest first; None takes every number, status, or place."""
        return await self._database.read(
            partial(
                store.history,
                numbers=numbers,
                status=status,
                limit=limit,
                before=before,
            )
        )

    async def with_seq(self, seq: int) -> Message | None:
        """Return the message with one of the ledger's numbers."""
        return await self._database.read(partial(store.with_seq, seq=seq))

    async def with_link(self, link: str) -> list[Message]:
        """Return the messages that an answer link was sent in."""
        return await self._database.read(partial(store.with_link, link=link))

    async def forget(self, number: str) -> int:
        """Forget the messages to a number that do not wait; return how many."""
        for message_id, message in list(self._under_way.items()):
            if message.number == number:
                del self._under_way[message_id]
        self.latest.pop(number, None)
        for message in self.queued.values():
            if message.number == number:
                self._show(message)
        forgotten = await self._database.write(partial(store.forget, number=number))
        self.on_record()
        return forgotten

    async def receive(self, receipt: DeliveryReceipt, source: ReceiptSource) -> bool:
        """Take in what the gateway said; return whether the message is known as ours.

        May come twice, late, out of order, or for a message that is not ours.
        """
        news = _News(receipt=receipt, source=source, arrived_at=self._now())
        message = self._under_way.get(receipt.message_id)
        if message is not None:
            self._apply(message, news)
            return True
        # One after the other, so that each sees what the one before changed.
        async with self._looking_up:
            found = await self._find(receipt.message_id)
            # The reply to its send may have come while the file was searched.
            message = self._under_way.get(receipt.message_id, found)
            if message is not None:
                self._apply(message, news)
                return True
        if receipt.final:
            self._early.append(news)
        return False

    async def _find(self, message_id: str) -> Message | None:
        """Return a message from the file, None where it cannot be read."""
        with suppress(sqlite3.Error):
            return await self._database.read(partial(store.find, message_id=message_id))
        return None

    def _apply_early(self, message: Message) -> None:
        """Take in what came before the message, in the order in which it came."""
        for news in list(self._early):
            if news.receipt.message_id == message.message_id:
                self._early.remove(news)
                message = self._apply(message, news)

    def _apply(self, message: Message, news: _News) -> Message:
        """Change a message's state where the news is news; return how it stands."""
        receipt = news.receipt
        reported_at = _plausible(receipt.reported_at, message.sent_at, news.arrived_at)
        if not receipt.final or not _supersedes(receipt, reported_at, message):
            return message
        if news.source is ReceiptSource.WEBHOOK:
            self.reported_by_webhook_at = news.arrived_at
        status = MessageStatus.DELIVERED if receipt.delivered else MessageStatus.FAILED
        changed = replace(
            message,
            status=status,
            reason=receipt.failure,
            gateway_status=receipt.gateway_status,
            reported_at=reported_at,
            source=news.source,
        )
        self._change(changed)
        return changed

    def _show(self, message: Message) -> None:
        """Take a message as the latest to its number, unless another came in later."""
        latest = self.latest.get(message.number)
        if latest is None or latest.seq <= message.seq:
            self.latest[message.number] = message

    def _change(self, changed: Message, also: Work = nothing) -> None:
        """Keep a message's new state, count it, and tell it."""
        if changed.status is MessageStatus.DELIVERED:
            self.counters = replace(
                self.counters, delivered=self.counters.delivered + 1
            )
        else:
            self.counters = replace(self.counters, failed=self.counters.failed + 1)
        self._under_way.pop(changed.message_id or "", None)
        if changed.number in self.latest:
            self._show(changed)
        self._write([changed], also)
        self.on_update([changed])
        self._on_change(changed)

    def _write(self, messages: Sequence[Message], also: Work) -> None:
        """Have messages, counters and more written within a moment."""
        self._database.submit(Writing(messages, self.counters, also))

    def _drop_stale_receipts(self) -> None:
        """Forget receipts whose message did not turn up in time."""
        oldest = self._now() - EARLY_RECEIPT_LIFETIME
        while self._early and self._early[0].arrived_at < oldest:
            self._early.popleft()


def _supersedes(
    receipt: DeliveryReceipt, reported_at: datetime, message: Message
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
    earliest, latest = whole_second(sent_at), arrived_at + CLOCK_TOLERANCE
    if reported_at is None or not earliest <= reported_at <= latest:
        return arrived_at
    return reported_at
