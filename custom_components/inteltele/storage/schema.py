"""The file that a database is kept in: opened, and put away."""

from contextlib import suppress
import os
from pathlib import Path
import sqlite3
import time
from typing import Final

from .checkpoints import let_checkpoint
from .migrations import migrate

# Each change writes whole pages: small ones spare the card that the house runs from.
PAGE_SIZE: Final = 1024
_PRIVATE: Final = 0o600


def remove(path: Path) -> None:
    """Remove a file with all that belongs to it, also what was set aside."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink(missing_ok=True)


def remove_set_aside(path: Path, unchanged_for: float) -> None:
    """Remove what was set aside, where nothing was written for so many seconds."""
    for part in path.parent.glob(f"{path.name}.damaged-*"):
        if part.stat().st_mtime <= time.time() - unchanged_for:
            part.unlink(missing_ok=True)


def connect(
    path: Path | None, *, checkpoints_paused: bool = False, alone: bool = False
) -> sqlite3.Connection:
    """Return a connection to a file of the present version, in memory without one.

    What is committed outlives the process, but a power cut only once it is synced. With
    `alone`, nobody else can use the file, and it can be read on a full disk.
    """
    if path is not None:
        path.parent.mkdir(exist_ok=True)
        # Created by us, so that nobody else may ever read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE))
        path.chmod(_PRIVATE)
    connection = sqlite3.connect(
        path or ":memory:", isolation_level=None, check_same_thread=False
    )
    try:
        if alone:
            # What is shared with others would take room.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        let_checkpoint(connection, allowed=not checkpoints_paused)
        _prepare(connection)
    except Exception:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Make a file fit for use, or raise what is wrong with it."""
    # Of a new file; one that there is takes it up with the night's compaction.
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    [mode] = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    # Where the disk cannot do that, a crash could otherwise damage the file.
    level = "NORMAL" if mode == "wal" else "FULL"
    connection.execute(f"PRAGMA synchronous = {level}")
    # Whatever SQLite was built with: of a text that goes, the file keeps nothing.
    connection.execute("PRAGMA secure_delete = ON")
    [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    migrate(connection)


def set_aside(path: Path) -> None:
    """Keep a file that cannot be used under a name of its own."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    # Not emptied into the file while a backup is made.
    with suppress(FileNotFoundError):
        path.with_name(f"{path.name}-wal").rename(f"{aside}-wal")
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
