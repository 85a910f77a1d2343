"""Typed asyncio client of the IntelTele Viber and SMS gateway.

Knows the provider's HTTP API and nothing of Home Assistant.
"""

from .access import AccessRegister
from .client import MAX_NUMBERS, GatewayClient
from .content import (
    MAX_TTL,
    MIN_TTL,
    ContentError,
    ContentRule,
    MessageContent,
    check_sms_sender,
)
from .errors import (
    CannotConnectError,
    CertificateError,
    GatewayError,
    InvalidResponseError,
    NoAnswerError,
    RefusedError,
    TlsUnavailableError,
    visible,
)
from .models import Rate, Rates, SendResult
from .numbers import LIBRARY as NUMBERS_LIBRARY, PhoneNumberError, mask, to_e164
from .reasons import ErrorReason, FailureReason
from .receipts import (
    DeliveryReceipt,
    MalformedReceiptError,
    parse_receipt,
)

__all__ = [
    "MAX_NUMBERS",
    "MAX_TTL",
    "MIN_TTL",
    "NUMBERS_LIBRARY",
    "AccessRegister",
    "CannotConnectError",
    "CertificateError",
    "ContentError",
    "ContentRule",
    "DeliveryReceipt",
    "ErrorReason",
    "FailureReason",
    "GatewayClient",
    "GatewayError",
    "InvalidResponseError",
    "MalformedReceiptError",
    "MessageContent",
    "NoAnswerError",
    "PhoneNumberError",
    "Rate",
    "Rates",
    "RefusedError",
    "SendResult",
    "TlsUnavailableError",
    "check_sms_sender",
    "mask",
    "parse_receipt",
    "to_e164",
    "visible",
]
