"""Messages that the simulated gateway took, and requests that it got."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One API request, without the key that it held."""

    path: str
    method: str
    parameters: dict[str, str]
    had_key: bool
    received_at: datetime


@dataclass(slots=True, kw_only=True)
class SimulatedMessage:
    """One message to one number, written as E.164; `ttl` is in seconds.

    `api` is how it was handed over, `channel` how it arrived, or failed to. What is an
    SMS from the beginning has its text both as `text` and as `sms_text`.
    """

    message_id: str
    api: Literal["viber", "sms"]
    number: str
    text: str
    sender: str
    image: str | None
    button_text: str | None
    button_link: str | None
    ttl: int
    sms_source: str | None
    sms_text: str | None
    sms_parts: int | None
    priority: int
    system_type: str | None
    cost: Decimal
    country: str
    sent_at: datetime
    status: str = "enroute"
    channel: Literal["viber", "sms"] | None = None
    reported_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the message for other processes and for the phone page."""
        return {
            "message_id": self.message_id,
            "api": self.api,
            "number": self.number,
            "text": self.text,
            "sender": self.sender,
            "image": self.image,
            "button_text": self.button_text,
            "button_link": self.button_link,
            "ttl": self.ttl,
            "sms_source": self.sms_source,
            "sms_text": self.sms_text,
            "sms_parts": self.sms_parts,
            "priority": self.priority,
            "system_type": self.system_type,
            "cost": str(self.cost),
            "country": self.country,
            "status": self.status,
            "channel": self.channel,
            "sent_at": self.sent_at.isoformat(),
            "reported_at": self.reported_at and self.reported_at.isoformat(),
        }
