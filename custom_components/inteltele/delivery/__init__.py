"""The life of a message: composed, sent, remembered, and followed by its receipts."""

from ..storage.database import Damage
from ..storage.message import (
    ELSEWHERE,
    FailureCause,
    HouseReason,
    Message,
    MessageStatus,
    Place,
    ReceiptSource,
)
from .compose import Link, MessageRequest, Notice, Plan, Recipient, plan
from .ledger import Ledger
from .outbox import Outbox
from .poller import Poller
from .sender import Outcome, Sender, SendStatus
from .service import DEFAULT_DAILY_LIMIT, DeliveryService, RetryPolicy
from .watch import WaitFor, Watch

__all__ = [
    "DEFAULT_DAILY_LIMIT",
    "ELSEWHERE",
    "Damage",
    "DeliveryService",
    "FailureCause",
    "HouseReason",
    "Ledger",
    "Link",
    "Message",
    "MessageRequest",
    "MessageStatus",
    "Notice",
    "Outbox",
    "Outcome",
    "Place",
    "Plan",
    "Poller",
    "ReceiptSource",
    "Recipient",
    "RetryPolicy",
    "SendStatus",
    "Sender",
    "WaitFor",
    "Watch",
    "plan",
]
