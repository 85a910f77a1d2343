"""What somebody wants to send: taken up, written down, and asked for."""

import asyncio
from collections.abc import Callable, Sequence
import sqlite3
from typing import Final

from ..public.answers import AnswerLinks
from ..storage import answer_links, messages as table
from ..storage.answer_links import AnswerLink
from ..storage.counters import Counters
from ..storage.database import Work
from ..storage.message import Message
from .acceptance import Acceptance, Accepted, RetryPolicy
from .composed import Plan
from .ledger import Ledger
from .outbox import Outbox
from .settling import Settling

# The other requests of an action go out beside the first ones after so many seconds: a
# request that hangs holds nobody else up.
SIDE_BY_SIDE_AFTER: Final = 2.0
SIDE_BY_SIDE: Final = 4
# So many are the first ones: several with a rejected key would lock the house out.
FIRST: Final = 1
FIRST_WITH_KNOWN_KEY: Final = 2


class Submissions:
    """Carries out what is sent, from when it is accepted to the gateway's answer."""

    def __init__(
        self,
        ledger: Ledger,
        outbox: Outbox,
        answers: AnswerLinks,
        acceptance: Acceptance,
        *,
        begun: asyncio.Event,
    ) -> None:
        """Send by an outbox; the gateway is asked for nothing until `begun` is set."""
        self._ledger = ledger
        self._outbox = outbox
        self._answers = answers
        self._acceptance = acceptance
        self._begun = begun
        self._settling: set[Settling] = set()

    def hear(self, message: Message) -> None:
        """Tell whoever waits how a message stands now."""
        for settling in self._settling:
            settling.hear(message)

    def give_up(self) -> None:
        """Let nobody wait any more."""
        for settling in self._settling:
            settling.give_up()

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
        self._outbox.under_way.run(self._carry_out(accepted, given, settling))
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
        together: Work | None = None
        try:
            together = also(accepted.messages)
        finally:
            # A fault in that keeps no message back: nobody would ask for it any more.
            self._outbox.under_way.run(self._carry_out(accepted, given, also=together))

    def _accept(
        self, plan: Plan, policy: RetryPolicy, links: Sequence[AnswerLink]
    ) -> tuple[Accepted, list[AnswerLink]]:
        """Take up new messages, and return them and the links that go with them."""
        accepted = self._acceptance.accept(plan, policy)
        self._ledger.accept(accepted.kept)
        self._outbox.hold(accepted.waiting)
        given = self._answers.give(
            links, [message for message in accepted.kept if not message.ended]
        )
        return accepted, given

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
        left = list(accepted.batches)
        try:
            try:
                await self._write_and_tell(accepted, links, also)
            finally:
                # Whatever went wrong, nobody is held up.
                if accepted.waiting:
                    self._outbox.release(accepted.waiting)
                if settling is not None:
                    settling.accepted()
            if accepted.waiting:
                self._outbox.try_soon()
            await self._ask(left)
        finally:
            # What it did not come to, because the account stops.
            for batch in left:
                self._outbox.asking.put_back(batch)
        if settling is not None and self._outbox.stopped:
            # What has no answer is asked for again after the next start.
            settling.give_up()

    async def _write_and_tell(
        self, accepted: Accepted, links: Sequence[AnswerLink], also: Work | None
    ) -> None:
        """Write what was accepted, with what belongs to it, and tell of it."""
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
        await self._ledger.write(work, synced=synced, ahead=ahead)
        self._ledger.count_only(
            Counters(failed=len(accepted.messages) - len(accepted.kept))
        )
        self._ledger.tell_new(accepted.kept)

    async def _ask(self, left: list[Sequence[Message]]) -> None:
        """Ask the gateway for each batch that is left, unless the account stops."""
        await self._begun.wait()
        if not left or self._outbox.stopped:
            return
        batches = list(left)
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def ask(batch: Sequence[Message]) -> None:
            """Ask, where there is room."""
            async with places:
                left.remove(batch)
                await self._outbox.asking.ask(batch)

        if len(batches) == 1:
            await ask(batches[0])
            return
        run = self._outbox.under_way.run
        first = FIRST_WITH_KNOWN_KEY if self._outbox.asking.key_was_taken else FIRST
        tasks = [run(ask(batch)) for batch in batches[:first]]
        await asyncio.wait(
            tasks, timeout=SIDE_BY_SIDE_AFTER, return_when=asyncio.FIRST_COMPLETED
        )
        tasks += [run(ask(batch)) for batch in batches[first:]]
        await asyncio.wait(tasks)
