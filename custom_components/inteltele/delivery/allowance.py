"""How much may still be sent: a runaway automation must not empty the account."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from ..storage.message import Use

PERIOD: Final = timedelta(hours=24)
# One part in so many of each limit is kept for alarms.
KEPT_FOR_ALARMS: Final = 5


class Allowance:
    """Counts what messages took, or may take yet, in 24 hours against two limits.

    `limit` is of Viber messages and SMS parts together, `sms_limit` of SMS parts alone.
    Each message counts from when it was accepted, with what it may take at most; what
    it turns out not to need is free again.
    """

    def __init__(
        self, limit: int, sms_limit: int, *, now: Callable[[], datetime]
    ) -> None:
        """Start with nothing used."""
        self.limit = limit
        self.sms_limit = sms_limit
        self._now = now
        # By the messages' numbers, oldest first, as seconds since 1970.
        self._used: OrderedDict[int, tuple[float, Use]] = OrderedDict()
        self._total = self._parts = 0
        self._wanting: Use | None = None

    @property
    def left(self) -> int:
        """Return how much of the limit of both is left, for alarms as well."""
        self._tidy_up()
        return max(0, self.limit - self._total)

    @property
    def sms_left(self) -> int:
        """Return how much of the limit of SMS parts is left, for alarms as well."""
        self._tidy_up()
        return max(0, self.sms_limit - self._parts)

    @property
    def reached(self) -> bool:
        """Return whether there is still no room for what there was none for last.

        Where no SMS is to be sent at all, none is missed.
        """
        if self._wanting is not None and self.affords(self._wanting):
            self._wanting = None
        return self._wanting is not None

    def affords(self, use: Use, *, urgent: bool = False) -> bool:
        """Return whether there is room for something; the last fifth is for alarms."""
        self._tidy_up()
        kept = 0 if urgent else self.limit // KEPT_FOR_ALARMS
        kept_sms = 0 if urgent else self.sms_limit // KEPT_FOR_ALARMS
        return self._total + use.total <= self.limit - kept and (
            not use.parts or self._parts + use.parts <= self.sms_limit - kept_sms
        )

    def refuse(self, use: Use) -> None:
        """Note what there was no room for."""
        if use.viber or self.sms_limit:
            self._wanting = use

    def remember(self, used: Iterable[tuple[datetime, int, Use]]) -> None:
        """Count messages of before: when they were sent, their numbers, their use."""
        for moment, seq, use in sorted(used, key=lambda item: item[:2]):
            self._take(moment, seq, use)

    def move(self, by: timedelta) -> None:
        """Move what counts, because the clock was set."""
        seconds = by.total_seconds()
        for seq, (moment, use) in self._used.items():
            self._used[seq] = (moment + seconds, use)

    def take(self, seq: int, use: Use) -> None:
        """Count a new message, which may be more than is left."""
        self._take(self._now(), seq, use)

    def change(self, seq: int, use: Use) -> None:
        """Count a message with what it takes now, where it counts at all."""
        if (counted := self._used.get(seq)) is None:
            return
        moment, before = counted
        self._add(before, -1)
        self._add(use, 1)
        if use.total:
            self._used[seq] = (moment, use)
        else:
            del self._used[seq]

    def _take(self, moment: datetime, seq: int, use: Use) -> None:
        """Count a message from a moment on."""
        if use.total:
            self._used[seq] = (moment.timestamp(), use)
            self._add(use, 1)

    def _add(self, use: Use, times: int) -> None:
        """Add to what counts together."""
        self._total += times * use.total
        self._parts += times * use.parts

    def _tidy_up(self) -> None:
        """Count no more what is over.

        A clock that was wrong for a while must not use the allowance up for longer.
        """
        now, used = self._now().timestamp(), self._used
        over = now - PERIOD.total_seconds()
        while used and used[next(iter(used))][0] <= over:
            self._add(used.popitem(last=False)[1][1], -1)
        while used and used[next(reversed(used))][0] > now:
            self._add(used.popitem()[1][1], -1)
