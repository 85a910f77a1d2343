"""How often an address on the internet asked for what does not exist."""

from collections import OrderedDict
from collections.abc import Callable
import time
from typing import Final

PERIOD: Final = 600.0
MAX_GUESSES: Final = 30
MAX_ADDRESSES: Final = 1024


class Guesses:
    """Counts unknown tokens per remote address, within ten minutes.

    Only these count: whoever holds a valid link is answered, also where many come by
    one address of a proxy.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing counted."""
        self._monotonic = monotonic
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many addresses are counted."""
        return len(self._counts)

    def too_many(self, remote: str) -> bool:
        """Count a guess, and return whether its address made too many."""
        now = self._monotonic()
        began, count = self._counts.pop(remote, (now, 0))
        if now - began >= PERIOD:
            began, count = now, 0
        self._counts[remote] = (began, count + 1)
        if len(self._counts) > MAX_ADDRESSES:
            self._counts.popitem(last=False)
        return count >= MAX_GUESSES
