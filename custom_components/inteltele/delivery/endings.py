"""How a message ends where this house knows no better."""

from dataclasses import replace
from datetime import datetime

from ..gateway import FailureReason
from ..storage.message import FailureCause, Message, MessageStatus, ReceiptSource


def failed(message: Message, reason: FailureCause, now: datetime) -> Message:
    """Return a message as it ends where this house knows no better."""
    return replace(
        message,
        status=MessageStatus.FAILED,
        reason=reason,
        reported_at=now,
        source=ReceiptSource.HOUSE,
        submission=None,
        second_way=None,
        # Of an SMS that was only planned, nothing was used.
        sms_parts=None if message.second_way else message.sms_parts,
    )


def nothing_learned(message: Message, now: datetime) -> Message:
    """Return a message as it ends where nothing more can be learned of it."""
    return failed(message, FailureReason.UNKNOWN, now)
