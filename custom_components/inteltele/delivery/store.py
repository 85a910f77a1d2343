"""How messages and counters are written into the ledger's file, and read from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import batched, chain
from operator import attrgetter
import sqlite3
from typing import Any, Final, override

from .database import JoinableWork, Work, nothing
from .messages import Message, MessageStatus, Place, ReceiptSource, failure_cause

KEPT_FOR: Final = timedelta(days=90)
MAX_MESSAGES: Final = 100_000

_COLUMNS: Final = tuple(field.name for field in fields(Message))
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM messages"  # noqa: S608
# Between any two rows of executemany(), the event loop may wait for Python's lock:
# several rows in one statement hold it up once.
_ROWS_AT_ONCE: Final = 32
_INSERT: Final = f"INSERT OR REPLACE INTO messages ({', '.join(_COLUMNS)}) VALUES "  # noqa: S608
_COUNT: Final = "INSERT OR REPLACE INTO counters VALUES (?, ?), (?, ?), (?, ?), (?, ?)"
_ROW: Final = f"({', '.join('?' * len(_COLUMNS))})"
_values_of = attrgetter(*_COLUMNS)
_SEQ, _MESSAGE_ID, _SENT_AT, _COST, _REPORTED_AT = map(
    _COLUMNS.index, ("seq", "message_id", "sent_at", "cost", "reported_at")
)


type Statement = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What an account did since it was set up; `spent` is in its currency."""

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    spent: Decimal = Decimal(0)


class Writing(JoinableWork):
    """Messages, new or changed, with the counters that are right after them.

    What follows is written with it, as long as it is not under way.
    """

    def __init__(
        self, messages: Iterable[Message], counters: Counters, also: Work = nothing
    ) -> None:
        """Keep what is to be written, and what is to be done besides."""
        self.messages = list(messages)
        self.counters = counters
        self.also = [also]
        self._statements: list[Statement] = []

    @override
    def join(self, later: Work) -> bool:
        """Take a later writing in."""
        if not isinstance(later, Writing):
            return False
        self.messages += later.messages
        self.counters = later.counters
        self.also += later.also
        return True

    @override
    def prepare(self) -> None:
        """Put it into words that SQLite understands."""
        counters = chain.from_iterable(
            (name, str(value)) for name, value in asdict(self.counters).items()
        )
        self._statements = [*_statements(self.messages), (_COUNT, list(counters))]

    @override
    def __call__(self, connection: sqlite3.Connection) -> None:
        """Write it."""
        for statement, values in self._statements:
            connection.execute(statement, values)
        for also in self.also:
            also(connection)


def write_messages(connection: sqlite3.Connection, messages: Iterable[Message]) -> None:
    """Keep messages, new or changed; of one that comes twice, the later state.

    Where the gateway gives an id a second time, the message that had it stays without.
    """
    for statement, values in _statements(messages):
        connection.execute(statement, values)


def _statements(messages: Iterable[Message]) -> Iterator[Statement]:
    """Return the statements that keep messages."""
    latest = {message.seq: message for message in messages}
    owners = {message.message_id: message.seq for message in latest.values()}
    rows = [
        _row(message, owns_id=owners[message.message_id] == message.seq)
        for message in latest.values()
    ]
    for batch in batched(rows, _ROWS_AT_ONCE, strict=False):
        several = ", ".join("?" * len(batch))
        yield (
            "UPDATE messages SET message_id = NULL "  # noqa: S608
            f"WHERE message_id IN ({several}) AND seq NOT IN ({several})",
            [*(row[_MESSAGE_ID] for row in batch), *(row[_SEQ] for row in batch)],
        )
        yield (
            _INSERT + ", ".join([_ROW] * len(batch)),
            list(chain.from_iterable(batch)),
        )


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


def _row(message: Message, *, owns_id: bool) -> list[Any]:
    """Return a message as the file holds it."""
    row: list[Any] = list(_values_of(message))
    row[_SENT_AT] = message.sent_at.timestamp()
    if not owns_id:
        row[_MESSAGE_ID] = None
    if message.cost is not None:
        row[_COST] = str(message.cost)
    if message.reported_at is not None:
        row[_REPORTED_AT] = message.reported_at.timestamp()
    return row


def _message(row: tuple[Any, ...]) -> Message:
    """Return a message from what the file holds."""
    values = dict(zip(_COLUMNS, row, strict=True))
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
