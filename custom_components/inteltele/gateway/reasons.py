"""Why a request to the gateway failed, and why a message was not delivered."""

from enum import StrEnum
from typing import Final


class SmsInstead(StrEnum):
    """When an SMS may go out in place of a Viber message that was not taken."""

    AT_ONCE = "at_once"
    LATER = "later"
    NEVER = "never"


class ErrorReason(StrEnum):
    """Why a request was not carried out: what the gateway refused, or the network."""

    INVALID_AUTH = "invalid_auth"
    LOCKED_OUT = "locked_out"
    IP_NOT_ALLOWED = "ip_not_allowed"
    MISSING_PARAMETER = "missing_parameter"
    TOO_LONG = "too_long"
    SENDER_BANNED = "sender_banned"
    BLACKLISTED = "blacklisted"
    REPEAT_DETECTED = "repeat_detected"
    UNKNOWN_COUNTRY = "unknown_country"
    NO_ROUTE = "no_route"
    LOW_BALANCE = "low_balance"
    CANNOT_CONNECT = "cannot_connect"
    OUTCOME_UNKNOWN = "outcome_unknown"
    INVALID_RESPONSE = "invalid_response"

    @property
    def retryable(self) -> bool:
        """Return whether a message waits, because nothing could be sent to anybody."""
        return self in _RETRYABLE

    @property
    def is_gateway_problem(self) -> bool:
        """Return whether it says something about the gateway, not about a message."""
        return self in _GATEWAY_PROBLEMS

    @property
    def sms_instead(self) -> SmsInstead:
        """Return when an SMS may go out where this is why Viber's message did not.

        At once where it is about Viber alone, never where it holds for the SMS as well.
        All else waits: it hits every message, or is no message's end.
        """
        if self in _ABOUT_VIBER:
            return SmsInstead.AT_ONCE
        return SmsInstead.NEVER if self in _ABOUT_NUMBER else SmsInstead.LATER

    @property
    def of_account(self) -> ErrorReason:
        """Return the reason to tell where an account, not a message, is concerned."""
        return self if self in _ACCOUNT_REASONS else ErrorReason.INVALID_RESPONSE


_RETRYABLE: Final = frozenset(
    {ErrorReason.CANNOT_CONNECT, ErrorReason.LOCKED_OUT, ErrorReason.IP_NOT_ALLOWED}
)
_ACCOUNT_REASONS: Final = _RETRYABLE | {ErrorReason.INVALID_AUTH}
_GATEWAY_PROBLEMS: Final = _ACCOUNT_REASONS | {
    ErrorReason.OUTCOME_UNKNOWN,
    ErrorReason.INVALID_RESPONSE,
}
# A sender of Viber messages is no sender of SMS, and a route of one no route of others.
_ABOUT_VIBER: Final = frozenset({ErrorReason.NO_ROUTE, ErrorReason.SENDER_BANNED})
# Somebody opted out, or nobody has it.
_ABOUT_NUMBER: Final = frozenset({ErrorReason.BLACKLISTED, ErrorReason.UNKNOWN_COUNTRY})


class FailureReason(StrEnum):
    """Why a message that the gateway took was not delivered, from its reports."""

    EXPIRED = "expired"
    REJECTED = "rejected"
    UNDELIVERABLE = "undeliverable"
    DELETED = "deleted"
    UNKNOWN = "unknown"
