"""What happened to an account's messages, until it is told."""

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count

from ..storage import untold as table
from ..storage.database import Database
from ..storage.message import Message, MessageStatus
from ..storage.untold import Happening, names_of


class Untold:
    """What automations are still to hear, in order for each number.

    What can be told within a moment costs no write; only what must wait is kept in the
    file until it was told.
    """

    def __init__(self, database: Database) -> None:
        """Name the file; nothing is read yet."""
        self._database = database
        self._by_number: dict[str, deque[Happening]] = {}
        self._kept: set[int] = set()
        self._places = count(1)

    async def load(self) -> None:
        """Take up what was not told before."""
        happenings = await self._database.read(table.load)
        for happening in happenings:
            self.add(happening, kept=True)
        self._places = count(max(self._kept, default=0) + 1)

    def next_place(self) -> int:
        """Return the place of what happens next."""
        return next(self._places)

    def change_of(self, before: Message | None, after: Message) -> Happening | None:
        """Return what happened by a change of a message, None for nothing to tell."""
        was = MessageStatus.QUEUED if before is None else before.status
        if after.status in {was, MessageStatus.QUEUED}:
            return None
        attributes = names_of(after)
        if after.ended:
            attributes |= {
                "reason": after.reason,
                "gateway_status": after.gateway_status,
                "reported_at": after.reported_at and after.reported_at.isoformat(),
                "seconds": after.seconds,
                "source": after.source,
            }
        return Happening(
            place=self.next_place(),
            number=after.number,
            type=after.status.value,
            attributes=attributes,
            message=after.seq,
            before=was,
        )

    def add(self, happening: Happening, *, kept: bool = False) -> None:
        """Have something told; `kept` where it is in the file already."""
        self._by_number.setdefault(happening.number, deque()).append(happening)
        if kept:
            self._kept.add(happening.place)

    def keep(self, number: str) -> None:
        """Keep in the file what is to be told about a number, because that must wait.

        Together with what made it happen, where that was just handed in.
        """
        for happening in self._by_number.get(number, ()):
            if happening.place not in self._kept:
                self._kept.add(happening.place)
                self._database.submit(partial(table.write, happening=happening))

    def waiting(self) -> dict[str, int]:
        """Return how much is to be told about each number."""
        return {number: len(each) for number, each in self._by_number.items()}

    def take(self, number: str) -> Happening | None:
        """Take the first that is to be told about a number, to tell it now."""
        if (happenings := self._by_number.get(number)) is None:
            return None
        happening = happenings.popleft()
        if not happenings:
            del self._by_number[number]
        return happening

    def told(self, happenings: Iterable[Happening]) -> None:
        """Keep no longer what was told."""
        places = {happening.place for happening in happenings} & self._kept
        if places:
            self._kept -= places
            self._database.submit(partial(table.delete, places=places))

    def status_told(self, message: Message) -> MessageStatus:
        """Return where a message stands by what was told."""
        for happening in self._by_number.get(message.number, ()):
            if happening.message == message.seq and happening.before is not None:
                return happening.before
        return message.status

    def forget(self, number: str, stays: Callable[[int | None], bool]) -> None:
        """Forget what is about a number but some messages, as the file did."""
        happenings = self._by_number.pop(number, ())
        for happening in happenings:
            if stays(happening.message):
                self.add(happening)
            else:
                self._kept.discard(happening.place)
