"""One SQLite file behind one worker thread."""

from abc import ABC, abstractmethod
import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from enum import StrEnum
import logging
from pathlib import Path
import sqlite3
from typing import Final

from .migrations import NewerVersionError
from .schema import connect, set_aside

_LOGGER = logging.getLogger(__name__)

# Work that nobody waits for is done together with what else comes within this time,
# because each transaction takes some of its own, and wears the disk.
GATHERED_FOR: Final = 0.05
# Work that a full disk keeps from being done is tried again with the next.
MAX_UNWRITTEN: Final = 10_000


type Work[T = object] = Callable[[sqlite3.Connection], T]


class JoinableWork(ABC):
    """Work that later work can be made part of, until it is handed to the worker."""

    @abstractmethod
    def join(self, later: Work) -> bool:
        """Take later work in; return whether that can be done."""

    @abstractmethod
    def parts(self) -> Iterable[Work]:
        """Return what was joined, each prepared by itself."""

    @abstractmethod
    def prepare(self) -> None:
        """Do what needs no file; nothing is joined any more.

        Here, in the event loop, because the worker would hold it up by Python's lock.
        """

    @abstractmethod
    def __call__(self, connection: sqlite3.Connection) -> object:
        """Do all of it."""


def _parts(work: Work) -> Iterable[Work]:
    """Return what can be done by itself."""
    return work.parts() if isinstance(work, JoinableWork) else (work,)


def nothing(_: sqlite3.Connection) -> None:
    """Do no work."""


def _scrub(connection: sqlite3.Connection) -> None:
    """Write the file anew, and empty the log of what was written last."""
    connection.execute("VACUUM")
    [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("somebody else reads the file")


class Damage(StrEnum):
    """What was wrong with a file when it was opened."""

    UNREADABLE = "unreadable"
    NEWER_VERSION = "newer_version"
    NOT_WRITABLE = "not_writable"


class Database:
    """A file that only one thread touches, in the order in which work is handed in.

    What is committed survives the end of the process at any moment. A file that cannot
    be used is kept beside under another name, and a new one is begun; where nothing can
    be written at all, the content lives in memory.
    """

    def __init__(
        self,
        path: Path,
        *,
        on_written: Callable[[sqlite3.Error | None], None] = lambda _: None,
    ) -> None:
        """Name the file; nothing is touched yet.

        `on_written` hears of every writing what kept it from being done, None for
        nothing.
        """
        self._path = path
        self._on_written = on_written
        self._gathered: list[Work] = []
        self._gathering: asyncio.TimerHandle | None = None
        self._unwritten: deque[Work] = deque(maxlen=MAX_UNWRITTEN)
        self._worker = ThreadPoolExecutor(1, f"{path.name} worker")
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        self._failing = False
        self._unreadable = False
        self._in_memory = False

    @property
    def durable(self) -> bool:
        """Return whether what is written survives the end of the process."""
        return not self._in_memory

    async def open(self) -> Damage | None:
        """Open or create the file; return what was wrong with it, if anything was."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self._open)

    async def read[T](self, work: Work[T]) -> T:
        """Ask something and return the answer.

        Raises sqlite3.Error when it cannot be read, which is logged here.
        """
        self._hand_in()
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._thread, self._work, work)
        except sqlite3.Error as err:
            # Once, because anybody who knows the webhook can have a message looked for.
            if not self._unreadable:
                _LOGGER.error("The message ledger could not be read: %s", err)  # noqa: TRY400
            self._unreadable = True
            raise
        self._unreadable = False
        return answer

    async def write[T](self, work: Work[T], *, synced: bool = True) -> T:
        """Do some work in one transaction; once this returns, it is on disk.

        Raises sqlite3.Error when it cannot be done; nothing of it was kept then.
        """
        self._hand_in()
        loop = asyncio.get_running_loop()
        try:
            result = await loop.run_in_executor(self._thread, self._write, work)
        except sqlite3.Error as err:
            self._tell(err)
            raise
        self._tell(None)
        return result

    async def scrub(self) -> None:
        """Leave nothing in the file of what was deleted.

        SQLite only gives it free, and keeps copies where it moved rows.
        """
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._work, _scrub)
        except sqlite3.Error as err:
            _LOGGER.warning("What was deleted is not overwritten yet: %s", err)

    def submit(self, work: Work) -> None:
        """Hand in work whose end nobody waits for; it is done within a moment.

        Where the disk is full it is done later; what cannot be done at all is logged.
        """
        last = self._gathered[-1] if self._gathered else None
        if not (isinstance(last, JoinableWork) and last.join(work)):
            self._gathered.append(work)
        if self._closed:
            self._hand_in()
        elif self._gathering is None:
            loop = asyncio.get_running_loop()
            self._gathering = loop.call_later(GATHERED_FOR, self._hand_in)

    async def close(self) -> None:
        """Finish what was handed in, and close the file.

        What comes later, from a send that was under way, is still done.
        """
        self._hand_in()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._worker, self._close)
        self._closed = True
        # Waited for elsewhere: the loop must go on, and tell what was written.
        await loop.run_in_executor(None, self._worker.shutdown)

    @property
    def _thread(self) -> ThreadPoolExecutor | None:
        """Return where work is done: any thread of the loop's once this is closed."""
        return None if self._closed else self._worker

    def _hand_in(self) -> None:
        """Let what was gathered be done now, before anything that comes later."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        if self._gathered:
            works, self._gathered = self._gathered, []
            for work in works:
                if isinstance(work, JoinableWork):
                    work.prepare()
            loop = asyncio.get_running_loop()
            handed_in = loop.run_in_executor(self._thread, self._write_or_keep, works)
            handed_in.add_done_callback(self._written)

    def _write_or_keep(self, works: Sequence[Work]) -> None:
        """Do some work, now or with what comes next."""

        def everything(connection: sqlite3.Connection) -> None:
            """Do all of it in one transaction."""
            for work in works:
                work(connection)

        try:
            self._write(everything)
        except sqlite3.OperationalError:
            self._unwritten.extend(works)
            raise
        except Exception:
            parts = [part for work in works for part in _parts(work)]
            if len(parts) == 1:
                raise
            # What fails by itself must not take the rest with it.
            self._write_one_by_one(parts)

    def _write_one_by_one(self, works: Iterable[Work]) -> None:
        """Do all the work that can be done, and raise what kept the last from it."""
        failure: Exception | None = None
        for work in works:
            try:
                self._write_or_keep([work])
            except Exception as err:  # noqa: BLE001 - raised when all was tried
                failure = err
        if failure is not None:
            raise failure

    def _write[T](self, work: Work[T]) -> T:
        """Do some work in one transaction, after what could not be done before."""
        kept_back = list(self._unwritten)

        def everything(connection: sqlite3.Connection) -> T:
            for earlier in kept_back:
                earlier(connection)
            return work(connection)

        result = self._work(everything)
        self._unwritten.clear()
        return result

    def _written(self, done: asyncio.Future[None]) -> None:
        """Tell whether something could be written."""
        if done.cancelled():
            return
        err = done.exception()
        if err is None or isinstance(err, sqlite3.Error):
            self._tell(err)
        else:
            _LOGGER.error("The message ledger could not be written", exc_info=err)

    def _tell(self, err: sqlite3.Error | None) -> None:
        """Tell whether something could be written; log only what is new."""
        if err is not None and not self._failing:
            _LOGGER.error("The message ledger could not be written: %s", err)
        elif err is None and self._failing:
            _LOGGER.info("The message ledger can be written again")
        self._failing = err is not None
        self._on_written(err)

    def _work[T](self, work: Work[T]) -> T:
        """Do some work in one transaction."""
        if self._connection is not None:
            with self._connection:
                return work(self._connection)
        # What comes after the file was removed is forgotten with it.
        path = self._path if self._path.exists() else None
        with closing(connect(path)) as late, late:
            return work(late)

    def _open(self) -> Damage | None:
        """Open the file, a new one beside a bad one, or none at all."""
        try:
            self._connection = connect(self._path)
        except NewerVersionError:
            damage = Damage.NEWER_VERSION
        except sqlite3.OperationalError, OSError:
            self._open_in_memory()
            return Damage.NOT_WRITABLE
        except sqlite3.DatabaseError:
            damage = Damage.UNREADABLE
        else:
            return None
        try:
            set_aside(self._path)
            self._connection = connect(self._path)
        except sqlite3.Error, OSError:
            self._open_in_memory()
        return damage

    def _open_in_memory(self) -> None:
        """Go on without a file."""
        self._connection = connect(None)
        self._in_memory = True

    def _close(self) -> None:
        """Close the file, and write what is left where that is possible now."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._write(nothing)
            self._connection.close()
            self._connection = None
