"""Waiting for what becomes of messages."""

import asyncio
from collections.abc import Callable, Collection
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
    messages.
    """

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._ends: dict[str, Message] = {}
        self._answers: dict[str, str] = {}
        self._forgotten = set[str]()
        self._news = asyncio.Event()
        self._stopped = False

    def end(self, message: Message) -> None:
        """Hear that a message came to its end."""
        self._ends[message.id] = message
        self._news.set()

    def answer(self, link: str, action: str) -> None:
        """Hear that somebody answered by a link."""
        self._answers[link] = action
        self._news.set()

    def forget(self, ids: Collection[str]) -> None:
        """Hear that messages were deleted: nothing comes of them any more."""
        self._forgotten.update(ids)
        self._news.set()

    def forgotten(self, message: Message) -> bool:
        """Return whether a message was deleted."""
        return message.id in self._forgotten

    def stop(self) -> None:
        """End the waiting, because an account stops."""
        self._stopped = True
        self._news.set()

    def now(self, message: Message) -> Message:
        """Return a message as far as is known, at its end if it has come to one."""
        return self._ends.get(message.id, message)

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
