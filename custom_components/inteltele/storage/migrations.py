"""How a file becomes one of the present version, whichever version wrote it."""

import sqlite3
from typing import Final

from .counters import leave_to_rows
from .ids import new_id

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
    # One row for a message from when it was accepted to its end: what was the outbox
    # is part of it. An index holds the number of its row, and with it the order.
    """
    CREATE TABLE messages_5 (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        message_id TEXT COLLATE NOCASE,
        channel TEXT NOT NULL,
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
        source TEXT,
        link TEXT,
        picture TEXT,
        button TEXT,
        submission TEXT
    );
    INSERT INTO messages_5
        SELECT place, message_id(sent_at, place), message_id, 'viber', number,
            recipient,
            sent_at, ttl, cost, country, text, status,
            coalesce(messages.reason, outbox.reason),
            gateway_status, reported_at, source, link, picture, button,
            CASE WHEN json_valid(content) THEN json_object(
                'content', json(content), 'until', until,
                'resend_unknown', json(iif(resend_unknown, 'true', 'false')),
                'not_before', not_before, 'attempted_at', attempted_at,
                'alone', json(iif(alone, 'true', 'false')),
                'button_until', button_until
            ) END
        FROM (
            SELECT *, row_number() OVER (ORDER BY sent_at, seq) AS place FROM messages
        ) AS messages LEFT JOIN outbox USING (seq) ORDER BY place;
    ALTER TABLE answer_links ADD COLUMN message INTEGER;
    UPDATE answer_links SET message =
        (SELECT seq FROM messages WHERE link = fingerprint ORDER BY seq DESC LIMIT 1);
    DROP TABLE outbox;
    DROP TABLE messages;
    ALTER TABLE messages_5 RENAME TO messages;
    CREATE INDEX messages_by_number ON messages (number);
    CREATE INDEX messages_by_status ON messages (status);
    CREATE INDEX messages_by_message_id ON messages (message_id)
        WHERE message_id IS NOT NULL;
    """,
    # What could not be told yet, because nobody would have heard it.
    """
    CREATE TABLE untold (
        place INTEGER PRIMARY KEY,
        number TEXT NOT NULL,
        type TEXT NOT NULL,
        attributes TEXT NOT NULL,
        message INTEGER,
        before TEXT
    );
    """,
    # An SMS as the second way of a message.
    """
    ALTER TABLE messages ADD COLUMN other_id TEXT COLLATE NOCASE;
    ALTER TABLE messages ADD COLUMN second_way TEXT;
    ALTER TABLE messages ADD COLUMN sms_parts INTEGER;
    CREATE INDEX messages_by_other_id ON messages (other_id)
        WHERE other_id IS NOT NULL;
    """,
    # Alarms, whose links are answered on a page of their own.
    """
    CREATE TABLE alarms (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
    ALTER TABLE answer_links ADD COLUMN alarm TEXT;
    """,
)

# The version from which on a message is one row, and counters leave out open rows.
_ONE_ROW: Final = 5
# When that was new, it lacked a column.
_WITH_OUTBOX: Final = 3


class NewerVersionError(Exception):
    """A file was written by a later version of this integration."""


def migrate(connection: sqlite3.Connection) -> None:
    """Take a file to the present version.

    Raises NewerVersionError, and sqlite3.Error where it cannot be written.
    """
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise NewerVersionError
    if version == len(MIGRATIONS):
        return
    connection.create_function("message_id", 2, new_id)
    if _WITH_OUTBOX <= version < _ONE_ROW:
        _complete_outbox(connection)
    # All together: what is counted from rows needs the present ones.
    connection.executescript(f"BEGIN; {'; '.join(MIGRATIONS[version:])}")
    if version < _ONE_ROW:
        leave_to_rows(connection)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.commit()


def _complete_outbox(connection: sqlite3.Connection) -> None:
    """Add what version 3 lacked when it was new, under the same number."""
    columns = connection.execute("SELECT name FROM pragma_table_info('outbox')")
    if ("button_until",) not in columns.fetchall():
        connection.execute("ALTER TABLE outbox ADD COLUMN button_until REAL")
