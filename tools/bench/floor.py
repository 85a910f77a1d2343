"""The least that a send must do: its row is committed before its request leaves."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from custom_components.inteltele.storage.ids import new_id
from custom_components.inteltele.storage.message import Message, MessageStatus
from custom_components.inteltele.storage.messages import insert
from custom_components.inteltele.storage.schema import connect


@contextmanager
def written_rows(path: Path) -> Iterator[Callable[[int], Awaitable[None]]]:
    """Yield what writes messages into a new file, in a thread of its own."""
    seqs = count(1)

    def message(now: datetime) -> Message:
        """Return a message with nothing in it that can be left out."""
        seq = next(seqs)
        return Message(
            seq=seq,
            id=new_id(now.timestamp(), seq),
            number="+380670000000",
            sent_at=now,
            text=f"Water! {seq}",
            status=MessageStatus.QUEUED,
        )

    def write(many: int) -> None:
        """Write rows, and commit them."""
        now = datetime.now(UTC)
        insert(connection, [message(now) for _ in range(many)])

    async def work(many: int) -> None:
        """Wait until so many rows are written."""
        await asyncio.get_running_loop().run_in_executor(worker, write, many)

    with ThreadPoolExecutor(1) as worker:
        connection = worker.submit(connect, path).result()
        yield work
        worker.submit(connection.close)
