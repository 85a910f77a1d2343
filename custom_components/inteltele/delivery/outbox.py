"""Messages that were accepted, until the gateway has answered for each."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from ..gateway import MAX_NUMBERS, MIN_TTL, Content, ErrorReason, SmsContent
from ..gateway.access import LOCK_OUT
from ..plain import get_logger
from ..storage import messages as table
from ..storage.message import Channel, Message, MessageStatus, Submission
from ..storage.messages import Change
from .ledger import Ledger
from .pauses import AFTER_A_MINUTE, WITHOUT_MONEY, Pauses
from .repeat_window import RecentRequests, Request
from .sender import UNANSWERED, Retry, Sender, Verdict
from .waiting_room import WaitingRoom, crowded_out, is_urgent
from .ways import given_up, planned

_LOGGER = get_logger(__name__)

# So many requests of the outbox are under way at once; one while the gateway fails.
MAX_AT_ONCE: Final = 4
# The gateway refuses repetitions for a minute. Within it, repeating a request whose
# answer was lost cannot deliver twice, and tells whether the first one had arrived.
REPEATABLE_FOR: Final = timedelta(seconds=50)
PAUSE_BEFORE_REPETITION: Final = timedelta(seconds=2)
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class Outbox:
    """Asks the gateway for each message until it is sent or its time is over.

    A message is marked in its row before the gateway is asked: after an interruption,
    one that may have arrived is repeated only as long as the gateway would recognise
    it. Those that wait for one number keep their order.
    """

    def __init__(
        self,
        sender: Sender,
        recent: RecentRequests,
        ledger: Ledger,
        *,
        now: Callable[[], datetime],
        ask_again: Callable[[Sequence[Message]], Awaitable[None]],
    ) -> None:
        """Put the outbox together; nothing is read yet.

        `ask_again` learns what became of messages by Viber before their SMS is tried
        again.
        """
        self.on_plan: Callable[[], None] = lambda: None
        self.pauses = Pauses(now=now)
        self._without_money = Pauses(WITHOUT_MONEY, now=now)
        self.room = WaitingRoom(ledger, now=now)
        self._sender = sender
        self._recent = recent
        self._ledger = ledger
        self._now = now
        self._ask_again = ask_again
        self._requests: dict[int, Request] = {}
        self._repeat_at: dict[int, datetime] = {}
        self._asking: set[int] = set()
        self._held: set[int] = set()
        # The first message of each batch that is tried again.
        self._retrying: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.stopped = False

    @property
    def interrupted(self) -> int:
        """Return how many messages may have arrived or not."""
        return sum(
            message.attempted_at is not None for message in self._ledger.queued.values()
        )

    def take_up(self, messages: Sequence[Message], age: float) -> None:
        """Take up what a request of before, so many seconds old, may have sent."""
        submission = _submission(messages[0])
        request = self._recent.remember(
            [message.number for message in messages],
            _text(submission.content),
            age,
            busy={
                message.number for message in messages if not _submission(message).alone
            },
        )
        self._requests |= dict.fromkeys((message.seq for message in messages), request)
        unknown = ErrorReason.OUTCOME_UNKNOWN
        self._ledger.change(
            [(message, replace(message, reason=unknown)) for message in messages]
        )

    def move(self, by: timedelta) -> None:
        """Move what is planned, because the clock was set."""
        self._repeat_at = {seq: due + by for seq, due in self._repeat_at.items()}
        self.pauses.move(by)
        self._without_money.move(by)
        self.room.move(by)
        self.on_plan()

    def is_busy(self, number: str) -> bool:
        """Return whether something went to a number in the minute before."""
        return self._recent.is_busy(number)

    def begin(self, messages: Sequence[Message]) -> Request:
        """Remember that messages of one content are about to be asked for."""
        numbers = [message.number for message in messages]
        request = self._recent.begin(numbers, _text(_submission(messages[0]).content))
        self._asking |= {message.seq for message in messages}
        self._requests |= dict.fromkeys((message.seq for message in messages), request)
        return request

    def asks_for(self, message: Message) -> bool:
        """Return whether the gateway is being asked for a message just now."""
        return message.seq in self._asking

    def hold(self, seqs: Iterable[int]) -> None:
        """Do nothing with messages while something is written about them."""
        self._held.update(seqs)

    def release(self, seqs: Iterable[int]) -> None:
        """Go on with messages."""
        self._held.difference_update(seqs)
        self.on_plan()

    async def ask(self, messages: Sequence[Message], *, again: bool = False) -> None:
        """Ask the gateway for messages of one content, and take in its answer."""
        if not again:
            messages = self._begun_now(messages)
        content = _submission(messages[0]).content
        numbers = [message.number for message in messages]
        request = self._requests[messages[0].seq]
        ask = self._sender.repeat if again else self._sender.send
        try:
            verdicts = await ask(content, numbers, request)
        except Exception:
            # Nobody can tell how far it came.
            _LOGGER.exception("The gateway could not be asked")
            verdicts = dict.fromkeys(numbers, UNANSWERED)
        finally:
            self._asking -= {message.seq for message in messages}
            self._retrying.discard(messages[0].seq)
        now = self._now()
        queued = self._ledger.queued
        # As they are now, and not where somebody has answered one meanwhile.
        changes = [
            (queued[seq], self._after(queued[seq], verdicts[number], now))
            for seq, number in ((message.seq, message.number) for message in messages)
            if seq in queued
        ]
        # A balance that is used up outlasts what was taken by the same answer.
        changes.sort(key=lambda change: change[1].ended)
        self._change(self._seated(changes, now))
        if any(verdict.retry is Retry.WHEN_REACHABLE for verdict in verdicts.values()):
            self.pauses.slow_down(self._ledger.queued.values(), self._locked_until)
        if any(verdict.result is not None for verdict in verdicts.values()):
            self._without_money.end()
        elif any(after.waits_for_money for _, after in changes):
            self._without_money.slow_down(self._without_means)
        if self._ledger.queued:
            self.on_plan()

    def _begun_now(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return messages that were held up before they are asked for, as begun now."""
        now = self._now()
        changes = [
            (
                message,
                replace(message, submission=replace(submission, attempted_at=now)),
            )
            for message in messages
            if (submission := _submission(message)).attempted_at is not None
            and now - submission.attempted_at >= PAUSE_BEFORE_REPETITION
        ]
        if not changes:
            return messages
        self._ledger.change(changes)
        return [after for _, after in changes]

    def wake(self) -> None:
        """Try at once, because the gateway can be asked again."""
        if self.pauses.end():
            self.on_plan()

    def afford(self) -> None:
        """Try at once what waits for money, because there is more of it."""
        if self._without_money.end():
            self.on_plan()

    def try_soon(self) -> None:
        """Try soon, because somebody wants to send, and the way may be free again."""
        if self._locked_until is None:
            self.pauses.shorten(self._ledger.queued.values())
        self.on_plan()

    def next_due(self) -> datetime | None:
        """Return when something is to be done next, None for never."""
        moments = [
            _over_at(message)
            for seq, message in self._ledger.queued.items()
            if seq not in self._asking and seq not in self._held
        ]
        # Without room, what is ready comes next when something else has ended.
        if self._at_once > 0:
            moments += [self._ready_at(message) for message in self._heads()]
        return min(moments, default=None)

    async def work(self) -> None:
        """Try what is due, and give up what has no time left."""
        if self.stopped:
            return
        self._settle()
        batches = self._due(self._now())
        for batch in batches:
            self._asking |= {message.seq for message in batch}
            self._retrying.add(batch[0].seq)
        waited = [batch for batch in batches if self._may_have_arrived(batch)]
        await self._try([batch for batch in batches if batch not in waited])
        for batch in waited:
            self.run(self._learn_and_try(batch))

    def _may_have_arrived(self, batch: Sequence[Message]) -> bool:
        """Return whether Viber may have delivered while an SMS could not leave."""
        return any(
            message.other_id
            and message.attempted_at is None
            and (message.waits or message.seq <= self._ledger.seq_at_start)
            for message in batch
        )

    async def _learn_and_try(self, batch: Sequence[Message]) -> None:
        """Try SMS again that are still needed."""
        try:
            await self._ask_again(batch)
        except Exception:
            # The SMS is not held up by that.
            _LOGGER.exception("The gateway could not be asked what became of messages")
        finally:
            self._asking -= {message.seq for message in batch}
            self._retrying.discard(batch[0].seq)
        queued = self._ledger.queued
        left = [queued[message.seq] for message in batch if message.seq in queued]
        if left and not self.stopped:
            self._asking |= {message.seq for message in left}
            self._retrying.add(left[0].seq)
            await self._try([left])

    async def _try(self, batches: Sequence[Sequence[Message]]) -> None:
        """Ask the gateway for batches, once that is written down."""
        now = self._now()
        changes: list[Change] = []
        for batch in batches:
            if batch[0].attempted_at is None:
                self.begin(batch)
                changes += [(message, self._marked(message, now)) for message in batch]
        await self._mark(changes)
        marked = {after.seq: after for _, after in changes}
        for batch in batches:
            self.run(
                self.ask(
                    [marked.get(message.seq, message) for message in batch],
                    again=batch[0].attempted_at is not None,
                )
            )

    def run(self, asking: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let something be asked, in a task of its own that nobody cuts off.

        It begins at once: what is written first comes before what is written later.
        """
        task = asyncio.create_task(asking, name="IntelTele request", eager_start=True)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def stop(self) -> None:
        """Try nothing after what is being tried."""
        self.stopped = True

    async def finish(self, within: float) -> None:
        """Let requests under way come to their end; what takes longer is cut off."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        # Also what was begun meanwhile.
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def _at_once(self) -> int:
        """Return how many requests more may be made for what waits."""
        at_once = 1 if self.pauses.failing else MAX_AT_ONCE
        return max(0, at_once - len(self._retrying))

    @property
    def _without_means(self) -> list[Message]:
        """Return the messages that wait for money."""
        return [item for item in self._ledger.queued.values() if item.waits_for_money]

    @property
    def _locked_until(self) -> datetime | None:
        """Return until when the gateway must not be asked."""
        return self._sender.client.locked_until

    def _done(self, task: asyncio.Task[None]) -> None:
        """Plan what comes next, whatever became of this."""
        self._tasks.discard(task)
        if not task.cancelled() and (err := task.exception()) is not None:
            _LOGGER.error("Messages could not be carried on", exc_info=err)
        self.on_plan()

    def _heads(self) -> Iterator[Message]:
        """Return the first message to each number, where none is being asked for."""
        asking = [
            message
            for seq, message in self._ledger.queued.items()
            if seq in self._asking
        ]
        seen = {message.number for message in asking}
        # One is enough to see whether there is money again.
        one_of_them = self._without_money.failing
        tried = any(message.waits_for_money for message in asking)
        for seq, message in self._urgent_first():
            if message.number in seen or (tried and message.waits_for_money):
                continue
            if not message.stands_aside:
                seen.add(message.number)
            if seq not in self._held:
                tried = tried or (one_of_them and message.waits_for_money)
                yield message

    def _urgent_first(self) -> list[tuple[int, Message]]:
        """Return what is queued in the order in which it is to leave."""
        return sorted(
            self._ledger.queued.items(), key=lambda item: not is_urgent(item[1])
        )

    def _ready_at(self, message: Message) -> datetime:
        """Return when the first message to a number may be tried."""
        submission = _submission(message)
        if submission.attempted_at is None:
            return max(
                self.pauses.until or _ALWAYS,
                (message.waits_for_money and self._without_money.until) or _ALWAYS,
                submission.not_before or _ALWAYS,
                self.room.free_at(message) or _ALWAYS,
            )
        # Its time is short, so a pause does not count.
        soon = self._repeat_at.get(
            message.seq, submission.attempted_at + PAUSE_BEFORE_REPETITION
        )
        return min(max(soon, self._locked_until or _ALWAYS), _over_at(message))

    def _due(self, now: datetime) -> list[list[Message]]:
        """Return what can be asked now: a list for each request."""
        ready = (item for item in self._heads() if self._ready_at(item) <= now)
        return [batch[:MAX_NUMBERS] for batch in alike(ready)[: self._at_once]]

    def _marked(self, message: Message, now: datetime) -> Message:
        """Return a message as it is while the gateway is asked."""
        submission = _submission(message)
        request = self._requests[message.seq]
        return replace(
            message,
            submission=replace(
                submission,
                content=_in_time(submission, now),
                attempted_at=now,
                not_before=None,
                alone=message.number not in request.busy,
            ),
        )

    async def _mark(self, changes: Sequence[Change]) -> None:
        """Write down that the gateway is about to be asked."""
        if not changes:
            return
        self._ledger.change(changes, written=True)
        await self._ledger.write(partial(table.update, changes=changes))

    def _change(self, changes: Sequence[Change]) -> None:
        """Let messages become what the gateway's answer makes of them."""
        for _, after in changes:
            if after.attempted_at is None:
                self._requests.pop(after.seq, None)
                self._repeat_at.pop(after.seq, None)
        self._ledger.change(changes)

    def _after(self, message: Message, verdict: Verdict, now: datetime) -> Message:
        """Return what an answer makes of a message."""
        if (result := verdict.result) is not None:
            self.room.took(message)
            return planned(
                replace(
                    message,
                    status=MessageStatus.SENT,
                    sent_at=message.attempted_at or now,
                    message_id=result.message_id,
                    cost=_sum(message.cost, result.cost),
                    country=result.country,
                    reason=None,
                    submission=None,
                )
            )
        if verdict.words is not None:
            message = replace(message, gateway_status=verdict.words)
        unknown = verdict.may_have_arrived
        # Once a message may have arrived, no later refusal tells that it did not.
        if unknown or message.reason is ErrorReason.OUTCOME_UNKNOWN:
            reason = ErrorReason.OUTCOME_UNKNOWN
        else:
            reason = verdict.reason
        if verdict.retry is Retry.BY_REPEATING:
            self._repeat_at[message.seq] = now + PAUSE_BEFORE_REPETITION
            return replace(message, reason=reason)
        submission = _submission(message)
        if (
            _may_wait(message, verdict.retry)
            and submission.until > now
            and (submission.resend_unknown or reason is not ErrorReason.OUTCOME_UNKNOWN)
        ):
            return _waiting(message, verdict.retry, reason, now)
        return given_up(message, reason, now)

    def _seated(self, changes: Sequence[Change], now: datetime) -> list[Change]:
        """Return changes by which no more messages wait than may."""
        refused, gone = self.room.seat(
            [
                after
                for before, after in changes
                if after.waits and not before.waits and after.attempted_at is None
            ]
        )
        return [
            (before, crowded_out(after, now) if after.seq in refused else after)
            for before, after in changes
        ] + [(message, crowded_out(message, now)) for message in gone]

    def _settle(self) -> None:
        """End what has no time left, and what can be repeated no more."""
        now = self._now()
        self.pauses.settle(LOCK_OUT)
        self._without_money.settle(WITHOUT_MONEY[-1])
        changes: list[Change] = []
        for seq, message in self._ledger.queued.items():
            if seq in self._asking or seq in self._held:
                continue
            after = self._settled(message, _submission(message), now)
            if after is not message:
                changes.append((message, after))
        if changes:
            self._change(changes)

    def _settled(
        self, message: Message, submission: Submission, now: datetime
    ) -> Message:
        """Return a message as it is now that some time went by."""
        later = submission.not_before
        soon = now + AFTER_A_MINUTE
        if later is not None and later > soon and not message.stands_aside:
            # A clock that was set back must not prolong any waiting.
            submission = replace(submission, not_before=soon)
            message = replace(message, submission=submission)
        attempted_at = submission.attempted_at
        if attempted_at is None:
            if submission.until > now:
                return message
            reason = message.reason or ErrorReason.CANNOT_CONNECT
            return given_up(message, reason, now)
        # Where the clock was set back, nobody can tell how long ago it was.
        if attempted_at <= now < attempted_at + REPEATABLE_FOR:
            return message
        if submission.resend_unknown and submission.until > now:
            unknown = ErrorReason.OUTCOME_UNKNOWN
            return _waiting(message, Retry.AFTER_A_MINUTE, unknown, now)
        return given_up(message, ErrorReason.OUTCOME_UNKNOWN, now)


def alike(messages: Iterable[Message]) -> list[list[Message]]:
    """Return messages in groups that one request is made for, or was made for."""
    groups: dict[object, list[Message]] = {}
    for message in messages:
        submission = _submission(message)
        kind = (submission.content, submission.attempted_at)
        groups.setdefault(kind, []).append(message)
    return list(groups.values())


def _text(content: Content) -> str:
    """Return the text that a repetition is known by: that of an SMS is another one."""
    return (
        f"SMS: {content.message}"
        if isinstance(content, SmsContent)
        else content.message
    )


def _sum(cost: Decimal | None, more: Decimal | None) -> Decimal | None:
    """Return what both ways cost together."""
    return cost if more is None else (cost or Decimal(0)) + more


def _submission(message: Message) -> Submission:
    """Return what a message that is queued is asked for with."""
    assert message.submission is not None  # noqa: S101 - others ended at the start
    return message.submission


def _may_wait(message: Message, retry: Retry | None) -> bool:
    """Return whether a message may be tried again at all.

    Only what an alarm sends waits for money: all else is told at once. An SMS does not,
    since Viber costs less.
    """
    if retry is Retry.WHEN_AFFORDED:
        return is_urgent(message) and message.channel is Channel.VIBER
    return retry is not None


def _waiting(
    message: Message, retry: Retry | None, reason: ErrorReason, now: datetime
) -> Message:
    """Return a message that waits, since it may be tried again."""
    at_once = retry is Retry.WHEN_REACHABLE or reason is ErrorReason.LOW_BALANCE
    later = None if at_once else now + AFTER_A_MINUTE
    submission = replace(_submission(message), attempted_at=None, not_before=later)
    return replace(message, reason=reason, submission=submission)


def _over_at(message: Message) -> datetime:
    """Return when a message is given up, or can be repeated no more."""
    submission = _submission(message)
    if submission.attempted_at is None:
        return submission.until
    return submission.attempted_at + REPEATABLE_FOR


def _in_time(submission: Submission, now: datetime) -> Content:
    """Return a message's content, so that it does not arrive after its button."""
    content = submission.content
    if (
        isinstance(content, SmsContent)
        or submission.button_until is None
        or content.ttl is None
    ):
        return content
    left = int((submission.button_until - now).total_seconds())
    return replace(content, ttl=max(MIN_TTL, min(content.ttl, left)))
