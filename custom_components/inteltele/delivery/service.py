"""All of an account's messages: sent at once or later, remembered, followed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
import sqlite3
import time
from typing import Final

from ..gateway import MIN_TTL, ErrorReason, GatewayClient
from ..storage import messages as store
from ..storage.database import Damage, Database
from ..storage.message import HouseReason, Message, MessageStatus
from ..storage.outbox import Waiting
from .allowance import PERIOD, Allowance
from .compose import Composed, Plan, Recipient
from .ledger import Ledger
from .outbox import AFTER_A_MINUTE, Outbox
from .poller import Poller
from .repeat_window import REPEAT_WINDOW
from .sender import Outcome, Retry, Sender, SendStatus

DEFAULT_DAILY_LIMIT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """For how long a message is tried again, and whether it may arrive twice.

    With `resend_unknown`, one that may have arrived is sent again, too.
    """

    retry_for: timedelta = timedelta(0)
    resend_unknown: bool = False


class DeliveryService:
    """Sends the messages of an account and knows what became of them.

    `on_sent` hears of each message that the gateway took, `on_change` of each that
    came to its end, `on_written` whether the file could be written.
    """

    def __init__(
        self,
        client: GatewayClient,
        path: Path,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        keep_text: bool = True,
        daily_limit: int = DEFAULT_DAILY_LIMIT,
        on_sent: Callable[[Outcome], None] = lambda _: None,
        on_change: Callable[[Message], None] = lambda _: None,
        on_written: Callable[[sqlite3.Error | None], None] = lambda _: None,
    ) -> None:
        """Put the parts together; nothing is read yet."""
        self._now = now
        self._keep_text = keep_text
        self._on_sent = on_sent
        self.database = Database(path, on_written=on_written)
        self.allowance = Allowance(daily_limit, now=now)
        self.sender = Sender(
            client, self.allowance, now=now, monotonic=monotonic, sleep=sleep
        )
        self.ledger = Ledger(self.database, now=now, on_change=on_change)
        self.poller = Poller(client, self.ledger, now=now)
        self.outbox = Outbox(
            client, self.sender, self.ledger, self.database, now=now, on_sent=on_sent
        )

    async def open(self) -> Damage | None:
        """Take up what was before, and return what was wrong with the file."""
        damage = await self.database.open()
        await self.ledger.load()
        await self._remember_the_last_minute()
        await self.outbox.load()
        self.allowance.remember(
            await self.database.read(
                partial(store.times_sent_since, moment=self._now() - PERIOD)
            )
        )
        return damage

    def configure(
        self, *, client: GatewayClient, keep_text: bool, daily_limit: int
    ) -> None:
        """Go on with other settings; what is under way ends with those of before."""
        self._keep_text = keep_text
        self.allowance.limit = daily_limit
        self.sender.client = self.poller.client = self.outbox.client = client

    async def _remember_the_last_minute(self) -> None:
        """Take up what the gateway takes repetitions for."""
        now = self._now()
        since = now - timedelta(seconds=REPEAT_WINDOW)
        taken = await self.database.read(partial(store.taken_since, moment=since))
        for message in taken:
            age = (now - message.sent_at).total_seconds()
            self.sender.recent.remember(message.number, message.text, age)

    async def close(self) -> None:
        """Finish writing and close the file."""
        await self.database.close()

    async def send(
        self,
        plan: Plan,
        policy: RetryPolicy = RetryPolicy(),
    ) -> list[Outcome]:
        """Send to every recipient of a plan and return what became of each, in order.

        Everyone is tried, except those whom earlier messages wait for. What the policy
        lets wait is on disk when this returns.
        """
        until = self._now() + policy.retry_for
        waits = policy.retry_for > timedelta(0)
        outcomes: list[tuple[Composed, Outcome]] = []
        for composed, recipients in plan.items():
            waiting = self.outbox.reasons if waits and len(self.outbox) else {}
            tried = [known for known in recipients if known.number not in waiting]
            outcomes += [
                (composed, outcome)
                for outcome in await self.sender.send(composed, tried, self._taken)
            ]
            outcomes += [
                (composed, self._behind(composed, recipient, waiting[recipient.number]))
                for recipient in recipients
                if recipient.number in waiting
            ]
        if waits:
            await self._queue(outcomes, until, policy)
        return [outcome for _, outcome in outcomes]

    async def forget(self, number: str) -> int:
        """Forget the messages to a number, and return how many there were."""
        discarded = await self.outbox.discard(number)
        forgotten = await self.ledger.forget(number)
        await self.database.scrub()
        return discarded + forgotten

    def _taken(self, composed: Composed, outcomes: Sequence[Outcome]) -> None:
        """Remember what the gateway took, under numbers of the ledger's."""
        for outcome in outcomes:
            outcome.seq = self.ledger.next_seq()
            # Told first: a receipt may have been waiting for the record.
            self._on_sent(outcome)
        self.ledger.record([self._message(composed, outcome) for outcome in outcomes])

    def _message(self, composed: Composed, outcome: Outcome) -> Message:
        """Return a message as the ledger keeps it."""
        sent = outcome.status is SendStatus.SENT
        return Message(
            seq=outcome.seq,
            message_id=outcome.message_id,
            number=outcome.recipient.number,
            recipient=outcome.recipient.name,
            sent_at=outcome.sent_at,
            ttl=composed.content.ttl,
            cost=outcome.cost,
            country=outcome.country,
            text=composed.content.message if self._keep_text else None,
            link=composed.fingerprint,
            picture=composed.picture,
            button=composed.content.button_text if self._keep_text else None,
            status=MessageStatus.SENT if sent else MessageStatus.QUEUED,
        )

    def _behind(
        self, composed: Composed, recipient: Recipient, reason: ErrorReason
    ) -> Outcome:
        """Return the outcome of a message that waits because an earlier one does."""
        return Outcome(
            recipient=recipient,
            status=SendStatus.FAILED,
            sent_at=self._now(),
            # The earlier one may have arrived; this one certainly did not.
            error=ErrorReason.CANNOT_CONNECT
            if reason is ErrorReason.OUTCOME_UNKNOWN
            else reason,
            notices=composed.notices,
            retry=Retry.WHEN_REACHABLE,
            link=composed.fingerprint,
        )

    async def _queue(
        self,
        outcomes: Sequence[tuple[Composed, Outcome]],
        until: datetime,
        policy: RetryPolicy,
    ) -> None:
        """Let wait what may, and note it in the outcomes."""
        waiting = [
            (outcome, item)
            for composed, outcome in outcomes
            if outcome.retry is not None
            and (item := self._waiting(composed, outcome, until, policy)) is not None
        ]
        if not waiting:
            return
        try:
            kept = await self.outbox.put([item for _, item in waiting])
        except sqlite3.Error:
            # The file's state is told elsewhere; the messages failed as they did.
            return
        for (outcome, _), item in zip(waiting, kept, strict=False):
            outcome.status = SendStatus.QUEUED
            outcome.seq = item.seq
        for outcome, _ in waiting[len(kept) :]:
            if outcome.status is SendStatus.FAILED:
                outcome.error = HouseReason.QUEUE_FULL

    def _waiting(
        self,
        composed: Composed,
        outcome: Outcome,
        until: datetime,
        policy: RetryPolicy,
    ) -> Waiting | None:
        """Return how a message waits, None where it must not."""
        may_have_arrived = outcome.status is SendStatus.UNKNOWN
        if not isinstance(outcome.error, ErrorReason) or (
            may_have_arrived and not policy.resend_unknown
        ):
            return None
        later = outcome.retry is Retry.AFTER_A_MINUTE
        if composed.button_until is not None:
            # With a minute left, a message is still worth sending.
            until = min(until, composed.button_until - timedelta(seconds=MIN_TTL))
        return Waiting(
            message=self._message(composed, outcome),
            content=composed.content,
            until=until,
            resend_unknown=policy.resend_unknown,
            reason=ErrorReason.OUTCOME_UNKNOWN if may_have_arrived else outcome.error,
            not_before=self._now() + AFTER_A_MINUTE if later else None,
            button_until=composed.button_until,
        )
