"""The life of a message: composed, sent, remembered, and followed by its receipts."""

from .compose import MessageRequest, Notice, Plan, Recipient, plan
from .database import Damage
from .ledger import Ledger
from .messages import HouseReason, Message, MessageStatus, ReceiptSource
from .outbox import Outbox
from .poller import Poller
from .sender import Outcome, Sender, SendStatus
from .service import DEFAULT_DAILY_LIMIT, DeliveryService, RetryPolicy

__all__ = [
    "DEFAULT_DAILY_LIMIT",
    "Damage",
    "DeliveryService",
    "HouseReason",
    "Ledger",
    "Message",
    "MessageRequest",
    "MessageStatus",
    "Notice",
    "Outbox",
    "Outcome",
    "Plan",
    "Poller",
    "ReceiptSource",
    "Recipient",
    "RetryPolicy",
    "SendStatus",
    "Sender",
    "plan",
]
