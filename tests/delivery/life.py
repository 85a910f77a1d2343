"""The life of an account, step by step, with everything that can happen to it."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
import shutil
from tempfile import mkdtemp
from typing import Any, Final

from custom_components.inteltele.delivery import (
    DeliveryService,
    MessageRequest,
    Plan,
    Recipient,
    RetryPolicy,
    plan,
)
from custom_components.inteltele.gateway import (
    AccessRegister,
    DeliveryReceipt,
    ErrorReason,
)
from custom_components.inteltele.storage.counters import Counters
from custom_components.inteltele.storage.message import (
    Message,
    MessageStatus,
    ReceiptSource,
)
from demo.simulated_gateway import SimulatedMessage

from .model import Key, Model
from .simulation import Client, Disk, Gateway, Time, Trouble

RECIPIENTS: Final = (
    Recipient(number="+380671112233", name="Olena"),
    Recipient(number="+380671112244", name="Petro"),
    Recipient(
        number="+380671112255", name="Iryna", sms_fallback=True, sms_sender="House"
    ),
)
PROBLEMS: Final = frozenset(
    {
        ErrorReason.LOCKED_OUT,
        ErrorReason.IP_NOT_ALLOWED,
        ErrorReason.CANNOT_CONNECT,
        ErrorReason.OUTCOME_UNKNOWN,
        ErrorReason.INVALID_RESPONSE,
    }
)
MINUTE: Final = 60.0
TTL: Final = 600


class Life:
    """An account with three recipients, held against a model of it."""

    def __init__(self) -> None:
        """Begin with an empty house."""
        self.loop = asyncio.new_event_loop()
        self.folder = Path(mkdtemp())
        self.time = Time()
        self.model = Model()
        self.access = AccessRegister(now=self.time.now)
        self.resent: set[str] = set()
        self.tokens = map(str, count())
        self.patient: set[str] = set()
        self.behind: set[Key] = set()
        self.waited: set[Key] = set()
        self.sends: list[asyncio.Task[None]] = []
        self.faults: list[AssertionError] = []
        self.intact = False
        self.looking_back = False
        self.started_at = self.time.true()
        self.doubtful_until = dict[str, datetime]()
        self.trust_after = 0.0
        self.set_at = 0.0

    def begin(self, repeat_detection: str, *, keep_text: bool) -> None:
        """Set the account up."""
        self.keep_text = keep_text
        self.gateway = Gateway(self.time, repeat_detection=repeat_detection)
        self.gateway.early = self._report_all
        self.gateway.other_send = self._send_something_else
        self.run(self._open())

    def run(
        self,
        work: Coroutine[Any, Any, Any],
        happens: Sequence[Trouble] = (),
        off_for: float = 0.0,
    ) -> None:
        """Do something, until it is done or the power is cut."""
        self.gateway.troubles.extend(happens)
        self.intact = False
        if self.loop.run_until_complete(self._until_cut(work)):
            self.cut_the_power(0, off_for)
        self.gateway.troubles.clear()
        self.intact = True

    async def _until_cut(self, work: Coroutine[Any, Any, Any]) -> bool:
        """Do something and all that follows from it; return whether it was cut off."""
        doing = asyncio.ensure_future(self._to_the_end(work))
        cut = asyncio.ensure_future(self.gateway.cut.wait())
        await asyncio.wait([doing, cut], return_when=asyncio.FIRST_COMPLETED)
        was_cut = not doing.done()
        if was_cut:
            self.disk.fail()
            await self._die()
        else:
            cut.cancel()
            doing.result()
        return was_cut

    async def _to_the_end(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something, and let time pass until every caller has an answer."""
        await work
        await self._rest()
        while any(not sending.done() for sending in self.sends):
            await self._next_chore()
        for sending in self.sends:
            sending.result()
        self.sends.clear()

    async def _die(self) -> None:
        """End all that is under way, as the end of a process does."""
        self.sends.clear()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)

    async def _rest(self) -> None:
        """Wait until the gateway has answered what it is being asked."""
        tasks = self.service.outbox.under_way.tasks
        while tasks:
            await asyncio.wait(tasks)
        for _ in range(5):
            await asyncio.sleep(0)

    # What a person, an automation or the gateway does.

    async def send(
        self,
        recipients: Sequence[Recipient],
        text: str,
        policy: RetryPolicy,
        *,
        given_up: bool = False,
    ) -> None:
        """Send to somebody; a caller may give up at once."""
        token = next(self.tokens)
        self.resent |= {token} if policy.resend_unknown else set()
        self.patient |= {token} if policy.retry_for else set()
        self.behind |= {
            (token, message.number)
            for message in self.service.ledger.queued.values()
            if message.waits and policy.retry_for
        }
        sending = asyncio.ensure_future(
            self.service.send(_plan(text, token, recipients), policy)
        )
        await asyncio.sleep(0)
        if given_up:
            sending.cancel()
        self.sends.append(asyncio.ensure_future(self._hear(sending, token, recipients)))

    async def _hear(
        self,
        sending: asyncio.Task[list[Message]],
        token: str,
        recipients: Sequence[Recipient],
    ) -> None:
        """Hold the answer to a caller against what the gateway took."""
        with suppress(asyncio.CancelledError):
            messages = await sending
            numbers = {recipient.number for recipient in recipients}
            assert {message.number for message in messages} == numbers
            for message in messages:
                self._check_answer(token, message)

    def _check_answer(self, token: str, message: Message) -> None:
        """Hold one answer against what the gateway took."""
        times = self._taken()[token, message.number]
        match message.status:
            case MessageStatus.SENT:
                self._check_claim(message, times)
            case MessageStatus.FAILED:
                assert message.never_sent
                assert message.unknown or times == 0, message.reason
            case MessageStatus.QUEUED:
                may_be = message.attempted_at is not None or token in self.resent
                assert times == 0 or may_be

    def _check_claim(self, message: Message, times: int) -> None:
        """Hold it against the gateway that a message was taken."""
        if message.message_id is not None or self._trusted(message.number):
            assert times, "it was never sent"

    async def receive(
        self, message_id: str, status: str, reported_at: datetime | None
    ) -> None:
        """Take in a report, here and in the model."""
        receipt = DeliveryReceipt(
            message_id=message_id, gateway_status=status, reported_at=reported_at
        )
        await self.service.receive(receipt, ReceiptSource.WEBHOOK)
        self.model.received(receipt, self.time.now())

    async def _report_all(self) -> None:
        """Report on the last messages before the gateway answers, in three ways."""
        for message in self.gateway.messages[-2:]:
            await self.receive(message.message_id, "expired", self.moment(0))
            await self.receive(message.message_id, "delivrd", self.moment(2))
            await self.receive(message.message_id, "enroute", None)

    async def _send_something_else(self) -> None:
        """Send while another request is under way."""
        await self.send([RECIPIENTS[0]], "Door!", RetryPolicy())
        for _ in range(100):
            await asyncio.sleep(0)

    def forget(self, recipient: Recipient) -> None:
        """Forget what went to somebody, but not what may be on its way."""
        kept = {
            message.seq
            for message in self.service.ledger.queued.values()
            if message.attempted_at is not None
        }
        self.model.forget(recipient.number, kept)
        self.run(self.service.forget(recipient.number))

    def restart(self, off_for: float) -> None:
        """Stop the house in good order, and start it again: it knows the same."""
        self.check()
        before = self._memory()
        self.run(self.service.close())
        self.model.early.clear()
        self._forget_the_last_minute()
        self.time.elapsed += off_for
        self.run(self._open())
        assert self._memory() == before

    def cut_the_power(self, written: int, off_for: float) -> None:
        """Lose all but some of what is not on disk, and start again."""
        if not self.gateway.cut.is_set():
            self.loop.run_until_complete(self.disk.flush(written))
            self.disk.fail()
            self.loop.run_until_complete(self._die())
        self.gateway.cut.clear()
        self.service.database._connection.close()
        self.time.elapsed += off_for
        self.gateway.troubles.clear()
        self.intact, self.looking_back = False, True
        self.loop.run_until_complete(self._open_after_the_cut())
        self.intact, self.looking_back = True, False

    async def live(self, duration: float) -> None:
        """Do what is due until some time is over, as an account does."""
        end = self.time.elapsed + duration
        for chore in range(2000):
            assert chore < 1999, "it never comes to rest"
            if self.time.elapsed + self._due_in() > end:
                break
            await self._next_chore()
        self.time.elapsed = max(end, self.time.elapsed)

    async def _next_chore(self) -> None:
        """Let time pass until something is due, and do it."""
        wait = self._due_in()
        assert wait < float("inf"), "somebody waits for ever"
        self.time.elapsed += wait
        await self.service.outbox.work()
        await self._rest()
        poller = self.service.poller
        if (at := poller.next_due()) is not None and at <= self.time.now():
            await poller.ask()

    def _due_in(self) -> float:
        """Return in how many seconds something is due."""
        moments = (self.service.outbox.next_due(), self.service.poller.next_due())
        now = self.time.now()
        return min(
            (max((due - now).total_seconds(), 0.0) for due in moments if due),
            default=float("inf"),
        )

    # What must hold at any time, and in the end.

    def check(self) -> None:
        """Nothing is taken twice, unless allowed; the house agrees with the model."""
        for fault in self.faults:
            raise fault
        for (token, number), times in self._taken().items():
            assert times == 1 or token in self.resent, (token, number)
        ledger = self.service.ledger
        self.model.check(ledger.counters, ledger.pending)
        assert set(ledger.queued) == set(self.model.queued)

    def end(self) -> None:
        """Let everything come to its end, in a world without trouble."""
        try:
            if self.intact:
                self.run(self._come_to_rest())
        finally:
            self.loop.close()
            shutil.rmtree(self.folder)

    async def _come_to_rest(self) -> None:
        """Wait for the end of all retrying, and look at the file."""
        self.gateway.reachable = True
        self.gateway.settings.allowed_ips = ("127.0.0.0/8",)
        await self.live(2000.0)
        assert self.service.ledger.queued == {}
        self.check()
        rows = await self.service.ledger.history(None, None, 10_000)
        assert {row.seq: (row.status, row.reported_at) for row in rows} == {
            seq: known.states[-1] for seq, known in self.model.known.items()
        }
        self._check_order()
        await self.service.close()

    def _check_order(self) -> None:
        """Look whether what waited for somebody arrived in its order."""
        places = {known.key: seq for seq, known in self.model.known.items()}
        arrivals = dict.fromkeys(map(_key, self.gateway.messages))
        for recipient in RECIPIENTS:
            order = [
                places[key]
                for key in arrivals
                if key in self.waited and key in places and key[1] == recipient.number
            ]
            assert order == sorted(order), "the order was not kept"

    # How the house is held against the model.

    async def _open(self) -> None:
        """Start the house."""
        client = Client(
            self.gateway,
            self.access,
            lambda receipt: self.model.received(receipt, self.time.now()),
        )
        self.service = DeliveryService(
            client,
            self.folder / "ledger.db",
            now=self.time.now,
            monotonic=self.time.monotonic,
            keep_text=self.keep_text,
            on_change=self._on_change,
        )
        self.disk = Disk(self.service.database, self._written)
        client.on_exchange = self._exchanged
        assert await self.service.open() is None
        count_only = self.service.ledger.count_only

        def counted(more: Counters) -> None:
            """Count in the model, too."""
            self.model.refused(more.failed)
            count_only(more)

        self.service.ledger.count_only = counted  # type: ignore[method-assign]

    def _written(self) -> None:
        """Note that everything up to now is on disk."""
        if not self.looking_back:
            self.model.written()

    def _exchanged(self, reason: ErrorReason | None) -> None:
        """Try what waits once the gateway can be asked again."""
        if reason not in PROBLEMS:
            self.service.outbox.wake()

    def _on_change(self, before: Message | None, after: Message) -> None:
        """Hear of a change of a message; what is wrong with it is told by `check`."""
        try:
            self._hold_against_the_model(before, after)
        except AssertionError as err:
            self.faults.append(err)

    def _hold_against_the_model(self, before: Message | None, after: Message) -> None:
        """See whether a change may be."""
        now = self.time.now()
        if before is None:
            key = _key_of_new(after)
            assert after.attempted_at is None or key not in self.behind
            self.model.accepted(after, key)
        elif before.status is not MessageStatus.QUEUED:
            self.model.ended(after, now)
        elif after.status is MessageStatus.SENT:
            self._check_claim(after, self._taken()[self._key_of(after)])
            self.model.sent(after, now)
        elif after.status is MessageStatus.FAILED:
            times = self._taken()[self._key_of(after)]
            assert not times or after.unknown, after.reason
            self.model.given_up(after)
        if after.waits and self._key_of(after)[0] in self.patient:
            self.waited.add(self._key_of(after))

    def _key_of(self, message: Message) -> Key:
        """Return which of our messages this is."""
        return self.model.known[message.seq].key

    async def _open_after_the_cut(self) -> None:
        """Start again, and see what is left."""
        await self._open()
        ledger = self.service.ledger
        rows = {row.seq: row for row in await ledger.history(None, None, 10_000)}
        counters = ledger.counters
        self.model.lost_power(rows, counters)
        # Accepted, but not told yet.
        for seq in set(rows) - set(self.model.known):
            self.model.accepted(rows[seq], _key_of_new(rows[seq]))
        self.model.written()
        self._forget_the_last_minute()

    def _trusted(self, number: str) -> bool:
        """Return whether the house can know what went to a number in this minute."""
        if self.time.elapsed < self.trust_after:
            return False
        return self.gateway.clock() >= self.doubtful_until.get(number, self.started_at)

    def _forget_the_last_minute(self) -> None:
        """Note what a new start cannot know of the minute before."""
        for message in self.gateway.messages:
            found = self.model.by_id(message.message_id)
            forgotten_at = message.sent_at + timedelta(seconds=MINUTE)
            if found is None or found[1].slow:
                self.doubtful_until[message.number] = forgotten_at
        if self.time.elapsed < self.set_at + MINUTE:
            self.trust_after = self.time.elapsed + MINUTE

    def _memory(self) -> tuple[Any, ...]:
        """Return what the house has in mind."""
        ledger = self.service.ledger
        return (
            ledger.counters,
            ledger.pending,
            ledger.queued,
            sorted(ledger.under_way, key=lambda message: message.seq),
            ledger.latest,
        )

    def moment(self, age: int) -> datetime:
        """Return a time so many seconds from now, as the gateway tells times."""
        moment = self.gateway.clock() + timedelta(seconds=age)
        return moment.replace(microsecond=0)

    def _taken(self) -> Counter[Key]:
        """Return how often the gateway took each message."""
        return Counter(map(_key, self.gateway.messages))


def _key(message: SimulatedMessage) -> Key:
    """Return which of our messages the gateway took."""
    return _token(message.button_link), message.number


def _plan(text: str, token: str, recipients: Sequence[Recipient]) -> Plan:
    """Return a message that its button makes unlike any other."""
    request = MessageRequest(
        message=text, button_text="Go", button_url=f"http://x/{token}", ttl=TTL
    )
    return plan(request, recipients)


def _key_of_new(message: Message) -> Key:
    """Return which of our messages a new one is; one without a chance has no link."""
    if (submission := message.submission) is None:
        return f"refused {message.seq}", message.number
    return _token(submission.content.button_url), message.number


def _token(link: str | None) -> str:
    """Return what makes a message unlike any other."""
    return (link or "").rpartition("/")[2]
