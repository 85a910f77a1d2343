"""What is known of messages, as responses and cards hold it."""

from datetime import datetime

from homeassistant.util.json import JsonObjectType

from ..gateway import DeliveryReceipt
from ..storage.message import Message, MessageStatus


def iso(moment: datetime | None) -> str | None:
    """Return a time, None for none."""
    return None if moment is None else moment.isoformat()


def state_told(receipt: DeliveryReceipt) -> JsonObjectType:
    """Return what the gateway says of a message."""
    ended = MessageStatus.DELIVERED if receipt.delivered else MessageStatus.FAILED
    return {
        "status": ended if receipt.final else MessageStatus.SENT,
        "reason": receipt.failure,
        "gateway_status": receipt.gateway_status,
        "reported_at": iso(receipt.reported_at),
    }


def state_known(message: Message) -> JsonObjectType:
    """Return what this house knows of where a message stands."""
    return {
        "status": message.status,
        "reason": message.reason,
        "gateway_status": message.gateway_status,
        "reported_at": iso(message.reported_at),
    }


def message_as_json(message: Message) -> JsonObjectType:
    """Return all that is known of a message."""
    return {
        "id": message.id,
        "message_id": message.message_id,
        "channel": message.channel,
        "number": message.number,
        "recipient": message.recipient,
        **state_known(message),
        "sent_at": message.sent_at.isoformat(),
        "seconds": message.seconds,
        "source": message.source,
        "cost": None if message.cost is None else float(message.cost),
        "country": message.country,
        "text": message.text,
    }
