"""Watching over the limits of what is sent in a day."""

from homeassistant.core import HomeAssistant, callback

from ..coordinator import AccountEntry
from ..delivery.allowance import Allowance
from .issues import AccountIssue, async_end_issue, async_raise_issue


class LimitWatch:
    """Has somebody look at what sends so much, until messages may be sent again."""

    def __init__(
        self, hass: HomeAssistant, entry: AccountEntry, allowance: Allowance
    ) -> None:
        """Look after an account's allowance."""
        self._hass = hass
        self._entry = entry
        self._allowance = allowance
        # What is told, None for nothing; there may be an issue from before.
        self._told: tuple[int, int] | None = (0, 0)

    @callback
    def async_check(self) -> None:
        """Tell of a limit that is reached, or take that back when its time is over."""
        allowance = self._allowance
        limits = (allowance.limit, allowance.sms_limit)
        told = limits if allowance.reached else None
        if told == self._told:
            return
        self._told = told
        if told is None:
            async_end_issue(self._hass, self._entry, AccountIssue.LIMIT_REACHED)
            return
        async_raise_issue(
            self._hass,
            self._entry,
            AccountIssue.LIMIT_REACHED,
            limit=str(allowance.limit),
            sms_limit=str(allowance.sms_limit),
        )
