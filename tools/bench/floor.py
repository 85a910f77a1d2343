"""The least that a send must do: its row is committed before its request leaves."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from custom_components.inteltele.storage.ids import new_id
from custom_components.inteltele.storage.message import Message, MessageStatus
from custom_components.inteltele.storage.messages import insert
from custom_components.inteltele.storage.schema import connect

from .rounds import Work


@contextmanager
def written_rows(path: Path) -> Iterator[Work]:
    """Yield work that writes a message into a new file, in a thread of its own."""
    seqs = count(1)

    def write() -> None:
        """Write a row, and commit it."""
        seq, now = next(seqs), datetime.now(UTC)
        message = Message(
            seq=seq,
            id=new_id(now.timestamp(), seq),
            number="+380670000000",
            sent_at=now,
            text=f"Water! {seq}",
            status=MessageStatus.QUEUED,
        )
        insert(connection, [message])

    async def work() -> None:
        """Wait until a row is written."""
        await asyncio.get_running_loop().run_in_executor(worker, write)

    with ThreadPoolExecutor(1) as worker:
        connection = worker.submit(connect, path).result()
        yield work
        worker.submit(connection.close)
