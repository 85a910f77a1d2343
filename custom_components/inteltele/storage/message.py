"""A message of this house, and where it stands."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from ..gateway import ErrorReason, FailureReason, SmsContent
from ..gateway.content import Content

# Stands for a picture of which only the address went to the gateway.
ELSEWHERE: Final = "elsewhere"


class MessageStatus(StrEnum):
    """Where a message stands: accepted here, taken by the gateway, or final."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class Channel(StrEnum):
    """The way by which a message went last."""

    VIBER = "viber"
    SMS = "sms"


class ReceiptSource(StrEnum):
    """How the word about a message came in."""

    WEBHOOK = "webhook"
    POLL = "poll"
    HOUSE = "house"


class HouseReason(StrEnum):
    """Why this house itself did not send."""

    LIMIT_REACHED = "limit_reached"
    QUEUE_FULL = "queue_full"
    # What it was about is over.
    WITHDRAWN = "withdrawn"


type FailureCause = FailureReason | ErrorReason | HouseReason


def failure_cause(text: str) -> FailureCause:
    """Return the cause that a text names; one of a later version is unknown here."""
    for kind in (FailureReason, ErrorReason, HouseReason):
        if text in kind:
            return kind(text)
    return FailureReason.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a message takes of the limits: a Viber message, and parts of an SMS."""

    viber: int = 0
    parts: int = 0

    @property
    def total(self) -> int:
        """Return what both come to."""
        return self.viber + self.parts

    def __add__(self, other: Self) -> Use:
        """Return both together."""
        return Use(viber=self.viber + other.viber, parts=self.parts + other.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is needed to ask the gateway to send a message, until it has answered.

    Times are UTC. `until` is when the message is given up, and it is not tried before
    `not_before`. `attempted_at` is set from before the gateway is asked until its
    answer is known: after an interruption it tells that the message may have arrived,
    and `alone`, that nothing else went to the number in the minute before.
    `button_until` is when the button of the message stops working, None where it works
    on. What is `urgent` goes ahead of all that is not.
    """

    content: Content
    until: datetime
    resend_unknown: bool = False
    not_before: datetime | None = None
    attempted_at: datetime | None = None
    alone: bool = True
    button_until: datetime | None = None
    urgent: bool = False

    def moved(self, by: timedelta) -> Submission:
        """Return this with all its times moved."""
        return replace(
            self,
            until=self.until + by,
            not_before=self.not_before and self.not_before + by,
            attempted_at=self.attempted_at and self.attempted_at + by,
            button_until=self.button_until and self.button_until + by,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondWay:
    """An SMS that goes out where Viber did not get through in time.

    `after` is how many seconds later than the gateway took the Viber message, or may
    have; `due_at` is set from then on, in UTC. For `retry_for` seconds it is tried.
    """

    content: SmsContent
    after: int
    retry_for: int
    due_at: datetime | None = None

    def moved(self, by: timedelta) -> SecondWay:
        """Return this with its time moved."""
        return replace(self, due_at=self.due_at and self.due_at + by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one number, from when an action was accepted to its end.

    `id` is the house's own (ULID), `seq` gives the order in which messages were
    accepted. `message_id` is the gateway's, None until it took the message, and
    where its answer was lost. `second_way` is planned while Viber has time; once it
    begins, `other_id` is the gateway's id of the Viber message, empty where it may
    have none. `number` is E.164, `recipient` a name, times are UTC, `ttl` is in
    seconds and `cost` in the account's currency. `sent_at` is when the message was
    accepted, until the gateway takes it. `text` is what was sent, None where texts
    are not kept. `reason` tells why a message failed, or why it waits; a queued
    message without one is being asked for the first time. `gateway_status` is the
    gateway's last word. `link` is the fingerprint of the answer link that was sent
    with it, `picture` the name of the file of its picture, ELSEWHERE for one that
    is not of this house. `button` is the button's text, None where texts are not
    kept. `submission` is set while the message is queued. `sms_parts` are those
    that it takes, or may take yet.
    """

    seq: int
    id: str
    number: str
    sent_at: datetime
    message_id: str | None = None
    channel: Channel = Channel.VIBER
    recipient: str | None = None
    ttl: int | None = None
    cost: Decimal | None = None
    country: str | None = None
    text: str | None = None
    status: MessageStatus = MessageStatus.SENT
    reason: FailureCause | None = None
    gateway_status: str | None = None
    reported_at: datetime | None = None
    source: ReceiptSource | None = None
    link: str | None = None
    picture: str | None = None
    button: str | None = None
    submission: Submission | None = None
    other_id: str | None = None
    second_way: SecondWay | None = None
    sms_parts: int | None = None

    @property
    def use(self) -> Use:
        """Return what it takes of the limits, or may take yet.

        What never left, as far as is known, takes nothing.
        """
        if self.never_sent and not self.unknown:
            return Use()
        by_viber = self.channel is Channel.VIBER or self.other_id is not None
        refused = (
            self.status is MessageStatus.FAILED
            and self.source is ReceiptSource.HOUSE
            and self.channel is Channel.SMS
            and self.message_id is None
            and not self.unknown
        )
        return Use(viber=int(by_viber), parts=0 if refused else self.sms_parts or 0)

    @property
    def ended(self) -> bool:
        """Return whether the message has come to its end."""
        return self.status in {MessageStatus.DELIVERED, MessageStatus.FAILED}

    @property
    def attempted_at(self) -> datetime | None:
        """Return since when it is not known whether the gateway has the message."""
        return self.submission.attempted_at if self.submission else None

    @property
    def waits(self) -> bool:
        """Return whether the message waits, because something keeps it from leaving."""
        return self.status is MessageStatus.QUEUED and self.reason is not None

    @property
    def stands_aside(self) -> bool:
        """Return whether it waits for its second way or for money.

        It holds nobody else up.
        """
        if self.attempted_at is not None:
            return False
        return self.waits_for_money or (
            self.other_id is not None and self.reason is ErrorReason.OUTCOME_UNKNOWN
        )

    @property
    def waits_for_money(self) -> bool:
        """Return whether it waits, because the balance was too low for it."""
        return self.waits and self.reason is ErrorReason.LOW_BALANCE

    @property
    def never_sent(self) -> bool:
        """Return whether the gateway did not take the message, as far as is known."""
        return (
            self.status is MessageStatus.FAILED
            and self.source is ReceiptSource.HOUSE
            and self.message_id is None
            and self.other_id is None
        )

    @property
    def taken(self) -> bool:
        """Return whether the gateway took the message, by the one way or the other."""
        if self.other_id is not None:
            return True
        return self.status is not MessageStatus.QUEUED and not self.never_sent

    @property
    def unknown(self) -> bool:
        """Return whether it is not known whether the message arrived."""
        return self.reason is ErrorReason.OUTCOME_UNKNOWN and self.ended

    @property
    def lost(self) -> bool:
        """Return whether the message will not arrive any more.

        A fallback SMS may get through after Viber gave up, so `expired` is no loss; nor
        is a message whose outcome is not known.
        """
        return self.status is MessageStatus.FAILED and self.reason not in {
            FailureReason.EXPIRED,
            ErrorReason.OUTCOME_UNKNOWN,
        }

    @property
    def seconds(self) -> int | None:
        """Return how many seconds after the send the gateway learned its state.

        In whole seconds, because the gateway tells no finer; None while it has none,
        and for a message that was never sent.
        """
        if self.reported_at is None or self.never_sent:
            return None
        elapsed = whole_second(self.reported_at) - whole_second(self.sent_at)
        return int(elapsed.total_seconds())


def whole_second(moment: datetime) -> datetime:
    """Return a time as exactly as the gateway tells times."""
    return moment.replace(microsecond=0)
