"""The file that a database is kept in: opened, brought up to date, put away."""

from contextlib import suppress
import os
from pathlib import Path
import sqlite3
import time
from typing import Final

from .checkpoints import let_checkpoint

# Each change writes whole pages: small ones spare the card that the house runs from.
PAGE_SIZE: Final = 1024
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
    # Messages that wait in this house have no id of the gateway's yet.
    """
    ALTER TABLE messages RENAME TO messages_1;
    CREATE TABLE messages (
        seq INTEGER PRIMARY KEY,
        message_id TEXT UNIQUE,
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
    INSERT INTO messages SELECT rowid, * FROM messages_1 ORDER BY rowid;
    DROP TABLE messages_1;
    CREATE INDEX messages_by_number ON messages (number, sent_at);
    CREATE INDEX messages_by_time ON messages (sent_at);
    CREATE INDEX messages_not_final ON messages (status)
        WHERE status IN ('queued', 'sent');
    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY,
        content TEXT NOT NULL,
        until REAL NOT NULL,
        resend_unknown INTEGER NOT NULL,
        reason TEXT NOT NULL,
        not_before REAL,
        attempted_at REAL,
        alone INTEGER NOT NULL
    );
    """,
    # Links by which people answer, and which message each was sent in.
    """
    CREATE TABLE answer_links (
        fingerprint TEXT PRIMARY KEY,
        number TEXT NOT NULL,
        recipient TEXT,
        answers TEXT NOT NULL,
        valid_until REAL NOT NULL,
        answered TEXT,
        answered_at REAL
    ) WITHOUT ROWID;
    ALTER TABLE messages ADD COLUMN link TEXT;
    ALTER TABLE outbox ADD COLUMN button_until REAL;
    CREATE INDEX messages_by_link ON messages (link) WHERE link IS NOT NULL;
    """,
    # What a conversation shows besides the text.
    """
    ALTER TABLE messages ADD COLUMN picture TEXT;
    ALTER TABLE messages ADD COLUMN button TEXT;
    """,
)
_PRIVATE: Final = 0o600


class NewerVersionError(Exception):
    """A file was written by a later version of this integration."""


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
    path: Path | None, *, checkpoints_paused: bool = False
) -> sqlite3.Connection:
    """Return a connection to a file of the present version, in memory without one.

    What is committed outlives the process, but a power cut only once it is synced.
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
    [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """Take a file to the present version."""
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise NewerVersionError
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(
            f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;"
        )


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
