"""What an account does by itself, when it is due."""

import asyncio
from asyncio import TimerHandle
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Final
from zlib import crc32

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..plain import get_logger, without_words

_LOGGER = get_logger(__name__)

# Looked after this often at least, because the clock may have been set.
LONGEST_SLEEP: Final = 600.0
# What is never due at once is planned once for all that changes within this time.
PLANNED_WITHIN: Final = 1.0
# All of an account's together: Home Assistant does not wait much longer.
FINISH_WITHIN: Final = 4.0
# After an error, work is tried again after this time, then after twice as long.
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 600.0

# When nobody is likely to send; each account at another time, to spare the disk.
NIGHT_BEGINS: Final = time(3)
NIGHT_LASTS: Final = timedelta(hours=2)


class Schedule:
    """Lets some work be done whenever it is due, until it is stopped.

    An error in it is logged once; the work is tried again, less and less often.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        name: str,
        next_due: Callable[[], datetime | None],
        work: Callable[[], Awaitable[None]],
        *,
        now: Callable[[], datetime] = dt_util.utcnow,
    ) -> None:
        """Start with nothing planned; None is never due.

        `now` is the clock that `next_due` goes by.
        """
        self._hass = hass
        self._name = name
        self._next_due = next_due
        self._work = work
        self._now = now
        self._working: asyncio.Task[None] | None = None
        self._cancel: CALLBACK_TYPE | None = None
        self._started = False
        self._stopped = False
        self._planning: TimerHandle | None = None
        self._pause = 0.0
        self._paused_until = 0.0

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
        # First: a clock that notices that it was set moves what is due.
        now = self._now()
        self._async_cancel()
        if not self._started or self._working is not None:
            return
        if (due := self._next_due()) is not None:
            seconds = min((due - now).total_seconds(), LONGEST_SLEEP)
            pause = self._paused_until - self._hass.loop.time()
            self._cancel = async_call_later(
                self._hass, max(seconds, pause, 0.0), self._async_begin
            )

    async def async_stop(self) -> None:
        """Begin nothing any more, and let what is being done come to its end."""
        await async_stop_all([self])

    @callback
    def async_end(self) -> asyncio.Task[None] | None:
        """Begin nothing any more; return what is being done."""
        self._started, self._stopped = False, True
        self._async_cancel()
        return self._working

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
        except Exception as err:  # noqa: BLE001 - whatever it is, the account goes on
            self._async_failed(err)
        else:
            self._pause = self._paused_until = 0.0
        finally:
            self._working = None
            self.async_plan()

    @callback
    def _async_failed(self, err: Exception) -> None:
        """Log what nobody foresaw, unless it follows another, and pause."""
        if not self._pause:
            what = without_words(err)
            _LOGGER.error("%s failed: %s", self._name, what, exc_info=what)
        self._pause = min(self._pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
        self._paused_until = self._hass.loop.time() + self._pause


class NightlySchedule(Schedule):
    """Lets some work be done once a night, by the house's own time."""

    def __init__(
        self,
        hass: HomeAssistant,
        name: str,
        key: str,
        work: Callable[[], Awaitable[None]],
    ) -> None:
        """Choose the minute by a key, so that it is the same after a restart."""
        super().__init__(hass, name, self._next_night, self._once_a_night)
        minutes = int(NIGHT_LASTS.total_seconds()) // 60
        self._after = timedelta(minutes=crc32(key.encode()) % minutes)
        self._nightly_work = work
        self._next = self._following_night()

    def _next_night(self) -> datetime:
        """Return when the work is due; not in a year, where the clock was set back."""
        self._next = min(self._next, self._following_night())
        return self._next

    def _following_night(self) -> datetime:
        """Return the first time from now on."""
        now = dt_util.utcnow()
        today = dt_util.as_local(now).date()
        first, second = (
            datetime.combine(day, NIGHT_BEGINS) + self._after
            for day in (today, today + timedelta(days=1))
        )
        due = dt_util.as_utc(first)
        return due if due > now else dt_util.as_utc(second)

    async def _once_a_night(self) -> None:
        """Do the work where it is due, and not only looked after."""
        if dt_util.utcnow() >= self._next:
            await self._nightly_work()
            self._next = self._following_night()


async def async_stop_all(
    schedules: Iterable[Schedule], within: float = FINISH_WITHIN
) -> None:
    """Let all work that is being done come to its end, within one time for all."""
    ending = [task for each in schedules if (task := each.async_end()) is not None]
    if ending:
        _, late = await asyncio.wait(ending, timeout=within)
        for task in late:
            task.cancel()
