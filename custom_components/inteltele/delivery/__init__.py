"""The life of a message: composed, sent, remembered, and followed by its receipts."""

from .compose import MessageRequest, Notice, Plan, Recipient, plan
from .ledger import Ledger, MessageStatus, ReceiptSource, SentMessage, StatusChange
from .sender import Outcome, Sender, SendStatus

__all__ = [
    "Ledger",
    "MessageRequest",
    "MessageStatus",
    "Notice",
    "Outcome",
    "Plan",
    "ReceiptSource",
    "Recipient",
    "SendStatus",
    "Sender",
    "SentMessage",
    "StatusChange",
    "plan",
]
