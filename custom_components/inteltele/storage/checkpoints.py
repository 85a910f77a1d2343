"""When what was written goes from the log of a file into the file itself."""

import asyncio
import sqlite3
import time
from typing import Final, Protocol
from weakref import WeakSet

# In pages: seldom enough that a page which changes often is written once for many
# changes, often enough that the log stays small.
CHECKPOINT_AFTER: Final = 2000
# Whoever makes a backup may die over it.
LONGEST_BACKUP: Final = 12 * 3600.0
# A backup that begins does not wait any longer for a file.
PAUSED_WITHIN: Final = 30.0


def let_checkpoint(connection: sqlite3.Connection, *, allowed: bool) -> None:
    """Let a connection make checkpoints, while it is used and at its end, or none."""
    pages = CHECKPOINT_AFTER if allowed else 0
    connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, not allowed)


def pause(connection: sqlite3.Connection) -> None:
    """Bring all there is into the file, and leave that as it is from then on."""
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        let_checkpoint(connection, allowed=False)


def resume(connection: sqlite3.Connection) -> None:
    """Make checkpoints again."""
    let_checkpoint(connection, allowed=True)


class Pausable(Protocol):
    """A file whose checkpoints can be paused."""

    async def pause_checkpoints(self) -> None:
        """Let the file itself stay as it is from now on."""

    async def resume_checkpoints(self) -> None:
        """Let the file itself be written again."""


class Checkpoints:
    """Files that are backed up together while they are in use.

    A copy of a file and, later, of its log fits together as long as no checkpoint is
    made in between. Nobody has to stop writing for that.
    """

    def __init__(self) -> None:
        """Start with no files."""
        self._files: WeakSet[Pausable] = WeakSet()
        self._paused_at: float | None = None

    @property
    def paused(self) -> bool:
        """Return whether a backup is being made."""
        return (
            self._paused_at is not None
            and time.monotonic() - self._paused_at < LONGEST_BACKUP
        )

    def add(self, file: Pausable) -> None:
        """Take care of a file, before it is opened."""
        self._files.add(file)

    def discard(self, file: Pausable) -> None:
        """Take care of a file no more, after it was closed."""
        self._files.discard(file)

    async def pause(self) -> None:
        """Begin a backup: once this returns, the files can be copied."""
        self._paused_at = time.monotonic()
        if pausing := [
            asyncio.ensure_future(file.pause_checkpoints()) for file in self._files
        ]:
            await asyncio.wait(pausing, timeout=PAUSED_WITHIN)

    async def resume(self) -> None:
        """End a backup; a file that is busy follows as soon as it can."""
        self._paused_at = None
        if resuming := [
            asyncio.ensure_future(file.resume_checkpoints()) for file in self._files
        ]:
            await asyncio.wait(resuming, timeout=PAUSED_WITHIN)


# All files of this process: a backup is of the whole house.
CHECKPOINTS: Final = Checkpoints()
