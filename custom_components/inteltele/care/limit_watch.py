"""Watching over the daily limit."""

from homeassistant.core import HomeAssistant, callback

from ..coordinator import AccountEntry
from ..delivery.allowance import Allowance
from .issues import async_tell_of_limit


class LimitWatch:
    """Has somebody look at what sends so much, until messages may be sent again."""

    def __init__(
        self, hass: HomeAssistant, entry: AccountEntry, allowance: Allowance
    ) -> None:
        """Look after an account's allowance."""
        self._hass = hass
        self._entry = entry
        self._allowance = allowance
        # It may be from before.
        self._told = True

    @callback
    def async_reached(self) -> None:
        """Tell that the limit is reached."""
        self._told = True
        async_tell_of_limit(self._hass, self._entry, self._allowance.limit)

    @callback
    def async_check(self) -> None:
        """Take the issue back when its time is over."""
        if self._told and self._allowance.left:
            self._told = False
            async_tell_of_limit(self._hass, self._entry, None)
