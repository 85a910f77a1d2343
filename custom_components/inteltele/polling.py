"""When the gateway is asked for outcomes that nobody reports."""

from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time

from .delivery import Poller


class OutcomePolling:
    """Lets a poller ask whenever something is due."""

    def __init__(self, hass: HomeAssistant, poller: Poller) -> None:
        """Start with nothing planned."""
        self._hass = hass
        self._poller = poller
        self._asking = False
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def async_plan(self) -> None:
        """Plan the next question, because what is under way changed."""
        self.async_stop()
        if not self._asking and (due := self._poller.next_due()) is not None:
            self._cancel = async_track_point_in_utc_time(
                self._hass, self._async_ask, due
            )

    @callback
    def async_stop(self) -> None:
        """Plan nothing any more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    async def _async_ask(self, _: datetime) -> None:
        """Ask, and plan the next question."""
        self._cancel = None
        self._asking = True
        try:
            await self._poller.ask()
        finally:
            self._asking = False
        self.async_plan()
