"""When something is due next, where much may be due."""

from collections.abc import Iterator
from datetime import datetime, timedelta
import heapq


class Due:
    """When each of many messages is due, by its number in the ledger.

    Kept in a heap, so that many cost no more than few.
    """

    def __init__(self) -> None:
        """Start with nothing due."""
        self._heap: list[tuple[datetime, int]] = []
        self._due_of: dict[int, datetime] = {}

    def __len__(self) -> int:
        """Return how many are due some time."""
        return len(self._due_of)

    def of(self, seq: int) -> datetime | None:
        """Return when something is due, None where it is not."""
        return self._due_of.get(seq)

    def plan(self, seq: int, due: datetime) -> None:
        """Let something be due at a time, and no more at another."""
        self._due_of[seq] = due
        heapq.heappush(self._heap, (due, seq))

    def end(self, seq: int) -> None:
        """Let something be due no more."""
        self._due_of.pop(seq, None)

    def move(self, by: timedelta) -> None:
        """Move all times, because the clock was set."""
        self._due_of = {seq: due + by for seq, due in self._due_of.items()}
        self._heap = [(due + by, seq) for due, seq in self._heap]

    def next(self) -> datetime | None:
        """Return when something is due next, None for never."""
        while self._heap and self._due_of.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take(self, horizon: datetime, at_most: int) -> Iterator[int]:
        """Take what is due by a time, in order, as much as is wanted."""
        for _ in range(at_most):
            due = self.next()
            if due is None or due > horizon:
                return
            _, seq = heapq.heappop(self._heap)
            del self._due_of[seq]
            yield seq
