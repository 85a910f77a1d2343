"""An SMS that goes out where Viber did not get through in time."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from ..gateway import ErrorReason, GatewayClient, GatewayError
from ..storage.message import Message, MessageStatus, ReceiptSource
from .due import Due
from .ledger import Ledger
from .receipts import Receipts
from .ways import by_second_way

# The gateway is asked what became of the Viber message before an SMS costs something;
# without an answer within this time, the SMS goes out.
ASKED_WITHIN: Final = 5.0
# So many are asked about together.
MAX_AT_ONCE: Final = 50


class SecondWays:
    """Begins the second way of messages whose time on Viber is over.

    A house that gets no reports would otherwise pay for every message twice: the
    gateway is asked first.
    """

    def __init__(
        self,
        client: GatewayClient,
        ledger: Ledger,
        receipts: Receipts,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Watch over the messages of a ledger."""
        self.client = client
        self._ledger = ledger
        self._receipts = receipts
        self._now = now
        self._due = Due()

    def load(self) -> None:
        """Take up what was planned before."""
        for message in self._ledger.under_way:
            self.follow(message)

    def follow(self, message: Message) -> None:
        """Begin the second way of a message once that is due, if it has one."""
        way = message.second_way
        if way is None or way.due_at is None:
            self._due.end(message.seq)
        elif self._due.of(message.seq) != way.due_at:
            self._due.plan(message.seq, way.due_at)

    def next_due(self) -> datetime | None:
        """Return when the next second way begins, None for never."""
        return self._due.next()

    async def work(self) -> None:
        """Begin what is due, unless Viber got through after all."""
        due = list(self._planned(self._due.take(self._now(), MAX_AT_ONCE)))
        if not due:
            return
        ids = [message.message_id for message in due if message.message_id]
        reason = await self._ask_about(ids)
        now = self._now()
        self._ledger.change(
            [
                (message, by_second_way(message, now, reason))
                for message in self._planned(message.seq for message in due)
            ]
        )

    async def ask_again(self, messages: Iterable[Message]) -> None:
        """Ask what became by Viber of messages whose SMS could not leave so far.

        A line that was cut may have cut off the word of their delivery, too.
        """
        await self._ask_about([item.other_id for item in messages if item.other_id])

    async def _ask_about(self, ids: Sequence[str]) -> ErrorReason | None:
        """Ask what became of Viber messages, and take it in.

        Returns what will keep the SMS from leaving, too, None where nothing is known
        to.
        """
        if not ids:
            return None
        try:
            async with asyncio.timeout(ASKED_WITHIN):
                receipts = await self.client.statuses(ids)
        except TimeoutError:
            return ErrorReason.CANNOT_CONNECT
        except GatewayError as err:
            return err.reason if err.reason.retryable else None
        for receipt in receipts.values():
            await self._receipts.receive(receipt, ReceiptSource.POLL)
        return None

    def _planned(self, seqs: Iterable[int]) -> Iterable[Message]:
        """Yield those of some messages that are still to go their second way."""
        for seq in seqs:
            message = self._ledger.with_number(seq)
            if (
                message is not None
                and message.status is MessageStatus.SENT
                and message.second_way is not None
            ):
                yield message
