"""Waiting for a disk until what was committed outlives a power cut."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
import os
from pathlib import Path
import sqlite3
from typing import Final

from .transactions import Step

# What nobody waits for is synced this long after it was committed, with what came
# meanwhile: a commit beside a sync takes several times as long.
SYNCED_AFTER: Final = 1.0


class Syncing:
    """Syncs the log of a file in a thread of its own.

    SQLite could do so at the end of each transaction, but a bad card takes seconds for
    it, in which nothing else could be committed. What comes meanwhile shares the next.
    """

    def __init__(
        self, path: Path, on_synced: Callable[[sqlite3.Error | None], None]
    ) -> None:
        """Name the file; `on_synced` hears each time what went wrong, or None."""
        self._log = path.with_name(f"{path.name}-wal")
        self._on_synced = on_synced
        self._steps: list[Step] = []
        self._under_way: asyncio.Future[None] | None = None
        self._due: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, f"{path.name} syncing")
        self._closed = False

    def add(self, steps: Iterable[Step]) -> None:
        """Settle steps that are committed once they are on the disk."""
        self._steps += steps
        if self._closed:
            # What was committed at the very end, closing the file has synced.
            while self._steps:
                self._steps.pop(0).settle()
        elif self._steps and self._under_way is None:
            self._begin()

    def soon(self) -> None:
        """Sync what is committed within a moment."""
        if self._due is None and not self._closed:
            loop = asyncio.get_running_loop()
            self._due = loop.call_later(SYNCED_AFTER, self._begin)

    async def close(self) -> None:
        """Wait for the disk a last time."""
        if self._due is not None:
            self._begin()
        while self._under_way is not None:
            await asyncio.wait([self._under_way])
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._thread.shutdown)

    def _begin(self) -> None:
        """Sync all that is committed by now."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        steps, self._steps = self._steps, []
        loop = asyncio.get_running_loop()
        self._under_way = loop.run_in_executor(self._thread, _sync, self._log)
        self._under_way.add_done_callback(partial(self._synced, steps))

    def _synced(self, steps: Iterable[Step], done: asyncio.Future[None]) -> None:
        """Settle what was waited for, and go on with what came meanwhile."""
        if self._under_way is done:
            self._under_way = None
        err = done.exception()
        self._on_synced(
            None if err is None else sqlite3.OperationalError(f"not synced: {err}")
        )
        # Committed it is all the same.
        for step in steps:
            step.settle()
        self.add(())


def _sync(log: Path) -> None:
    """Sync a log; what is in there no more, a checkpoint synced."""
    with suppress(FileNotFoundError):
        descriptor = os.open(log, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
