"""Accepting messages: whether each is asked for at once, waits, or is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from ..gateway import MAX_NUMBERS, MIN_TTL, ErrorReason
from ..storage.ids import new_id
from ..storage.message import HouseReason, Message, MessageStatus, Submission
from .allowance import Allowance
from .compose import Composed, Plan, Recipient
from .ledger import Ledger, failed
from .outbox import MAX_WAITING, Outbox

# Of what is refused, the first message to each of so many numbers gets a row.
MAX_REFUSED_NUMBERS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """For how long a message is tried again, and whether it may arrive twice.

    With `resend_unknown`, one that may have arrived is sent again, too.
    """

    retry_for: timedelta = timedelta(0)
    resend_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Messages that were just accepted, in order.

    `kept` are those that get a row, `batches` those that the gateway is asked for at
    once, a request for each.
    """

    messages: Sequence[Message]
    kept: Sequence[Message]
    batches: Sequence[Sequence[Message]]

    @property
    def waiting(self) -> list[int]:
        """Return the numbers of the messages that wait."""
        return [message.seq for message in self.kept if message.waits]


class Acceptance:
    """Makes messages of what somebody wants to send."""

    def __init__(
        self,
        ledger: Ledger,
        outbox: Outbox,
        allowance: Allowance,
        *,
        now: Callable[[], datetime],
        keep_text: bool,
    ) -> None:
        """Accept messages of one account."""
        self.keep_text = keep_text
        self._ledger = ledger
        self._outbox = outbox
        self._allowance = allowance
        self._now = now
        self._refused: set[str] = set()

    def accept(self, plan: Plan, policy: RetryPolicy) -> Accepted:
        """Return a message for each recipient of a plan.

        What is refused here is bounded: of a flood to a number only the first message
        is kept, until one is accepted again.
        """
        # The same for all, since what is asked for together is repeated together.
        now = self._now()
        wanted = sum(map(len, plan.values()))
        allowed = self._allowance.take(wanted)
        room = _Room(self._outbox, policy, allowed)
        messages: list[Message] = []
        batches: list[Sequence[Message]] = []
        for composed, recipients in plan.items():
            made = [
                self._message(composed, recipient, policy, room, now)
                for recipient in recipients
            ]
            asked = [message for message in made if message.attempted_at is not None]
            requests = [
                self._begun(batch)
                for batch in batched(asked, MAX_NUMBERS, strict=False)
            ]
            batches += requests
            begun = {message.seq: message for batch in requests for message in batch}
            messages += [begun.get(message.seq, message) for message in made]
        self._allowance.give_back(room.allowed)
        if self._allowance.left and not any(map(_is_refused, messages)):
            self._refused.clear()
        return Accepted(
            messages=messages,
            kept=[message for message in messages if self._is_kept(message)],
            batches=batches,
        )

    def _message(
        self,
        composed: Composed,
        recipient: Recipient,
        policy: RetryPolicy,
        room: _Room,
        now: datetime,
    ) -> Message:
        """Return a new message to a recipient."""
        seq = self._ledger.next_seq()
        content = composed.content
        message = Message(
            seq=seq,
            id=new_id(now.timestamp(), seq),
            number=recipient.number,
            recipient=recipient.name,
            sent_at=now,
            ttl=content.ttl,
            text=content.message if self.keep_text else None,
            link=composed.fingerprint,
            picture=composed.picture,
            button=content.button_text if self.keep_text else None,
            status=MessageStatus.QUEUED,
        )
        reason = room.reason_for(recipient.number)
        if isinstance(reason, HouseReason):
            return failed(message, reason, now)
        until = now + policy.retry_for
        if composed.button_until is not None:
            # With a minute left, a message is still worth sending.
            until = min(until, composed.button_until - timedelta(seconds=MIN_TTL))
        submission = Submission(
            content=content,
            until=until,
            resend_unknown=policy.resend_unknown,
            attempted_at=now if reason is None else None,
            button_until=composed.button_until,
        )
        return replace(message, reason=reason, submission=submission)

    def _begun(self, batch: Sequence[Message]) -> Sequence[Message]:
        """Return messages that are about to be asked for by one request."""
        busy = self._outbox.begin(batch).busy
        return [
            replace(message, submission=replace(message.submission, alone=False))
            if message.number in busy and message.submission is not None
            else message
            for message in batch
        ]

    def _is_kept(self, message: Message) -> bool:
        """Return whether a message gets a row."""
        if not _is_refused(message):
            self._refused.discard(message.number)
            return True
        if message.number in self._refused or len(self._refused) >= MAX_REFUSED_NUMBERS:
            return False
        self._refused.add(message.number)
        return True


def _is_refused(message: Message) -> bool:
    """Return whether this house refused a message at once."""
    return isinstance(message.reason, HouseReason)


class _Room:
    """What may still be accepted of a plan, and why not."""

    def __init__(self, outbox: Outbox, policy: RetryPolicy, allowed: int) -> None:
        """Begin with what was allowed."""
        waits = policy.retry_for > timedelta(0)
        self.allowed = allowed
        self._behind = outbox.reasons if waits else {}
        self._places = MAX_WAITING - outbox.waiting if self._behind else 0

    def reason_for(self, number: str) -> ErrorReason | HouseReason | None:
        """Return why a message is refused or waits; None where it is asked for now."""
        if self.allowed == 0:
            return HouseReason.LIMIT_REACHED
        earlier = self._behind.get(number)
        if earlier is not None:
            if self._places <= 0:
                return HouseReason.QUEUE_FULL
            self._places -= 1
        self.allowed -= 1
        if earlier is ErrorReason.OUTCOME_UNKNOWN:
            # The earlier one may have arrived; this one certainly did not.
            return ErrorReason.CANNOT_CONNECT
        return earlier
