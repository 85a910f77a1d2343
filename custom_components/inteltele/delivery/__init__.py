"""The life of a message: accepted, asked for, remembered, and followed to its end."""

from .acceptance import RetryPolicy
from .clock import Clock
from .compose import plan
from .composed import Composed, Notice, Plan
from .ledger import Ledger
from .request import Link, MessageRequest, Recipient
from .service import DEFAULT_DAILY_LIMIT, DEFAULT_SMS_LIMIT, DeliveryService
from .untold import Untold
from .watch import WaitFor, Watch
from .ways import leaves_after

__all__ = [
    "DEFAULT_DAILY_LIMIT",
    "DEFAULT_SMS_LIMIT",
    "Clock",
    "Composed",
    "DeliveryService",
    "Ledger",
    "Link",
    "MessageRequest",
    "Notice",
    "Plan",
    "Recipient",
    "RetryPolicy",
    "Untold",
    "WaitFor",
    "Watch",
    "leaves_after",
    "plan",
]
