"""How much may still be sent: a runaway automation must not empty the account."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

PERIOD: Final = timedelta(hours=24)


class Allowance:
    """Counts Viber messages and SMS parts of 24 hours against a limit."""

    def __init__(self, limit: int, *, now: Callable[[], datetime]) -> None:
        """Start with nothing used."""
        self.limit = limit
        self._now = now
        # As seconds since 1970, of which there may be many.
        self._used: deque[float] = deque()

    @property
    def left(self) -> int:
        """Return how much may still be sent now."""
        now, used = self._now().timestamp(), self._used
        while used and used[0] <= now - PERIOD.total_seconds():
            used.popleft()
        # A clock that was wrong for a while must not use the allowance up for longer.
        while used and used[-1] > now:
            used.pop()
        return max(0, self.limit - len(used))

    def remember(self, moments: Iterable[datetime]) -> None:
        """Count what was sent before, oldest first."""
        self._used.extend(moment.timestamp() for moment in moments)

    def move(self, by: timedelta) -> None:
        """Move what counts, because the clock was set."""
        self._used = deque(moment + by.total_seconds() for moment in self._used)

    def take(self, units: int) -> None:
        """Use something up, which may be more than is left."""
        self._used.extend([self._now().timestamp()] * units)

    def give_back(self, units: int) -> None:
        """Return what was taken last, because it was not used."""
        for _ in range(min(units, len(self._used))):
            self._used.pop()
