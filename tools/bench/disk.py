"""What a message costs the disk, one at a time, as in a house that sends now and then.

Bytes are those that Linux counts for the thread which alone writes the account's file
(/proc/self/task/.../io, `wchar`): file, log, and what checkpoints copy from one to the
other. What is sent through sockets is not in it. The index of the log is mapped into
memory, and is not handed to the system as bytes.

Blocks are what the whole process dirtied (/proc/self/io, `write_bytes`), in pages of
4 KiB, without a recorder. The gateway is another process.

It is measured from one checkpoint to the next, so that each message bears its part.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
import threading
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.inteltele.account.paths import ledger_path
from custom_components.inteltele.storage.database import GATHERED_FOR

from ..house import call_action
from .configuration import (
    RECORDER,
    add_account_at,
    give_history,
    house_of_comparison,
)
from .filling import MANY, fill, numbers
from .gateways import Gateway, least_process
from .rounds import Row, Run
from .single import send_and_deliver
from .states import state_changes

KIBIBYTE: Final = 1024
# What is gathered, and the sync after it, come to their end within this time.
SETTLED: Final = GATHERED_FOR + 0.03
MOST_MESSAGES: Final = 1000
RECIPIENTS: Final = 10
# So many messages go to each number of a filled file, as many as are deleted.
TO_EACH: Final = 20
# The recorder writes every five seconds.
RECORDED_AFTER: Final = 6.0
RECORDED: Final = 8
_CHECKPOINTS_AT: Final = slice(12, 16)


class Meter:
    """Reads what an account has written."""

    def __init__(self, path: Path) -> None:
        """Read of an account that is set up."""
        self._log = path.with_name(f"{path.name}-wal")
        self._thread = _thread_of(f"{path.name} worker")

    @property
    def handed_in(self) -> int:
        """Return the bytes that the account's thread handed in."""
        return _counted(f"task/{self._thread}/io", "wchar")

    @property
    def blocks(self) -> int:
        """Return what the process dirtied, in bytes."""
        return _counted("io", "write_bytes")

    @property
    def log_rounds(self) -> int:
        """Return how often the log was begun anew."""
        with self._log.open("rb") as log:
            return int.from_bytes(log.read(32)[_CHECKPOINTS_AT])


def _thread_of(name: str) -> int:
    """Return the system's number of the thread whose name begins so."""
    [thread] = [
        thread.native_id
        for thread in threading.enumerate()
        if thread.name.startswith(name)
    ]
    assert thread is not None  # noqa: S101 - it runs
    return thread


def _counted(where: str, name: str) -> int:
    """Return what Linux counts of this process, or of one of its threads."""
    lines = Path("/proc/self", where).read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)[name])


async def _checkpoint(entry: ConfigEntry[Any]) -> None:
    """Bring all there is from the log into the file."""
    await entry.runtime_data.delivery.database.read(
        lambda connection: connection.execute("PRAGMA wal_checkpoint").fetchall()
    )


async def on_disk(run: Run) -> Sequence[Row]:
    """Measure with a long history and without a recorder, then with one."""
    async with least_process() as url, house_of_comparison(run.folder) as hass:
        entry = await add_account_at(hass, Gateway(url=url), recipients=RECIPIENTS)
        to = numbers(MANY // TO_EACH)
        await give_history(hass, entry, partial(fill, count=MANY, to=to))
        deleted = await _deletion(hass, entry, to[len(to) // 2])
        names = [f"notify.recipient_{number}" for number in range(RECIPIENTS)]
        handed_in, blocks = await _each_message(hass, entry, names, run.rounds)
        changes = await state_changes(hass, entry, names[0])
    async with (
        least_process() as url,
        house_of_comparison(run.folder / "recorded", more=RECORDER) as hass,
    ):
        entry = await add_account_at(hass, Gateway(url=url), recipients=1)
        recorded = await _recorded(hass, entry, min(RECORDED, run.rounds))
    return [
        Row(
            measure="bytes handed in for the account's files per message",
            against=f"the recorder's own for it: {recorded:.3g} KiB",
            unit="KiB",
            found=[handed_in],
            limit=16,
        ),
        Row(
            measure="blocks written by the process for it, without a recorder",
            unit="KiB",
            found=[blocks],
            limit=36,
        ),
        Row(
            measure=f"delete_messages of {TO_EACH} among {MANY}",
            against="file size",
            found=[deleted],
            limit=0.05,
        ),
        *changes,
    ]


async def _each_message(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_ids: Sequence[str], rounds: int
) -> tuple[float, float]:
    """Return what a message costs that is sent and delivered, in KiB.

    Bytes that are handed in, and blocks. With few rounds, not up to the checkpoint.
    """
    meter = Meter(ledger_path(hass, entry.entry_id))
    await _send_one(hass, entry, entity_ids[0])
    await _checkpoint(entry)
    log_rounds, handed_in, blocks = meter.log_rounds, meter.handed_in, meter.blocks
    sent = 0
    # The first begins the log anew, the last of the next round ends it.
    most = MOST_MESSAGES if rounds > 5 else rounds * 5  # noqa: PLR2004
    while meter.log_rounds <= log_rounds + 1 and sent < most:
        await _send_one(hass, entry, entity_ids[sent % len(entity_ids)])
        sent += 1
    return (
        (meter.handed_in - handed_in) / sent / KIBIBYTE,
        (meter.blocks - blocks) / sent / KIBIBYTE,
    )


async def _send_one(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str
) -> None:
    """Send a message and have it delivered, each written by itself."""
    await send_and_deliver(hass, entry, entity_id, SETTLED)
    await asyncio.sleep(SETTLED)


async def _recorded(hass: HomeAssistant, entry: ConfigEntry[Any], count: int) -> float:
    """Return what the recorder hands in for such a message, in KiB."""
    thread = _thread_of("Recorder")
    await asyncio.sleep(RECORDED_AFTER)
    before = _counted(f"task/{thread}/io", "wchar")
    for _ in range(count):
        await send_and_deliver(hass, entry, "notify.recipient_0", SETTLED)
        await asyncio.sleep(RECORDED_AFTER)
    return (_counted(f"task/{thread}/io", "wchar") - before) / count / KIBIBYTE


async def _deletion(hass: HomeAssistant, entry: ConfigEntry[Any], number: str) -> float:
    """Return what part of the file is handed in where one person is forgotten."""
    path = ledger_path(hass, entry.entry_id)
    await _checkpoint(entry)
    meter = Meter(path)
    before = meter.handed_in
    response = await call_action(
        hass, "inteltele.delete_messages", config_entry_id=entry.entry_id, number=number
    )
    assert response["deleted"] == TO_EACH  # noqa: S101 - as it was filled
    await _checkpoint(entry)
    return (meter.handed_in - before) / path.stat().st_size
