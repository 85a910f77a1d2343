"""Asking the gateway for messages, and what its answers make of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ..gateway import ErrorReason
from ..plain import get_logger
from ..storage.message import Message
from ..storage.messages import Change
from .ledger import Ledger
from .line import Line
from .repeat_window import RecentRequests, Request
from .sender import UNANSWERED, Retry, Sender, Verdicts
from .tries import after_answer, begun_now, not_begun, submission_of, text_of
from .waiting_room import crowded_out
from .ways import withdrawn

_LOGGER = get_logger(__name__)


class Asking:
    """What the gateway is being asked for, until it has answered.

    `on_plan` is called whenever there may be something to be done.
    """

    def __init__(
        self,
        sender: Sender,
        recent: RecentRequests,
        ledger: Ledger,
        line: Line,
        *,
        now: Callable[[], datetime],
        on_plan: Callable[[], None],
    ) -> None:
        """Ask by a sender for what stands in line."""
        self._sender = sender
        self._recent = recent
        self._ledger = ledger
        self._line = line
        self._now = now
        self._on_plan = on_plan
        self._requests: dict[int, Request] = {}
        self._unwanted: set[int] = set()

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

    def is_busy(self, number: str) -> bool:
        """Return whether something went to a number in the minute before."""
        return self._recent.is_busy(number)

    def begin(self, messages: Sequence[Message]) -> Request:
        """Remember that messages of one content are about to be asked for."""
        numbers = [message.number for message in messages]
        request = self._recent.begin(
            numbers, text_of(submission_of(messages[0]).content)
        )
        self._line.asking |= {message.seq for message in messages}
        self._requests |= dict.fromkeys((message.seq for message in messages), request)
        return request

    async def ask(self, messages: Sequence[Message], *, again: bool = False) -> None:
        """Ask the gateway for messages of one content, and take in its answer."""
        seqs = {message.seq for message in messages}
        try:
            if not again:
                messages = self._begun_now(self._wanted(messages))
            self._take_in(messages, await self._verdicts(messages, again=again))
        finally:
            # Whatever went wrong: what is let go of is asked for again.
            self.let_go(seqs)

    def withdraw(self, seqs: Iterable[int]) -> None:
        """Send nothing more of some messages, by neither way.

        What the gateway is just being asked for goes on until it has answered, and no
        further.
        """
        now = self._now()
        changes: list[Change] = []
        for seq in seqs:
            if seq in self._line.asking:
                self._unwanted.add(seq)
            elif (message := self._ledger.with_number(seq)) is not None and (
                after := withdrawn(message, now)
            ) != message:
                changes.append((message, after))
        self._ledger.change(changes)

    def put_back(self, messages: Sequence[Message]) -> None:
        """Let messages be as before they were begun, since it never came to that.

        They are asked for after the next start, however late that is. What may not wait
        is repeated, if that comes soon.
        """
        self._undo(messages)
        now, queued = self._now(), self._ledger.queued
        self._ledger.change(
            [
                (queued[seq], not_begun(queued[seq]))
                for seq in (message.seq for message in messages)
                if seq in queued and submission_of(queued[seq]).until > now
            ]
        )
        self.let_go({message.seq for message in messages})

    def let_go(self, seqs: set[int]) -> None:
        """Go on with messages, but not with what was withdrawn meanwhile."""
        self._line.let_go(seqs)
        unwanted = self._unwanted & seqs
        self._unwanted -= unwanted
        self.withdraw(unwanted)
        if self._ledger.queued:
            self._on_plan()

    def forget(self, seq: int) -> None:
        """Forget the request for a message that is not being asked for any more."""
        self._requests.pop(seq, None)
        self._line.repeat_at.pop(seq, None)

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
                self._line.room.took(before)
        # A balance that is used up outlasts what was taken by the same answer.
        changes.sort(key=lambda change: change[1].ended)
        self._ledger.change(self._seated(changes, now))
        if any(verdict.retry is Retry.WHEN_REACHABLE for verdict in verdicts.values()):
            self._line.slow_down()
        if any(verdict.result is not None for verdict in verdicts.values()):
            self._line.without_money.end()
        elif any(after.waits_for_money for _, after in changes):
            self._line.money_is_missing()

    def _wanted(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return messages without those that were withdrawn before they were begun."""
        gone = [message for message in messages if message.seq in self._unwanted]
        if not gone:
            return messages
        seqs = {message.seq for message in gone}
        self._undo(gone)
        now, queued = self._now(), self._ledger.queued
        self._ledger.change(
            [
                (queued[seq], withdrawn(not_begun(queued[seq]), now))
                for seq in seqs
                if seq in queued
            ]
        )
        return [message for message in messages if message.seq not in seqs]

    def _undo(self, messages: Sequence[Message]) -> None:
        """Take back that messages are about to be asked for."""
        for message in messages:
            if (request := self._requests.get(message.seq)) is not None:
                self._recent.undo([message.number], request)

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

    def _seated(self, changes: Sequence[Change], now: datetime) -> list[Change]:
        """Return changes by which no more messages wait than may."""
        refused, gone = self._line.room.seat(
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
