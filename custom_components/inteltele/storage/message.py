"""A message of this house, and where it stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ..gateway import ErrorReason, FailureReason

# Stands for a picture of which only the address went to the gateway.
ELSEWHERE: Final = "elsewhere"


class MessageStatus(StrEnum):
    """Where a message stands: waiting in this house, taken by the gateway, or final."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class ReceiptSource(StrEnum):
    """How the word about a message came in."""

    WEBHOOK = "webhook"
    POLL = "poll"
    HOUSE = "house"


class HouseReason(StrEnum):
    """Why this house itself did not send."""

    LIMIT_REACHED = "limit_reached"
    QUEUE_FULL = "queue_full"


type FailureCause = FailureReason | ErrorReason | HouseReason


def failure_cause(text: str) -> FailureCause:
    """Return the cause that a text names."""
    for kind in (FailureReason, ErrorReason):
        if text in kind:
            return kind(text)
    return HouseReason(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the history: by the time, and by the ledger's number within it."""

    sent_at: datetime
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one number, and where it stands.

    `message_id` is the gateway's, None while the message waits here, and where the
    gateway took it without our hearing its answer. `number` is E.164, `recipient` a
    name, times are UTC, `ttl` is in seconds and `cost` in the account's currency.
    `sent_at` is when it was queued, until the gateway takes it. `text` is what was
    sent, None where texts are not kept. `reason` is set for failed ones only,
    `gateway_status` is the gateway's last word. `seq` is the ledger's own number, in
    the order in which messages came in, 0 before it is given. `link` is the
    fingerprint of the answer link that was sent with it, `picture` the name of the file
    of its picture, ELSEWHERE for one that is not of this house. `button` is the
    button's text, None where texts are not kept.
    """

    seq: int = 0
    message_id: str | None = None
    number: str
    sent_at: datetime
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

    @property
    def place(self) -> Place:
        """Return where the message stands in the history."""
        return Place(sent_at=self.sent_at, seq=self.seq)

    @property
    def never_sent(self) -> bool:
        """Return whether the message failed in this house."""
        return self.source is ReceiptSource.HOUSE and self.message_id is None

    @property
    def lost(self) -> bool:
        """Return whether the message will not arrive any more.

        A fallback SMS may get through after Viber gave up, so `expired` is no loss.
        """
        return (
            self.status is MessageStatus.FAILED
            and self.reason is not FailureReason.EXPIRED
        )

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
