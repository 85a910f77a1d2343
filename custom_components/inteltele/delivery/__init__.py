"""The life of a message: composed, sent, remembered, and followed by its receipts."""

from .compose import MessageRequest, Notice, Plan, Recipient, plan
from .database import Damage
from .ledger import Ledger
from .messages import MessageStatus, ReceiptSource, SentMessage
from .poller import Poller
from .sender import Outcome, Sender, SendStatus

__all__ = [
    "Damage",
    "Ledger",
    "MessageRequest",
    "MessageStatus",
    "Notice",
    "Outcome",
    "Plan",
    "Poller",
    "ReceiptSource",
    "Recipient",
    "SendStatus",
    "Sender",
    "SentMessage",
    "plan",
]
