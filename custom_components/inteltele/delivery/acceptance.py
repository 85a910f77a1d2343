"""Accepting messages: whether each is asked for at once, waits, or is refused."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from ..gateway import MAX_NUMBERS, MIN_TTL, ErrorReason, MessageContent, SmsContent
from ..storage.ids import new_id
from ..storage.message import (
    Channel,
    HouseReason,
    Message,
    MessageStatus,
    SecondWay,
    Submission,
    Use,
)
from .allowance import Allowance
from .composed import Composed, Plan
from .ledger import Ledger
from .outbox import Outbox
from .request import Recipient
from .tries import alike
from .waiting_room import crowded_out
from .ways import failed

# Of what is refused, the first message to each of so many numbers gets a row.
MAX_REFUSED_NUMBERS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """For how long a message is tried again, and whether it may arrive twice.

    With `resend_unknown`, one that may have arrived is sent again, too. `urgent` is
    what an alarm sends: it goes ahead of all else, and a part of the limits is kept
    for it.
    """

    retry_for: timedelta = timedelta(0)
    resend_unknown: bool = False
    urgent: bool = False


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
        waits = policy.retry_for > timedelta(0)
        behind = self._outbox.room.reasons(urgent=policy.urgent) if waits else {}
        messages: list[Message] = []
        for composed, recipients in plan.items():
            for recipient in recipients:
                reason: ErrorReason | HouseReason | None = behind.get(recipient.number)
                afforded = self._affords(composed, urgent=policy.urgent)
                if afforded != composed:
                    self._allowance.refuse(_missing(composed, afforded))
                if afforded is None:
                    afforded, reason = composed, HouseReason.LIMIT_REACHED
                message = self._message(afforded, recipient, policy, reason, now)
                self._allowance.take(message.seq, message.use)
                messages.append(message)
        messages = self._seated(messages, now)
        batches = [
            batch
            for group in alike(m for m in messages if m.attempted_at is not None)
            for batch in batched(group, MAX_NUMBERS, strict=False)
        ]
        for batch in batches:
            self._outbox.asking.begin(batch)
        room = self._allowance.affords(Use(viber=1))
        if room and not any(map(_is_refused, messages)):
            self._refused.clear()
        return Accepted(
            messages=messages,
            kept=[message for message in messages if self._is_kept(message)],
            batches=batches,
        )

    def afforded(
        self, messages: Iterable[Composed], *, urgent: bool = False
    ) -> list[Composed | None]:
        """Return what the limits would allow of each of some messages, in order.

        All of it, Viber alone, or None for nothing. Nothing of a limit is used up.
        """
        allowed: list[Composed | None] = []
        taken = Use()
        for composed in messages:
            afforded = self._affords(composed, urgent=urgent, beside=taken)
            allowed.append(afforded)
            taken += afforded.use if afforded else Use()
        return allowed

    def _seated(self, messages: Sequence[Message], now: datetime) -> list[Message]:
        """Return new messages as they are once each that is to wait has a place."""
        waiting = [message for message in messages if message.waits]
        refused, gone = self._outbox.room.seat(waiting)
        for message in waiting:
            if message.seq in refused:
                self._allowance.change(message.seq, Use())
        self._ledger.change([(message, crowded_out(message, now)) for message in gone])
        return [
            crowded_out(message, now) if message.seq in refused else message
            for message in messages
        ]

    def _affords(
        self,
        composed: Composed,
        *,
        urgent: bool,
        beside: Use = Use(),  # noqa: B008 - it is frozen
    ) -> Composed | None:
        """Return what the limits allow of a content: all, Viber alone, or nothing.

        `beside` is what is yet to be taken for others.
        """
        if self._allowance.affords(beside + composed.use, urgent=urgent):
            return composed
        viber = beside + Use(viber=1)
        if composed.by_sms or not self._allowance.affords(viber, urgent=urgent):
            return None
        return composed.without_sms

    def _message(
        self,
        composed: Composed,
        recipient: Recipient,
        policy: RetryPolicy,
        reason: ErrorReason | HouseReason | None,
        now: datetime,
    ) -> Message:
        """Return a new message to a recipient."""
        if reason is ErrorReason.OUTCOME_UNKNOWN:
            # The earlier one may have arrived; this one certainly did not.
            reason = ErrorReason.CANNOT_CONNECT
        seq = self._ledger.next_seq()
        content = composed.content
        message = Message(
            seq=seq,
            id=new_id(now.timestamp(), seq),
            number=recipient.number,
            recipient=recipient.name,
            sent_at=now,
            channel=Channel.SMS if isinstance(content, SmsContent) else Channel.VIBER,
            ttl=content.ttl if isinstance(content, MessageContent) else None,
            text=content.message if self.keep_text else None,
            link=composed.fingerprint,
            picture=composed.picture,
            button=_button(composed) if self.keep_text else None,
            second_way=_second_way(composed, policy),
            sms_parts=composed.sms_parts,
            status=MessageStatus.QUEUED,
            reason=reason,
            submission=Submission(
                content=content,
                until=_until(composed, policy, now),
                resend_unknown=policy.resend_unknown,
                attempted_at=now if reason is None else None,
                alone=not self._outbox.asking.is_busy(recipient.number),
                button_until=composed.button_until,
                urgent=policy.urgent,
            ),
        )
        if isinstance(reason, HouseReason):
            return failed(message, reason, now)
        return message

    def _is_kept(self, message: Message) -> bool:
        """Return whether a message gets a row."""
        if not _is_refused(message):
            self._refused.discard(message.number)
            return True
        if message.number in self._refused or len(self._refused) >= MAX_REFUSED_NUMBERS:
            return False
        self._refused.add(message.number)
        return True


def _missing(composed: Composed, afforded: Composed | None) -> Use:
    """Return what there was no room for, of what a content would take."""
    if composed.by_sms:
        return composed.use
    return Use(viber=1) if afforded is None else Use(parts=composed.use.parts)


def _until(composed: Composed, policy: RetryPolicy, now: datetime) -> datetime:
    """Return when a message is given up."""
    until = now + policy.retry_for
    if composed.button_until is None:
        return until
    # With a minute left, a message is still worth sending.
    return min(until, composed.button_until - timedelta(seconds=MIN_TTL))


def _button(composed: Composed) -> str | None:
    """Return the text of the button, which an SMS has none of."""
    content = composed.content
    return content.button_text if isinstance(content, MessageContent) else None


def _second_way(composed: Composed, policy: RetryPolicy) -> SecondWay | None:
    """Return the SMS that goes out where Viber does not get through."""
    if composed.sms is None or composed.sms_after is None:
        return None
    return SecondWay(
        content=composed.sms,
        after=composed.sms_after,
        retry_for=int(policy.retry_for.total_seconds()),
    )


def _is_refused(message: Message) -> bool:
    """Return whether this house refused a message at once."""
    return isinstance(message.reason, HouseReason)
