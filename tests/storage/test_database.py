"""One SQLite file behind one worker thread."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from functools import partial
import os
from pathlib import Path
import sqlite3
import stat
import sys
import threading
import time

import pytest

from custom_components.inteltele.storage import database as module, syncing
from custom_components.inteltele.storage.database import Damage, Database
from custom_components.inteltele.storage.schema import PAGE_SIZE


def _things(connection: sqlite3.Connection) -> list[str]:
    """Return what there is, in the order in which it came."""
    connection.execute("CREATE TABLE IF NOT EXISTS things (name TEXT UNIQUE)")
    rows = connection.execute("SELECT name FROM things ORDER BY rowid")
    return [name for [name] in rows]


def _add(connection: sqlite3.Connection, name: str = "one") -> int:
    """Add something; return how much there is."""
    things = _things(connection)
    connection.execute("INSERT INTO things VALUES (?)", [name])
    return len(things) + 1


def _adding(name: str) -> Callable[[sqlite3.Connection], int]:
    """Return work that adds something."""
    return partial(_add, name=name)


def _add_next(connection: sqlite3.Connection) -> None:
    """Add something that was not there."""
    _add(connection, str(len(_things(connection))))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is."""
    return tmp_path / "ledger.db"


@pytest.fixture
def told() -> list[sqlite3.Error | None]:
    """Return what was told of each writing."""
    return []


@pytest.fixture
async def database(
    path: Path, told: list[sqlite3.Error | None]
) -> AsyncGenerator[Database]:
    """Return an open file."""
    opened = Database(path, on_written=told.append)
    assert await opened.open() is None
    yield opened
    await opened.close()


async def _opened(path: Path) -> tuple[Damage | None, int]:
    """Return what was wrong with a file, and how much it holds after one more."""
    database = Database(path)
    damage = await database.open()
    database.submit(_add_next)
    count = len(await database.read(_things))
    await database.close()
    return damage, count


async def test_what_was_handed_in_is_there_after_a_restart(path: Path) -> None:
    """In a file that nobody else may read, of small pages."""
    assert await _opened(path) == (None, 1)
    assert await _opened(path) == (None, 2)
    [file] = path.parent.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA page_size").fetchone() == (PAGE_SIZE,)


async def test_a_database_that_is_not_open_refuses_everything(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An account outlives what it sends."""
    database = Database(path)
    await database.open()
    await database.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await database.write(_add)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await database.read(_things)
    database.submit(_add)
    assert "a change is lost" in caplog.text


async def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    """All of it, or none."""

    def fail(connection: sqlite3.Connection) -> None:
        _add(connection)
        connection.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await database.write(fail)
    assert await database.read(_things) == []


async def test_work_is_done_in_the_order_in_which_it_came(database: Database) -> None:
    """Waited for or not; an answer holds what came before, and nothing else."""
    database.submit(_adding("a"))
    assert await database.write(_adding("b"), synced=False) == 2
    database.submit(_adding("c"))
    first = asyncio.ensure_future(database.read(_things))
    await asyncio.sleep(0)
    database.submit(_adding("d"))
    second = asyncio.ensure_future(database.write(_adding("e")))
    assert await first == ["a", "b", "c"]
    assert await second == 5
    assert await database.read(_things) == ["a", "b", "c", "d", "e"]


class _Slow:
    """A disk that takes its time to sync a file's log; others' are not counted."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.seconds = seconds
        self.syncs = 0
        self._log = path.with_name(f"{path.name}-wal")

    def fsync(self, descriptor: int) -> None:
        if os.path.samestat(os.fstat(descriptor), self._log.stat()):
            self.syncs += 1
            time.sleep(self.seconds)


@pytest.fixture
def slow(path: Path, monkeypatch: pytest.MonkeyPatch) -> _Slow:
    """Return a disk that takes its time to sync."""
    disk = _Slow(path, 0.3)
    monkeypatch.setattr(syncing.os, "fsync", disk.fsync)
    return disk


async def test_what_is_due_together_is_synced_together(
    database: Database, slow: _Slow
) -> None:
    """Eight wait no longer than two: the first may have begun alone."""
    begun = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(database.write(_adding(str(number))))
    assert slow.syncs in {1, 2}
    assert time.monotonic() - begun < 2 * slow.seconds + 0.2


async def test_what_need_not_be_synced_waits_for_no_disk(
    database: Database, slow: _Slow
) -> None:
    """An alarm is asked while a bad card is busy with news."""
    slow.seconds = 1.0
    queued = asyncio.ensure_future(database.write(_adding("news")))
    database.submit(_adding("more news"))
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    await database.write(_adding("alarm"), synced=False)
    assert time.monotonic() - begun < 0.5
    assert not queued.done()
    await queued


async def test_what_goes_ahead_does_not_wait_for_what_nobody_waits_for(
    database: Database,
) -> None:
    """That follows by itself, and together."""
    database.submit(_adding("first"))
    database.submit(_adding("second"))
    assert await database.write(_adding("alarm"), synced=False, ahead=True) == 1
    await asyncio.sleep(module.GATHERED_FOR + 0.1)
    assert await database.read(_things) == ["alarm", "first", "second"]


async def test_what_is_gathered_becomes_one_transaction(
    database: Database,
    slow: _Slow,
    told: list[sqlite3.Error | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Done within a moment, by itself, and synced with what came meanwhile."""
    monkeypatch.setattr(syncing, "SYNCED_AFTER", 0.3)
    slow.seconds = 0.0
    for number in range(5):
        database.submit(_adding(str(number)))
    assert told == []
    await asyncio.sleep(module.GATHERED_FOR + 0.1)
    assert told == [None]
    database.submit(_adding("later"))
    assert slow.syncs == 0
    await asyncio.sleep(0.6)
    assert slow.syncs == 1


async def test_what_is_only_gathered_is_synced_when_a_file_that_is_copied_is_closed(
    database: Database, slow: _Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing it makes no checkpoint then; a power cut loses nothing all the same.

    On a machine that has much to do, it may go on by itself: this waits for it.
    """
    slow.seconds = 0.0
    await database.pause_checkpoints()
    database.submit(_adding("a"))
    monkeypatch.setattr(module, "CLOSED_WITHIN", None)
    await database.close()
    assert slow.syncs == 1


async def test_a_sync_cures_no_disk_that_takes_nothing(
    database: Database,
    slow: _Slow,
    told: list[sqlite3.Error | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was committed before is synced, and what comes is refused all the same."""
    monkeypatch.setattr(syncing, "SYNCED_AFTER", 0.2)
    slow.seconds = 0.0
    database.submit(_adding("a"))
    await asyncio.sleep(module.GATHERED_FOR + 0.05)
    await database.read(lambda db: db.execute("PRAGMA query_only = 1").fetchall())
    database.submit(_adding("b"))
    await asyncio.sleep(0.5)
    assert slow.syncs == 1
    assert [err is None for err in told] == [True, False]


async def test_what_is_only_gathered_is_not_held_up_by_whoever_gave_up(
    database: Database,
) -> None:
    """A script that is started anew does not wait for its writing any more."""
    given_up = asyncio.ensure_future(database.write(_adding("a")))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await database.write(_adding("b")) == 2


async def test_a_disk_that_does_not_sync_is_told(
    database: Database,
    told: list[sqlite3.Error | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was committed is there all the same."""

    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(syncing.os, "fsync", fail)
    await database.write(_adding("a"))
    assert "Input/output error" in str(told)
    assert await database.read(_things) == ["a"]


class Disk:
    """The disk of a file, which takes nothing for a time."""

    def __init__(self, path: Path) -> None:
        """Begin as one that works."""
        self._path = path

    def fill(self, connection: sqlite3.Connection) -> None:
        """Leave no room for another page."""
        _things(connection)
        connection.execute("PRAGMA max_page_count = 1").fetchall()

    def empty(self, connection: sqlite3.Connection) -> None:
        """Make room."""
        connection.execute("PRAGMA max_page_count = 100000").fetchall()

    def protect(self, connection: sqlite3.Connection) -> None:
        """Let nothing be written."""
        _things(connection)
        connection.execute("PRAGMA query_only = ON")

    def unprotect(self, connection: sqlite3.Connection) -> None:
        """Let something be written."""
        connection.execute("PRAGMA query_only = OFF")

    def lock(self, connection: sqlite3.Connection) -> None:
        """Let somebody else write."""
        connection.execute("PRAGMA busy_timeout = 0").fetchall()
        self._other = sqlite3.connect(self._path, check_same_thread=False)
        self._other.execute("BEGIN IMMEDIATE")

    def unlock(self, _: sqlite3.Connection) -> None:
        """Let somebody else be done."""
        self._other.close()


def _add_much(connection: sqlite3.Connection) -> None:
    """Add something that takes more than a page."""
    _add(connection, "much" * 10_000)


@pytest.fixture
def disk(path: Path) -> Disk:
    """Return the disk that the file is on."""
    return Disk(path)


FAULTS = pytest.mark.parametrize(
    ("fails", "works"),
    [
        (Disk.fill, Disk.empty),
        (Disk.protect, Disk.unprotect),
        (Disk.lock, Disk.unlock),
    ],
    ids=["full", "read-only", "locked"],
)

type Turn = Callable[[Disk, sqlite3.Connection], None]


@FAULTS
async def test_what_the_disk_does_not_take_is_written_with_the_next(
    database: Database,
    disk: Disk,
    fails: Turn,
    works: Turn,
    told: list[sqlite3.Error | None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each turn is told once; what somebody waits for is his to repeat."""
    await database.read(partial(fails, disk))
    for work in (_add_much, _add_next):
        database.submit(work)
    with pytest.raises(sqlite3.OperationalError):
        await database.write(_adding("waited for"))
    with pytest.raises(sqlite3.OperationalError):
        await database.write(_adding("waited for"))
    await database.read(partial(works, disk))
    assert await database.write(_add_next) is None
    assert [len(name) for name in await database.read(_things)] == [40_000, 1, 1]
    assert [err is None for err in told] == [False, False, True]
    assert caplog.text.count("could not be written") == 1
    assert caplog.text.count("can be written again") == 1


async def test_what_the_disk_does_not_take_is_tried_again_by_itself(
    database: Database, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else may come for days."""
    monkeypatch.setattr(module, "RETRIED_EVERY", 0.05)
    await database.read(disk.fill)
    database.submit(_add_much)
    await asyncio.sleep(0.2)
    assert await database.read(_things) == []
    await database.read(disk.empty)
    await asyncio.sleep(0.2)
    assert len(await database.read(_things)) == 1


async def test_what_the_disk_does_not_take_is_written_at_the_end(
    path: Path, disk: Disk
) -> None:
    """Where there is room by then."""
    database = Database(path)
    await database.open()
    await database.read(disk.fill)
    database.submit(_add_much)
    await database.read(disk.empty)
    await database.close()
    assert await _opened(path) == (None, 2)


async def test_a_disk_that_stays_full_keeps_nothing_from_ending(
    path: Path, disk: Disk
) -> None:
    """The house stops all the same."""
    database = Database(path)
    await database.open()
    await database.read(disk.fill)
    database.submit(_add_much)
    await database.close()
    assert await _opened(path) == (None, 1)


async def test_a_disk_that_hangs_keeps_nothing_from_ending(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The house stops within its time; the worker goes on as long as it can."""

    def add_slowly(connection: sqlite3.Connection) -> None:
        _add(connection)
        time.sleep(0.6)

    monkeypatch.setattr(module, "CLOSED_WITHIN", 0.2)
    database = Database(path)
    await database.open()
    database.submit(add_slowly)
    begun = time.monotonic()
    await database.close()
    assert time.monotonic() - begun < 0.5
    assert "still being closed" in caplog.text
    await asyncio.sleep(0.5)
    assert await _opened(path) == (None, 2)


TEXT = "Fire!"


def _fail(connection: sqlite3.Connection) -> None:
    """Do something, and make a mistake that quotes a text."""
    _add(connection, "half")
    raise ZeroDivisionError(TEXT)


def _add_again(connection: sqlite3.Connection) -> None:
    """Add what there is already."""
    _add(connection, "half")
    connection.execute("INSERT INTO things VALUES ('half')")


def _add_nonsense(connection: sqlite3.Connection) -> None:
    """Add what is no text."""
    _add(connection, f"{TEXT}\ud83d")


def _end(connection: sqlite3.Connection) -> None:
    """Spoil the transaction for all that is in it."""
    connection.execute("ROLLBACK")
    connection.execute("NONSENSE")


@pytest.mark.parametrize(
    ("mistake", "name"),
    [
        (_fail, "ZeroDivisionError"),
        (_add_again, "IntegrityError SQLITE_CONSTRAINT_UNIQUE"),
        (_add_nonsense, "UnicodeEncodeError"),
    ],
)
async def test_a_mistake_takes_nothing_else_with_it(
    database: Database,
    mistake: Callable[[sqlite3.Connection], None],
    name: str,
    told: list[sqlite3.Error | None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged without content and not repeated; it is no fault of the disk."""
    for work in (_adding("a"), mistake, _adding("b")):
        database.submit(work)
    assert await database.write(_adding("c")) == 3
    assert await database.read(_things) == ["a", "b", "c"]
    assert told == [None]
    assert caplog.text.count("could not be written into the message ledger") == 1
    assert name in caplog.text
    assert TEXT not in caplog.text


async def test_a_mistake_that_is_waited_for_is_raised_there(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """And nowhere else, although others were written with it."""
    database.submit(_adding("a"))
    with pytest.raises(ZeroDivisionError):
        await database.write(_fail)
    assert await database.read(_things) == ["a"]
    assert caplog.text == ""


async def test_a_mistake_that_does_not_happen_again_is_none(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is done once more, by itself."""
    mistakes = [ZeroDivisionError()]

    def fail_once(connection: sqlite3.Connection) -> None:
        if mistakes:
            raise mistakes.pop()
        _add(connection, "b")

    for work in (_adding("a"), fail_once):
        database.submit(work)
    assert await database.read(_things) == ["a", "b"]
    assert caplog.text == ""


async def test_a_file_that_is_in_no_order_is_told(
    database: Database, told: list[sqlite3.Error | None]
) -> None:
    """Work that fails for it is not kept: the next would fail, too."""
    for work in (_adding("a"), _end, _adding("b")):
        database.submit(work)
    assert await database.read(_things) == []
    assert await database.write(_adding("c")) == 1
    assert [err is None for err in told] == [False, True]


async def test_a_disk_that_fills_up_in_between_keeps_everything(
    database: Database, disk: Disk
) -> None:
    """Also while each is tried by itself."""

    def fail(_: sqlite3.Connection) -> None:
        raise ZeroDivisionError

    turns = [fail, disk.fill, disk.empty]

    def fail_then_fill(connection: sqlite3.Connection) -> None:
        turns.pop(0)(connection)
        _add_much(connection)

    for work in (_adding("a"), fail_then_fill):
        database.submit(work)
    assert await database.read(_things) == []
    await database.read(disk.empty)
    await database.write(_adding("b"))
    assert [name[0] for name in await database.read(_things)] == ["a", "m", "b"]


async def test_what_cannot_be_read_is_logged_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Anybody who knows the webhook can have a message looked for."""
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            await database.read(lambda connection: connection.execute("NONSENSE"))
    assert caplog.text.count("could not be read") == 1


async def test_no_thread_is_left(path: Path) -> None:
    """However often an account is set up."""
    before = threading.active_count()
    for _ in range(3):
        database = Database(path)
        await database.open()
        await database.write(_add_next)
        await database.close()
    await asyncio.sleep(0.05)
    # One of the loop's own, at most.
    assert threading.active_count() <= before + 1


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.storage.test_database import Database, _adding

async def write() -> None:
    database = Database(Path(sys.argv[1]))
    await database.open()
    for number in range(100_000):
        await database.write(_adding(str(number)), synced=False)
        print(number, flush=True)

asyncio.run(write())
"""


async def test_what_is_not_synced_outlives_the_process(path: Path) -> None:
    """Also one that is killed in the midst of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        KILLED,
        str(path),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    written = [await process.stdout.readline() for _ in range(200)]
    process.kill()
    rest, _ = await process.communicate()
    names = (b"".join(written) + rest).decode().split()
    database = Database(path)
    assert await database.open() is None
    assert (await database.read(_things))[: len(names)] == names
    await database.close()
