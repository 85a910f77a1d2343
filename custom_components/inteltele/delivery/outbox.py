"""Messages that were accepted, until the gateway has answered for each."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from ..plain import get_logger
from ..storage import messages as table
from ..storage.message import Message
from ..storage.messages import Change
from .asking import Asking
from .ledger import Ledger
from .line import Line
from .repeat_window import RecentRequests
from .sender import Sender
from .tries import after_a_while, marked
from .under_way import UnderWay

_LOGGER = get_logger(__name__)


class Outbox:
    """Asks the gateway for each message until it is sent or its time is over.

    A message is marked in its row before the gateway is asked: after an interruption,
    one that may have arrived is repeated only as long as the gateway would recognise
    it. Those that wait for one number keep their order.
    """

    def __init__(
        self,
        sender: Sender,
        recent: RecentRequests,
        ledger: Ledger,
        *,
        now: Callable[[], datetime],
        ask_again: Callable[[Sequence[Message]], Awaitable[None]],
    ) -> None:
        """Put the outbox together; nothing is read yet.

        `ask_again` learns what became of messages by Viber before their SMS is tried
        again.
        """
        self.on_plan: Callable[[], None] = lambda: None
        self.line = Line(
            ledger, now=now, locked_until=lambda: sender.client.locked_until
        )
        self.pauses, self.room = self.line.pauses, self.line.room
        self.asking = Asking(
            sender, recent, ledger, self.line, now=now, on_plan=self._plan
        )
        self._ledger = ledger
        self._now = now
        self._ask_again = ask_again
        self.under_way = UnderWay(self._plan)
        self.stopped = False

    @property
    def interrupted(self) -> int:
        """Return how many messages may have arrived or not."""
        return sum(
            message.attempted_at is not None for message in self._ledger.queued.values()
        )

    def move(self, by: timedelta) -> None:
        """Move what is planned, because the clock was set."""
        self.line.move(by)
        self.on_plan()

    def _plan(self) -> None:
        """Have planned anew what comes next."""
        self.on_plan()

    def hold(self, seqs: Iterable[int]) -> None:
        """Do nothing with messages while something is written about them."""
        self.line.held.update(seqs)

    def release(self, seqs: Iterable[int]) -> None:
        """Go on with messages."""
        self.line.held.difference_update(seqs)
        self.on_plan()

    def wake(self) -> None:
        """Try at once, because the gateway can be asked again."""
        if self.pauses.end():
            self.on_plan()

    def afford(self) -> None:
        """Try at once what waits for money, because there is more of it."""
        if self.line.without_money.end():
            self.on_plan()

    def try_soon(self) -> None:
        """Try soon, because somebody wants to send, and the way may be free again."""
        self.line.shorten()
        self.on_plan()

    def next_due(self) -> datetime | None:
        """Return when something is to be done next, None for never."""
        return self.line.next_due()

    async def work(self) -> None:
        """Try what is due, and give up what has no time left."""
        if self.stopped:
            return
        self._settle()
        batches = self.line.due(self._now())
        waited = [batch for batch in batches if self.line.may_have_arrived(batch)]
        for batch in batches:
            self.line.take(batch)
        for batch in waited:
            self.under_way.run(self._learn_and_try(batch))
        await self._try([batch for batch in batches if batch not in waited])

    async def _learn_and_try(self, batch: Sequence[Message]) -> None:
        """Try SMS again that are still needed."""
        try:
            await self._ask_again(batch)
        except Exception:
            # The SMS is not held up by that.
            _LOGGER.exception("The gateway could not be asked what became of messages")
        finally:
            self.asking.let_go({message.seq for message in batch})
        queued = self._ledger.queued
        left = [queued[message.seq] for message in batch if message.seq in queued]
        if left and not self.stopped:
            self.line.take(left)
            await self._try([left])

    async def _try(self, batches: Sequence[Sequence[Message]]) -> None:
        """Ask the gateway for batches, once that is written down."""
        new = [batch for batch in batches if batch[0].attempted_at is None]
        begun = [batch for batch in batches if batch[0].attempted_at is not None]
        try:
            marked_ones = await self._marked(new)
        except BaseException:
            # Whatever went wrong, and also where the account stops.
            for batch in new:
                self.asking.put_back(batch)
            for batch in begun:
                self.asking.let_go({message.seq for message in batch})
            raise
        for batch in marked_ones:
            self.under_way.run(self.asking.ask(batch))
        for batch in begun:
            self.under_way.run(self.asking.ask(batch, again=True))

    async def _marked(
        self, batches: Sequence[Sequence[Message]]
    ) -> Sequence[Sequence[Message]]:
        """Write down that the gateway is about to be asked; return what for."""
        now = self._now()
        changes: list[list[Change]] = []
        for batch in batches:
            busy = self.asking.begin(batch).busy
            changes.append(
                [
                    (message, marked(message, now, alone=message.number not in busy))
                    for message in batch
                ]
            )
        all_of_them = list(chain.from_iterable(changes))
        if all_of_them:
            self._ledger.change(all_of_them, written=True)
            await self._ledger.write(partial(table.update, changes=all_of_them))
        return [[after for _, after in batch] for batch in changes]

    def stop(self) -> None:
        """Try nothing after what is being tried."""
        self.stopped = True

    def _settle(self) -> None:
        """End what has no time left, and what can be repeated no more."""
        now = self._now()
        self.line.settle()
        changes = [
            (message, after)
            for message in self.line.left_alone
            if (after := after_a_while(message, now)) is not message
        ]
        if changes:
            self._ledger.change(changes)
