"""Backups while messages are sent."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path
import shutil
import sqlite3

from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele import backup
from custom_components.inteltele.storage import checkpoints as pausing
from custom_components.inteltele.storage.checkpoints import CHECKPOINTS
from custom_components.inteltele.storage.database import Database

FILES = 12


def _create(connection: sqlite3.Connection) -> None:
    """Make room for numbers."""
    connection.execute("CREATE TABLE numbers (number INTEGER, text TEXT, note TEXT)")
    connection.execute("CREATE INDEX by_text ON numbers (text)")


def _adding(number: int) -> Callable[[sqlite3.Connection], None]:
    """Return work that adds a number, and changes an earlier one."""

    def work(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO numbers VALUES (?, hex(randomblob(300)), '')", [number]
        )
        connection.execute(
            "UPDATE numbers SET note = hex(randomblob(30)) WHERE number = ?",
            [number // 2],
        )

    return work


def _largest(connection: sqlite3.Connection) -> int:
    """Return the largest number."""
    return int(connection.execute("SELECT max(number) FROM numbers").fetchone()[0])


class Writer:
    """Writes into a file as long as it is let."""

    def __init__(self, database: Database) -> None:
        """Begin with nothing written."""
        self.database = database
        self.written = 0
        self._stopped = False

    async def run(self) -> None:
        """Write one number after the other."""
        while not self._stopped:
            await self.database.write(_adding(self.written + 1), synced=False)
            self.written += 1

    def stop(self) -> None:
        """Write no more."""
        self._stopped = True

    async def has_written(self, more: int) -> None:
        """Wait until more was written."""
        enough = self.written + more
        while self.written < enough:
            await asyncio.sleep(0.001)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make checkpoints all the time, so that one would come between two copies."""
    monkeypatch.setattr(pausing, "CHECKPOINT_AFTER", 10)


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncGenerator[Writer]:
    """Return what writes while a backup is made."""
    (tmp_path / "copies").mkdir()
    database = Database(tmp_path / "ledger.db")
    await database.open()
    await database.write(_create)
    writer = Writer(database)
    writing = asyncio.ensure_future(writer.run())
    await writer.has_written(50)
    yield writer
    writer.stop()
    await writing
    await database.close()


def _copy(tmp_path: Path, suffix: str, number: int) -> None:
    """Copy a part of the file, as a backup does."""
    shutil.copy(
        tmp_path / f"ledger.db{suffix}", tmp_path / "copies" / f"{number}.db{suffix}"
    )


def _restored(path: Path) -> tuple[str, int]:
    """Return whether a copy is in order, and the largest number in it."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            [verdict] = connection.execute("PRAGMA integrity_check(1)").fetchone()
            numbers = connection.execute("SELECT number FROM numbers ORDER BY rowid")
            found = [number for [number] in numbers]
        except sqlite3.DatabaseError as err:
            return str(err), 0
        return verdict, len(found) if found == list(range(1, len(found) + 1)) else -1


async def _copies(
    hass: HomeAssistant,
    writer: Writer,
    tmp_path: Path,
    before: Callable[[], Awaitable[None]],
) -> list[tuple[str, bool]]:
    """Return of copies whether each is in order, and holds what there was."""
    results = []
    for number in range(FILES):
        await before()
        there = writer.written
        await asyncio.to_thread(_copy, tmp_path, "", number)
        await writer.has_written(40)
        await asyncio.to_thread(_copy, tmp_path, "-wal", number)
        await backup.async_post_backup(hass)
        await writer.has_written(10)
        verdict, found = _restored(tmp_path / "copies" / f"{number}.db")
        results.append((verdict, found >= there))
    return results


async def test_a_backup_restores_to_files_that_open(
    hass: HomeAssistant, writer: Writer, tmp_path: Path
) -> None:
    """With every message from before it, while others are sent on and on."""
    results = await _copies(
        hass, writer, tmp_path, partial(backup.async_pre_backup, hass)
    )
    assert results == [("ok", True)] * FILES


async def test_without_care_it_would_not(
    hass: HomeAssistant, writer: Writer, tmp_path: Path
) -> None:
    """Otherwise the test before this would prove nothing."""
    results = await _copies(hass, writer, tmp_path, partial(asyncio.sleep, 0))
    assert results.count(("ok", True)) < FILES


async def test_a_file_that_is_opened_meanwhile_is_taken_care_of(
    hass: HomeAssistant, writer: Writer, tmp_path: Path
) -> None:
    """Also one that is closed: as when an account is disabled, and enabled."""
    await backup.async_pre_backup(hass)
    before = (tmp_path / "ledger.db").read_bytes()
    writer.stop()
    await writer.has_written(0)
    await writer.database.close()
    again = Database(tmp_path / "ledger.db")
    await again.open()
    for number in range(100):
        await again.write(_adding(1000 + number))
    await again.close()
    assert (tmp_path / "ledger.db").read_bytes() == before
    third = Database(tmp_path / "ledger.db")
    await third.open()
    await backup.async_post_backup(hass)
    assert await third.read(_largest) == 1099
    await third.close()
    assert (tmp_path / "ledger.db").read_bytes() != before
    assert not (tmp_path / "ledger.db-wal").exists()


async def test_home_assistant_finds_it(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Before and after every backup."""
    assert await async_setup_component(home, "backup", {})
    await home.async_block_till_done()
    manager = home.data[DATA_MANAGER]
    await manager.async_pre_backup_actions()
    assert CHECKPOINTS.paused
    await manager.async_post_backup_actions()
    assert not CHECKPOINTS.paused


async def test_a_house_without_accounts_is_backed_up(hass: HomeAssistant) -> None:
    """Nothing is to be done."""
    await backup.async_pre_backup(hass)
    await backup.async_post_backup(hass)
    assert not CHECKPOINTS.paused


async def test_a_file_that_hangs_holds_no_backup_up(
    hass: HomeAssistant, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for long."""
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(pausing, "PAUSED_WITHIN", 0.1)

    def hang(_: sqlite3.Connection) -> None:
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()

    hanging = asyncio.ensure_future(writer.database.read(hang))
    await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        await backup.async_pre_backup(hass)
        await backup.async_post_backup(hass)
    go_on.set()
    await hanging


@pytest.mark.parametrize(
    ("step", "name"),
    [(backup.async_pre_backup, "pause"), (backup.async_post_backup, "resume")],
)
async def test_an_error_costs_no_backup(
    hass: HomeAssistant,
    step: Callable[[HomeAssistant], Awaitable[None]],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The whole house's would fail; it is logged instead."""

    async def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(CHECKPOINTS), name, fail)
    await step(hass)
    assert "ZeroDivisionError" in caplog.text
