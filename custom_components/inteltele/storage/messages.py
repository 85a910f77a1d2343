"""The table of messages: written, read and pruned."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import batched, chain
import sqlite3
from typing import Any, Final

from .counters import fold_in
from .message import Message, MessageStatus, Use
from .rows import COLUMNS, SELECT, changed_columns, messages_of, moment, row_of

KEPT_FOR: Final = timedelta(days=90)
MAX_MESSAGES: Final = 100_000

# Between any two rows of executemany(), the event loop may wait for Python's lock:
# several rows in one statement hold it up once.
_ROWS_AT_ONCE: Final = 32
_INSERT: Final = f"INSERT INTO messages ({', '.join(COLUMNS)}) VALUES "  # noqa: S608
_ROW: Final = f"({', '.join('?' * len(COLUMNS))})"
# A message that waited was taken later than others that were accepted after it.
_OLDER_IN_A_ROW: Final = 200

type Change = tuple[Message, Message]


def insert(connection: sqlite3.Connection, messages: Iterable[Message]) -> None:
    """Keep new messages."""
    for batch in batched(messages, _ROWS_AT_ONCE, strict=False):
        rows = [row_of(message).values() for message in batch]
        sql = _INSERT + ", ".join([_ROW] * len(rows))
        connection.execute(sql, list(chain.from_iterable(rows)))


def update(connection: sqlite3.Connection, changes: Iterable[Change]) -> set[int]:
    """Keep what changed of messages; one that was deleted meanwhile stays deleted.

    Returns the numbers of those.
    """
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    for before, after in changes:
        columns, row = changed_columns(before, after), row_of(after)
        values = [row[column] for column in columns]
        alike.setdefault(columns, []).append([*values, after.seq])
    gone = set[int]()
    for columns, rows in alike.items():
        if columns:
            assignments = ", ".join(f"{column} = ?" for column in columns)
            updated = connection.executemany(
                f"UPDATE messages SET {assignments} WHERE seq = ?",  # noqa: S608
                rows,
            )
            if updated.rowcount < len(rows):
                seqs = [values[-1] for values in rows]
                found = {message.seq for message in _with_seqs(connection, seqs)}
                gone.update(set(seqs) - found)
    return gone


def last_seq(connection: sqlite3.Connection) -> int:
    """Return the number that was given last."""
    [seq] = connection.execute("SELECT max(seq) FROM messages").fetchone()
    return seq or 0


def open_messages(connection: sqlite3.Connection) -> list[Message]:
    """Return the messages that have not come to their end, in order."""
    found = connection.execute(
        f"{SELECT} WHERE status IN ('queued', 'sent') ORDER BY seq"
    )
    return messages_of(found)


def latest(connection: sqlite3.Connection) -> dict[str, Message]:
    """Return the message to each number that was accepted last."""
    newest = connection.execute("SELECT max(seq) FROM messages GROUP BY number")
    seqs = list(chain.from_iterable(newest.fetchall()))
    return {
        message.number: message
        for batch in batched(seqs, 500, strict=False)
        for message in _with_seqs(connection, batch)
    }


def find(connection: sqlite3.Connection, message_id: str) -> Message | None:
    """Return the newest message with one of the gateway's ids."""
    found = connection.execute(
        f"{SELECT} WHERE message_id = ?1 OR other_id = ?1 ORDER BY seq DESC LIMIT 1",
        (message_id,),
    )
    return next(iter(messages_of(found)), None)


def with_seq(connection: sqlite3.Connection, seq: int) -> Message | None:
    """Return the message with a number."""
    found = _with_seqs(connection, [seq])
    return found[0] if found else None


def history(
    connection: sqlite3.Connection,
    numbers: Sequence[str] | None,
    status: MessageStatus | None,
    limit: int,
    before: int | None = None,
) -> list[Message]:
    """Return messages, newest first; None takes every number, status, or place.

    A page costs the same anywhere in the history: `before` is the `seq` at which the
    last one ended.
    """
    conditions, values = ["1"], list[Any]()
    if numbers is not None:
        # The index by number gives the order for one of them only.
        column = "number" if len(numbers) == 1 else "+number"
        conditions.append(f"{column} IN ({', '.join('?' * len(numbers))})")
        values += numbers
    if before is not None:
        conditions.append("seq < ?")
        values.append(before)
    if status is not None:
        column = "status" if numbers is None else "+status"
        conditions.append(f"{column} = ?")
        values.append(status)
    rows = connection.execute(
        f"{SELECT} WHERE {' AND '.join(conditions)} ORDER BY seq DESC LIMIT ?",
        (*values, limit),
    )
    return messages_of(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What may have left: to whom, which text, when, and what it takes of limits."""

    seq: int
    number: str
    text: str | None
    sent_at: datetime
    use: Use


def taken_since(connection: sqlite3.Connection, since: datetime) -> list[Taken]:
    """Return what may have left since a moment, oldest first, but what is queued."""
    columns = (
        "seq, number, text, channel = 'viber' OR other_id IS NOT NULL, "
        "CASE WHEN status = 'failed' AND source IS 'house' AND channel = 'sms' "
        "AND message_id IS NULL AND reason IS NOT 'outcome_unknown' THEN 0 "
        "ELSE coalesce(sms_parts, 0) END, "
        "status IN ('sent', 'delivered') OR status != 'queued' AND ("
        "message_id IS NOT NULL OR other_id IS NOT NULL "
        "OR reason IS 'outcome_unknown')"
    )
    found = [
        Taken(
            seq=seq,
            number=number,
            text=text,
            sent_at=moment(sent_at),
            use=Use(viber=by_viber, parts=parts),
        )
        for sent_at, seq, number, text, by_viber, parts, left in _newer(
            connection, columns, since
        )
        if left
    ]
    return sorted(found, key=lambda taken: taken.sent_at)


def spent_since(connection: sqlite3.Connection, since: datetime) -> Decimal:
    """Return what messages since a moment cost, in the account's currency."""
    return sum(
        (Decimal(cost) for _, cost in _newer(connection, "cost", since) if cost),
        Decimal(0),
    )


def _newer(
    connection: sqlite3.Connection, columns: str, since: datetime
) -> Iterator[tuple[Any, ...]]:
    """Yield when messages since a moment were sent and some columns, newest first.

    They are looked through until enough in a row are older.
    """
    older = 0
    for row in connection.execute(
        f"SELECT sent_at, {columns} FROM messages ORDER BY seq DESC"  # noqa: S608
    ):
        if row[0] > since.timestamp():
            older = 0
            yield row
        elif (older := older + 1) == _OLDER_IN_A_ROW:
            return


def delete(connection: sqlite3.Connection, number: str, but: Iterable[int] = ()) -> int:
    """Delete the messages to a number but some; return how many there were."""
    kept = ", ".join(str(int(seq)) for seq in but)
    where = f"number = ? AND seq NOT IN ({kept})"
    return _delete(connection, where, (number,))


def prune(connection: sqlite3.Connection, now: datetime) -> int:
    """Delete messages that are too old, and the oldest where there are too many.

    What waits is kept. Returns how many were deleted.
    """
    old = _delete(
        connection,
        "sent_at < ? AND status != 'queued'",
        ((now - KEPT_FOR).timestamp(),),
    )
    return old + _delete(
        connection,
        "status != 'queued' AND seq <= "
        "(SELECT seq FROM messages ORDER BY seq DESC LIMIT 1 OFFSET ?)",
        (MAX_MESSAGES,),
    )


def _delete(connection: sqlite3.Connection, where: str, values: Sequence[Any]) -> int:
    """Delete messages, and keep what they were counted for."""
    fold_in(connection, where, values)
    return connection.execute(f"DELETE FROM messages WHERE {where}", values).rowcount  # noqa: S608


def _with_seqs(connection: sqlite3.Connection, seqs: Sequence[int]) -> list[Message]:
    """Return the messages with some numbers."""
    several = ", ".join("?" * len(seqs))
    return messages_of(connection.execute(f"{SELECT} WHERE seq IN ({several})", seqs))
