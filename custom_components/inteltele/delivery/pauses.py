"""How long a gateway that cannot be asked is left alone."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from ..storage.message import Message

# Longer each time.
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
# A message is tried once more before its time is over, which takes some of it.
LAST_TRY: Final = timedelta(seconds=15)
# After the gateway's minute, in which it refuses repetitions.
AFTER_A_MINUTE: Final = timedelta(seconds=65)


class Pauses:
    """The pauses between tries, for all messages together."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        """Start without a pause."""
        self.until: datetime | None = None
        self._failures = 0
        self._now = now

    @property
    def failing(self) -> bool:
        """Return whether the gateway could not be asked last."""
        return self.until is not None

    def slow_down(
        self, waiting: Collection[Message], locked_until: datetime | None
    ) -> None:
        """Leave the gateway alone for a while, longer each time.

        What fails during a pause was not tried because of it, and tells nothing new.
        """
        now = self._now()
        if self.until is None or self.until <= now:
            pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
            self._failures += 1
            self.until = now + pause
        self._leave_last_tries(waiting)
        if locked_until is not None:
            self.until = max(self.until, locked_until)

    def shorten(self, waiting: Collection[Message]) -> None:
        """Try soon, because somebody wants to send."""
        if self.until is not None:
            self._failures = 0
            self.until = min(self.until, self._now() + PAUSES[0])
            self._leave_last_tries(waiting)

    def end(self) -> bool:
        """Try at once; return whether there was a pause."""
        paused = self.until is not None
        self._failures = 0
        self.until = None
        return paused

    def settle(self, longest: timedelta) -> None:
        """Let a clock that was set back prolong no pause."""
        if self.until is not None:
            self.until = min(self.until, self._now() + longest)

    def _leave_last_tries(self, waiting: Collection[Message]) -> None:
        """Let no pause take a message's last try away."""
        if self.until is None:
            return
        earliest = self._now() + PAUSES[0]
        last_tries = (
            message.submission.until - LAST_TRY
            for message in waiting
            if message.waits and message.submission
        )
        self.until = min(
            [self.until, *(moment for moment in last_tries if moment >= earliest)]
        )
