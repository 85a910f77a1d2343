"""What an account did since it was set up, counted without a write for each message.

The file holds the counts of all messages before a certain one; those after it are
counted from their rows when the file is read. Every few hundred messages, and at
night, that place moves on. What is deleted, or counted twice, is added to the file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
import sqlite3
from typing import Any, Final, Self

from .message import Message, MessageStatus

_TAKEN: Final = (
    "(other_id IS NOT NULL OR status IN ('sent', 'delivered') OR "
    "(status = 'failed' AND NOT (source IS 'house' AND message_id IS NULL)))"
)
_COUNT: Final = (
    f"SELECT {_TAKEN}, status, cost, count(*) FROM messages WHERE {{where}} "  # noqa: S608
    "GROUP BY 1, 2, 3"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """How many messages were sent, arrived or failed; `spent` is in the currency."""

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    spent: Decimal = Decimal(0)

    def __add__(self, other: Self) -> Counters:
        """Return both together."""
        return Counters(
            sent=self.sent + other.sent,
            delivered=self.delivered + other.delivered,
            failed=self.failed + other.failed,
            spent=self.spent + other.spent,
        )


def counted(before: Message | None, after: Message) -> Counters:
    """Return what a change of a message adds.

    One that failed and arrived after all counts for both, since counters only grow.
    """
    taken = after.taken and not (before is not None and before.taken)
    changed = before is None or before.status is not after.status
    return Counters(
        sent=int(taken),
        delivered=int(changed and after.status is MessageStatus.DELIVERED),
        failed=int(changed and after.status is MessageStatus.FAILED),
        spent=_cost(after) - (_cost(before) if before else 0),
    )


def _cost(message: Message) -> Decimal:
    """Return what a message cost so far."""
    return message.cost or Decimal(0) if message.taken else Decimal(0)


def read(connection: sqlite3.Connection) -> Counters:
    """Return the counters."""
    kept, until = _kept(connection)
    return kept + _rows(connection, "seq >= ?", (until,))


def add(connection: sqlite3.Connection, more: Counters) -> None:
    """Count what no row tells."""
    kept, until = _kept(connection)
    _keep(connection, kept + more, until)


def arrived_after_all(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Count messages twice that had failed, and that their rows tell once."""
    kept, until = _kept(connection)
    for seq in seqs:
        kept += Counters(delivered=1) if seq < until else Counters(failed=1)
    _keep(connection, kept, until)


def fold_in(connection: sqlite3.Connection, where: str, values: Sequence[Any]) -> None:
    """Count messages that are about to be deleted."""
    kept, until = _kept(connection)
    more = _rows(connection, f"seq >= ? AND {where}", (until, *values))
    if more != Counters():
        _keep(connection, kept + more, until)


def move_on(connection: sqlite3.Connection) -> None:
    """Let the file hold the counts of all messages before the first open one."""
    kept, until = _kept(connection)
    place = _first_open(connection, until)
    if place > until:
        more = _rows(connection, "seq >= ? AND seq < ?", (until, place))
        _keep(connection, kept + more, place)


def leave_to_rows(connection: sqlite3.Connection) -> None:
    """Take what the rows tell out of the counts, which older files have of all."""
    kept, _ = _kept(connection)
    place = _first_open(connection, 0)
    rows = _rows(connection, "seq >= ?", (place,))
    _keep(
        connection,
        Counters(
            sent=kept.sent - rows.sent,
            delivered=kept.delivered - rows.delivered,
            failed=kept.failed - rows.failed,
            spent=kept.spent - rows.spent,
        ),
        place,
    )


def _first_open(connection: sqlite3.Connection, since: int) -> int:
    """Return the number of the first open message, or the next to be given.

    None before `since` is open. Of one without an id nothing more will be heard.
    """
    # One after the other up to the first: an index would find all that are open.
    [place] = connection.execute(
        "SELECT coalesce((SELECT seq FROM messages WHERE seq >= ?1 AND "
        "(+status = 'queued' OR (+status = 'sent' AND "
        "(message_id IS NOT NULL OR second_way IS NOT NULL))) ORDER BY seq LIMIT 1), "
        "(SELECT max(seq) + 1 FROM messages), ?1)",
        (since,),
    ).fetchone()
    return int(place)


def _rows(
    connection: sqlite3.Connection, where: str, values: Sequence[Any]
) -> Counters:
    """Return what the rows of some messages tell."""
    total = Counters()
    for taken, status, cost, count in connection.execute(
        _COUNT.format(where=where), values
    ):
        total += Counters(
            sent=count if taken else 0,
            delivered=count if status == MessageStatus.DELIVERED else 0,
            failed=count if status == MessageStatus.FAILED else 0,
            spent=Decimal(cost) * count if taken and cost else Decimal(0),
        )
    return total


def _kept(connection: sqlite3.Connection) -> tuple[Counters, int]:
    """Return the counts of all messages before one, and its number."""
    kept: dict[str, str] = dict(connection.execute("SELECT name, value FROM counters"))
    return Counters(
        sent=int(kept.get("sent", 0)),
        delivered=int(kept.get("delivered", 0)),
        failed=int(kept.get("failed", 0)),
        spent=Decimal(kept.get("spent", 0)),
    ), int(kept.get("until", 0))


def _keep(connection: sqlite3.Connection, counters: Counters, until: int) -> None:
    """Keep the counts of all messages before one."""
    values = {
        "sent": counters.sent,
        "delivered": counters.delivered,
        "failed": counters.failed,
        "spent": counters.spent,
        "until": until,
    }
    connection.executemany(
        "INSERT OR REPLACE INTO counters VALUES (?, ?)",
        [(name, str(value)) for name, value in values.items()],
    )
