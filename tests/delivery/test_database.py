"""One SQLite file behind one worker thread."""

import asyncio
from pathlib import Path
import sqlite3
import stat

import pytest

from custom_components.inteltele.delivery.database import (
    MIGRATIONS,
    Damage,
    Database,
    remove,
)


def _count(connection: sqlite3.Connection) -> int:
    """Return how many counters there are."""
    return int(connection.execute("SELECT count(*) FROM counters").fetchone()[0])


def _add(connection: sqlite3.Connection) -> None:
    """Add a counter."""
    connection.execute("INSERT INTO counters VALUES (hex(randomblob(8)), '1')")


async def _opened(path: Path) -> tuple[Damage | None, int]:
    """Return what was wrong with a file, and how much it holds after one more."""
    database = Database(path)
    damage = await database.open()
    database.submit(_add)
    count = await database.read(_count)
    await database.close()
    return damage, count


async def test_what_was_handed_in_is_there_after_a_restart(tmp_path: Path) -> None:
    """In a file that nobody else may read."""
    path = tmp_path / "ledger.db"
    assert await _opened(path) == (None, 1)
    assert await _opened(path) == (None, 2)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_work_that_comes_after_the_end_is_done(tmp_path: Path) -> None:
    """A send was under way while its account was reloaded."""
    path = tmp_path / "ledger.db"
    first = Database(path)
    await first.open()
    await first.close()
    second = Database(path)
    await second.open()
    await first.write(_add)
    first.submit(_add)
    async with asyncio.timeout(5):
        while await second.read(_count) != 2:
            await asyncio.sleep(0.01)
    await second.close()


async def test_work_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """All of it, or none."""

    def fail(connection: sqlite3.Connection) -> None:
        _add(connection)
        connection.execute("INSERT INTO nowhere VALUES (1)")

    database = Database(tmp_path / "ledger.db")
    await database.open()
    with pytest.raises(sqlite3.OperationalError):
        await database.write(fail)
    assert await database.read(_count) == 0
    await database.close()


async def test_work_that_fails_unwaited_for_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is lost silently."""
    database = Database(tmp_path / "ledger.db")
    await database.open()
    database.submit(lambda connection: connection.execute("NONSENSE"))
    await database.close()
    assert "The message ledger could not be written" in caplog.text


def _names(folder: Path) -> list[str]:
    """Return what a folder holds."""
    return [path.name for path in folder.iterdir()]


async def _good(path: Path) -> None:
    """Make a file that is in order."""
    await _opened(path)


async def test_a_truncated_file_is_kept_aside(tmp_path: Path) -> None:
    """And a new one is begun."""
    path = tmp_path / "ledger.db"
    await _good(path)
    path.write_bytes(path.read_bytes()[:5000])
    assert await _opened(path) == (Damage.UNREADABLE, 1)
    assert (tmp_path / "ledger.db.damaged-1").stat().st_size == 5000
    assert await _opened(path) == (None, 2)


async def test_what_is_no_database_is_kept_aside(tmp_path: Path) -> None:
    """Each time under another name."""
    path = tmp_path / "ledger.db"
    for number in (1, 2):
        path.write_text("This is a shopping list." * 100)
        assert await _opened(path) == (Damage.UNREADABLE, 1)
        assert (tmp_path / f"ledger.db.damaged-{number}").exists()


async def test_a_file_of_a_later_version_is_kept_aside(tmp_path: Path) -> None:
    """Whoever goes back to an older version can go forward again."""
    path = tmp_path / "ledger.db"
    await _good(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    assert await _opened(path) == (Damage.NEWER_VERSION, 1)
    assert (tmp_path / "ledger.db.damaged-1").exists()


async def test_without_a_place_to_write_the_content_lives_in_memory(
    tmp_path: Path,
) -> None:
    """The account works all the same."""
    (tmp_path / "file").touch()
    assert await _opened(tmp_path / "file" / "ledger.db") == (Damage.NOT_WRITABLE, 1)


async def test_removal_takes_every_part(tmp_path: Path) -> None:
    """Also what was set aside."""
    path = tmp_path / "ledger.db"
    path.write_text("This is a shopping list." * 100)
    await _good(path)
    for name in ("ledger.db-wal", "other.db"):
        (tmp_path / name).touch()
    remove(path)
    assert _names(tmp_path) == ["other.db"]
