"""Waiting until the gateway has answered for messages."""

import asyncio
from collections.abc import Iterable

from ..storage.message import Message, MessageStatus


class Settling:
    """Hears of messages until none is being asked for any more.

    `messages` are as they stand, in order; `done` has a result once all are settled.
    """

    def __init__(self, messages: Iterable[Message]) -> None:
        """Begin with messages that were just accepted."""
        self._messages = {message.seq: message for message in messages}
        self._open = {
            seq
            for seq, message in self._messages.items()
            if message.attempted_at is not None
        }
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def messages(self) -> list[Message]:
        """Return the messages as they stand."""
        return list(self._messages.values())

    def hear(self, message: Message) -> None:
        """Hear how a message stands now; what comes after its answer does not count."""
        known = self._messages.get(message.seq)
        if known is not None and known.status is MessageStatus.QUEUED:
            self._messages[message.seq] = message
        if message.seq in self._open and message.attempted_at is None:
            self._open.discard(message.seq)
            self.accepted()

    def accepted(self) -> None:
        """End where nothing is being asked for; what was accepted is written now."""
        if not self._open:
            self.give_up()

    def give_up(self) -> None:
        """End, however the messages stand."""
        if not self.done.done():
            self.done.set_result(None)
