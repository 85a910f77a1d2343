"""The file that a database is kept in: opened, and put away."""

import os
from pathlib import Path
import sqlite3
from typing import Final

from .migrations import migrate

_PRIVATE: Final = 0o600


def remove(path: Path) -> None:
    """Remove a file with all that belongs to it, also what was set aside."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink(missing_ok=True)


def connect(path: Path | None) -> sqlite3.Connection:
    """Return a connection to a file of the present version, in memory without one."""
    if path is not None:
        path.parent.mkdir(exist_ok=True)
        # Created by us, so that nobody else may ever read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE))
        path.chmod(_PRIVATE)
    connection = sqlite3.connect(path or ":memory:", check_same_thread=False)
    try:
        _prepare(connection)
    except Exception:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Make a file fit for use, or raise what is wrong with it."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
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
    for part in ("-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)
