"""Delivery receipts: what the gateway says about a message later."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
import re
from typing import Final

from .reasons import FailureReason

UNRECOGNISED: Final = "unrecognised"

_STATE: Final = re.compile(r"[a-z_]{1,32}")
# The page shows UUIDs. Ids reach templates and notifications, so they hold no markup.
_MESSAGE_ID: Final = re.compile(r"[0-9A-Za-z_.:-]{1,128}")
# The page's text shows the first, its sample of /im/status/ the second.
_DATE_FORMATS: Final = ("%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M:%S")
_MAX_DATE_LENGTH: Final = 19
# What most reports have is read in a tenth of the time.
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


DELIVERED: Final = "delivrd"
_FAILURES: Final[Mapping[str, FailureReason]] = {
    "expired": FailureReason.EXPIRED,
    "rejectd": FailureReason.REJECTED,
    "undeliv": FailureReason.UNDELIVERABLE,
    "deleted": FailureReason.DELETED,
    "unknown": FailureReason.UNKNOWN,
}


class MalformedReceiptError(ValueError):
    """A delivery report lacks what makes it one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt:
    """What the gateway said about one message.

    `gateway_status` is its word in lower case, or "unrecognised" for anything that is
    no such word. `reported_at`, in UTC, is when the gateway learned it, None where it
    does not say.
    """

    message_id: str
    gateway_status: str
    reported_at: datetime | None

    @property
    def delivered(self) -> bool:
        """Return whether the message reached the handset."""
        return self.gateway_status == DELIVERED

    @property
    def failure(self) -> FailureReason | None:
        """Return why delivery failed, or None where it did not."""
        return _FAILURES.get(self.gateway_status)

    @property
    def final(self) -> bool:
        """Return whether this is the message's end; an unlisted state is none."""
        return self.delivered or self.failure is not None


def parse_receipt(parameters: Mapping[str, str]) -> DeliveryReceipt:
    """Return the delivery report that a request's parameters are.

    The provider sends `msgid`, `status` and `datetime`. Raises MalformedReceiptError
    without a usable id or without a status.
    """
    message_id = parameters.get("msgid", "").strip()
    if not is_message_id(message_id) or not parameters.get("status", "").strip():
        raise MalformedReceiptError
    return receipt(message_id, parameters["status"], parameters.get("datetime"))


def is_message_id(text: str) -> bool:
    """Return whether a text can be the gateway's id of a message."""
    return _MESSAGE_ID.fullmatch(text) is not None


def receipt(
    message_id: str, status: str, date: object, zone: tzinfo | None = UTC
) -> DeliveryReceipt:
    """Return what the gateway said of a message, read from its words.

    `zone` is the one of the date, None where it is not known.
    """
    word = status.strip().lower()
    return DeliveryReceipt(
        message_id=message_id,
        gateway_status=word if _STATE.fullmatch(word) else UNRECOGNISED,
        reported_at=None if zone is None else _parse_date(date, zone),
    )


def _parse_date(date: object, zone: tzinfo) -> datetime | None:
    """Return a timestamp in UTC, or None for anything that is none."""
    if not isinstance(date, str):
        return None
    date = date.strip()
    if len(date) > _MAX_DATE_LENGTH:
        return None
    for date_format in _DATE_FORMATS:
        # Also where a time zone leads out of the years that there are.
        with suppress(ValueError, OverflowError):
            return _local(date, date_format).replace(tzinfo=zone).astimezone(UTC)
    return None


def _local(date: str, date_format: str) -> datetime:
    """Return a timestamp without its zone; raises ValueError."""
    if date_format == _DATE_FORMATS[0] and _ISO_DATE.fullmatch(date):
        return datetime.fromisoformat(date)
    return datetime.strptime(date, date_format)  # noqa: DTZ007 - its zone comes next
