"""All of an account's messages: accepted, asked for, remembered, followed."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from operator import itemgetter
from pathlib import Path
import sqlite3
import time
from typing import Final

from ..gateway import DeliveryReceipt, ErrorReason, GatewayClient
from ..plain import get_logger
from ..public.answers import AnswerLinks, Pressed
from ..storage import answer_links, counters, messages as table, untold
from ..storage.answer_links import AnswerLink
from ..storage.compaction import mark_deleted
from ..storage.counters import Counters
from ..storage.database import Damage, Database, Work
from ..storage.message import (
    HouseReason,
    Message,
    MessageStatus,
    ReceiptSource,
    Use,
)
from .acceptance import Acceptance, Accepted, RetryPolicy
from .allowance import PERIOD, Allowance
from .composed import Composed, Plan
from .ledger import Ledger
from .outbox import Outbox
from .poller import Poller
from .receipts import Receipts
from .repeat_window import REPEAT_WINDOW, RecentRequests
from .second_way import SecondWays
from .sender import Sender
from .settling import Settling
from .tries import alike
from .untold import Untold
from .ways import answered, used_by, withdrawn

_LOGGER = get_logger(__name__)

DEFAULT_DAILY_LIMIT: Final = 500
DEFAULT_SMS_LIMIT: Final = 100
# The second request of an action goes out beside the first after so many seconds: a
# rejected key is asked with once, and a request that hangs holds nobody else up.
SIDE_BY_SIDE_AFTER: Final = 2.0
SIDE_BY_SIDE: Final = 4


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
        self._settling: set[Settling] = set()
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
        self._acceptance = Acceptance(
            self.ledger,
            self.outbox,
            self.allowance,
            now=now,
            keep_text=keep_text,
        )

    def afforded(self, plan: Plan) -> list[Composed | None]:
        """Return what the limits would allow of each message of a plan, None: nothing.

        Nothing is sent, and nothing of a limit is used up.
        """
        return self._acceptance.afforded(plan)

    def affords(self, composed: Composed, *, beside: Use) -> Composed | None:
        """Return what the limits would allow of an alarm's message, None for nothing.

        `beside` is what others are yet to take. Nothing of a limit is used up.
        """
        return self._acceptance.affords(composed, urgent=True, beside=beside)

    def configure(
        self,
        *,
        client: GatewayClient,
        keep_text: bool,
        daily_limit: int,
        sms_limit: int,
    ) -> None:
        """Go on with other settings; what is under way ends with those of before."""
        self._acceptance.keep_text = keep_text
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
        self._remember_the_last_minute(taken)
        self.poller.load()
        self.second_ways.load()
        return damage

    def _remember_the_last_minute(self, taken: Iterable[table.Taken]) -> None:
        """Take up what the gateway takes repetitions for, in order."""
        now = self.now()
        since = now - timedelta(seconds=REPEAT_WINDOW)
        # What was before these in the same moment is noted with them.
        recent: list[tuple[datetime, Callable[[float], object]]] = [
            (group[0].attempted_at, partial(self.outbox.take_up, group))
            for group in alike(self.ledger.queued.values())
            if group[0].attempted_at is not None
        ]
        recent += [
            (item.sent_at, partial(self._recent.remember, [item.number], item.text))
            for item in taken
            if item.sent_at > since
        ]
        for moment, remember in sorted(recent, key=itemgetter(0)):
            remember((now - moment).total_seconds())

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
        for settling in self._settling:
            settling.give_up()

    async def close(self, within: float = 5.0) -> None:
        """Let requests come to their end, finish writing, and close the file."""
        await self.stop(within)
        await self.ledger.close()
        await self.database.close()

    async def receive(self, receipt: DeliveryReceipt, source: ReceiptSource) -> bool:
        """Take in what the gateway said; return whether the message is known."""
        return await self.receipts.receive(receipt, source)

    async def send(
        self,
        plan: Plan,
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008 - it is frozen
        links: Sequence[AnswerLink] = (),
    ) -> list[Message]:
        """Send to every recipient of a plan; return each message as it stands then.

        Returns, in order, once the gateway was asked for each, or as soon as it is
        known that it waits. A caller who gives up changes nothing: what was accepted
        takes its course.
        """
        accepted, given = self._accept(plan, policy, links)
        settling = Settling(accepted.messages)
        self._settling.add(settling)
        self.outbox.under_way.run(self._carry_out(accepted, given, settling))
        try:
            await settling.done
        finally:
            self._settling.discard(settling)
        return settling.messages

    def begin(
        self,
        plan: Plan,
        policy: RetryPolicy,
        links: Sequence[AnswerLink],
        also: Callable[[Sequence[Message]], Work],
    ) -> None:
        """Send to every recipient of a plan, and wait for nothing.

        `also` hears of the messages before anything happens to them, and returns what
        is written together with them, before the gateway is asked.
        """
        accepted, given = self._accept(plan, policy, links)
        together = also(accepted.messages)
        self.outbox.under_way.run(self._carry_out(accepted, given, also=together))

    def _accept(
        self, plan: Plan, policy: RetryPolicy, links: Sequence[AnswerLink]
    ) -> tuple[Accepted, list[AnswerLink]]:
        """Take up new messages, and return them and the links that go with them."""
        accepted = self._acceptance.accept(plan, policy)
        self.ledger.accept(accepted.kept)
        self.outbox.hold(accepted.waiting)
        given = self.answers.give(
            links, [message for message in accepted.kept if not message.ended]
        )
        return accepted, given

    def withdraw(self, seqs: Iterable[int]) -> None:
        """Send nothing more of some messages, by neither way.

        What the gateway is just being asked for goes on until it has answered.
        """
        now = self.now()
        known = [self.ledger.with_number(seq) for seq in seqs]
        changes = [
            (message, after)
            for message in known
            if message is not None and not self.outbox.asks_for(message)
            if (after := withdrawn(message, now)) != message
        ]
        if changes:
            self.ledger.change(changes)

    async def _carry_out(
        self,
        accepted: Accepted,
        links: Sequence[AnswerLink],
        settling: Settling | None = None,
        also: Work | None = None,
    ) -> None:
        """Write what was accepted, tell of it, and ask the gateway.

        `settling` is whoever waits for that.
        """
        lasting = bool(links or accepted.waiting)

        def work(connection: sqlite3.Connection) -> None:
            """Write messages and links together."""
            table.insert(connection, accepted.kept)
            answer_links.write(connection, links)
            if also is not None:
                also(connection)

        # New messages alone are about nothing that was handed in before.
        ahead = not lasting and also is None
        synced = lasting or also is not None
        await self.ledger.write(work, synced=synced, ahead=ahead)
        self.ledger.count_only(
            Counters(failed=len(accepted.messages) - len(accepted.kept))
        )
        self.ledger.tell_new(accepted.kept)
        if settling is not None:
            settling.accepted()
        if accepted.waiting:
            self.outbox.release(accepted.waiting)
            self.outbox.try_soon()
        await self._ask(accepted.batches)
        if settling is not None and self.outbox.stopped:
            # What has no answer is asked for again after the next start.
            settling.give_up()

    async def _ask(self, batches: Sequence[Sequence[Message]]) -> None:
        """Ask the gateway, once for each batch."""
        await self.begun.wait()
        if not batches or self.outbox.stopped:
            return
        if len(batches) == 1:
            await self.outbox.ask(batches[0])
            return
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def ask(batch: Sequence[Message]) -> None:
            """Ask, where there is room."""
            async with places:
                await self.outbox.ask(batch)

        tasks = [self.outbox.under_way.run(ask(batches[0]))]
        await asyncio.wait(tasks, timeout=SIDE_BY_SIDE_AFTER)
        tasks += [self.outbox.under_way.run(ask(batch)) for batch in batches[1:]]
        await asyncio.wait(tasks)

    async def forget(self, number: str, but: Collection[int] = ()) -> int:
        """Forget the messages to a number, with their links; return how many.

        What the gateway is just being asked for stays, and `but` some. Raises
        sqlite3.Error where that cannot be written; everything stays then.
        """
        staying, waiting = list[Message](), list[Message]()
        for message in self.ledger.queued.values():
            if message.number == number:
                stay = message.attempted_at is not None or message.seq in but
                (staying if stay else waiting).append(message)
        kept = {message.seq for message in staying} | set(but)
        last = self.ledger.last_seq

        def stays(seq: int | None) -> bool:
            """Return whether a message stays: what came meanwhile does, too."""
            return seq is not None and (seq in kept or seq > last)

        def work(connection: sqlite3.Connection) -> int:
            """Delete all in one transaction."""
            answer_links.forget(connection, number, kept)
            untold.forget(connection, number, kept)
            mark_deleted(connection)
            return table.delete(connection, number, kept)

        held = [message.seq for message in waiting]
        self.outbox.hold(held)
        try:
            deleted = await self.database.write(work)
            for message in (*self.ledger.queued.values(), *self.ledger.under_way):
                if message.number == number and not stays(message.seq):
                    self.allowance.change(message.seq, used_by(message))
            self.answers.forget(number, stays)
            self.untold.forget(number, stays)
            self.ledger.forget(number, stays)
        finally:
            self.outbox.release(held)
        await self.database.remove_set_aside()
        return deleted

    def _changed(self, before: Message | None, after: Message) -> None:
        """Follow a change of a message, and tell of it."""
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
        for settling in self._settling:
            settling.hear(after)
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
