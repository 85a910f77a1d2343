"""Requests under way, each in a task of its own that nobody cuts off."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from ..plain import get_logger

_LOGGER = get_logger(__name__)


class UnderWay:
    """The requests that are under way, and what goes with them.

    `on_done` is called whenever one has ended, however it did.
    """

    def __init__(self, on_done: Callable[[], None]) -> None:
        """Start with none."""
        self.tasks: set[asyncio.Task[None]] = set()
        self._on_done = on_done

    def run(self, asking: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let something be asked.

        It begins at once: what is written first comes before what is written later.
        """
        task = asyncio.create_task(asking, name="IntelTele request", eager_start=True)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def finish(self, within: float) -> None:
        """Let all come to their end; what takes longer is cut off."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=within)
        # Also what was begun meanwhile.
        for task in self.tasks:
            task.cancel()
        if self.tasks:
            await asyncio.wait(self.tasks)

    def _done(self, task: asyncio.Task[None]) -> None:
        """Go on, whatever became of one."""
        self.tasks.discard(task)
        if not task.cancelled() and (err := task.exception()) is not None:
            _LOGGER.error("Messages could not be carried on", exc_info=err)
        self._on_done()
