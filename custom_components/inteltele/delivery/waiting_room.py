"""Room for messages that wait: which may, and which goes for a newer one."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from ..gateway import ErrorReason
from ..storage.message import HouseReason, Message
from .ledger import Ledger
from .pauses import AFTER_A_MINUTE
from .ways import failed

MAX_WAITING: Final = 500
_ONE_A_MINUTE: Final = ErrorReason.REPEAT_DETECTED


class WaitingRoom:
    """The messages that wait, with a place for what is new.

    Where none is free, the oldest that waits goes: one to the same number, or else one
    to the number that most wait for, but nothing that is urgent. Where the gateway
    takes one message a minute to a number, only as many wait for it as it can take
    before their time is over.
    """

    def __init__(self, ledger: Ledger, *, now: Callable[[], datetime]) -> None:
        """Look at the messages of a ledger."""
        self._ledger = ledger
        self._now = now
        # When each number that the gateway takes one message a minute to is free again.
        self._free_at: dict[str, datetime] = {}

    @property
    def waiting(self) -> int:
        """Return how many messages wait."""
        return sum(message.waits for message in self._ledger.queued.values())

    def reasons(self, *, urgent: bool = False) -> dict[str, ErrorReason]:
        """Return why the first message to each number waits, where any does.

        What is urgent stands behind what is urgent only.
        """
        reasons: dict[str, ErrorReason] = {}
        for message in self._ledger.queued.values():
            if (
                isinstance(message.reason, ErrorReason)
                and not message.stands_aside
                and (is_urgent(message) or not urgent)
            ):
                reasons.setdefault(message.number, message.reason)
        return reasons

    def move(self, by: timedelta) -> None:
        """Move what is planned, because the clock was set."""
        self._free_at = {number: at + by for number, at in self._free_at.items()}

    def took(self, message: Message) -> None:
        """Note that the gateway took a message, which may have waited a minute."""
        if message.reason is not _ONE_A_MINUTE:
            return
        now = self._now()
        self._free_at = {
            number: at for number, at in self._free_at.items() if at > now
        } | {message.number: now + AFTER_A_MINUTE}

    def free_at(self, message: Message) -> datetime | None:
        """Return when the number of a message is free, None where it may be now."""
        if message.reason is not _ONE_A_MINUTE:
            return None
        # A clock that was set back must not prolong any waiting.
        at = self._free_at.get(message.number)
        return at and min(at, self._now() + AFTER_A_MINUTE)

    def seat(self, coming: Sequence[Message]) -> tuple[set[int], list[Message]]:
        """Return which of what is to wait finds no place, and what goes for the rest.

        The former by their numbers in the ledger.
        """
        refused: set[int] = set()
        gone: list[Message] = []
        free = MAX_WAITING - self.waiting
        for message in coming:
            if (
                message.reason is _ONE_A_MINUTE
                and not is_urgent(message)
                and not self._in_time(message)
            ):
                refused.add(message.seq)
            elif free > 0:
                free -= 1
            elif (oldest := self._oldest(message.number, gone)) is not None:
                gone.append(oldest)
            else:
                refused.add(message.seq)
        return refused, gone

    def _in_time(self, message: Message) -> bool:
        """Return whether a message has its turn, one a minute, before it is over."""
        line = [
            other
            for seq, other in self._ledger.queued.items()
            if other.number == message.number and seq < message.seq and other.waits
        ]
        first, last = (line or [message])[0].submission, message.submission
        assert first is not None and last is not None  # noqa: PT018, S101 - they wait
        now = self._now()
        begins = max(
            now, first.not_before or now, self._free_at.get(message.number, now)
        )
        return begins + len(line) * AFTER_A_MINUTE < last.until

    def _oldest(self, number: str, gone: Sequence[Message]) -> Message | None:
        """Return what goes for a new message to a number; None where nothing can."""
        waiting = [
            message
            for message in self._ledger.queued.values()
            if message.waits
            and message.attempted_at is None
            and not is_urgent(message)
            and message not in gone
        ]
        counted = Counter(message.number for message in waiting)
        if not counted:
            return None
        busiest = number if number in counted else counted.most_common(1)[0][0]
        return next(message for message in waiting if message.number == busiest)


def is_urgent(message: Message) -> bool:
    """Return whether a message goes ahead of others."""
    return message.submission is not None and message.submission.urgent


def crowded_out(message: Message, now: datetime) -> Message:
    """Return a message as it ends where it finds no place, or has to leave it.

    One that may have arrived stays one of which nobody knows.
    """
    if message.reason is ErrorReason.OUTCOME_UNKNOWN:
        return failed(message, message.reason, now)
    return failed(message, HouseReason.QUEUE_FULL, now)
