"""The memory of an account: its messages, and the one place where they change."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
import sqlite3

from ..plain import get_logger
from ..storage import counters, messages as table
from ..storage.counters import Counters, counted
from ..storage.database import Database, Work
from ..storage.ids import seq_of
from ..storage.message import (
    FailureCause,
    Message,
    MessageStatus,
)
from ..storage.messages import Change
from .times import moved, not_ahead
from .ways import failed

_LOGGER = get_logger(__name__)

# So many messages are counted from their rows when the file is read.
COUNTED_FROM_ROWS = 500


class Ledger:
    """Every message of an account, from when it was accepted.

    Kept in a file; only those that have not come to their end stay in memory, and the
    newest to each number. Every change goes through `change`, and `on_change` hears of
    it: the message as it was, None for a new one, and as it is.
    """

    def __init__(
        self, database: Database, on_change: Callable[[Message | None, Message], None]
    ) -> None:
        """Name the file; nothing is read yet."""
        self.counters = Counters()
        self.latest: dict[str, Message] = {}
        self.queued: dict[int, Message] = {}
        self._database = database
        self._on_change = on_change
        self._under_way: dict[int, Message] = {}
        self._seqs: dict[str, int] = {}
        self._last_seq = 0
        self.seq_at_start = 0
        self._not_kept = Counters()

    @property
    def under_way(self) -> list[Message]:
        """Return the messages whose end the gateway will tell."""
        return list(self._under_way.values())

    @property
    def last_seq(self) -> int:
        """Return the number that was given last."""
        return self._last_seq

    @property
    def pending(self) -> int:
        """Return how many messages have not come to their end."""
        return len(self._under_way) + len(self.queued)

    async def load(self) -> None:
        """Read what is needed from the open file."""
        found = await self._database.read(_load)
        self.counters, self.latest, not_ended, self._last_seq = found
        self.seq_at_start = self._last_seq
        for message in not_ended:
            self._keep_in_memory(message)

    def shorten(self, now: datetime) -> None:
        """Let nothing live longer because the clock was ahead when it was accepted.

        When the gateway was asked for it stays as it is: nobody knows how long ago
        that was.
        """
        changes = [
            (message, not_ahead(message, now))
            for message in (*self.queued.values(), *self._under_way.values())
            if message.sent_at > now
        ]
        if changes:
            self.change(changes)

    def next_seq(self) -> int:
        """Return the number of the next message."""
        self._last_seq += 1
        if self._last_seq % COUNTED_FROM_ROWS == 0:
            self._database.submit(counters.move_on)
        return self._last_seq

    def accept(self, messages: Iterable[Message]) -> None:
        """Take up new messages, which somebody else writes into the file."""
        for message in messages:
            self._keep_in_memory(message)

    def tell_new(self, messages: Iterable[Message]) -> None:
        """Tell of new messages."""
        for message in messages:
            self.counters += counted(None, message)
            self._show(message)
            self._tell(None, message)

    def count_only(self, more: Counters) -> None:
        """Count what gets no row; it is written with the next change."""
        self.counters += more
        self._not_kept += more

    def move(self, by: timedelta) -> None:
        """Move the times of what was accepted in this run, by which the clock was set.

        What was read from the file does not get longer by a clock that was set back.
        """
        changes: list[Change] = []
        for message in (*self.queued.values(), *self._under_way.values()):
            of_this_run = message.seq > self.seq_at_start
            after = moved(message, by, of_this_run=of_this_run)
            if after is not message:
                changes.append((message, after))
        self.change(changes)

    def change(self, changes: Sequence[Change], *, written: bool = False) -> None:
        """Let messages become what they are now: the one way in which any changes.

        With `written`, somebody else writes them. What was deleted while it was queued
        does not come back.
        """
        changes = [
            (before, after)
            for before, after in changes
            if before.seq in self.queued or before.status is not MessageStatus.QUEUED
        ]
        if not changes:
            return
        for before, after in changes:
            self.counters += counted(before, after)
            if {before.status, after.status} != {MessageStatus.QUEUED}:
                # What stays queued keeps its place.
                self._forget_in_memory(before)
            self._keep_in_memory(after)
            self._show(after)
        if not written:
            self._database.submit(partial(_write, changes=changes, more=self._taken()))
        for before, after in changes:
            self._tell(before, after)

    async def write(
        self, work: Work, *, synced: bool = True, ahead: bool = False
    ) -> None:
        """Let something be on disk before it is done, where that is possible.

        `synced` and `ahead` are as the database takes them. What the disk does not
        take, which is told elsewhere, must not keep an alarm back.
        """
        try:
            await self._database.write(work, synced=synced, ahead=ahead)
        except Exception:  # noqa: BLE001 - told elsewhere
            self._database.submit(work)

    def fail(self, message: Message, reason: FailureCause, now: datetime) -> None:
        """End a message that did not arrive, as far as this house can tell."""
        self.change([(message, failed(message, reason, now))])

    def sent_with(self, message_id: str) -> Message | None:
        """Return an open message by one of the gateway's ids, in whichever case."""
        seq = self._seqs.get(message_id.lower())
        return None if seq is None else self.with_number(seq)

    def with_number(self, seq: int) -> Message | None:
        """Return a message that has not come to its end."""
        return self.queued.get(seq) or self._under_way.get(seq)

    async def find(self, message_id: str) -> Message | None:
        """Return a message by the gateway's id, from memory or the file.

        Raises sqlite3.Error.
        """
        return self.sent_with(message_id) or await self._database.read(
            partial(table.find, message_id=message_id)
        )

    async def with_id(self, text: str) -> Message | None:
        """Return a message by the house's own id; raises sqlite3.Error."""
        if (seq := seq_of(text)) is None:
            return None
        message = await self.with_seq(seq)
        return message if message is not None and message.id == text.upper() else None

    async def with_seq(self, seq: int) -> Message | None:
        """Return the message with one of the ledger's numbers; raises sqlite3.Error."""
        return await self._database.read(partial(table.with_seq, seq=seq))

    async def history(
        self,
        numbers: Sequence[str] | None,
        status: MessageStatus | None,
        limit: int,
        before: int | None = None,
    ) -> list[Message]:
        """Return messages, newest first; None takes every number, status, or place.

        Raises sqlite3.Error.
        """
        return await self._database.read(
            partial(
                table.history,
                numbers=numbers,
                status=status,
                limit=limit,
                before=before,
            )
        )

    def forget(self, number: str, stays: Callable[[int], bool]) -> None:
        """Forget the messages to a number but what stays, as the file did."""
        for message in (*self.queued.values(), *self._under_way.values()):
            if message.number == number and not stays(message.seq):
                self._forget_in_memory(message)
        latest = self.latest.pop(number, None)
        if latest is not None and stays(latest.seq):
            self.latest[number] = latest
        for message in (*self.queued.values(), *self._under_way.values()):
            if message.number == number:
                self._show(message)

    async def close(self) -> None:
        """Write what was only counted."""
        if (more := self._taken()) != Counters():
            self._database.submit(partial(counters.add, more=more))

    def _tell(self, before: Message | None, after: Message) -> None:
        """Tell of a change; whoever hears of it keeps no message from its course."""
        try:
            self._on_change(before, after)
        except Exception:
            _LOGGER.exception("A change of a message could not be followed")

    def _taken(self) -> Counters:
        """Return what was only counted, which somebody writes now."""
        more, self._not_kept = self._not_kept, Counters()
        return more

    def _keep_in_memory(self, message: Message) -> None:
        """Keep a message that has not come to its end."""
        if message.status is MessageStatus.QUEUED:
            self.queued[message.seq] = message
        elif message.status is MessageStatus.SENT and (
            message.message_id is not None or message.second_way is not None
        ):
            self._under_way[message.seq] = message
        else:
            return
        for known in _ids(message):
            self._seqs[known] = message.seq

    def _forget_in_memory(self, message: Message) -> None:
        """Keep a message no longer, or not as it was."""
        self.queued.pop(message.seq, None)
        self._under_way.pop(message.seq, None)
        for known in _ids(message):
            self._seqs.pop(known, None)

    def _show(self, message: Message) -> None:
        """Take a message as the newest to its number, unless there is a newer one.

        One that is asked for the first time is shown when that is answered.
        """
        if message.status is MessageStatus.QUEUED and not message.waits:
            return
        latest = self.latest.get(message.number)
        if latest is None or latest.seq <= message.seq:
            self.latest[message.number] = message


def _ids(message: Message) -> list[str]:
    """Return the gateway's ids of a message, in lower case."""
    return [known.lower() for known in (message.message_id, message.other_id) if known]


def _load(
    connection: sqlite3.Connection,
) -> tuple[Counters, dict[str, Message], list[Message], int]:
    """Return what is kept in memory."""
    return (
        counters.read(connection),
        table.latest(connection),
        table.open_messages(connection),
        table.last_seq(connection),
    )


def _write(
    connection: sqlite3.Connection, changes: Sequence[Change], more: Counters
) -> None:
    """Keep changes, and what their rows do not tell, because they are gone."""
    gone = table.update(connection, changes)
    for before, after in changes:
        if after.seq in gone:
            more += counted(before, after)
    again = [
        after.seq for before, after in changes if before.ended and after.seq not in gone
    ]
    if again:
        counters.arrived_after_all(connection, again)
    if more != Counters():
        counters.add(connection, more)
