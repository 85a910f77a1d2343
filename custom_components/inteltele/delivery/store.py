"""How messages and counters are written into the ledger's file, and read from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import sqlite3
from typing import Any, Final

from ..gateway import FailureReason
from .messages import MessageStatus, ReceiptSource, SentMessage

KEPT_FOR: Final = timedelta(days=90)
MAX_MESSAGES: Final = 100_000

_COLUMNS: Final = tuple(field.name for field in fields(SentMessage))
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM messages"  # noqa: S608
_INSERT: Final = (
    f"INSERT OR REPLACE INTO messages ({', '.join(_COLUMNS)}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len(_COLUMNS))})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What an account did since it was set up; `spent` is in its currency."""

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    spent: Decimal = Decimal(0)


def write(
    connection: sqlite3.Connection, messages: Iterable[SentMessage], counters: Counters
) -> None:
    """Keep messages, new or changed, and the counters with them."""
    connection.executemany(_INSERT, [_row(message) for message in messages])
    connection.executemany(
        "INSERT OR REPLACE INTO counters VALUES (?, ?)",
        [
            (field.name, str(value))
            for field, value in zip(fields(counters), astuple(counters), strict=True)
        ],
    )


def find(connection: sqlite3.Connection, message_id: str) -> SentMessage | None:
    """Return a message by its id."""
    row = connection.execute(
        f"{_SELECT} WHERE message_id = ?", (message_id,)
    ).fetchone()
    return None if row is None else _message(row)


def latest(connection: sqlite3.Connection) -> dict[str, SentMessage]:
    """Return the newest message to each number."""
    # With max() as the only aggregate, SQLite takes all columns from the row it is in.
    rows = connection.execute(f"{_SELECT} GROUP BY number HAVING max(sent_at)")
    messages = [_message(row) for row in rows]
    return {message.number: message for message in messages}


def history(
    connection: sqlite3.Connection,
    numbers: Sequence[str] | None,
    status: MessageStatus | None,
    limit: int,
) -> list[SentMessage]:
    """Return messages, newest first; None takes every number, or every status."""
    conditions, values = ["1"], list[Any]()
    if numbers is not None:
        conditions.append(f"number IN ({', '.join('?' * len(numbers))})")
        values += numbers
    if status is not None:
        conditions.append("status = ?")
        values.append(status)
    rows = connection.execute(
        f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY sent_at DESC LIMIT ?",
        (*values, limit),
    )
    return [_message(row) for row in rows]


def forget(connection: sqlite3.Connection, number: str) -> int:
    """Forget the messages to a number, and return how many there were."""
    return connection.execute(
        "DELETE FROM messages WHERE number = ?", (number,)
    ).rowcount


def under_way(connection: sqlite3.Connection) -> list[SentMessage]:
    """Return the messages whose end is not known, oldest first."""
    rows = connection.execute(f"{_SELECT} WHERE status = 'sent' ORDER BY sent_at")
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
        "DELETE FROM messages WHERE sent_at < ?", ((now - KEPT_FOR).timestamp(),)
    )
    connection.execute(
        "DELETE FROM messages WHERE rowid IN ("
        "SELECT rowid FROM messages ORDER BY sent_at DESC LIMIT -1 OFFSET ?)",
        (MAX_MESSAGES,),
    )


def _row(message: SentMessage) -> tuple[Any, ...]:
    """Return a message as the file holds it."""
    values = {name: getattr(message, name) for name in _COLUMNS}
    values["sent_at"] = message.sent_at.timestamp()
    values["cost"] = None if message.cost is None else str(message.cost)
    if message.reported_at is not None:
        values["reported_at"] = message.reported_at.timestamp()
    return tuple(values.values())


def _message(row: tuple[Any, ...]) -> SentMessage:
    """Return a message from what the file holds."""
    values = dict(zip(_COLUMNS, row, strict=True))
    values["sent_at"] = datetime.fromtimestamp(values["sent_at"], UTC)
    values["status"] = MessageStatus(values["status"])
    if values["cost"] is not None:
        values["cost"] = Decimal(values["cost"])
    if values["reason"] is not None:
        values["reason"] = FailureReason(values["reason"])
    if values["reported_at"] is not None:
        values["reported_at"] = datetime.fromtimestamp(values["reported_at"], UTC)
    if values["source"] is not None:
        values["source"] = ReceiptSource(values["source"])
    return SentMessage(**values)
