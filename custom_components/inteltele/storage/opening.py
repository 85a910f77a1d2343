"""How a file is opened whatever its state."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
import sqlite3

from .migrations import NewerVersionError
from .schema import connect, set_aside


class Damage(StrEnum):
    """What was wrong with a file when it was opened."""

    UNREADABLE = "unreadable"
    NEWER_VERSION = "newer_version"
    NOT_WRITABLE = "not_writable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A connection, and what was wrong with the file, if anything was.

    Without a file, the content lives in memory and is not `durable`.
    """

    connection: sqlite3.Connection
    damage: Damage | None = None
    durable: bool = True


def open_file(path: Path, *, checkpoints_paused: bool) -> Opened:
    """Open a file, a new one beside a bad one, or none at all."""
    try:
        connection = connect(path, checkpoints_paused=checkpoints_paused)
    except NewerVersionError:
        return _open_new(path, Damage.NEWER_VERSION, checkpoints_paused)
    except sqlite3.OperationalError, OSError:
        return _open_alone(path, checkpoints_paused)
    except sqlite3.DatabaseError:
        return _open_new(path, Damage.UNREADABLE, checkpoints_paused)
    return Opened(connection=connection)


def _open_alone(path: Path, checkpoints_paused: bool) -> Opened:
    """Open a file on a disk that may be full, or go on without one.

    What waits in it is sent; what cannot be written waits in memory.
    """
    try:
        connection = connect(path, checkpoints_paused=checkpoints_paused, alone=True)
    except sqlite3.Error, OSError:
        return _without_file(Damage.NOT_WRITABLE)
    return Opened(connection=connection)


def _open_new(path: Path, damage: Damage, checkpoints_paused: bool) -> Opened:
    """Keep a file that cannot be used beside, and begin a new one."""
    try:
        set_aside(path)
        connection = connect(path, checkpoints_paused=checkpoints_paused)
    except sqlite3.Error, OSError:
        return _without_file(damage)
    return Opened(connection=connection, damage=damage)


def _without_file(damage: Damage) -> Opened:
    """Go on in memory."""
    return Opened(connection=connect(None), damage=damage, durable=False)
