"""How messages that wait are written into the ledger's file, and read from it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
import json
import sqlite3
from typing import Any

from ..gateway import ErrorReason, MessageContent
from .message import Message
from .writing import write_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that waits to be sent.

    Times are UTC. `reason` is why it waits, `until` when it is given up. It is not
    tried before `not_before`. `attempted_at` is set while the gateway is asked; after
    an interruption it tells that the message may have arrived, and `alone`, that
    nothing else went to the number in the minute before. `button_until` is when the
    button of the message stops working, None where it works on.
    """

    message: Message
    content: MessageContent
    until: datetime
    resend_unknown: bool
    reason: ErrorReason
    not_before: datetime | None = None
    attempted_at: datetime | None = None
    alone: bool = True
    button_until: datetime | None = None

    @property
    def seq(self) -> int:
        """Return the ledger's number of the message."""
        return self.message.seq


def put(connection: sqlite3.Connection, items: Iterable[Waiting]) -> None:
    """Keep messages that wait, new or changed; the messages themselves not."""
    connection.executemany(
        "INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                item.seq,
                json.dumps(asdict(item.content)),
                item.until.timestamp(),
                item.resend_unknown,
                item.reason,
                _timestamp(item.not_before),
                _timestamp(item.attempted_at),
                item.alone,
                _timestamp(item.button_until),
            )
            for item in items
        ],
    )


def put_new(connection: sqlite3.Connection, items: Sequence[Waiting]) -> None:
    """Keep messages that wait from now on."""
    write_messages(connection, [item.message for item in items])
    put(connection, items)


def remove(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Forget messages that wait no more."""
    connection.executemany("DELETE FROM outbox WHERE seq = ?", [(seq,) for seq in seqs])


def discard(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Forget messages that wait, with the messages themselves."""
    remove(connection, seqs)
    connection.executemany(
        "DELETE FROM messages WHERE seq = ?", [(seq,) for seq in seqs]
    )


def load(connection: sqlite3.Connection, messages: dict[int, Message]) -> list[Waiting]:
    """Return which of some messages wait, in the order they came in.

    One that the present rules would refuse is left out.
    """
    found = []
    for row in connection.execute("SELECT * FROM outbox ORDER BY seq"):
        if (message := messages.get(row[0])) is not None:
            with suppress(ValueError, TypeError):
                found.append(_waiting(row, message))
    return found


def _waiting(row: tuple[Any, ...], message: Message) -> Waiting:
    """Return what waits from what the file holds."""
    (
        _,
        content,
        until,
        resend_unknown,
        reason,
        not_before,
        attempted_at,
        alone,
        button,
    ) = row
    return Waiting(
        message=message,
        content=MessageContent(**json.loads(content)),
        until=datetime.fromtimestamp(until, UTC),
        resend_unknown=bool(resend_unknown),
        reason=ErrorReason(reason),
        not_before=_moment(not_before),
        attempted_at=_moment(attempted_at),
        alone=bool(alone),
        button_until=_moment(button),
    )


def _timestamp(moment: datetime | None) -> float | None:
    """Return a time as the file holds it."""
    return None if moment is None else moment.timestamp()


def _moment(timestamp: float | None) -> datetime | None:
    """Return a time from what the file holds."""
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC)
