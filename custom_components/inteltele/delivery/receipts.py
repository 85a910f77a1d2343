"""Delivery receipts: held against the messages that they are about."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import sqlite3
from typing import Final

from ..gateway import DeliveryReceipt
from ..storage.message import (
    Channel,
    Message,
    MessageStatus,
    ReceiptSource,
    whole_second,
)
from .ledger import Ledger
from .ways import undelivered, without_second_way

MAX_EARLY_RECEIPTS: Final = 256
EARLY_RECEIPT_LIFETIME: Final = timedelta(seconds=60)
CLOCK_TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """A receipt, and how and when it came."""

    receipt: DeliveryReceipt
    source: ReceiptSource
    arrived_at: datetime


class Receipts:
    """Takes in what the gateway says of messages, in whatever order it comes.

    A receipt for an id that is not known yet is kept for a minute, because it may come
    before the reply to its own send.
    """

    def __init__(self, ledger: Ledger, *, now: Callable[[], datetime]) -> None:
        """Start with nothing received."""
        self.reported_by_webhook_at: datetime | None = None
        self._ledger = ledger
        self._now = now
        self._early: deque[_News] = deque(maxlen=MAX_EARLY_RECEIPTS)
        self._looking_up = asyncio.Lock()

    async def receive(self, receipt: DeliveryReceipt, source: ReceiptSource) -> bool:
        """Take in what the gateway said; return whether the message is known as ours.

        May come twice, late, out of order, or for a message that is not ours.
        """
        news = _News(receipt=receipt, source=source, arrived_at=self._now())
        message = self._ledger.sent_with(receipt.message_id)
        if message is not None:
            self._apply(message, news)
            return True
        # One after the other, so that each sees what the one before changed.
        async with self._looking_up:
            found: Message | None = None
            # What cannot be read is told elsewhere.
            with suppress(sqlite3.Error):
                found = await self._ledger.find(receipt.message_id)
            # The reply to its send may have come while the file was searched.
            message = self._ledger.sent_with(receipt.message_id) or found
            if message is not None:
                self._apply(message, news)
                return True
        if receipt.final:
            self._early.append(news)
        return False

    def move(self, by: timedelta) -> None:
        """Move when reports came, because the clock was set."""
        if self.reported_by_webhook_at is not None:
            self.reported_by_webhook_at += by
        early = [replace(news, arrived_at=news.arrived_at + by) for news in self._early]
        self._early = deque(early, maxlen=MAX_EARLY_RECEIPTS)

    def apply_early(self, message: Message) -> None:
        """Take in what came before a message, in the order in which it came."""
        ids = {(message.message_id or "").lower(), (message.other_id or "").lower()}
        oldest = self._now() - EARLY_RECEIPT_LIFETIME
        early = [
            news
            for news in self._early
            if news.arrived_at >= oldest or self._is_about(news, message)
        ]
        self._early = deque(early, maxlen=MAX_EARLY_RECEIPTS)
        for news in early:
            if news.receipt.message_id.lower() in ids:
                self._early.remove(news)
                message = self._apply(message, news)

    def _is_about(self, news: _News, message: Message) -> bool:
        """Return whether news is about a message's Viber part, or another's.

        That waits for what becomes of the SMS, however long that takes.
        """
        known = news.receipt.message_id
        return any(
            each is not None and known.lower() == (each.other_id or "").lower()
            for each in (message, self._ledger.sent_with(known))
        )

    def _apply(self, message: Message, news: _News) -> Message:
        """Change a message's state where the news is news; return how it stands."""
        receipt = news.receipt
        reported_at = _plausible(receipt.reported_at, message.sent_at, news.arrived_at)
        if not receipt.final or not _supersedes(receipt, reported_at, message):
            return message
        if news.source is ReceiptSource.WEBHOOK:
            self.reported_by_webhook_at = news.arrived_at
        of_viber = receipt.message_id.lower() == (message.other_id or "").lower()
        if of_viber and not receipt.delivered:
            # The SMS that goes instead tells how the message ends.
            return message
        if of_viber and message.attempted_at is not None:
            # What becomes of the SMS, which may cost something, is told first.
            self._early.append(news)
            return message
        changed = replace(
            message,
            channel=Channel.VIBER if of_viber else message.channel,
            submission=None,
            status=(
                MessageStatus.DELIVERED if receipt.delivered else MessageStatus.FAILED
            ),
            reason=receipt.failure,
            gateway_status=receipt.gateway_status,
            reported_at=reported_at,
            source=news.source,
        )
        changed = (
            without_second_way(changed)
            if receipt.delivered
            else undelivered(changed, self._now())
        )
        self._ledger.change([(message, changed)])
        return changed


def _supersedes(
    receipt: DeliveryReceipt, reported_at: datetime, message: Message
) -> bool:
    """Return whether a final receipt changes a message.

    The first final state stands, except that a fallback SMS may get through after
    Viber gave up: a word of delivery counts that is not older. That of Viber counts
    against what became of the SMS, and any against this house, which knew no better.
    """
    if message.reported_at is None:
        return True
    if message.status is not MessageStatus.FAILED or not receipt.delivered:
        return False
    return (
        message.source is ReceiptSource.HOUSE
        or receipt.message_id.lower() == (message.other_id or "").lower()
        or reported_at >= whole_second(message.reported_at)
    )


def _plausible(
    reported_at: datetime | None, sent_at: datetime, arrived_at: datetime
) -> datetime:
    """Return the gateway's time, or that of arrival where it cannot be true."""
    earliest, latest = whole_second(sent_at), arrived_at + CLOCK_TOLERANCE
    if reported_at is None or not earliest <= reported_at <= latest:
        return arrived_at
    return reported_at
