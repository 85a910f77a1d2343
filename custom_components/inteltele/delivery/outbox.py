"""Messages that wait until they can be sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
import sqlite3
from typing import Final

from ..gateway import MAX_NUMBERS, MIN_TTL, ErrorReason, GatewayClient, MessageContent
from ..gateway.access import LOCK_OUT
from ..storage import outbox as outbox_store
from ..storage.database import Database, nothing
from ..storage.message import FailureCause, HouseReason, MessageStatus
from ..storage.outbox import Waiting
from .compose import Composed, Recipient
from .ledger import Ledger
from .repeat_window import Request
from .sender import (
    LATEST_REPETITION,
    PAUSE_BEFORE_REPETITION,
    Outcome,
    Retry,
    Sender,
    SendStatus,
)

MAX_WAITING: Final = 500
# How long to leave a gateway alone that could not be asked, longer each time.
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
# A message is tried once more before its time is over, which takes some of it.
LAST_TRY: Final = timedelta(seconds=15)
# After the gateway's minute, in which it refuses repetitions.
AFTER_A_MINUTE: Final = timedelta(seconds=65)
REPEATABLE_FOR: Final = timedelta(seconds=LATEST_REPETITION)
SOON: Final = timedelta(seconds=PAUSE_BEFORE_REPETITION)
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class Outbox:
    """Tries messages again until they are sent or their time is over.

    Each is on disk before it is known to wait, and marked there before the gateway is
    asked: after an interruption, a message that may have arrived is repeated only as
    long as the gateway would recognise it. Those to one number keep their order.
    """

    def __init__(
        self,
        client: GatewayClient,
        sender: Sender,
        ledger: Ledger,
        database: Database,
        *,
        now: Callable[[], datetime],
        on_sent: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        """Put the outbox together; nothing is read yet."""
        self.on_change: Callable[[], None] = lambda: None
        self.client = client
        self._sender = sender
        self._ledger = ledger
        self._database = database
        self._now = now
        self._on_sent = on_sent
        self._items: dict[int, Waiting] = {}
        self._coming: list[Waiting] = []
        self._interrupted: dict[int, Request] = {}
        self._failures = 0
        self._pause_until: datetime | None = None
        self._stopped = False

    @property
    def paused_until(self) -> datetime | None:
        """Return until when a gateway that could not be asked is left alone."""
        return self._pause_until

    @property
    def interrupted(self) -> int:
        """Return how many messages may have arrived or not."""
        return sum(item.attempted_at is not None for item in self._items.values())

    def __len__(self) -> int:
        """Return how many messages wait."""
        return len(self._items) + len(self._coming)

    async def load(self) -> None:
        """Take up what waits in the file; it is tried at once."""
        loaded = await self._database.read(
            partial(outbox_store.load, messages=self._ledger.queued)
        )
        self._items = {item.seq: item for item in loaded}
        for item in loaded:
            if item.attempted_at is not None:
                age = (self._now() - item.attempted_at).total_seconds()
                self._interrupted[item.seq] = self._sender.recent.remember(
                    item.message.number, item.content.message, age
                )
        for seq, message in list(self._ledger.queued.items()):
            if seq not in self._items:
                self._ledger.drop(message, ErrorReason.OUTCOME_UNKNOWN, nothing)

    @property
    def reasons(self) -> Mapping[str, ErrorReason]:
        """Return why the first message to each number waits, where any does."""
        reasons: dict[str, ErrorReason] = {}
        for item in (*self._items.values(), *self._coming):
            reasons.setdefault(item.message.number, item.reason)
        return reasons

    async def put(self, items: Sequence[Waiting]) -> Sequence[Waiting]:
        """Take in messages, and return those that had room, which are the first.

        They are on disk when this returns. Raises sqlite3.Error where they cannot be
        written; none was taken in then.
        """
        if not (self._database.durable and self._ledger.loaded):
            raise sqlite3.OperationalError("Nothing can be written")
        coming = list(items[: max(0, MAX_WAITING - len(self))])
        waiting = self.reasons
        messages = self._ledger.numbered(item.message for item in coming)
        coming = [
            replace(item, message=message)
            for item, message in zip(coming, messages, strict=True)
        ]
        self._coming += coming
        try:
            await self._database.write(partial(outbox_store.put_new, items=coming))
        finally:
            self._coming = [item for item in self._coming if item not in coming]
        self._items |= {item.seq: item for item in coming}
        self._ledger.queue(messages)
        if self._pause_until is None and any(
            item.reason.retryable and item.not_before is None for item in coming
        ):
            self._slow_down()
        elif self.client.locked_until is None:
            if any(item.message.number in waiting for item in coming):
                self._try_soon()
            self._shorten_pause()
        self.on_change()
        return coming

    async def discard(self, number: str) -> int:
        """Forget what waits for a number, and return how much that was.

        What the gateway is just being asked to send stays. Raises sqlite3.Error where
        that cannot be written; everything stays then.
        """
        discarded = {
            item.seq: item
            for item in self._items.values()
            if item.message.number == number and item.attempted_at is None
        }
        # Taken out at once, so that none is sent while the file is written.
        for seq in discarded:
            del self._items[seq]
        try:
            await self._database.write(partial(outbox_store.discard, seqs=discarded))
        except sqlite3.Error:
            self._items = dict(sorted((self._items | discarded).items()))
            raise
        for seq in discarded:
            del self._ledger.queued[seq]
        return len(discarded)

    def wake(self) -> None:
        """Try at once, because the gateway can be asked again."""
        if self._pause_until is not None:
            self._failures = 0
            self._pause_until = None
            self.on_change()

    def next_due(self) -> datetime | None:
        """Return when something is to be done next, None for never."""
        heads = {item.seq: self._ready_at(item) for item in self._heads()}
        return min(
            (
                min(heads.get(item.seq, item.until), item.until)
                for item in self._items.values()
            ),
            default=None,
        )

    async def work(self) -> None:
        """Try what is due, and give up what has no time left."""
        while not self._stopped:
            self._settle()
            if not (batch := self._due()):
                return
            await self._try(batch)

    def stop(self) -> None:
        """Try nothing after what is being tried."""
        self._stopped = True

    def _heads(self) -> Iterator[Waiting]:
        """Return the first message to each number."""
        seen = set[str]()
        for item in self._items.values():
            if item.message.number not in seen:
                seen.add(item.message.number)
                yield item

    def _ready_at(self, item: Waiting) -> datetime:
        """Return when the first message to a number may be tried."""
        moments = [_ALWAYS]
        if item.not_before is not None:
            moments.append(item.not_before)
        if self._pause_until is not None:
            moments.append(self._pause_until)
        if item.attempted_at is None:
            return max(moments)
        moments.append(item.attempted_at + SOON)
        return min(max(moments), item.attempted_at + REPEATABLE_FOR)

    def _due(self) -> list[Waiting]:
        """Return messages that one request can try now."""
        now = self._now()
        ready = [item for item in self._heads() if self._ready_at(item) <= now]
        return [
            item
            for item in ready
            if (item.content, item.attempted_at)
            == (ready[0].content, ready[0].attempted_at)
        ][:MAX_NUMBERS]

    async def _try(self, batch: Sequence[Waiting]) -> None:
        """Send what was not tried, or repeat what was interrupted."""
        items = {item.message.number: item for item in batch}
        untried = batch[0].attempted_at is None
        if untried:
            await self._mark(items)
        composed = Composed(content=items[batch[0].message.number].content)
        recipients = [
            Recipient(number=number, name=item.message.recipient)
            for number, item in items.items()
        ]

        def taken(_: Composed, outcomes: Sequence[Outcome]) -> None:
            """Remember what the gateway took."""
            self._taken(
                [(items[outcome.recipient.number], outcome) for outcome in outcomes]
            )

        if untried:
            outcomes = await self._sender.send(composed, recipients, taken)
        else:
            outcomes = await self._sender.repeat(
                composed, recipients, taken, doubtful=self._doubtful(items)
            )
        unreachable = False
        for outcome in outcomes:
            if outcome.status is not SendStatus.SENT:
                self._not_sent(items[outcome.recipient.number], outcome)
                unreachable |= outcome.retry is Retry.WHEN_REACHABLE
        if unreachable:
            self._slow_down()

    async def _mark(self, items: dict[str, Waiting]) -> None:
        """Write down that the gateway is about to be asked."""
        busy, attempted_at = self._sender.recent.among(items), self._now()
        for number, item in items.items():
            items[number] = self._items[item.seq] = replace(
                item,
                content=_in_time(item, attempted_at),
                attempted_at=attempted_at,
                alone=number not in busy,
            )
        marked = list(items.values())
        # A full disk, which is told elsewhere, must not keep an alarm back.
        with suppress(sqlite3.Error):
            await self._database.write(partial(outbox_store.put, items=marked))

    def _doubtful(self, items: dict[str, Waiting]) -> set[str]:
        """Return numbers that something else went to around an interrupted attempt."""
        return {
            number
            for number, item in items.items()
            if not item.alone
            or self._sender.recent.among(
                [number], besides=self._interrupted.get(item.seq)
            )
        }

    def _taken(self, taken: Sequence[tuple[Waiting, Outcome]]) -> None:
        """Remember what the gateway took."""
        for item, outcome in taken:
            del self._items[item.seq]
            self._on_sent(outcome)
        self._ledger.record(
            [
                replace(
                    item.message,
                    message_id=outcome.message_id,
                    status=MessageStatus.SENT,
                    sent_at=outcome.sent_at,
                    cost=outcome.cost,
                    country=outcome.country,
                )
                for item, outcome in taken
            ],
            also=partial(outbox_store.remove, seqs=[item.seq for item, _ in taken]),
        )

    def _not_sent(self, item: Waiting, outcome: Outcome) -> None:
        """Keep a message for later, or give it up."""
        unknown = outcome.status is SendStatus.UNKNOWN
        reason = outcome.error
        # Once a message may have arrived, no later refusal tells that it did not.
        if unknown or reason is None or item.reason is ErrorReason.OUTCOME_UNKNOWN:
            reason = ErrorReason.OUTCOME_UNKNOWN
        if isinstance(reason, HouseReason) or outcome.retry is None:
            self._drop(item, reason)
        elif outcome.retry is Retry.WHEN_REACHABLE:
            # An interrupted attempt stays one, until its time for that is over.
            if not unknown:
                self._keep(replace(item, attempted_at=None, reason=reason))
        elif item.resend_unknown or not unknown:
            self._keep_for_a_minute(item, reason)
        else:
            self._drop(item, reason)

    def _settle(self) -> None:
        """End what has no time left, and what can be repeated no more."""
        now = self._now()
        # A clock that was set back must not prolong any waiting.
        if self._pause_until is not None:
            self._pause_until = min(self._pause_until, now + LOCK_OUT)
        for item in list(self._items.values()):
            if item.not_before is not None and item.not_before > now + AFTER_A_MINUTE:
                self._items[item.seq] = replace(item, not_before=now + AFTER_A_MINUTE)
            if item.attempted_at is None:
                if item.until <= now:
                    self._drop(item, item.reason)
            elif item.until <= now or not (
                # Where the clock was set back, nobody can tell how long ago it was.
                item.attempted_at <= now < item.attempted_at + REPEATABLE_FOR
            ):
                if item.resend_unknown and item.until > now:
                    self._keep_for_a_minute(item, ErrorReason.OUTCOME_UNKNOWN)
                else:
                    self._drop(item, ErrorReason.OUTCOME_UNKNOWN)

    def _keep_for_a_minute(self, item: Waiting, reason: ErrorReason) -> None:
        """Keep a message until the gateway has forgotten what it may have heard."""
        self._keep(
            replace(
                item,
                attempted_at=None,
                not_before=self._now() + AFTER_A_MINUTE,
                reason=reason,
            )
        )

    def _keep(self, item: Waiting) -> None:
        """Keep a changed message."""
        self._items[item.seq] = item
        self._database.submit(partial(outbox_store.put, items=[item]))

    def _drop(self, item: Waiting, reason: FailureCause) -> None:
        """Give a message up."""
        del self._items[item.seq]
        self._ledger.drop(
            item.message, reason, partial(outbox_store.remove, seqs=[item.seq])
        )

    def _slow_down(self) -> None:
        """Leave the gateway alone for a while."""
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        self._pause_until = self._now() + pause
        self._shorten_pause()
        if (locked_until := self.client.locked_until) is not None:
            self._pause_until = max(self._pause_until, locked_until)

    def _try_soon(self) -> None:
        """Try soon, because somebody wants to send, and the way may be free again."""
        if self._pause_until is not None:
            self._failures = 0
            self._pause_until = min(self._pause_until, self._now() + PAUSES[0])

    def _shorten_pause(self) -> None:
        """Let no pause take a message's last try away."""
        if self._pause_until is not None:
            earliest = self._now() + PAUSES[0]
            last_tries = (item.until - LAST_TRY for item in self._items.values())
            in_time = [moment for moment in last_tries if moment >= earliest]
            self._pause_until = min([self._pause_until, *in_time])


def _in_time(item: Waiting, now: datetime) -> MessageContent:
    """Return a message's content, so that it does not arrive after its button."""
    content = item.content
    if item.button_until is None or content.ttl is None:
        return content
    left = int((item.button_until - now).total_seconds())
    return replace(content, ttl=max(MIN_TTL, min(content.ttl, left)))
