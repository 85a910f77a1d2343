"""How messages and counters are read from the ledger's file, and forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import sqlite3
from typing import Any, Final

from .message import Message, MessageStatus, Place, ReceiptSource, failure_cause

KEPT_FOR: Final = timedelta(days=90)
MAX_MESSAGES: Final = 100_000

COLUMNS: Final = tuple(field.name for field in fields(Message))
_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM messages"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What an account did since it was set up; `spent` is in its currency."""

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    spent: Decimal = Decimal(0)


def in_memory(
    connection: sqlite3.Connection,
) -> tuple[Counters, dict[str, Message], list[Message], list[Message], int]:
    """Return what is kept in memory.

    It is the counters, the latest message to each number, those that wait, those under
    way, and the number that was given last.
    """
    return (
        counters(connection),
        latest(connection),
        queued(connection),
        under_way(connection),
        last_seq(connection),
    )


def last_seq(connection: sqlite3.Connection) -> int:
    """Return the number that was given last."""
    [seq] = connection.execute("SELECT max(seq) FROM messages").fetchone()
    return seq or 0


def find(connection: sqlite3.Connection, message_id: str) -> Message | None:
    """Return a message by its id."""
    row = connection.execute(
        f"{_SELECT} WHERE message_id = ?", (message_id,)
    ).fetchone()
    return None if row is None else _message(row)


def latest(connection: sqlite3.Connection) -> dict[str, Message]:
    """Return the message to each number that came in last."""
    # With max() as the only aggregate, SQLite takes all columns from the row it is in.
    rows = connection.execute(f"{_SELECT} GROUP BY number HAVING max(seq)")
    messages = [_message(row) for row in rows]
    return {message.number: message for message in messages}


def history(
    connection: sqlite3.Connection,
    numbers: Sequence[str] | None,
    status: MessageStatus | None,
    limit: int,
    before: Place | None = None,
) -> list[Message]:
    """Return messages, newest first; None takes every number, status, or place.

    A page costs the same anywhere in the history: `before` is where the last one ended.
    """
    conditions, values = ["1"], list[Any]()
    if numbers is not None:
        # The index by number gives the order for one of them, that by time for several.
        column = "number" if len(numbers) == 1 else "+number"
        conditions.append(f"{column} IN ({', '.join('?' * len(numbers))})")
        values += numbers
    if before is not None:
        conditions.append("(sent_at, seq) < (?, ?)")
        values += (before.sent_at.timestamp(), before.seq)
    if status is not None:
        conditions.append("status = ?")
        values.append(status)
    rows = connection.execute(
        f"{_SELECT} WHERE {' AND '.join(conditions)} "
        "ORDER BY sent_at DESC, seq DESC LIMIT ?",
        (*values, limit),
    )
    return [_message(row) for row in rows]


def with_seq(connection: sqlite3.Connection, seq: int) -> Message | None:
    """Return a message by the ledger's number."""
    row = connection.execute(f"{_SELECT} WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else _message(row)


def with_link(connection: sqlite3.Connection, link: str) -> list[Message]:
    """Return the messages that an answer link was sent in."""
    rows = connection.execute(f"{_SELECT} WHERE link = ?", (link,))
    return [_message(row) for row in rows]


def forget(connection: sqlite3.Connection, number: str) -> int:
    """Forget the messages to a number that do not wait; return how many there were."""
    return connection.execute(
        "DELETE FROM messages WHERE number = ? AND status != 'queued'", (number,)
    ).rowcount


def under_way(connection: sqlite3.Connection) -> list[Message]:
    """Return the messages whose end the gateway will tell, oldest first."""
    rows = connection.execute(
        f"{_SELECT} WHERE status = 'sent' AND message_id IS NOT NULL ORDER BY sent_at"
    )
    return [_message(row) for row in rows]


def queued(connection: sqlite3.Connection) -> list[Message]:
    """Return the messages that wait to be sent, in the order they came in."""
    rows = connection.execute(f"{_SELECT} WHERE status = 'queued' ORDER BY seq")
    return [_message(row) for row in rows]


def times_sent_since(
    connection: sqlite3.Connection, moment: datetime
) -> list[datetime]:
    """Return when the gateway took messages since a moment, oldest first."""
    return [message.sent_at for message in taken_since(connection, moment)]


def taken_since(connection: sqlite3.Connection, moment: datetime) -> list[Message]:
    """Return the messages that the gateway took since a moment, oldest first."""
    rows = connection.execute(
        f"{_SELECT} WHERE sent_at > ? AND status != 'queued' "
        "AND NOT (source IS 'house' AND message_id IS NULL) ORDER BY sent_at",
        (moment.timestamp(),),
    )
    return [_message(row) for row in rows]


def counters(connection: sqlite3.Connection) -> Counters:
    """Return the counters."""
    kept: Mapping[str, str] = dict(
        connection.execute("SELECT name, value FROM counters").fetchall()
    )
    return Counters(
        sent=int(kept.get("sent", 0)),
        delivered=int(kept.get("delivered", 0)),
        failed=int(kept.get("failed", 0)),
        spent=Decimal(kept.get("spent", 0)),
    )


def prune(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget messages that are too old, and the oldest where there are too many."""
    connection.execute(
        "DELETE FROM messages WHERE sent_at < ? AND status != 'queued'",
        ((now - KEPT_FOR).timestamp(),),
    )
    connection.execute(
        "DELETE FROM messages WHERE status != 'queued' AND seq IN ("
        "SELECT seq FROM messages ORDER BY sent_at DESC LIMIT -1 OFFSET ?)",
        (MAX_MESSAGES,),
    )


def _message(row: tuple[Any, ...]) -> Message:
    """Return a message from what the file holds."""
    values = dict(zip(COLUMNS, row, strict=True))
    values["sent_at"] = datetime.fromtimestamp(values["sent_at"], UTC)
    values["status"] = MessageStatus(values["status"])
    if values["cost"] is not None:
        values["cost"] = Decimal(values["cost"])
    if values["reason"] is not None:
        values["reason"] = failure_cause(values["reason"])
    if values["reported_at"] is not None:
        values["reported_at"] = datetime.fromtimestamp(values["reported_at"], UTC)
    if values["source"] is not None:
        values["source"] = ReceiptSource(values["source"])
    return Message(**values)
