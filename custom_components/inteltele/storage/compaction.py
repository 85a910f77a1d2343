"""What is done with a file at night: nothing of what was deleted stays in it."""

import asyncio
from collections.abc import Awaitable, Callable
import sqlite3
from threading import Lock
from typing import Final

from ..plain import get_logger
from .checkpoints import resume
from .schema import PAGE_SIZE
from .transactions import Work

_LOGGER = get_logger(__name__)

# What else there is to do comes first; then the work of the night is begun anew.
TRIES: Final = 10
TRIED_AGAIN_AFTER: Final = 60.0
# In bytes; a larger file would take too much of a small computer's memory.
COPIED_IN_MEMORY: Final = 32 * 2**20
# Kept in a field of the file's head that is there for its owner, so that it becomes
# true together with the deletion and outlives a restart.
_HOLDS_DELETED: Final = 1


def mark_deleted(connection: sqlite3.Connection) -> None:
    """Note, in the transaction that deletes, that the file still holds it.

    SQLite only gives it free, and keeps copies where it moved rows.
    """
    connection.execute(f"PRAGMA application_id = {_HOLDS_DELETED}")


class Compaction:
    """The night's work on a file, which gives way to all other."""

    def __init__(self) -> None:
        """Start with nothing to do."""
        self._lock = Lock()
        self._interruptible: sqlite3.Connection | None = None

    async def run(
        self,
        in_worker: Callable[[Work[None]], Awaitable[None]],
        *,
        possible: Callable[[], bool],
    ) -> None:
        """Compact a file, again where something else came between."""
        for _ in range(TRIES):
            if not possible():
                return
            try:
                await in_worker(self._compact)
            except sqlite3.Error as err:
                if getattr(err, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
                    _LOGGER.warning("What was deleted is not overwritten yet: %s", err)
                    return
            else:
                return
            await asyncio.sleep(TRIED_AGAIN_AFTER)
        _LOGGER.warning("What was deleted is not overwritten yet: too much else to do")

    def give_way(self) -> None:
        """Have the worker take up what else there is to do."""
        with self._lock:
            if self._interruptible is not None:
                self._interruptible.interrupt()

    def _compact(self, connection: sqlite3.Connection) -> None:
        """Write the file anew where that is due, and empty its log."""
        # Also where a backup never came to its end.
        resume(connection)
        [page_size] = connection.execute("PRAGMA page_size").fetchone()
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        # The copy that is made in between, which would be written to the disk, too.
        place = "MEMORY" if pages * page_size <= COPIED_IN_MEMORY else "FILE"
        connection.execute(f"PRAGMA temp_store = {place}")
        [mark] = connection.execute("PRAGMA application_id").fetchone()
        if page_size != PAGE_SIZE:
            self._change_page_size(connection)
        elif mark == _HOLDS_DELETED:
            self._vacuum(connection)
        [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("somebody else reads the file")
        if mark == _HOLDS_DELETED:
            connection.execute("PRAGMA application_id = 0")

    def _change_page_size(self, connection: sqlite3.Connection) -> None:
        """Write a file that an earlier version began anew, in smaller pages."""
        # Nothing else changes them, and fails where somebody else uses the file.
        connection.execute("PRAGMA journal_mode = DELETE")
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            self._vacuum(connection)
        finally:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")

    def _vacuum(self, connection: sqlite3.Connection) -> None:
        """Write the file anew, unless something else comes."""
        with self._lock:
            self._interruptible = connection
        try:
            connection.execute("VACUUM")
        finally:
            with self._lock:
                self._interruptible = None
