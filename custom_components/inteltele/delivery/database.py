"""One SQLite file behind one worker thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from enum import StrEnum
import logging
import os
from pathlib import Path
import sqlite3
from typing import Final

_LOGGER = logging.getLogger(__name__)

# Each entry takes a file from its place in this list to the next version, which stands
# in the file's user_version.
MIGRATIONS: Final = (
    """
    CREATE TABLE messages (
        message_id TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL,
        recipient TEXT,
        sent_at REAL NOT NULL,
        ttl INTEGER,
        cost TEXT,
        country TEXT,
        text TEXT,
        status TEXT NOT NULL,
        reason TEXT,
        gateway_status TEXT,
        reported_at REAL,
        source TEXT
    );
    CREATE INDEX messages_by_number ON messages (number, sent_at);
    CREATE INDEX messages_by_time ON messages (sent_at);
    CREATE INDEX messages_under_way ON messages (sent_at) WHERE status = 'sent';
    CREATE TABLE counters (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
)
_PRIVATE: Final = 0o600


class Damage(StrEnum):
    """What was wrong with a file when it was opened."""

    UNREADABLE = "unreadable"
    NEWER_VERSION = "newer_version"
    NOT_WRITABLE = "not_writable"


class _NewerVersionError(Exception):
    """A file was written by a later version of this integration."""


class Database:
    """A file that only one thread touches, in the order in which work is handed in.

    What is committed survives the end of the process at any moment. A file that cannot
    be used is kept beside under another name, and a new one is begun; where nothing can
    be written at all, the content lives in memory.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is touched yet."""
        self._path = path
        self._worker = ThreadPoolExecutor(1, f"{path.name} worker")
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    async def open(self) -> Damage | None:
        """Open or create the file; return what was wrong with it, if anything was."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self._open)

    async def run[T](self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some work in one transaction and return its result.

        Raises sqlite3.Error when it cannot be done; nothing of it was kept then.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._work, work)

    def submit(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Hand in work whose end nobody waits for; a failure is logged."""
        loop = asyncio.get_running_loop()
        handed_in = loop.run_in_executor(self._thread, self._work, work)
        handed_in.add_done_callback(_log_failure)

    async def close(self) -> None:
        """Finish what was handed in, and close the file.

        What comes later, from a send that was under way, is still done.
        """
        loop = asyncio.get_running_loop()
        last = loop.run_in_executor(self._worker, self._close)
        self._closed = True
        await last
        self._worker.shutdown(wait=False)

    @property
    def _thread(self) -> ThreadPoolExecutor | None:
        """Return where work is done: any thread of the loop's once this is closed."""
        return None if self._closed else self._worker

    def _work[T](self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some work in one transaction."""
        if self._connection is not None:
            with self._connection:
                return work(self._connection)
        with closing(_connect(self._path)) as late, late:
            return work(late)

    def _open(self) -> Damage | None:
        """Open the file, a new one beside a bad one, or none at all."""
        try:
            self._connection = _connect(self._path)
        except _NewerVersionError:
            damage = Damage.NEWER_VERSION
        except sqlite3.OperationalError, OSError:
            self._connection = _connect(None)
            return Damage.NOT_WRITABLE
        except sqlite3.DatabaseError:
            damage = Damage.UNREADABLE
        else:
            return None
        try:
            _set_aside(self._path)
            self._connection = _connect(self._path)
        except sqlite3.Error, OSError:
            self._connection = _connect(None)
        return damage

    def _close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def remove(path: Path) -> None:
    """Remove a file with all that belongs to it, also what was set aside."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink(missing_ok=True)


def _connect(path: Path | None) -> sqlite3.Connection:
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
    _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """Take a file to the present version."""
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise _NewerVersionError
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(
            f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;"
        )


def _set_aside(path: Path) -> None:
    """Keep a file that cannot be used under a name of its own."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for part in ("-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)


def _log_failure(done: asyncio.Future[object]) -> None:
    """Say that something could not be written."""
    if not done.cancelled() and (err := done.exception()) is not None:
        _LOGGER.error("The message ledger could not be written: %s", err)
