"""A question of an alarm to somebody, and where it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..gateway import ErrorReason
from ..storage.message import (
    Channel,
    FailureCause,
    HouseReason,
    Message,
    MessageStatus,
)


class Standing(StrEnum):
    """Where a question stands.

    It is being asked, waits because of what hits everybody, or for the gateway's
    minute; it may have been taken, was taken, or delivered. It failed for this number,
    was declined, or withdrawn. `blocked` ended because of what hits everybody.
    """

    ASKING = "asking"
    WAITING = "waiting"
    HELD = "held"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    DELIVERED = "delivered"
    FAILED = "failed"
    DECLINED = "declined"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"

    @property
    def in_hand(self) -> bool:
        """Return whether it is still this person's turn, however long that takes."""
        return self in {Standing.ASKING, Standing.WAITING}

    @property
    def taken(self) -> bool:
        """Return whether the gateway took the question, or may have."""
        return self in {Standing.UNKNOWN, Standing.TAKEN, Standing.DELIVERED}

    @property
    def void(self) -> bool:
        """Return whether it never was a question: nothing left, no turn was used."""
        return self in {Standing.BLOCKED, Standing.WITHDRAWN}


# What hits everybody uses up no turn and no round.
BLOCKING: Final = frozenset(
    {
        ErrorReason.CANNOT_CONNECT,
        ErrorReason.LOCKED_OUT,
        ErrorReason.IP_NOT_ALLOWED,
        ErrorReason.INVALID_AUTH,
        ErrorReason.LOW_BALANCE,
        HouseReason.LIMIT_REACHED,
        HouseReason.QUEUE_FULL,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to one person.

    `seq` and `id` are those of its message, 0 and empty where there was none to send.
    `cycle` counts how often the alarm was opened, `round` begins with 1, `batch` is the
    same for what was asked together. `since` is when its standing began, for what the
    gateway took, when it did. `by_both` is set where an SMS follows what Viber took.
    Times are UTC.
    """

    number: str
    cycle: int
    round: int
    batch: int
    channel: Channel
    asked_at: datetime
    since: datetime
    seq: int = 0
    id: str = ""
    by_both: bool = False
    standing: Standing = Standing.ASKING
    reason: str | None = None

    @property
    def last_contact(self) -> datetime:
        """Return when the person was last written to."""
        return max(self.asked_at, self.since) if self.standing.taken else self.asked_at


def standing_of(message: Message) -> Standing:
    """Return where a question stands by its message."""
    if message.status is MessageStatus.DELIVERED:
        return Standing.DELIVERED
    if message.status is MessageStatus.SENT or message.other_id is not None:
        # Also what goes out by SMS now: Viber's message was taken.
        return Standing.FAILED if message.ended else Standing.TAKEN
    if message.reason is ErrorReason.OUTCOME_UNKNOWN:
        return Standing.UNKNOWN
    if message.status is MessageStatus.QUEUED:
        return _QUEUED.get(message.reason, Standing.WAITING)
    if message.reason is HouseReason.WITHDRAWN:
        return Standing.WITHDRAWN
    blocked = message.never_sent and message.reason in BLOCKING
    return Standing.BLOCKED if blocked else Standing.FAILED


def standing_since(message: Message) -> datetime | None:
    """Return when the gateway took a question, or may have; None for neither."""
    if not standing_of(message).taken:
        return None
    return message.attempted_at or message.sent_at


_QUEUED: Final[dict[FailureCause | None, Standing]] = {
    None: Standing.ASKING,
    ErrorReason.REPEAT_DETECTED: Standing.HELD,
}
