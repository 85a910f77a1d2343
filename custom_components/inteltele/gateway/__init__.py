"""Typed asyncio client of the IntelTele Viber and SMS gateway.

Knows the provider's HTTP API and nothing of Home Assistant.
"""

from .access import AccessRegister
from .client import MAX_NUMBERS, GatewayClient
from .content import (
    MAX_MESSAGE_LENGTH,
    MAX_TTL,
    MIN_TTL,
    Content,
    ContentError,
    ContentRule,
    MessageContent,
    SmsContent,
    check_sender,
    check_sms_sender,
)
from .errors import (
    CannotConnectError,
    CertificateError,
    GatewayError,
    InvalidResponseError,
    NoAnswerError,
    RefusedError,
    SomebodyElseError,
    TlsUnavailableError,
)
from .models import Rate, Rates, SendResult
from .numbers import (
    PhoneNumberError,
    country_of,
    mask,
    takes_sms,
    to_e164,
)
from .reasons import ErrorReason, FailureReason, SmsInstead
from .receipts import (
    DeliveryReceipt,
    MalformedReceiptError,
    parse_receipt,
)
from .sms import measure

__all__ = [
    "MAX_MESSAGE_LENGTH",
    "MAX_NUMBERS",
    "MAX_TTL",
    "MIN_TTL",
    "AccessRegister",
    "CannotConnectError",
    "CertificateError",
    "Content",
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
    "SmsContent",
    "SmsInstead",
    "SomebodyElseError",
    "TlsUnavailableError",
    "check_sender",
    "check_sms_sender",
    "country_of",
    "mask",
    "measure",
    "parse_receipt",
    "takes_sms",
    "to_e164",
]
