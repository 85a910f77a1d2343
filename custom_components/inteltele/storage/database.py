"""One SQLite file behind one worker thread."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Final, cast

from ..plain import get_logger
from .checkpoints import CHECKPOINTS, Checkpoints, pause, resume
from .compaction import Compaction
from .opening import Damage, open_file
from .schema import remove_set_aside
from .syncing import Syncing
from .transactions import Batch, Step, Transactions, Work

_LOGGER = get_logger(__name__)

# Work that nobody waits for is done together with what else comes within this time,
# because each transaction takes some of its own, and wears the disk.
GATHERED_FOR: Final = 0.05
# What the disk does not take is tried again with the next work, and this often.
RETRIED_EVERY: Final = 60.0
# A house that stops, or an account that goes, does not wait any longer for a disk.
CLOSED_WITHIN: Final = 4.0


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
        checkpoints: Checkpoints = CHECKPOINTS,
    ) -> None:
        """Name the file; nothing is touched yet.

        `on_written` hears of every writing what kept it from being done, None for
        nothing.
        """
        self._path = path
        self._on_written = on_written
        self._checkpoints = checkpoints
        self._gathered: list[Step] = []
        self._gathering: asyncio.TimerHandle | None = None
        self._retrying: asyncio.TimerHandle | None = None
        # What the worker did not begin yet, where nothing was asked since.
        self._batch: Batch | None = None
        self._transactions = Transactions()
        self._compaction = Compaction()
        self._syncing = Syncing(path, self._synced)
        self._worker = ThreadPoolExecutor(1, f"{path.name} worker")
        self._connection: sqlite3.Connection
        self._durable = True
        self._is_open = False
        self._failing = False
        self._refused = False
        self._unreadable = False

    @property
    def durable(self) -> bool:
        """Return whether what is written survives the end of the process."""
        return self._durable

    async def open(self) -> Damage | None:
        """Open or create the file; return what was wrong with it, if anything was."""
        self._is_open = True
        self._checkpoints.add(self)
        paused = self._checkpoints.paused
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self._open, paused)

    async def read[T](self, work: Work[T]) -> T:
        """Ask something and return the answer.

        What was handed in before is in it, what comes later is not. Raises
        sqlite3.Error when it cannot be read, which is logged here.
        """
        try:
            answer = await self._run(work)
        except sqlite3.Error as err:
            # Once, because anybody who knows the webhook can have a message looked for.
            if not self._unreadable:
                _LOGGER.error("The message ledger could not be read: %s", err)  # noqa: TRY400
            self._unreadable = True
            raise
        self._unreadable = False
        return answer

    async def write[T](
        self, work: Work[T], *, synced: bool = True, ahead: bool = False
    ) -> T:
        """Do some work, in one transaction with what was handed in before.

        Once this returns, it outlives the process and, if `synced`, a power cut; what
        need not be synced waits for no disk. With `ahead`, it goes before what was
        handed in and nobody waits for, which must be about something else. Raises what
        the work raises, or sqlite3.Error when it cannot be done; nothing of it was kept
        then.
        """
        if not self._is_open:
            raise sqlite3.ProgrammingError("the message ledger is closed")
        waiting = asyncio.get_running_loop().create_future()
        step = Step(work, waiting=waiting, synced=synced)
        if ahead:
            self._add([step])
        else:
            self._gathered.append(step)
            self._hand_in()
        return cast(T, await waiting)

    def submit(self, work: Work) -> None:
        """Hand in work whose end nobody waits for; it is done within a moment.

        Where the disk is full it is done later; what cannot be done at all is logged.
        """
        if not self._is_open:
            _LOGGER.error("The message ledger is closed; a change is lost")
            return
        self._gathered.append(Step(work))
        if self._gathering is None:
            loop = asyncio.get_running_loop()
            self._gathering = loop.call_later(GATHERED_FOR, self._hand_in)

    async def compact(self, *, set_aside_for: timedelta) -> None:
        """Do the night's work: leave nothing in the file of what was deleted.

        What was set aside goes after a time. While a backup is made, or somebody else
        uses the file, the rest is left to the next night.
        """
        await self.remove_set_aside(set_aside_for)
        await self._compaction.run(
            self._run,
            possible=lambda: self.durable and not self._checkpoints.paused,
        )

    async def remove_set_aside(self, unchanged_for: timedelta = timedelta(0)) -> None:
        """Remove damaged files that were kept, where they have been for a time."""
        seconds = unchanged_for.total_seconds()
        try:
            await self._run(lambda _: remove_set_aside(self._path, seconds))
        except OSError as err:
            _LOGGER.warning("A damaged message ledger could not be removed: %s", err)

    async def pause_checkpoints(self) -> None:
        """Let the file itself stay as it is from now on, so that it can be copied."""
        # What could not be brought into the file is in the log, which is copied, too.
        with suppress(sqlite3.Error):
            await self._run(pause)

    async def resume_checkpoints(self) -> None:
        """Let the file itself be written again."""
        with suppress(sqlite3.Error):
            await self._run(resume)

    async def close(self) -> None:
        """Finish what was handed in, and close the file, unless the disk hangs."""
        if not self._is_open:
            return
        self._hand_in()
        # What the disk did not take gets a last chance.
        self._add(())
        self._is_open = False
        # Goes on by itself where it takes longer.
        self._closing = asyncio.ensure_future(self._finish())
        await asyncio.wait([self._closing], timeout=CLOSED_WITHIN)
        if not self._closing.done():
            _LOGGER.warning("The message ledger is still being closed")

    async def _finish(self) -> None:
        """Close the file once all is done, and leave no thread behind."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._worker, self._work, sqlite3.Connection.close)
        self._checkpoints.discard(self)
        await self._syncing.close()
        await loop.run_in_executor(None, self._worker.shutdown)

    async def _run[T](self, work: Work[T]) -> T:
        """Do something after what was handed in, and before what comes later."""
        if not self._is_open:
            raise sqlite3.ProgrammingError("the message ledger is closed")
        self._hand_in()
        self._compaction.give_way()
        self._batch = None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self._work, work)

    def _hand_in(self) -> None:
        """Let what was gathered be done now, before anything that comes later."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        if self._gathered:
            steps, self._gathered = self._gathered, []
            self._add(steps)

    def _add(self, steps: Sequence[Step]) -> None:
        """Let steps be done with what the worker did not begin yet."""
        self._compaction.give_way()
        if self._batch is None or not self._batch.add(steps):
            self._batch = batch = Batch(steps)
            loop = asyncio.get_running_loop()
            self._worker.submit(self._write, batch, loop)

    def _open(self, paused: bool) -> Damage | None:
        """Open the file, in the worker, as all that follows."""
        opened = open_file(self._path, checkpoints_paused=paused)
        self._connection, self._durable = opened.connection, opened.durable
        return opened.damage

    def _work[T](self, work: Work[T]) -> T:
        """Do some work outside of a transaction."""
        return work(self._connection)

    def _write(self, batch: Batch, loop: asyncio.AbstractEventLoop) -> None:
        """Do steps, and have them settled.

        Without a future in between, which would cost a sender two turns of the loop.
        """
        fault = self._transactions.carry_out(self._connection, batch)
        loop.call_soon_threadsafe(self._written, batch.steps, fault)

    def _written(self, steps: Sequence[Step], fault: sqlite3.Error | None) -> None:
        """Settle steps, those for which somebody waits once they are on the disk."""
        unsynced, submitted = [], False
        for step in steps:
            if step.error is None and step.synced and self.durable:
                if step.waiting is not None:
                    unsynced.append(step)
                    continue
                submitted = True
            step.settle()
        if steps or fault is not None:
            self._refused = fault is not None
        if fault is not None or (steps and not unsynced):
            self._tell(fault)
        if unsynced:
            self._syncing.add(unsynced)
        elif submitted:
            self._syncing.soon()
        if self._retrying is not None:
            self._retrying.cancel()
            self._retrying = None
        if self._transactions.kept and self._is_open:
            loop = asyncio.get_running_loop()
            self._retrying = loop.call_later(RETRIED_EVERY, self._add, ())

    def _synced(self, err: sqlite3.Error | None) -> None:
        """Tell of a sync; one that succeeds cures no disk that takes nothing new."""
        if err is not None or not self._refused:
            self._tell(err)

    def _tell(self, err: sqlite3.Error | None) -> None:
        """Tell whether something could be written; log only what is new."""
        if err is not None and not self._failing:
            _LOGGER.error("The message ledger could not be written: %s", err)
        elif err is None and self._failing:
            _LOGGER.info("The message ledger can be written again")
        self._failing = err is not None
        try:
            self._on_written(err)
        except Exception:
            # Whoever hears of it must not keep back what waits for the disk.
            _LOGGER.exception("The state of the message ledger could not be told")
