"""What is done with a file at night."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
import sqlite3

import pytest

from custom_components.inteltele.storage import checkpoints as pausing, compaction
from custom_components.inteltele.storage.checkpoints import Checkpoints
from custom_components.inteltele.storage.compaction import mark_deleted
from custom_components.inteltele.storage.database import Database
from custom_components.inteltele.storage.schema import PAGE_SIZE

KEPT = timedelta(days=90)
SECRET = "The key is under the mat."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is."""
    return tmp_path / "ledger.db"


@pytest.fixture
def checkpoints() -> Checkpoints:
    """Return what takes care of the file while a backup is made."""
    return Checkpoints()


@pytest.fixture
async def database(path: Path, checkpoints: Checkpoints) -> AsyncGenerator[Database]:
    """Return an open file."""
    opened = Database(path, checkpoints=checkpoints)
    assert await opened.open() is None
    yield opened
    await opened.close()


def _write(connection: sqlite3.Connection) -> None:
    """Keep what will be deleted, and more."""
    connection.execute("CREATE TABLE IF NOT EXISTS things (name TEXT)")
    names = [[f"{SECRET} {number}"] for number in range(500)]
    connection.executemany("INSERT INTO things VALUES (?)", names)
    connection.execute("INSERT INTO things VALUES ('other')")


def _delete(connection: sqlite3.Connection) -> None:
    """Delete most of it, as somebody asks for it."""
    connection.execute("PRAGMA secure_delete = OFF").fetchall()
    connection.execute("DELETE FROM things WHERE name != 'other'")
    mark_deleted(connection)


def _mark(connection: sqlite3.Connection) -> int:
    """Return whether the file notes that it holds what was deleted."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _held(path: Path) -> bool:
    """Return whether any part of the file holds what was deleted."""
    parts = path.parent.glob(f"{path.name}*")
    return any(SECRET.encode() in part.read_bytes() for part in parts)


def _size(path: Path) -> int:
    """Return how long the file is."""
    return path.stat().st_size


@pytest.mark.parametrize("in_memory", [0, compaction.COPIED_IN_MEMORY])
async def test_nothing_that_was_deleted_is_left_in_the_morning(
    database: Database, path: Path, in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the file, nor in its log, nor beside it, small or large."""
    monkeypatch.setattr(compaction, "COPIED_IN_MEMORY", in_memory)
    await database.write(_write)
    await database.write(_delete)
    assert _held(path)
    await database.compact(set_aside_for=KEPT)
    assert not _held(path)
    assert await database.read(_mark) == 0


async def test_what_was_deleted_is_known_after_a_restart(
    database: Database, path: Path, checkpoints: Checkpoints
) -> None:
    """A house may be stopped every evening."""
    await database.write(_write)
    await database.write(_delete)
    await database.close()
    again = Database(path, checkpoints=checkpoints)
    await again.open()
    assert _held(path)
    await again.compact(set_aside_for=KEPT)
    await again.close()
    assert not _held(path)


async def test_a_deletion_that_fails_marks_nothing(database: Database) -> None:
    """The mark is part of its transaction."""

    def fail(connection: sqlite3.Connection) -> None:
        mark_deleted(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    assert await database.read(_mark) == 0


def _traced(statements: list[str]) -> Callable[[sqlite3.Connection], None]:
    """Return what has a connection's statements noted."""
    return lambda connection: connection.set_trace_callback(statements.append)


async def test_a_file_that_nothing_was_deleted_from_is_not_written_anew(
    database: Database,
) -> None:
    """Cards wear out; only what was written last is brought into the file."""
    await database.write(_write)
    statements: list[str] = []
    await database.read(_traced(statements))
    await database.compact(set_aside_for=KEPT)
    assert "VACUUM" not in statements
    assert "PRAGMA wal_checkpoint(TRUNCATE)" in statements


def _page_size(connection: sqlite3.Connection) -> tuple[object, ...]:
    """Return how large pages are, how they are written, and what is kept."""
    things = connection.execute("SELECT count(*) FROM things").fetchone()
    return (
        *connection.execute("PRAGMA page_size").fetchone(),
        *connection.execute("PRAGMA journal_mode").fetchone(),
        *connection.execute("PRAGMA synchronous").fetchone(),
        *things,
    )


@pytest.fixture
def large_pages(path: Path) -> None:
    """Have a file from before, with large pages."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("PRAGMA journal_mode = WAL")
        _write(connection)
        connection.commit()


@pytest.mark.usefixtures("large_pages")
async def test_a_file_of_large_pages_gets_small_ones_once(database: Database) -> None:
    """At night, since it is written anew for that."""
    assert await database.read(_page_size) == (4096, "wal", 1, 501)
    await database.compact(set_aside_for=KEPT)
    assert await database.read(_page_size) == (PAGE_SIZE, "wal", 1, 501)
    statements: list[str] = []
    await database.read(_traced(statements))
    await database.compact(set_aside_for=KEPT)
    assert "VACUUM" not in statements


@pytest.mark.usefixtures("large_pages")
async def test_a_file_that_somebody_else_uses_is_left_to_the_next_night(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As somebody who looks into it; it goes on as it was."""
    await database.read(lambda file: file.execute("PRAGMA busy_timeout = 0").fetchall())
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM things").fetchall()
        await database.compact(set_aside_for=KEPT)
        assert await database.read(_page_size) == (4096, "wal", 1, 501)
    assert "not overwritten yet" in caplog.text
    await database.compact(set_aside_for=KEPT)
    assert await database.read(_page_size) == (PAGE_SIZE, "wal", 1, 501)


async def test_what_somebody_else_reads_stays_marked(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log still holds it."""
    await database.write(_write)
    await database.read(lambda file: file.execute("PRAGMA busy_timeout = 0").fetchall())
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM things").fetchall()
        await database.write(_delete)
        await database.compact(set_aside_for=KEPT)
    assert "somebody else reads" in caplog.text
    assert await database.read(_mark) == 1
    await database.compact(set_aside_for=KEPT)
    assert not _held(path)


class _Interrupting:
    """What comes while the file is written anew, some number of times."""

    def __init__(self, database: Database, times: int) -> None:
        """Begin with nothing that came."""
        self._database = database
        self.times = times
        self.came = 0

    def watch(self, connection: sqlite3.Connection) -> None:
        """Let something come."""
        connection.set_progress_handler(self._come, 20)

    def _come(self) -> None:
        """Have the compaction give way, in its own midst."""
        running = self._database._compaction._interruptible is not None
        if running and self.came < self.times:
            self.came += 1
            self._database._compaction.give_way()


@pytest.mark.usefixtures("large_pages")
async def test_what_comes_at_night_does_not_wait(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compaction gives way, and is tried again until it gets through."""
    monkeypatch.setattr(compaction, "TRIED_AGAIN_AFTER", 0.01)
    other = _Interrupting(database, 3)
    await database.read(other.watch)
    compacting = asyncio.ensure_future(database.compact(set_aside_for=KEPT))
    while other.came < 2:
        await asyncio.sleep(0.001)
    assert (await database.read(_page_size))[1:] == ("wal", 1, 501)
    await compacting
    assert await database.read(_page_size) == (PAGE_SIZE, "wal", 1, 501)
    assert other.came == 3


async def test_a_night_with_too_much_to_do_leaves_it_to_the_next(
    database: Database,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was deleted is still noted."""
    monkeypatch.setattr(compaction, "TRIED_AGAIN_AFTER", 0.0)
    await database.write(_write)
    await database.write(_delete)
    other = _Interrupting(database, 1000)
    await database.read(other.watch)
    await database.compact(set_aside_for=KEPT)
    assert "too much else to do" in caplog.text
    assert await database.read(_mark) == 1
    other.times = other.came
    await database.compact(set_aside_for=KEPT)
    assert not _held(path)


async def test_a_full_disk_leaves_it_to_the_next_night(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """For a moment, the file takes its room twice."""
    await database.write(_write)
    await database.write(_delete)
    await database.read(lambda file: file.execute("PRAGMA query_only = ON"))
    await database.compact(set_aside_for=KEPT)
    assert "not overwritten yet" in caplog.text
    assert await database.read(_mark) == 1


async def test_nothing_is_compacted_while_a_backup_is_made(
    database: Database, path: Path, checkpoints: Checkpoints
) -> None:
    """The file stays as it is, however much is written, until it was copied."""
    await database.write(_write)
    await checkpoints.pause()
    before = _size(path)
    await database.write(_delete)
    for _ in range(20):
        await database.write(_write)
    await database.compact(set_aside_for=KEPT)
    assert _size(path) == before
    await checkpoints.resume()
    await database.compact(set_aside_for=KEPT)
    assert _size(path) > before
    assert await database.read(_mark) == 0


async def test_a_backup_that_never_ended_does_not_hold_for_ever(
    database: Database, path: Path, checkpoints: Checkpoints
) -> None:
    """Whoever made it died over it."""
    await checkpoints.pause()
    await database.write(_write)
    checkpoints._paused_at = (checkpoints._paused_at or 0) - pausing.LONGEST_BACKUP
    await database.compact(set_aside_for=KEPT)
    pages = await database.read(
        lambda file: file.execute("PRAGMA wal_autocheckpoint").fetchone()
    )
    assert pages == (pausing.CHECKPOINT_AFTER,)


async def test_what_lives_in_memory_is_not_compacted(tmp_path: Path) -> None:
    """There is no file that could hold anything."""
    (tmp_path / "file").touch()
    database = Database(tmp_path / "file" / "ledger.db")
    await database.open()
    await database.write(_write)
    statements: list[str] = []
    await database.read(_traced(statements))
    await database.compact(set_aside_for=KEPT)
    await database.close()
    assert statements == []


async def test_what_was_set_aside_goes_at_night(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time."""
    aside = path.with_name("ledger.db.damaged-1")
    aside.touch()
    await database.compact(set_aside_for=KEPT)
    assert aside.exists()
    monkeypatch.setattr("time.time", partial(float, aside.stat().st_mtime + 91 * 86400))
    await database.compact(set_aside_for=KEPT)
    assert not aside.exists()
