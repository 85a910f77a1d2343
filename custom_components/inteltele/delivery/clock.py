"""The time, and how far somebody set it."""

from collections.abc import Callable
from datetime import datetime, timedelta
import time
from time import clock_gettime
from typing import Final

# Goes on while the machine sleeps, and is set by nobody; Linux has it.
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
# A clock that is only corrected differs by less between two looks.
_CORRECTED: Final = 2.0


class Clock:
    """The wall clock, beside a steady one by which it is seen that it was set.

    A small computer without a battery starts with the time of yesterday, and gets the
    right one once it has a line. `on_set` hears by how much the clock was set, before
    anybody gets the new time.
    """

    def __init__(self, wall: Callable[[], datetime]) -> None:
        """Begin with the wall clock as it is."""
        self.on_set: Callable[[timedelta], None] = lambda _: None
        self._wall = wall
        self._ahead = self._look()[1]

    def now(self) -> datetime:
        """Return the time of the wall clock."""
        now, ahead = self._look()
        by, self._ahead = ahead - self._ahead, ahead
        if abs(by) > _CORRECTED:
            self.on_set(timedelta(seconds=by))
        return now

    def _look(self) -> tuple[datetime, float]:
        """Return the time, and by how many seconds it is ahead of the steady clock."""
        now = self._wall()
        return now, now.timestamp() - clock_gettime(_STEADY)
