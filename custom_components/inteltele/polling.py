"""When the gateway is asked for outcomes that nobody reports."""

import asyncio
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time

from .delivery import Poller


class OutcomePolling:
    """Lets a poller ask whenever something is due, until it is stopped."""

    def __init__(self, hass: HomeAssistant, poller: Poller) -> None:
        """Start with nothing planned."""
        self._hass = hass
        self._poller = poller
        self._asking: asyncio.Task[None] | None = None
        self._cancel: CALLBACK_TYPE | None = None
        self._stopped = False

    @callback
    def async_plan(self) -> None:
        """Plan the next question, because what is under way changed."""
        self._async_cancel()
        if self._stopped or self._asking is not None:
            return
        if (due := self._poller.next_due()) is not None:
            self._cancel = async_track_point_in_utc_time(
                self._hass, self._async_begin, due
            )

    @callback
    def async_stop(self) -> None:
        """Ask nothing any more."""
        self._stopped = True
        self._async_cancel()
        if self._asking is not None:
            self._asking.cancel()

    @callback
    def _async_cancel(self) -> None:
        """Drop the plan."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _async_begin(self, _: datetime) -> None:
        """Begin to ask."""
        self._cancel = None
        self._asking = self._hass.async_create_background_task(
            self._async_ask(), "IntelTele outcomes"
        )

    async def _async_ask(self) -> None:
        """Ask, and plan the next question."""
        try:
            await self._poller.ask()
        finally:
            self._asking = None
            self.async_plan()
