"""What a person may set for an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from ..const import (
    CONF_DAILY_LIMIT,
    CONF_HISTORY_FOR_ADMINS,
    CONF_KEEP_TEXT,
    CONF_LOW_BALANCE,
    CONF_PICTURE_VALID,
    CONF_RETRY_FOR,
    CONF_SENDER,
    CONF_SMS_AFTER,
    CONF_SMS_LIMIT,
    CONF_SMS_SENDER,
    CONF_TTL,
)
from ..coordinator import AccountEntry
from ..delivery import DEFAULT_DAILY_LIMIT, DEFAULT_SMS_LIMIT

DEFAULT_RETRY_FOR: Final = timedelta(minutes=15)
DEFAULT_PICTURE_VALID: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOptions:
    """The options of an account, with what holds where nothing was set.

    `ttl` and `sms_after` are in seconds, `low_balance` in the account's currency,
    `daily_limit` counts Viber messages and SMS parts within 24 hours, `sms_limit` SMS
    parts alone, of which 0 allows none.
    """

    sender: str | None
    sms_sender: str | None
    sms_after: int | None
    ttl: int | None
    low_balance: float | None
    retry_for: timedelta
    daily_limit: int
    sms_limit: int
    keep_text: bool
    picture_valid: timedelta
    history_for_admins: bool

    def is_low(self, balance: Decimal, spent: Decimal) -> bool:
        """Return whether somebody should top the account up.

        Where no threshold is set, it is what was spent in the last day.
        """
        if self.low_balance is None:
            return balance <= 0 or balance < spent
        return balance <= self.low_balance


def seconds_of(duration: Mapping[str, float] | None) -> int | None:
    """Return the seconds of a duration as its form holds it, None for none at all."""
    return int(timedelta(**(duration or {})).total_seconds()) or None


def duration_of(duration: timedelta) -> dict[str, int]:
    """Return a duration as its form holds it."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return {"hours": hours, "minutes": minutes, "seconds": seconds}


def options_of(entry: AccountEntry) -> AccountOptions:
    """Return the options of an account."""
    options: Mapping[str, Any] = entry.options
    retry_for = options.get(CONF_RETRY_FOR)
    picture_valid = options.get(CONF_PICTURE_VALID)
    return AccountOptions(
        sender=options.get(CONF_SENDER),
        sms_sender=options.get(CONF_SMS_SENDER),
        sms_after=seconds_of(options.get(CONF_SMS_AFTER)),
        ttl=seconds_of(options.get(CONF_TTL)),
        low_balance=options.get(CONF_LOW_BALANCE),
        retry_for=DEFAULT_RETRY_FOR if retry_for is None else timedelta(**retry_for),
        daily_limit=int(options.get(CONF_DAILY_LIMIT, DEFAULT_DAILY_LIMIT)),
        sms_limit=int(options.get(CONF_SMS_LIMIT, DEFAULT_SMS_LIMIT)),
        keep_text=options.get(CONF_KEEP_TEXT, True),
        picture_valid=(
            DEFAULT_PICTURE_VALID
            if picture_valid is None
            else timedelta(**picture_valid)
        ),
        history_for_admins=options.get(CONF_HISTORY_FOR_ADMINS, False),
    )
