"""How a file is opened whatever its state."""

from contextlib import closing
from datetime import timedelta
import os
from pathlib import Path
import sqlite3
import time

import pytest

from custom_components.inteltele.storage.checkpoints import Checkpoints
from custom_components.inteltele.storage.database import Damage, Database
from custom_components.inteltele.storage.migrations import MIGRATIONS
from custom_components.inteltele.storage.schema import PAGE_SIZE, remove


def _things(connection: sqlite3.Connection) -> int:
    """Return how many things there are."""
    connection.execute("CREATE TABLE IF NOT EXISTS things (name TEXT UNIQUE)")
    return int(connection.execute("SELECT count(*) FROM things").fetchone()[0])


def _add(connection: sqlite3.Connection) -> None:
    """Add something."""
    connection.execute("INSERT INTO things VALUES (?)", [_things(connection)])


async def _opened(path: Path) -> tuple[Damage | None, int]:
    """Return what was wrong with a file, and how much it holds after one more."""
    database = Database(path)
    damage = await database.open()
    await database.write(_add)
    count = await database.read(_things)
    await database.close()
    return damage, count


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is."""
    return tmp_path / "ledger.db"


async def test_a_file_of_the_first_version_is_taken_over(path: Path) -> None:
    """With its messages, in their order."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.executescript(
            """
            INSERT INTO messages VALUES
                ('b', '+380671112233', 'Olena', 2.5, 60, '0.2', 'ua', 'Fire!',
                 'failed', 'expired', 'expired', 9.5, 'poll'),
                ('a', '+380671112244', NULL, 1.5, NULL, NULL, NULL, NULL,
                 'sent', NULL, NULL, NULL, NULL);
            INSERT INTO counters VALUES ('sent', '2'), ('spent', '0.200000');
            PRAGMA user_version = 1;
            """
        )
    database = Database(path)
    assert await database.open() is None
    kept = await database.read(
        lambda connection: connection.execute(
            "SELECT message_id, number, text, status FROM messages ORDER BY seq"
        ).fetchall()
    )
    assert kept == [
        ("a", "+380671112244", None, "sent"),
        ("b", "+380671112233", "Fire!", "failed"),
    ]
    await database.close()
    assert await _opened(path) == (None, 1)


async def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    """All of it, or none; the content lives in memory meanwhile."""
    connection = sqlite3.connect(path)
    connection.executescript(
        f"{MIGRATIONS[0]} CREATE TABLE outbox (x); PRAGMA user_version = 1;"
    )
    before = connection.execute("SELECT * FROM sqlite_schema").fetchall()
    assert await _opened(path) == (Damage.NOT_WRITABLE, 1)
    assert connection.execute("SELECT * FROM sqlite_schema").fetchall() == before
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def _names(folder: Path) -> list[str]:
    """Return what a folder holds."""
    return [path.name for path in folder.iterdir()]


def _spoil(path: Path) -> None:
    """Let a file be what is no database."""
    path.write_text("This is a shopping list." * 100)


def _cut(path: Path) -> None:
    """Leave only the beginning of a file."""
    path.write_bytes(path.read_bytes()[:5000])


def _overwrite_an_index(path: Path) -> bytes:
    """Leave nothing of a page of its own; return what the file holds then."""
    with closing(sqlite3.connect(path)) as connection:
        [page] = connection.execute(
            "SELECT max(rootpage) FROM sqlite_schema WHERE type = 'index'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE_SIZE : page * PAGE_SIZE] = b"\xff" * PAGE_SIZE
    path.write_bytes(content)
    return bytes(content)


def _aside(path: Path, number: int = 1) -> Path:
    """Return where a file is set aside."""
    return path.with_name(f"{path.name}.damaged-{number}")


async def test_a_damaged_file_that_cannot_be_moved_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content lives in memory then."""

    def refuse(*_: object) -> None:
        raise PermissionError

    _spoil(path)
    monkeypatch.setattr(Path, "rename", refuse)
    assert await _opened(path) == (Damage.UNREADABLE, 1)
    assert _names(path.parent) == ["ledger.db"]


async def test_a_truncated_file_is_kept_aside(path: Path) -> None:
    """And a new one is begun."""
    await _opened(path)
    _cut(path)
    assert await _opened(path) == (Damage.UNREADABLE, 1)
    assert _aside(path).stat().st_size == 5000
    assert await _opened(path) == (None, 2)


async def test_a_file_with_a_damaged_page_is_kept_aside(path: Path) -> None:
    """Although it opens."""
    await _opened(path)
    content = _overwrite_an_index(path)
    assert await _opened(path) == (Damage.UNREADABLE, 1)
    assert _aside(path).read_bytes() == content


async def test_a_database_that_was_never_opened_can_be_closed(tmp_path: Path) -> None:
    """The house stopped while it started."""
    await Database(tmp_path / "ledger.db").close()
    assert _names(tmp_path) == []


async def test_what_is_no_database_is_kept_aside(path: Path) -> None:
    """Each time under another name."""
    for number in (1, 2):
        _spoil(path)
        assert await _opened(path) == (Damage.UNREADABLE, 1)
        assert _aside(path, number).exists()


async def test_a_file_of_a_later_version_is_kept_aside(path: Path) -> None:
    """Whoever goes back to an older version can go forward again."""
    await _opened(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    assert await _opened(path) == (Damage.NEWER_VERSION, 1)
    assert _aside(path).exists()


async def test_without_a_place_to_write_the_content_lives_in_memory(
    tmp_path: Path,
) -> None:
    """The account works all the same."""
    (tmp_path / "file").touch()
    assert await _opened(tmp_path / "file" / "ledger.db") == (Damage.NOT_WRITABLE, 1)


async def test_removal_takes_every_part(tmp_path: Path, path: Path) -> None:
    """Also what was set aside."""
    _spoil(path)
    await _opened(path)
    for name in ("ledger.db-wal", "other.db"):
        (tmp_path / name).touch()
    remove(path)
    assert _names(tmp_path) == ["other.db"]


async def test_a_log_is_kept_aside_with_its_file(path: Path) -> None:
    """While a backup is made, the file alone does not hold everything."""
    checkpoints = Checkpoints()
    await checkpoints.pause()
    database = Database(path, checkpoints=checkpoints)
    await database.open()
    await database.write(_add)
    await database.write(
        lambda connection: connection.execute(
            f"PRAGMA user_version = {len(MIGRATIONS) + 1}"
        )
    )
    await database.close()
    database = Database(path, checkpoints=checkpoints)
    assert await database.open() is Damage.NEWER_VERSION
    await database.close()
    with closing(sqlite3.connect(_aside(path))) as aside:
        assert _things(aside) == 1


@pytest.mark.parametrize(("days", "left"), [(0, set()), (90, {"ledger.db.damaged-1"})])
async def test_what_was_set_aside_goes_in_time(
    path: Path, days: int, left: set[str]
) -> None:
    """At once with a deletion, and otherwise after a time."""
    for number, age in enumerate((1, 91), 1):
        aside = _aside(path, number)
        aside.touch()
        moment = time.time() - age * 86400
        os.utime(aside, (moment, moment))
    database = Database(path)
    await database.open()
    await database.remove_set_aside(timedelta(days=days))
    await database.close()
    assert set(_names(path.parent)) - {"ledger.db"} == left


async def test_what_was_set_aside_and_cannot_be_removed_is_told(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As where somebody put a folder of that name."""
    _aside(path).mkdir()
    database = Database(path)
    await database.open()
    await database.remove_set_aside()
    await database.close()
    assert "could not be removed" in caplog.text
