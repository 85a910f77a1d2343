"""All of an account's messages: accepted, asked for, remembered, followed."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
import sqlite3
import time
from typing import Final

from ..gateway import DeliveryReceipt, ErrorReason, GatewayClient
from ..plain import get_logger
from ..public.answers import AnswerLinks, Pressed
from ..storage import answer_links, counters, messages as table, untold
from ..storage.database import Damage, Database
from ..storage.message import (
    HouseReason,
    Message,
    MessageStatus,
    ReceiptSource,
)
from .acceptance import Acceptance
from .allowance import PERIOD, Allowance
from .forgetting import forget
from .last_minute import remember_the_last_minute
from .ledger import Ledger
from .outbox import Outbox
from .poller import Poller
from .receipts import Receipts
from .repeat_window import RecentRequests
from .second_way import SecondWays
from .sender import Sender
from .submissions import Submissions
from .untold import Untold
from .ways import answered

_LOGGER = get_logger(__name__)

DEFAULT_DAILY_LIMIT: Final = 500
DEFAULT_SMS_LIMIT: Final = 100


class DeliveryService:
    """Sends the messages of an account and knows what became of them.

    `on_change` hears of every change of a message: as it was, None for a new one, and
    as it is. `on_press` hears of answers, `on_written` whether the file could be
    written.
    """

    def __init__(
        self,
        client: GatewayClient,
        path: Path,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        keep_text: bool = True,
        daily_limit: int = DEFAULT_DAILY_LIMIT,
        sms_limit: int = DEFAULT_SMS_LIMIT,
        on_change: Callable[[Message | None, Message], None] = lambda _, __: None,
        on_press: Callable[[Pressed], None] = lambda _: None,
        on_written: Callable[[sqlite3.Error | None], None] = lambda _: None,
    ) -> None:
        """Put the parts together; nothing is read yet."""
        self.now = now
        self._on_change = on_change
        self._on_press = on_press
        # Cleared while a first question may tell that nothing else is to be asked.
        self.begun = asyncio.Event()
        self.begun.set()
        self.database = Database(path, on_written=on_written)
        self.allowance = Allowance(daily_limit, sms_limit, now=now)
        self.ledger = Ledger(self.database, self._changed)
        self.receipts = Receipts(self.ledger, now=now)
        self.untold = Untold(self.database)
        self.answers = AnswerLinks(
            self.database,
            now=now,
            next_place=self.untold.next_place,
            on_press=self._pressed,
        )
        self._recent = RecentRequests(monotonic)
        self._sender = Sender(client, self._recent)
        self.poller = Poller(client, self.ledger, self.receipts, now=now)
        self.second_ways = SecondWays(client, self.ledger, self.receipts, now=now)
        self.outbox = Outbox(
            self._sender,
            self._recent,
            self.ledger,
            now=now,
            ask_again=self.second_ways.ask_again,
        )
        self.acceptance = Acceptance(
            self.ledger,
            self.outbox,
            self.allowance,
            now=now,
            keep_text=keep_text,
        )
        self._submissions = Submissions(
            self.ledger,
            self.outbox,
            self.answers,
            self.acceptance,
            begun=self.begun,
        )
        self.send = self._submissions.send
        self.begin = self._submissions.begin
        self.withdraw = self.outbox.asking.withdraw

    def configure(
        self,
        *,
        client: GatewayClient,
        keep_text: bool,
        daily_limit: int,
        sms_limit: int,
    ) -> None:
        """Go on with other settings; what is under way ends with those of before."""
        self.acceptance.keep_text = keep_text
        self.allowance.limit = daily_limit
        self.allowance.sms_limit = sms_limit
        self._sender.client = self.poller.client = self.second_ways.client = client

    async def open(self) -> Damage | None:
        """Take up what was before, and return what was wrong with the file."""
        damage = await self.database.open()
        await self.prune()
        await self.untold.load()
        await self.ledger.load()
        self.ledger.shorten(self.now())
        await self.answers.load()
        taken = await self.database.read(
            partial(table.taken_since, since=self.now() - PERIOD)
        )
        self.allowance.remember(
            [
                *((item.sent_at, item.seq, item.use) for item in taken),
                *((m.sent_at, m.seq, m.use) for m in self.ledger.queued.values()),
            ]
        )
        for message in list(self.ledger.queued.values()):
            if message.submission is None:
                # What was to be sent cannot be read any more.
                unknown = ErrorReason.OUTCOME_UNKNOWN
                self.ledger.fail(message, unknown, self.now())
        queued = self.ledger.queued.values()
        remember_the_last_minute(taken, self.outbox, self._recent, queued, self.now())
        self.poller.load()
        self.second_ways.load()
        return damage

    def move(self, by: timedelta) -> None:
        """Let nothing end early, or wait for long, because the clock was set.

        What was read from the file keeps its times where the clock went forward: it may
        have been behind when the house started, and what is over is not to be sent.
        """
        self.ledger.move(by)
        self.outbox.move(by)
        self.poller.move(by)
        self.receipts.move(by)
        self.allowance.move(by)
        self.answers.move(by, self.ledger.seq_at_start if by > timedelta(0) else 0)

    async def spent(self) -> Decimal:
        """Return what the last day's messages cost, 0 where that cannot be read."""
        since = self.now() - PERIOD
        try:
            return await self.database.read(partial(table.spent_since, since=since))
        except sqlite3.Error:
            # A file that cannot be read is told elsewhere.
            return Decimal(0)

    async def prune(self) -> None:
        """Delete what is older than it may be."""

        def work(connection: sqlite3.Connection) -> int:
            """Delete messages, and what belongs to those that are gone."""
            deleted = table.prune(connection, now)
            answer_links.prune(connection, now)
            untold.prune(connection)
            return deleted

        now = self.now()
        try:
            await self.database.write(work)
        except sqlite3.Error:
            # A full disk, which is told elsewhere, keeps nothing else back.
            return

    async def tidy_up(self) -> None:
        """Do what is done once a night: prune, count, and compact the file."""
        await self.prune()
        self.database.submit(counters.move_on)
        await self.database.compact(set_aside_for=table.KEPT_FOR)

    async def stop(self, within: float) -> None:
        """Begin nothing any more, and let requests come to their end.

        What has no answer after so many seconds is asked for again after the next
        start; nobody waits for it any more.
        """
        self.outbox.stop()
        await self.outbox.under_way.finish(within)
        self._submissions.give_up()

    async def close(self, within: float = 5.0) -> None:
        """Let requests come to their end, finish writing, and close the file."""
        await self.stop(within)
        await self.ledger.close()
        await self.database.close()

    async def receive(self, receipt: DeliveryReceipt, source: ReceiptSource) -> bool:
        """Take in what the gateway said; return whether the message is known."""
        return await self.receipts.receive(receipt, source)

    async def forget(self, number: str, but: Collection[int] = ()) -> int:
        """Forget the messages to a number, with their links; return how many.

        What the gateway is just being asked for stays, and `but` some. Raises
        sqlite3.Error where that cannot be written; everything stays then.
        """
        return await forget(self, number, but)

    def _changed(self, before: Message | None, after: Message) -> None:
        """Follow a change of a message, and tell of it."""
        self._submissions.hear(after)
        if after.attempted_at is None:
            self.outbox.asking.forget(after.seq)
        if before is not None and not (
            before.waits and after.reason is HouseReason.QUEUE_FULL
        ):
            # What goes for newer ones keeps its place of the limits, which bounds a
            # flood.
            self.allowance.change(after.seq, after.use)
        sent = (
            after.status is MessageStatus.SENT
            and after.message_id is not None
            and (before is None or before.status is not after.status)
        )
        self.second_ways.follow(after)
        if sent:
            self.poller.follow(after)
        elif after.status is not MessageStatus.SENT:
            self.poller.end(after)
        if after.status is MessageStatus.QUEUED and before is not None:
            # A second way may have begun.
            self.outbox.on_plan()
        try:
            self._on_change(before, after)
        except Exception:
            # Whoever hears of a message must not keep it from its course.
            _LOGGER.exception("A change of a message could not be told")
        if sent or (after.other_id and after.attempted_at is None):
            # Also what came while the gateway was asked for the SMS.
            self.receipts.apply_early(after)
        if after.waits and after.other_id is not None and after.attempted_at is None:
            self._spare(after.seq)

    def _spare(self, seq: int) -> None:
        """Send no SMS that waits where somebody answered while it was asked for."""
        message = self.ledger.queued.get(seq)
        if message is not None and self.answers.was_given_in(seq):
            self.ledger.change([(message, answered(message))])

    def _pressed(self, pressed: Pressed) -> None:
        """Tell of an answer; whoever answered has got the message."""
        message = self.ledger.with_number(pressed.link.message or 0)
        if message is not None and (after := answered(message)) != message:
            self.ledger.change([(message, after)])
        self._on_press(pressed)
