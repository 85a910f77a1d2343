"""One SQLite file behind one worker thread."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
import sqlite3
import stat
from typing import override

import pytest

from custom_components.inteltele.delivery import Ledger
from custom_components.inteltele.gateway import FailureReason
from custom_components.inteltele.storage import messages as store
from custom_components.inteltele.storage.database import (
    GATHERED_FOR,
    Damage,
    Database,
    JoinableWork,
    Work,
)
from custom_components.inteltele.storage.message import (
    Message,
    MessageStatus,
    ReceiptSource,
)
from custom_components.inteltele.storage.messages import Counters
from custom_components.inteltele.storage.schema import MIGRATIONS, remove
from custom_components.inteltele.storage.writing import Writing


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


async def test_a_file_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    """With its messages, in their order, and its counters."""
    path = tmp_path / "ledger.db"
    connection = sqlite3.connect(path)
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
    connection.close()
    database = Database(path)
    assert await database.open() is None
    ledger = Ledger(database, now=lambda: datetime.fromtimestamp(100, UTC))
    await ledger.load()
    older, newer = await ledger.history(None, None, 10)
    assert (older, newer) == (
        Message(
            seq=1,
            message_id="b",
            number="+380671112233",
            recipient="Olena",
            sent_at=datetime.fromtimestamp(2.5, UTC),
            ttl=60,
            cost=Decimal("0.2"),
            country="ua",
            text="Fire!",
            status=MessageStatus.FAILED,
            reason=FailureReason.EXPIRED,
            gateway_status="expired",
            reported_at=datetime.fromtimestamp(9.5, UTC),
            source=ReceiptSource.POLL,
        ),
        Message(
            seq=2,
            message_id="a",
            number="+380671112244",
            sent_at=datetime.fromtimestamp(1.5, UTC),
        ),
    )
    assert ledger.under_way == [newer]
    assert ledger.counters == Counters(sent=2, spent=Decimal("0.200000"))
    await database.close()
    assert await _opened(path) == (None, 3)


async def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path,
) -> None:
    """All of it, or none; the content lives in memory meanwhile."""
    path = tmp_path / "ledger.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        f"{MIGRATIONS[0]} CREATE TABLE outbox (x); PRAGMA user_version = 1;"
    )
    before = connection.execute("SELECT * FROM sqlite_schema").fetchall()
    assert await _opened(path) == (Damage.NOT_WRITABLE, 1)
    assert connection.execute("SELECT * FROM sqlite_schema").fetchall() == before
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def _limit_pages(connection: sqlite3.Connection, count: int) -> None:
    """Let the file have no more pages than it has, or than a number."""
    connection.execute(f"PRAGMA max_page_count = {count}").fetchall()


def _add_much(connection: sqlite3.Connection) -> None:
    """Add a counter that takes more than a page."""
    connection.execute("INSERT INTO counters VALUES ('much', hex(zeroblob(50000)))")


async def test_what_a_full_disk_does_not_take_is_written_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With the next, and each turn is told once."""
    told: list[sqlite3.Error | None] = []
    database = Database(tmp_path / "ledger.db", on_written=told.append)
    await database.open()
    await database.read(partial(_limit_pages, count=1))
    for work in (_add_much, _add):
        database.submit(work)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        await database.write(_add)
    assert await database.read(_count) == 0
    await database.read(partial(_limit_pages, count=1000))
    await asyncio.sleep(0)
    await database.write(_add)
    assert await database.read(_count) == 3
    await database.close()
    assert [err is None for err in told] == [False, False, True]
    assert caplog.text.count("could not be written") == 1
    assert caplog.text.count("can be written again") == 1


async def test_what_a_full_disk_does_not_take_is_written_at_the_end(
    tmp_path: Path,
) -> None:
    """Where there is room by then."""
    path = tmp_path / "ledger.db"
    database = Database(path)
    await database.open()
    await database.read(partial(_limit_pages, count=1))
    database.submit(_add_much)
    await database.read(partial(_limit_pages, count=1000))
    await database.close()
    assert await _opened(path) == (None, 2)


async def test_a_disk_that_stays_full_keeps_nothing_from_ending(
    tmp_path: Path,
) -> None:
    """The house stops all the same."""
    path = tmp_path / "ledger.db"
    database = Database(path)
    await database.open()
    await database.read(partial(_limit_pages, count=1))
    database.submit(_add_much)
    await database.close()
    assert await _opened(path) == (None, 1)


async def test_a_mistake_in_work_is_logged_and_not_repeated(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no fault of the disk."""

    def fail(_: sqlite3.Connection) -> None:
        raise ZeroDivisionError

    told: list[sqlite3.Error | None] = []
    database = Database(tmp_path / "ledger.db", on_written=told.append)
    await database.open()
    database.submit(fail)
    await database.write(_add)
    await database.close()
    assert told == [None]
    assert "ZeroDivisionError" in caplog.text


async def test_a_mistake_in_work_takes_nothing_else_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Although all that comes within a moment is one transaction."""

    def fail(connection: sqlite3.Connection) -> None:
        _add(connection)
        raise ZeroDivisionError

    database = Database(tmp_path / "ledger.db")
    await database.open()
    for work in (_add, fail, _add):
        database.submit(work)
    assert await database.read(_count) == 2
    await database.close()
    assert caplog.text.count("The message ledger could not be written") == 1
    assert "ZeroDivisionError" in caplog.text


async def test_a_mistake_that_does_not_happen_again_is_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is done once more, by itself."""
    mistakes = [ZeroDivisionError()]

    def fail_once(connection: sqlite3.Connection) -> None:
        if mistakes:
            raise mistakes.pop()
        _add(connection)

    database = Database(tmp_path / "ledger.db")
    await database.open()
    for work in (_add, fail_once):
        database.submit(work)
    assert await database.read(_count) == 2
    await database.close()
    assert caplog.text == ""


class _Texts(JoinableWork):
    """Texts, written down as one."""

    def __init__(self, text: str) -> None:
        self.text = text

    @override
    def join(self, later: Work) -> bool:
        if isinstance(later, _Texts):
            self.text += later.text
        return isinstance(later, _Texts)

    @override
    def parts(self) -> list[Work]:
        return [self]

    @override
    def prepare(self) -> None:
        self.prepared = self.text

    @override
    def __call__(self, connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO counters VALUES (?, 'x')", [self.prepared])


async def test_work_is_joined_and_keeps_its_order(tmp_path: Path) -> None:
    """What came in between stays in between."""

    def texts(connection: sqlite3.Connection) -> list[str]:
        rows = connection.execute("SELECT name FROM counters").fetchall()
        return sorted(text for [text] in rows)

    def clear(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM counters")

    database = Database(tmp_path / "ledger.db")
    await database.open()
    for work in (_Texts("a"), _Texts("b"), clear, _Texts("c"), _Texts("d")):
        database.submit(work)
    assert await database.read(texts) == ["cd"]
    database.submit(_Texts("e"))
    await asyncio.sleep(GATHERED_FOR * 2)
    database.submit(_Texts("f"))
    assert await database.read(texts) == ["cd", "e", "f"]
    await database.close()


async def test_a_message_that_cannot_be_written_takes_no_other_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Although they are written together."""
    database = Database(tmp_path / "ledger.db")
    await database.open()
    for seq, text in enumerate(("Water!", "\ud83d", "Fire!"), 1):
        moment = datetime.fromtimestamp(seq, UTC)
        message = Message(seq=seq, number="+380671112233", sent_at=moment, text=text)
        database.submit(Writing([message], Counters(sent=seq), _add))
    kept = await database.read(
        lambda connection: connection.execute("SELECT text FROM messages").fetchall()
    )
    assert kept == [("Water!",), ("Fire!",)]
    counters = await database.read(store.counters)
    assert counters.sent == 3
    # Four of the house, and one for each that was written.
    assert await database.read(_count) == 6
    await database.close()
    assert "UnicodeEncodeError" in caplog.text


async def test_a_damaged_file_that_cannot_be_moved_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content lives in memory then."""

    def refuse(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "ledger.db"
    path.write_text("This is a shopping list." * 100)
    monkeypatch.setattr(Path, "rename", refuse)
    assert await _opened(path) == (Damage.UNREADABLE, 1)
    assert path.read_text().startswith("This is")


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


async def test_a_file_with_a_damaged_page_is_kept_aside(tmp_path: Path) -> None:
    """Although it opens."""
    path = tmp_path / "ledger.db"
    await _good(path)
    content = bytearray(path.read_bytes())
    # Where the first index begins: a page of its own, of which nothing is left.
    content[2 * 4096 : 3 * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    assert await _opened(path) == (Damage.UNREADABLE, 1)
    assert (tmp_path / "ledger.db.damaged-1").read_bytes() == content


async def test_a_database_that_was_never_opened_can_be_closed(tmp_path: Path) -> None:
    """The house stopped while it started."""
    await Database(tmp_path / "ledger.db").close()
    assert _names(tmp_path) == []


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


async def test_writing_that_was_given_up_is_no_failure(tmp_path: Path) -> None:
    """As when the loop ends."""
    told: list[sqlite3.Error | None] = []
    database = Database(tmp_path / "ledger.db", on_written=told.append)
    given_up = asyncio.get_running_loop().create_future()
    given_up.cancel()
    database._written(given_up)
    assert told == []
