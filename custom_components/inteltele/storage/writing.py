"""How messages and counters are written into the ledger's file."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import batched, chain
from operator import attrgetter
import sqlite3
from typing import Any, Final, override

from .database import JoinableWork, Work, nothing
from .message import Message
from .messages import COLUMNS, Counters

# Between any two rows of executemany(), the event loop may wait for Python's lock:
# several rows in one statement hold it up once.
_ROWS_AT_ONCE: Final = 32
_INSERT: Final = f"INSERT OR REPLACE INTO messages ({', '.join(COLUMNS)}) VALUES "  # noqa: S608
_FREE_IDS: Final = "UPDATE messages SET message_id = NULL WHERE message_id"
_COUNT: Final = "INSERT OR REPLACE INTO counters VALUES (?, ?), (?, ?), (?, ?), (?, ?)"
_ROW: Final = f"({', '.join('?' * len(COLUMNS))})"
_values_of = attrgetter(*COLUMNS)
_SEQ, _MESSAGE_ID, _SENT_AT, _COST, _REPORTED_AT = map(
    COLUMNS.index, ("seq", "message_id", "sent_at", "cost", "reported_at")
)

type Statement = tuple[str, list[Any]]


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
        self.also = also
        self.joined: list[Writing] = []
        self._statements: list[Statement] = []

    @override
    def join(self, later: Work) -> bool:
        """Take a later writing in."""
        if not isinstance(later, Writing):
            return False
        self.joined += later._all()  # noqa: SLF001 - of its own kind
        return True

    @override
    def parts(self) -> Iterator[Writing]:
        """Return what was joined, each by itself."""
        for part in self._all():
            alone = Writing(part.messages, part.counters, part.also)
            alone.prepare()
            yield alone

    @override
    def prepare(self) -> None:
        """Put it into words that SQLite understands."""
        parts = self._all()
        messages = chain.from_iterable(part.messages for part in parts)
        counters = asdict(parts[-1].counters)
        texts = chain.from_iterable(
            (name, str(value)) for name, value in counters.items()
        )
        self._statements = [*_statements(messages), (_COUNT, list(texts))]

    @override
    def __call__(self, connection: sqlite3.Connection) -> None:
        """Write it."""
        for statement, values in self._statements:
            connection.execute(statement, values)
        for part in self._all():
            part.also(connection)

    def _all(self) -> list[Writing]:
        """Return this and what was joined, in order; a list of it would be a cycle."""
        return [self, *self.joined]


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
        free_ids = f"{_FREE_IDS} IN ({several}) AND seq NOT IN ({several})"
        ids, seqs = zip(*((row[_MESSAGE_ID], row[_SEQ]) for row in batch), strict=True)
        yield free_ids, [*ids, *seqs]
        insert = _INSERT + ", ".join([_ROW] * len(batch))
        yield insert, list(chain.from_iterable(batch))


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
