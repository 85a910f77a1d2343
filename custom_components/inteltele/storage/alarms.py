"""The table of alarms: each is one row, and what it holds is the alarms' own."""

from collections.abc import Iterable
import sqlite3


def write(connection: sqlite3.Connection, alarm_id: str, state: str) -> None:
    """Keep an alarm as it is now."""
    connection.execute(
        "INSERT INTO alarms VALUES (?, ?) "
        "ON CONFLICT (id) DO UPDATE SET state = excluded.state",
        (alarm_id, state),
    )


def load(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return all alarms by their ids, oldest first."""
    return connection.execute("SELECT id, state FROM alarms ORDER BY id").fetchall()


def delete(connection: sqlite3.Connection, alarm_ids: Iterable[str]) -> None:
    """Forget alarms that nothing comes of any more."""
    connection.executemany(
        "DELETE FROM alarms WHERE id = ?", [(alarm_id,) for alarm_id in alarm_ids]
    )
