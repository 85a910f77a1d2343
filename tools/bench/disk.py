"""What a message costs the disk, one at a time, as in a house that sends now and then.

Bytes are those that Linux counts for the thread which alone writes the account's file
(/proc/self/task/.../io, `wchar`): file, log, and what checkpoints copy from one to the
other. What is sent through sockets is not in it. The index of the log is mapped into
memory, and is not handed to the system as bytes.

Syncs are those of our own, counted where they are made, and SQLite's own: three for
each round of the log, which its header tells the number of (the log's new header, the
log before a checkpoint, the file after it). In a script of
its own, strace counted twelve for four rounds.

Blocks are what the whole process dirtied (/proc/self/io, `write_bytes`), in pages of
4 KiB, without a recorder. The gateway is another process.

It is measured from one checkpoint to the next, so that each message bears its part.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
import os
from pathlib import Path
import threading
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from custom_components.inteltele.account.paths import ledger_path
from custom_components.inteltele.storage import syncing
from custom_components.inteltele.storage.database import GATHERED_FOR

from ..house import call_action
from .figures import Figure
from .remembering import MANY

KIBIBYTE: Final = 1024
# What is gathered, and the sync after it, come to their end within this time.
SETTLED: Final = GATHERED_FOR + 0.03
SYNCS_OF_A_ROUND: Final = 3
MOST_MESSAGES: Final = 1000
_TEXTS = count()
_CHECKPOINTS_AT: Final = slice(12, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written up to some moment: bytes, syncs, and blocks in bytes."""

    handed_in: int
    syncs: int
    blocks: int
    rounds: int


class Meter:
    """Reads what an account has written."""

    def __init__(self, path: Path, syncs: Callable[[], int]) -> None:
        """Read of an account that is set up."""
        self._log = path.with_name(f"{path.name}-wal")
        self._syncs = syncs
        [self._thread] = [
            thread.native_id
            for thread in threading.enumerate()
            if thread.name.startswith(f"{path.name} worker")
        ]

    def read(self) -> Written:
        """Return what was written up to now."""
        rounds = self.rounds
        return Written(
            handed_in=_counted(f"task/{self._thread}/io", "wchar"),
            syncs=self._syncs() + SYNCS_OF_A_ROUND * rounds,
            blocks=_counted("io", "write_bytes"),
            rounds=rounds,
        )

    @property
    def rounds(self) -> int:
        """Return how often the log was begun anew."""
        with self._log.open("rb") as log:
            return int.from_bytes(log.read(32)[_CHECKPOINTS_AT])


def _counted(where: str, name: str) -> int:
    """Return what Linux counts of this process, or of one of its threads."""
    lines = Path("/proc/self", where).read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)[name])


@contextmanager
def _counting_syncs() -> Iterator[Callable[[], int]]:
    """Count the syncs that the integration makes itself."""
    made = 0
    real = os.fsync

    def fsync(descriptor: int) -> None:
        """Sync, and count it."""
        nonlocal made
        made += 1
        real(descriptor)

    with patch.object(syncing.os, "fsync", fsync):
        yield lambda: made


async def send_and_deliver(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str, pause: float
) -> None:
    """Send a message, and have it reported by webhook a while after it was taken."""
    response = await call_action(
        hass,
        "inteltele.send_message",
        entity_id=entity_id,
        message=f"Somebody is at the front door. {next(_TEXTS)}",
    )
    await asyncio.sleep(pause)
    url = f"{hass.config.internal_url}/api/webhook/{entry.data['webhook_id']}"
    form = {"msgid": response["messages"][0]["message_id"], "status": "delivrd"}
    async with async_get_clientsession(hass).post(url, data=form) as answer:
        answer.raise_for_status()


async def _checkpoint(entry: ConfigEntry[Any]) -> None:
    """Bring all there is from the log into the file."""
    await entry.runtime_data.delivery.database.read(
        lambda connection: connection.execute("PRAGMA wal_checkpoint").fetchall()
    )


async def each_message(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_ids: Sequence[str]
) -> Sequence[Figure]:
    """Return what a message that is sent and delivered costs."""
    with _counting_syncs() as syncs:
        meter = Meter(ledger_path(hass, entry.entry_id), syncs)
        await send_and_deliver(hass, entry, entity_ids[0], SETTLED)
        await asyncio.sleep(SETTLED)
        await _checkpoint(entry)
        before = meter.read()
        sent = 0
        # The first begins the log anew, the last of the next round ends it.
        while meter.rounds <= before.rounds + 1 and sent < MOST_MESSAGES:
            entity_id = entity_ids[sent % len(entity_ids)]
            await send_and_deliver(hass, entry, entity_id, SETTLED)
            await asyncio.sleep(SETTLED)
            sent += 1
        after = meter.read()
    return [
        Figure(
            measure=f"bytes handed in per message (mean of {sent})",
            unit="KiB",
            before="about 50 KiB",
            now=(after.handed_in - before.handed_in) / sent / KIBIBYTE,
            limit=16,
        ),
        Figure(
            measure="syncs per message",
            unit="",
            now=(after.syncs - before.syncs) / sent,
            limit=3,
        ),
        Figure(
            measure="blocks written by the process per message, no recorder",
            unit="KiB",
            before="58 KiB",
            now=(after.blocks - before.blocks) / sent / KIBIBYTE,
            limit=36,
        ),
    ]


async def deletion(
    hass: HomeAssistant, entry: ConfigEntry[Any], number: str
) -> Sequence[Figure]:
    """Return what the deletion of one person's messages costs, with a checkpoint."""
    path = ledger_path(hass, entry.entry_id)
    await _checkpoint(entry)
    meter = Meter(path, int)
    before = meter.read()
    response = await call_action(
        hass, "inteltele.delete_messages", config_entry_id=entry.entry_id, number=number
    )
    await _checkpoint(entry)
    after = meter.read()
    written = after.handed_in - before.handed_in
    return [
        Figure(
            measure=f"delete_messages of {response['deleted']} of {MANY}",
            unit="% of the file",
            before="320 %",
            now=100 * written / path.stat().st_size,
            limit=5,
        )
    ]
