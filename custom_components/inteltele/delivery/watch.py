"""Waiting for what becomes of messages."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum

from ..storage.message import Message


class WaitFor(StrEnum):
    """What an action may wait for."""

    DELIVERED = "delivered"
    ANSWERED = "answered"


class Watch:
    """Hears of the ends and the answers of messages, from before they are sent.

    A report may come before the reply to its own send, so ends are collected for all
    messages, by account and the ledger's number.
    """

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._ends: dict[tuple[str, int], Message] = {}
        self._answers: dict[str, str] = {}
        self._news = asyncio.Event()
        self._stopped = False

    def end(self, account: str, message: Message) -> None:
        """Hear that a message came to its end."""
        self._ends[account, message.seq] = message
        self._news.set()

    def answer(self, link: str, action: str) -> None:
        """Hear that somebody answered by a link."""
        self._answers[link] = action
        self._news.set()

    def stop(self) -> None:
        """End the waiting, because an account stops."""
        self._stopped = True
        self._news.set()

    def end_of(self, account: str, seq: int) -> Message | None:
        """Return the end of a message, None before it."""
        return self._ends.get((account, seq))

    def answer_by(self, link: str | None) -> str | None:
        """Return the action that was chosen by a link, None before it."""
        return None if link is None else self._answers.get(link)

    async def wait(self, over: Callable[[], bool], at_most: timedelta) -> None:
        """Wait until it is over, for some time, or until an account stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most.total_seconds()):
                while not (over() or self._stopped):
                    self._news.clear()
                    await self._news.wait()
