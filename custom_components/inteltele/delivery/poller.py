"""Asking for outcomes that nobody reports."""

from collections.abc import Callable
from datetime import datetime, timedelta
import logging
from typing import Final

from ..gateway import GatewayClient, GatewayError
from ..storage.message import Message, ReceiptSource
from .ledger import Ledger

_LOGGER = logging.getLogger(__name__)

# How long after its send a message is asked about, while no receipts come in.
EARLY_AGES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900)
)
AFTER_TTL: Final = timedelta(seconds=15)
LATE_INTERVAL: Final = timedelta(hours=1)
GIVEN_UP_AFTER_TTL: Final = timedelta(hours=24)
# Messages that are due within this time are asked about together.
TOGETHER: Final = timedelta(seconds=5)
# A gateway that takes one id at a time is asked no more often than ten times a second.
MAX_AT_ONCE: Final = 50
RECEIPTS_COME_IN_FOR: Final = timedelta(hours=24)


class Poller:
    """Asks the gateway about messages whose end is not known.

    More and more rarely, and until a day after their time to live; where receipts come
    in by themselves, only once that time is over.
    """

    def __init__(
        self, client: GatewayClient, ledger: Ledger, *, now: Callable[[], datetime]
    ) -> None:
        """Bind a gateway client to a ledger."""
        self.client = client
        self._ledger = ledger
        self._now = now
        self._asked_at: dict[int, datetime] = {}
        self._rest_until: datetime | None = None

    @property
    def followed(self) -> int:
        """Return how many messages have been asked about without an end so far."""
        return len(self._asked_at)

    def next_due(self) -> datetime | None:
        """Return when something is to be asked or given up next, None for never."""
        due = min(
            (
                min(self._due(message), _end(message))
                for message in self._ledger.under_way
            ),
            default=None,
        )
        if due is None or self._rest_until is None:
            return due
        return max(due, self._rest_until)

    async def ask(self) -> None:
        """Ask about what is due, and give up what has no hope left."""
        for message in self._ledger.under_way:
            if self._now() >= _end(message):
                self._ledger.give_up(message)
        horizon = self._now() + TOGETHER
        due = [
            message
            for message in self._ledger.under_way
            if self._due(message) <= horizon
        ]
        if due:
            due.sort(key=self._last_asked_at)
            await self._ask_about(due[:MAX_AT_ONCE])
            self._rest_until = self._now() + TOGETHER
        self._asked_at = {
            message.seq: self._asked_at[message.seq]
            for message in self._ledger.under_way
            if message.seq in self._asked_at
        }

    async def _ask_about(self, messages: list[Message]) -> None:
        """Ask about some messages; whatever goes wrong, the next time is later."""
        asked_at = self._now() + TOGETHER
        self._asked_at |= {message.seq: asked_at for message in messages}
        try:
            receipts = await self.client.statuses(
                [message.message_id for message in messages if message.message_id]
            )
        except GatewayError as err:
            _LOGGER.debug("No outcomes could be had: %s", err.reason)
            return
        for receipt in receipts.values():
            await self._ledger.receive(receipt, ReceiptSource.POLL)

    def _last_asked_at(self, message: Message) -> datetime:
        """Return when a message was asked about, or sent."""
        return self._asked_at.get(message.seq, message.sent_at)

    def _due(self, message: Message) -> datetime:
        """Return when a message is to be asked about next."""
        asked_at = self._last_asked_at(message)
        after_ttl = message.sent_at + timedelta(seconds=message.ttl or 0) + AFTER_TTL
        early = () if self._receipts_come_in() else EARLY_AGES
        planned = [message.sent_at + age for age in early]
        later = [moment for moment in (*planned, after_ttl) if moment > asked_at]
        return min(later, default=asked_at + LATE_INTERVAL)

    def _receipts_come_in(self) -> bool:
        """Return whether the gateway reports by itself these days."""
        reported_at = self._ledger.reported_by_webhook_at
        return (
            reported_at is not None and self._now() - reported_at < RECEIPTS_COME_IN_FOR
        )


def _end(message: Message) -> datetime:
    """Return when nothing more can be learned of a message."""
    ttl = timedelta(seconds=message.ttl or 0)
    return message.sent_at + ttl + GIVEN_UP_AFTER_TTL
