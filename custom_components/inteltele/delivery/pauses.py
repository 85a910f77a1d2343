"""How long a gateway that cannot be asked is left alone."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from ..storage.message import Message

# Longer each time.
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
# Money that ran out does not come back within seconds.
WITHOUT_MONEY: Final = (timedelta(minutes=1),)
# A message is tried once more before its time is over, which takes some of it.
LAST_TRY: Final = timedelta(seconds=15)
# After the gateway's minute, in which it refuses repetitions.
AFTER_A_MINUTE: Final = timedelta(seconds=65)


class Pauses:
    """The pauses between tries, for all messages together."""

    def __init__(
        self, lengths: Sequence[timedelta] = PAUSES, *, now: Callable[[], datetime]
    ) -> None:
        """Start without a pause; the last of the lengths is that of all later ones."""
        self.until: datetime | None = None
        self._lengths = lengths
        self._failures = 0
        self._now = now

    @property
    def failing(self) -> bool:
        """Return whether the gateway could not be asked last."""
        return self.until is not None

    def slow_down(
        self, waiting: Collection[Message], locked_until: datetime | None = None
    ) -> None:
        """Leave the gateway alone for a while, longer each time.

        What fails during a pause was not tried because of it, and tells nothing new.
        """
        now = self._now()
        if self.until is None or self.until <= now:
            pause = self._lengths[min(self._failures, len(self._lengths) - 1)]
            self._failures += 1
            self.until = now + pause
        self.until = self._before_last_tries(self.until, waiting)
        if locked_until is not None:
            self.until = max(self.until, locked_until)

    def shorten(self, waiting: Collection[Message]) -> None:
        """Try soon, because somebody wants to send."""
        if self.until is not None:
            self._failures = 0
            soon = min(self.until, self._now() + PAUSES[0])
            self.until = self._before_last_tries(soon, waiting)

    def end(self) -> bool:
        """Try at once; return whether there was a pause."""
        paused = self.until is not None
        self._failures = 0
        self.until = None
        return paused

    def move(self, by: timedelta) -> None:
        """Move the pause, because the clock was set."""
        if self.until is not None:
            self.until += by

    def settle(self, longest: timedelta) -> None:
        """Let a clock that was set back prolong no pause."""
        if self.until is not None:
            self.until = min(self.until, self._now() + longest)

    def _before_last_tries(
        self, until: datetime, waiting: Collection[Message]
    ) -> datetime:
        """Return until when a pause lasts that takes no message's last try away."""
        earliest = self._now() + PAUSES[0]
        last_tries = (
            message.submission.until - LAST_TRY
            for message in waiting
            if message.waits and message.submission
        )
        return min([until, *(moment for moment in last_tries if moment >= earliest)])
