"""Work on a file, done together in one transaction, and what is kept for later."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
import sqlite3
from threading import Lock
import traceback
from typing import Final, TypeIs

from ..plain import get_logger

_LOGGER = get_logger(__name__)

# What a full disk keeps from being done, at most; the oldest is given up first.
MAX_KEPT: Final = 10_000
# Faults of the disk, which pass. Work that fails for anything else is at fault itself.
_PASSING: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
}

type Work[T = object] = Callable[[sqlite3.Connection], T]


class Step:
    """Some work, what became of it, and who waits for it, if anybody does."""

    __slots__ = ("error", "result", "synced", "waiting", "work")

    def __init__(
        self,
        work: Work,
        *,
        waiting: asyncio.Future[object] | None = None,
        synced: bool = True,
    ) -> None:
        """Note the work; `synced` work is done when it would outlive a power cut."""
        self.work = work
        self.waiting = waiting
        self.synced = synced
        self.result: object = None
        self.error: Exception | None = None

    def settle(self) -> None:
        """Tell whoever waits what became of it, and the log what nobody waits for."""
        if self.waiting is None:
            if self.error is not None:
                _LOGGER.error(
                    "A change could not be written into the message ledger: %s",
                    _described(self.error),
                )
        elif self.waiting.done():
            # Given up meanwhile.
            return
        elif self.error is None:
            self.waiting.set_result(self.result)
        else:
            self.waiting.set_exception(self.error)


class Batch:
    """Steps that become one transaction; more can be added until it begins."""

    def __init__(self, steps: Iterable[Step]) -> None:
        """Start with some steps."""
        self.steps = list(steps)
        self._lock = Lock()
        self._begun = False

    def add(self, steps: Iterable[Step]) -> bool:
        """Add steps; return whether that could still be done."""
        with self._lock:
            if not self._begun:
                self.steps += steps
            return not self._begun

    def begin(self) -> None:
        """Take no more steps."""
        with self._lock:
            self._begun = True


class Transactions:
    """Carries out batches, and keeps what the disk does not take."""

    def __init__(self) -> None:
        """Start with nothing kept."""
        self.kept: deque[Step] = deque(maxlen=MAX_KEPT)

    def carry_out(
        self, connection: sqlite3.Connection, batch: Batch
    ) -> sqlite3.Error | None:
        """Do the steps of a batch, after what was kept, all of it together.

        One that fails for its own content takes no other with it. What nobody waits for
        is kept where the disk does not take it. Afterwards the batch holds the steps
        that came to their end. Returns what is wrong with the file, if anything is.
        """
        batch.begin()
        steps = batch.steps = [*self.kept, *batch.steps]
        self.kept.clear()
        if not steps:
            return None
        try:
            _do(connection, steps)
        except Exception as err:  # noqa: BLE001 - told to whoever waits, or the log
            for step in steps:
                step.error = err
            if _is_passing(err):
                self.kept.extend(step for step in steps if step.waiting is None)
                batch.steps = [step for step in steps if step.waiting is not None]
                return err
        return next((step.error for step in steps if _is_of_the_file(step.error)), None)


def _is_passing(err: Exception) -> TypeIs[sqlite3.OperationalError]:
    """Return whether an error is a fault of the disk, not of the work."""
    # The low byte of the code; what is above says more about it.
    return (
        isinstance(err, sqlite3.OperationalError)
        and getattr(err, "sqlite_errorcode", 0) & 0xFF in _PASSING
    )


def _is_of_the_file(err: Exception | None) -> TypeIs[sqlite3.DatabaseError]:
    """Return whether an error tells that the file is in no order."""
    return type(err) in {sqlite3.DatabaseError, sqlite3.OperationalError}


def _described(err: Exception) -> str:
    """Return what failed and where, without the error's text: it may quote content."""
    name = getattr(err, "sqlite_errorname", "")
    return "\n".join(
        (
            f"{type(err).__name__} {name}".strip(),
            *traceback.format_tb(err.__traceback__),
        )
    )


def _do(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Do steps together, or, where one fails for its own content, without that."""
    try:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            for step in steps:
                step.result, step.error = step.work(connection), None
    except Exception as err:
        if _is_passing(err) or len(steps) == 1:
            raise
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            for step in steps:
                _do_alone(connection, step)


def _do_alone(connection: sqlite3.Connection, step: Step) -> None:
    """Do a step, or note why that is impossible."""
    connection.execute("SAVEPOINT step")
    try:
        step.result, step.error = step.work(connection), None
    except Exception as err:
        if _is_passing(err):
            raise
        step.error = err
        connection.execute("ROLLBACK TO step")
    connection.execute("RELEASE step")
