"""What an account does by itself, when it is due."""

import asyncio
from asyncio import TimerHandle
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

# Looked after this often at least, because the clock may have been set.
LONGEST_SLEEP: Final = 600.0
# What is never due at once is planned once for all that changes within this time.
PLANNED_WITHIN: Final = 1.0
FINISH_WITHIN: Final = 5.0


class Schedule:
    """Lets some work be done whenever it is due, until it is stopped."""

    def __init__(
        self,
        hass: HomeAssistant,
        name: str,
        next_due: Callable[[], datetime | None],
        work: Callable[[], Awaitable[None]],
    ) -> None:
        """Start with nothing planned; None is never due."""
        self._hass = hass
        self._name = name
        self._next_due = next_due
        self._work = work
        self._working: asyncio.Task[None] | None = None
        self._cancel: CALLBACK_TYPE | None = None
        self._started = False
        self._stopped = False
        self._planning: TimerHandle | None = None

    @callback
    def async_start(self) -> None:
        """Plan from now on, unless it was stopped before."""
        self._started = not self._stopped
        self.async_plan()

    @callback
    def async_plan_soon(self) -> None:
        """Plan the next time, because what there is to do later changed."""
        if self._planning is None and self._started:
            self._planning = self._hass.loop.call_later(PLANNED_WITHIN, self.async_plan)

    @callback
    def async_plan(self) -> None:
        """Plan the next time, because what there is to do changed."""
        self._async_cancel()
        if not self._started or self._working is not None:
            return
        if (due := self._next_due()) is not None:
            seconds = (due - dt_util.utcnow()).total_seconds()
            self._cancel = async_call_later(
                self._hass, min(max(seconds, 0.0), LONGEST_SLEEP), self._async_begin
            )

    async def async_stop(self, within: float = FINISH_WITHIN) -> None:
        """Begin nothing any more, and let what is being done come to its end.

        What is not done after so many seconds is cut off.
        """
        self._started, self._stopped = False, True
        self._async_cancel()
        if (working := self._working) is not None:
            await asyncio.wait([working], timeout=within)
            working.cancel()

    @callback
    def _async_cancel(self) -> None:
        """Drop the plan."""
        if self._planning is not None:
            self._planning.cancel()
            self._planning = None
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _async_begin(self, _: datetime) -> None:
        """Begin to work."""
        self._cancel = None
        # Not at once: work that has nothing to wait for would end before it is noted
        # that it began, and seem to go on for ever.
        # Of our own, because Home Assistant cuts its background tasks off before it
        # says that it stops.
        self._working = self._hass.loop.create_task(self._async_work(), name=self._name)

    async def _async_work(self) -> None:
        """Work, and plan the next time."""
        try:
            await self._work()
        finally:
            self._working = None
            self.async_plan()
