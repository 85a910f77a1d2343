"""A clock that can be put on, for a house that cannot tell."""

from datetime import UTC, datetime
import time
from typing import Final

from homeassistant.util import dt as dt_util


class Clock:
    """The process's time, some of it ahead of the real one.

    `ahead` moves all clocks together, as waiting does. `off` moves the wall clock
    alone, as a person or a time server does. Both are in seconds.
    """

    def __init__(self) -> None:
        """Start with the real time."""
        self.ahead = 0.0
        self.off = 0.0
        self._monotonic = time.monotonic
        self._time = time.time
        self._clock_gettime = time.clock_gettime

    def install(self) -> None:
        """Have everybody who imports after this, and every event loop, ask this."""
        time.monotonic = self.monotonic
        time.time = self.time
        time.clock_gettime = self.clock_gettime
        dt_util.utcnow = self.utcnow  # type: ignore[assignment]

    def real(self) -> float:
        """Return seconds of the real time, from somewhere."""
        return self._monotonic()

    def monotonic(self) -> float:
        """Return what time.monotonic() returns."""
        return self._monotonic() + self.ahead

    def clock_gettime(self, clock: int) -> float:
        """Return what time.clock_gettime() returns of a clock that nobody sets."""
        return self._clock_gettime(clock) + self.ahead

    def time(self) -> float:
        """Return what time.time() returns."""
        return self._time() + self.ahead + self.off

    def utcnow(self) -> datetime:
        """Return the time that the wall clock shows."""
        return datetime.fromtimestamp(self.time(), UTC)


CLOCK: Final = Clock()
