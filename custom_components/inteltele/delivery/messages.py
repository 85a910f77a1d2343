"""A message that the gateway took, and where it stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ..gateway import FailureReason


class MessageStatus(StrEnum):
    """Where a message that the gateway took stands."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class ReceiptSource(StrEnum):
    """How the word about a message came in."""

    WEBHOOK = "webhook"
    POLL = "poll"
    HOUSE = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that the gateway took, and where it stands.

    `number` is E.164, `recipient` a name, times are UTC, `ttl` is in seconds and `cost`
    in the account's currency. `text` is what was sent, None where texts are not kept.
    `reason` is set for failed ones only, `gateway_status` is the gateway's last word.
    """

    message_id: str
    number: str
    sent_at: datetime
    recipient: str | None = None
    ttl: int | None = None
    cost: Decimal | None = None
    country: str | None = None
    text: str | None = None
    status: MessageStatus = MessageStatus.SENT
    reason: FailureReason | None = None
    gateway_status: str | None = None
    reported_at: datetime | None = None
    source: ReceiptSource | None = None

    @property
    def seconds(self) -> int | None:
        """Return how many seconds after the send the gateway learned its state.

        In whole seconds, because the gateway tells no finer; None while it has none.
        """
        if self.reported_at is None:
            return None
        elapsed = whole_second(self.reported_at) - whole_second(self.sent_at)
        return int(elapsed.total_seconds())


def whole_second(moment: datetime) -> datetime:
    """Return a time as exactly as the gateway tells times."""
    return moment.replace(microsecond=0)
