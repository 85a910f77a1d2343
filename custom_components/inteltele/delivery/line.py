"""Who is next: the order in which what is queued is asked for, and from when on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ..gateway import MAX_NUMBERS
from ..gateway.access import LOCK_OUT
from ..storage.message import Message
from .ledger import Ledger
from .pauses import WITHOUT_MONEY, Pauses
from .tries import PAUSE_BEFORE_REPETITION, alike, over_at, submission_of
from .waiting_room import WaitingRoom, is_urgent

# So many requests for what waits are under way at once; one while the gateway fails.
MAX_AT_ONCE: Final = 4
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class Line:
    """What is queued, as it stands in line: those to one number keep their order.

    `asking` are being asked for, `held` are left alone, and `retrying` are the first of
    each batch that is tried again, all by their numbers in the ledger. `locked_until`
    tells until when the gateway must not be asked.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        now: Callable[[], datetime],
        locked_until: Callable[[], datetime | None],
    ) -> None:
        """Look at the messages of a ledger."""
        self.pauses = Pauses(now=now)
        self.without_money = Pauses(WITHOUT_MONEY, now=now)
        self.room = WaitingRoom(ledger, now=now)
        self.asking: set[int] = set()
        self.held: set[int] = set()
        self.retrying: set[int] = set()
        self.repeat_at: dict[int, datetime] = {}
        self._ledger = ledger
        self._now = now
        self._locked_until = locked_until

    @property
    def at_once(self) -> int:
        """Return how many requests more may be made for what waits."""
        at_once = 1 if self.pauses.failing else MAX_AT_ONCE
        return max(0, at_once - len(self.retrying))

    @property
    def left_alone(self) -> Iterator[Message]:
        """Return what is neither being asked for nor held."""
        for seq, message in self._ledger.queued.items():
            if seq not in self.asking and seq not in self.held:
                yield message

    def move(self, by: timedelta) -> None:
        """Move what is planned, because the clock was set."""
        self.repeat_at = {seq: due + by for seq, due in self.repeat_at.items()}
        self.pauses.move(by)
        self.without_money.move(by)
        self.room.move(by)

    def settle(self) -> None:
        """Let a clock that was set back prolong no pause."""
        self.pauses.settle(LOCK_OUT)
        self.without_money.settle(WITHOUT_MONEY[-1])

    def slow_down(self) -> None:
        """Leave the gateway alone for a while."""
        self.pauses.slow_down(self._ledger.queued.values(), self._locked_until())

    def shorten(self) -> None:
        """Try soon, where the gateway may be asked at all."""
        if self._locked_until() is None:
            self.pauses.shorten(self._ledger.queued.values())

    def money_is_missing(self) -> None:
        """Leave what waits for money alone for a while."""
        queued = self._ledger.queued.values()
        self.without_money.slow_down([item for item in queued if item.waits_for_money])

    def take(self, batch: Sequence[Message]) -> None:
        """Let messages be asked for, which are tried again."""
        self.asking |= {message.seq for message in batch}
        self.retrying.add(batch[0].seq)

    def let_go(self, seqs: set[int]) -> None:
        """Go on with messages; what may have arrived is not repeated in haste."""
        self.asking -= seqs
        self.retrying -= seqs
        later = self._now() + PAUSE_BEFORE_REPETITION
        for seq in seqs:
            message = self._ledger.queued.get(seq)
            if message is not None and message.attempted_at is not None:
                self.repeat_at[seq] = later

    def next_due(self) -> datetime | None:
        """Return when something is to be done next, None for never."""
        moments = [over_at(message) for message in self.left_alone]
        # Without room, what is ready comes next when something else has ended.
        if self.at_once > 0:
            moments += [self._ready_at(message) for message in self._heads()]
        return min(moments, default=None)

    def due(self, now: datetime) -> list[list[Message]]:
        """Return what can be asked now: a list for each request."""
        ready = (item for item in self._heads() if self._ready_at(item) <= now)
        return [batch[:MAX_NUMBERS] for batch in alike(ready)[: self.at_once]]

    def may_have_arrived(self, batch: Sequence[Message]) -> bool:
        """Return whether Viber may have delivered while an SMS could not leave."""
        return any(
            message.other_id
            and message.attempted_at is None
            and (message.waits or message.seq <= self._ledger.seq_at_start)
            for message in batch
        )

    def _heads(self) -> Iterator[Message]:
        """Return the first message to each number, where none is being asked for."""
        queued = self._ledger.queued
        asking = [message for seq, message in queued.items() if seq in self.asking]
        seen = {message.number for message in asking}
        # One is enough to see whether there is money again.
        one_of_them = self.without_money.failing
        tried = any(message.waits_for_money for message in asking)
        for message in sorted(queued.values(), key=lambda item: not is_urgent(item)):
            if message.number in seen or (tried and message.waits_for_money):
                continue
            if not message.stands_aside:
                seen.add(message.number)
            if message.seq not in self.held:
                tried = tried or (one_of_them and message.waits_for_money)
                yield message

    def _ready_at(self, message: Message) -> datetime:
        """Return when the first message to a number may be tried."""
        submission = submission_of(message)
        if submission.attempted_at is None:
            return max(
                self.pauses.until or _ALWAYS,
                (message.waits_for_money and self.without_money.until) or _ALWAYS,
                submission.not_before or _ALWAYS,
                self.room.free_at(message) or _ALWAYS,
            )
        # Its time is short, so a pause does not count.
        soon = self.repeat_at.get(
            message.seq, submission.attempted_at + PAUSE_BEFORE_REPETITION
        )
        return min(max(soon, self._locked_until() or _ALWAYS), over_at(message))
