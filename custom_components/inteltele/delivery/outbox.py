"""Messages that were accepted, until the gateway has answered for each."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from ..gateway import ErrorReason
from ..plain import get_logger
from ..storage import messages as table
from ..storage.message import Message
from ..storage.messages import Change
from .ledger import Ledger
from .line import Line
from .repeat_window import RecentRequests, Request
from .sender import UNANSWERED, Retry, Sender, Verdicts
from .tries import (
    after_a_while,
    after_answer,
    begun_now,
    marked,
    not_begun,
    submission_of,
    text_of,
)
from .under_way import UnderWay
from .waiting_room import crowded_out
from .ways import withdrawn

_LOGGER = get_logger(__name__)


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
        self.line = Line(
            ledger, now=now, locked_until=lambda: sender.client.locked_until
        )
        self.pauses, self.room = self.line.pauses, self.line.room
        self._sender = sender
        self._recent = recent
        self._ledger = ledger
        self._now = now
        self._ask_again = ask_again
        self._requests: dict[int, Request] = {}
        self._unwanted: set[int] = set()
        self.under_way = UnderWay(self._plan)
        self.stopped = False

    @property
    def interrupted(self) -> int:
        """Return how many messages may have arrived or not."""
        return sum(
            message.attempted_at is not None for message in self._ledger.queued.values()
        )

    @property
    def key_was_taken(self) -> bool:
        """Return whether the gateway took the account's key last."""
        return self._sender.client.key_was_taken

    def take_up(self, messages: Sequence[Message], age: float) -> None:
        """Take up what a request of before, so many seconds old, may have sent."""
        submission = submission_of(messages[0])
        request = self._recent.remember(
            [message.number for message in messages],
            text_of(submission.content),
            age,
            busy={
                message.number
                for message in messages
                if not submission_of(message).alone
            },
        )
        self._requests |= dict.fromkeys((message.seq for message in messages), request)
        unknown = ErrorReason.OUTCOME_UNKNOWN
        self._ledger.change(
            [(message, replace(message, reason=unknown)) for message in messages]
        )

    def move(self, by: timedelta) -> None:
        """Move what is planned, because the clock was set."""
        self.line.move(by)
        self.on_plan()

    def _plan(self) -> None:
        """Have planned anew what comes next."""
        self.on_plan()

    def is_busy(self, number: str) -> bool:
        """Return whether something went to a number in the minute before."""
        return self._recent.is_busy(number)

    def begin(self, messages: Sequence[Message]) -> Request:
        """Remember that messages of one content are about to be asked for."""
        numbers = [message.number for message in messages]
        request = self._recent.begin(
            numbers, text_of(submission_of(messages[0]).content)
        )
        self.line.asking |= {message.seq for message in messages}
        self._requests |= dict.fromkeys((message.seq for message in messages), request)
        return request

    def withdraw(self, seqs: Iterable[int]) -> None:
        """Send nothing more of some messages, by neither way.

        What the gateway is just being asked for goes on until it has answered, and no
        further.
        """
        now = self._now()
        changes: list[Change] = []
        for seq in seqs:
            if seq in self.line.asking:
                self._unwanted.add(seq)
            elif (message := self._ledger.with_number(seq)) is not None and (
                after := withdrawn(message, now)
            ) != message:
                changes.append((message, after))
        self._change(changes)

    def put_back(self, messages: Sequence[Message]) -> None:
        """Let messages be as before they were begun, since it never came to that.

        They are asked for after the next start, however late that is. What may not wait
        is repeated, if that comes soon.
        """
        now, queued = self._now(), self._ledger.queued
        for message in messages:
            if (request := self._requests.get(message.seq)) is not None:
                self._recent.undo([message.number], request)
        self._change(
            [
                (queued[seq], not_begun(queued[seq]))
                for seq in (message.seq for message in messages)
                if seq in queued and submission_of(queued[seq]).until > now
            ]
        )
        self._let_go({message.seq for message in messages})

    def hold(self, seqs: Iterable[int]) -> None:
        """Do nothing with messages while something is written about them."""
        self.line.held.update(seqs)

    def release(self, seqs: Iterable[int]) -> None:
        """Go on with messages."""
        self.line.held.difference_update(seqs)
        self.on_plan()

    async def ask(self, messages: Sequence[Message], *, again: bool = False) -> None:
        """Ask the gateway for messages of one content, and take in its answer."""
        seqs = {message.seq for message in messages}
        try:
            if not again:
                messages = self._begun_now(self._wanted(messages))
            self._take_in(messages, await self._verdicts(messages, again=again))
        finally:
            # Whatever went wrong: what is let go of is asked for again.
            self._let_go(seqs)

    def _let_go(self, seqs: set[int]) -> None:
        """Go on with messages, but not with what was withdrawn meanwhile."""
        self.line.let_go(seqs)
        unwanted = self._unwanted & seqs
        self._unwanted -= unwanted
        self.withdraw(unwanted)
        if self._ledger.queued:
            self.on_plan()

    async def _verdicts(self, messages: Sequence[Message], *, again: bool) -> Verdicts:
        """Return the gateway's answer, by number."""
        if not messages:
            return {}
        content = submission_of(messages[0]).content
        numbers = [message.number for message in messages]
        request = self._requests[messages[0].seq]
        ask = self._sender.repeat if again else self._sender.send
        try:
            return await ask(content, numbers, request)
        except Exception:
            # Nobody can tell how far it came.
            _LOGGER.exception("The gateway could not be asked")
            return dict.fromkeys(numbers, UNANSWERED)

    def _take_in(self, messages: Sequence[Message], verdicts: Verdicts) -> None:
        """Let messages become what the gateway's answer makes of them."""
        now = self._now()
        queued = self._ledger.queued
        # As they are now, and not where somebody has answered one meanwhile.
        changes = [
            (queued[seq], after_answer(queued[seq], verdicts[number], now))
            for seq, number in ((message.seq, message.number) for message in messages)
            if seq in queued
        ]
        for before, _ in changes:
            if verdicts[before.number].result is not None:
                self.room.took(before)
        # A balance that is used up outlasts what was taken by the same answer.
        changes.sort(key=lambda change: change[1].ended)
        self._change(self._seated(changes, now))
        if any(verdict.retry is Retry.WHEN_REACHABLE for verdict in verdicts.values()):
            self.line.slow_down()
        if any(verdict.result is not None for verdict in verdicts.values()):
            self.line.without_money.end()
        elif any(after.waits_for_money for _, after in changes):
            self.line.money_is_missing()

    def _wanted(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return messages without those that were given up before they were begun."""
        gone = [message for message in messages if message.seq in self._unwanted]
        if not gone:
            return messages
        seqs = {message.seq for message in gone}
        request = self._requests[gone[0].seq]
        self._recent.undo([message.number for message in gone], request)
        now, queued = self._now(), self._ledger.queued
        self._change(
            [
                (queued[seq], withdrawn(not_begun(queued[seq]), now))
                for seq in seqs
                if seq in queued
            ]
        )
        return [message for message in messages if message.seq not in seqs]

    def _begun_now(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return messages that were held up before they are asked for, as begun now.

        The clock may have been set meanwhile, by which those of this run were moved.
        """
        now, queued = self._now(), self._ledger.queued
        changes: list[Change] = []
        for message in messages:
            before = queued.get(message.seq, message)
            changes.append((before, begun_now(before, now)))
        self._ledger.change(
            [(before, after) for before, after in changes if after is not before]
        )
        return [after for _, after in changes]

    def wake(self) -> None:
        """Try at once, because the gateway can be asked again."""
        if self.pauses.end():
            self.on_plan()

    def afford(self) -> None:
        """Try at once what waits for money, because there is more of it."""
        if self.line.without_money.end():
            self.on_plan()

    def try_soon(self) -> None:
        """Try soon, because somebody wants to send, and the way may be free again."""
        self.line.shorten()
        self.on_plan()

    def next_due(self) -> datetime | None:
        """Return when something is to be done next, None for never."""
        return self.line.next_due()

    async def work(self) -> None:
        """Try what is due, and give up what has no time left."""
        if self.stopped:
            return
        self._settle()
        batches = self.line.due(self._now())
        waited = [batch for batch in batches if self.line.may_have_arrived(batch)]
        for batch in batches:
            self.line.take(batch)
        for batch in waited:
            self.under_way.run(self._learn_and_try(batch))
        await self._try([batch for batch in batches if batch not in waited])

    async def _learn_and_try(self, batch: Sequence[Message]) -> None:
        """Try SMS again that are still needed."""
        try:
            await self._ask_again(batch)
        except Exception:
            # The SMS is not held up by that.
            _LOGGER.exception("The gateway could not be asked what became of messages")
        finally:
            self._let_go({message.seq for message in batch})
        queued = self._ledger.queued
        left = [queued[message.seq] for message in batch if message.seq in queued]
        if left and not self.stopped:
            self.line.take(left)
            await self._try([left])

    async def _try(self, batches: Sequence[Sequence[Message]]) -> None:
        """Ask the gateway for batches, once that is written down."""
        new = [batch for batch in batches if batch[0].attempted_at is None]
        try:
            as_marked = await self._marked(new)
        except BaseException:
            # Whatever went wrong, and also where the account stops.
            for batch in batches:
                if batch in new:
                    self.put_back(batch)
                else:
                    self._let_go({message.seq for message in batch})
            raise
        for batch in batches:
            self.under_way.run(
                self.ask(
                    [as_marked.get(message.seq, message) for message in batch],
                    again=batch not in new,
                )
            )

    async def _marked(self, batches: Sequence[Sequence[Message]]) -> dict[int, Message]:
        """Write down that the gateway is about to be asked; return what for."""
        now = self._now()
        changes: list[Change] = []
        for batch in batches:
            busy = self.begin(batch).busy
            changes += [
                (message, marked(message, now, alone=message.number not in busy))
                for message in batch
            ]
        if changes:
            self._ledger.change(changes, written=True)
            await self._ledger.write(partial(table.update, changes=changes))
        return {after.seq: after for _, after in changes}

    def stop(self) -> None:
        """Try nothing after what is being tried."""
        self.stopped = True

    def _change(self, changes: Sequence[Change]) -> None:
        """Let messages become what the gateway's answer makes of them."""
        self._ledger.change(changes)
        for _, after in changes:
            if after.attempted_at is None:
                self._requests.pop(after.seq, None)
                self.line.repeat_at.pop(after.seq, None)

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
        self.line.settle()
        # What came to its end meanwhile needs no repetition.
        queued = self._ledger.queued
        self._requests = {
            seq: request for seq, request in self._requests.items() if seq in queued
        }
        changes = [
            (message, after)
            for message in self.line.left_alone
            if (after := after_a_while(message, now)) is not message
        ]
        if changes:
            self._change(changes)
