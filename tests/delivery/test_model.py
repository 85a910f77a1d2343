"""Whatever happens in whatever order: no message is lost, and none comes twice."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from itertools import count
import os
from pathlib import Path
import shutil
from tempfile import mkdtemp
from typing import Any, Final, override

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.inteltele.delivery import (
    DeliveryService,
    MessageRequest,
    Outcome,
    Plan,
    Recipient,
    RetryPolicy,
    SendStatus,
    plan,
)
from custom_components.inteltele.gateway import (
    AccessRegister,
    DeliveryReceipt,
    ErrorReason,
)
from custom_components.inteltele.storage.message import Message, ReceiptSource
from demo.simulated_gateway import SimulatedMessage

from .model import Key, Model, may_have_been_taken
from .simulation import Client, Disk, Gateway, PowerCutError, Time, Trouble

RECIPIENTS: Final = (
    Recipient(number="+380671112233", name="Olena"),
    Recipient(number="+380671112244", name="Petro"),
    Recipient(
        number="+380671112255", name="Iryna", sms_fallback=True, sms_sender="House"
    ),
)
BLACKLISTED: Final = Recipient(number="+380671112901")
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

absences = st.sampled_from((0.0, 5.0, 62.0))
troubles = st.lists(st.sampled_from(Trouble), max_size=3)
seconds = st.sampled_from((1.0, 4.0, 12.0, 30.0, 49.0, 56.0, 66.0, 130.0, 400.0))


class DeliveryMachine(RuleBasedStateMachine):
    """An account with three recipients, and everything that can happen to it."""

    def __init__(self) -> None:
        """Begin with an empty house."""
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(mkdtemp())
        self.time = Time()
        self.model = Model()
        self.access = AccessRegister(now=self.time.now)
        self.resent: set[str] = set()
        self.tokens = map(str, count())
        self.order: dict[Key, int] = {}
        self.answered: dict[str, Key] = {}
        self.sending = 0
        self.intact = False
        self.looking_back = False
        self.safe_queue = set[int]()
        self.started_at = self.time.true()
        self.doubtful_until = dict[str, datetime]()
        self.trust_after = 0.0
        self.set_at = 0.0
        self.set_back_at = 0.0

    @initialize(
        repeat_detection=st.sampled_from(("same_text", "any_text")),
        keep_text=st.booleans(),
    )
    def move_in(self, repeat_detection: str, keep_text: bool) -> None:
        """Set the account up."""
        self.keep_text = keep_text
        self.gateway = Gateway(self.time, repeat_detection=repeat_detection)
        self.gateway.early = self._report_all
        self.gateway.other_send = self._send_something_else
        self._run(self._open())

    # What a person, an automation or the gateway does.

    @rule(
        recipients=st.lists(
            st.sampled_from((RECIPIENTS[0], *RECIPIENTS, BLACKLISTED)),
            min_size=1,
            max_size=3,
        ),
        text=st.sampled_from(("Water!", "Fire!")),
        retry_for=st.sampled_from((0, 40, 300, 900)),
        resend_unknown=st.booleans(),
        happens=troubles,
    )
    def send(
        self,
        recipients: list[Recipient],
        text: str,
        retry_for: int,
        resend_unknown: bool,
        happens: list[Trouble],
    ) -> None:
        """Send to somebody, with trouble on the way."""
        policy = RetryPolicy(
            retry_for=timedelta(seconds=retry_for), resend_unknown=resend_unknown
        )
        self._run(self._send(recipients, text, policy), happens)

    @rule(duration=seconds, happens=troubles)
    def let_time_pass(self, duration: float, happens: list[Trouble]) -> None:
        """Let the house do what becomes due, with trouble on the way."""
        self._run(self._live(duration), happens)

    @rule(
        status=st.sampled_from(("delivrd", "expired", "rejectd", "enroute")),
        age=st.sampled_from((-400, -1, 0, 1, 30, 5000, None)),
        copies=st.integers(1, 2),
        which=st.randoms(use_true_random=False),
    )
    @precondition(lambda self: self.gateway.messages)
    def report(self, status: str, age: int | None, copies: int, which: Any) -> None:
        """Report on any message that the gateway ever took."""
        message = which.choice(self.gateway.messages)
        at = age is not None and self._moment(age)
        for _ in range(copies):
            self._run(self._receive(message.message_id, status, at or None))

    @rule(status=st.sampled_from(("delivrd", "expired")))
    def report_on_an_unknown_id(self, status: str) -> None:
        """Report on a message of somebody else's."""
        self._run(self._receive("somebody-else's", status, None))

    @rule(
        status=st.sampled_from(("delivrd", "undeliv")),
        which=st.randoms(use_true_random=False),
    )
    @precondition(lambda self: self.gateway.messages)
    def end_without_a_report(self, status: str, which: Any) -> None:
        """Let a message come to its end at the gateway, to be asked for."""
        message = which.choice(self.gateway.messages)
        message.status, message.reported_at = status, self.gateway.clock()

    @rule(reachable=st.booleans(), allowed=st.booleans())
    def move_the_gateway(self, reachable: bool, allowed: bool) -> None:
        """Bring the gateway into or out of reach."""
        self.gateway.reachable = reachable
        addresses = ("127.0.0.0/8",) if allowed else ()
        self.gateway.settings.allowed_ips = addresses

    @rule(by=st.sampled_from((20.0, 3600.0, 90_000.0)))
    def set_the_clock_forward(self, by: float) -> None:
        """Correct the house's clock by much."""
        self.time.offset += by
        self.set_at = self.time.elapsed

    @rule(by=st.sampled_from((1.0, 6.0)))
    @precondition(lambda self: self.time.elapsed > self.set_back_at + 2 * MINUTE)
    def set_the_clock_back(self, by: float) -> None:
        """Correct the house's clock by a little, and not often."""
        self.time.offset -= by
        self.set_back_at = self.time.elapsed

    @rule(recipient=st.sampled_from(RECIPIENTS))
    def forget(self, recipient: Recipient) -> None:
        """Forget what went to somebody, but not what may be on its way."""
        kept = {
            seq
            for seq, item in self.service.outbox._items.items()
            if item.attempted_at is not None
        }
        self.model.forget(recipient.number, kept)
        self._run(self.service.forget(recipient.number))
        self.answered = {
            name: key
            for name, key in self.answered.items()
            if key[1] != recipient.number
        }

    @rule(off_for=absences)
    def restart(self, off_for: float) -> None:
        """Stop the house in good order, and start it again: it knows the same."""
        before = self._memory()
        self._run(self.service.close())
        self.model.early.clear()
        self._forget_the_last_minute()
        self.time.elapsed += off_for
        self._run(self._open())
        assert self._memory() == before

    @rule(written=st.integers(0, 5), off_for=absences)
    def cut_the_power(self, written: int, off_for: float) -> None:
        """Lose what is not on disk, all of it or some."""
        self._cut_the_power(written, off_for)

    @rule(
        trouble=st.sampled_from(
            (Trouble.POWER_CUT_BEFORE_WORK, Trouble.POWER_CUT_AFTER_WORK)
        ),
        off_for=absences,
    )
    @precondition(lambda self: len(self.service.outbox))
    def cut_the_power_while_the_gateway_is_asked(
        self, trouble: Trouble, off_for: float
    ) -> None:
        """Interrupt what waited and is being tried."""
        self.gateway.reachable = True
        self._run(self._live(12.0), [trouble], off_for)

    # What must hold at any time.

    @invariant()
    def nothing_is_taken_twice(self) -> None:
        """Unless that was allowed."""
        for (token, number), times in self._taken().items():
            assert times == 1 or token in self.resent, (token, number)

    @invariant()
    def the_house_agrees_with_the_model(self) -> None:
        """Counters with events, states with receipts, and what is pending."""
        ledger = self.service.ledger
        self.model.check(ledger.counters, ledger.pending)
        assert set(ledger.queued) == set(self.model.queued)
        assert len(self.service.outbox) == len(ledger.queued)

    @override
    def teardown(self) -> None:
        """Let everything that waits come to its end, in a world without trouble."""
        try:
            if self.intact:
                self._run(self._come_to_rest())
        finally:
            self.loop.close()
            shutil.rmtree(self.folder)

    async def _come_to_rest(self) -> None:
        """Wait for the end of all retrying, and look at the file."""
        self.gateway.reachable = True
        self.gateway.settings.allowed_ips = ("127.0.0.0/8",)
        await self._live(2000.0)
        assert len(self.service.outbox) == 0
        self.nothing_is_taken_twice()
        self.the_house_agrees_with_the_model()
        rows = await self.service.ledger.history(None, None, 10_000)
        ids = {message.message_id for message in rows}
        assert set(self.answered) <= ids
        arrivals = [self._key(message) for message in self.gateway.messages]
        for recipient in RECIPIENTS:
            places = [
                self.order[key]
                for key in dict.fromkeys(arrivals)
                if key in self.order and key[1] == recipient.number
            ]
            assert places == sorted(places), "the order was not kept"
        await self.service.close()

    # How it is done.

    def _run(
        self,
        work: Coroutine[Any, Any, Any],
        happens: Sequence[Trouble] = (),
        off_for: float = 0.0,
    ) -> None:
        """Do something, until it is done or the power is cut."""
        self.gateway.troubles.extend(happens)
        self.intact = False
        try:
            self.loop.run_until_complete(work)
        except PowerCutError:
            self._cut_the_power(0, off_for)
        self.gateway.troubles.clear()
        self.intact = True

    async def _open(self) -> None:
        """Start the house."""
        client = Client(
            self.gateway,
            self.access,
            lambda receipt: self.model.received(receipt, self.time.now()),
        )
        self.disk = Disk(self._written)
        self.service = DeliveryService(
            client,
            self.folder / "ledger.db",
            now=self.time.now,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            keep_text=self.keep_text,
            on_sent=self._on_sent,
            on_change=self._on_change,
        )
        self.service.ledger._database._worker = self.disk
        client.on_exchange = self._exchanged
        assert await self.service.open() is None

    def _written(self) -> None:
        """Note that everything up to now is on disk."""
        if not self.looking_back:
            self.model.written()
            self.safe_queue = set(self.model.queued)

    def _exchanged(self, reason: ErrorReason | None) -> None:
        """Try what waits once the gateway can be asked again."""
        if reason not in PROBLEMS:
            self.service.outbox.wake()

    async def _send(
        self, recipients: list[Recipient], text: str, policy: RetryPolicy
    ) -> None:
        """Send to somebody, and hold the answer against what the gateway took."""
        token = next(self.tokens)
        self.resent |= {token} if policy.resend_unknown else set()
        waits = {number for _, number in self.model.queued.values()}
        self.sending += 1
        try:
            outcomes = await self.service.send(_plan(text, token, recipients), policy)
        finally:
            self.sending -= 1
        self._take_up_what_waits()
        assert {outcome.recipient for outcome in outcomes} == set(recipients)
        for outcome in outcomes:
            self._answered((token, outcome.recipient.number), outcome)
            if policy.retry_for and outcome.recipient.number in waits:
                assert outcome.status is SendStatus.QUEUED, "an earlier one was passed"

    def _answered(self, key: Key, outcome: Outcome) -> None:
        """Hold one answer against what the gateway took."""
        times = self._taken()[key]
        match outcome.status:
            case SendStatus.SENT:
                self._check_claim(outcome, times)
            case SendStatus.FAILED:
                assert times == 0, f"{outcome.error}, but it was sent"
            case SendStatus.QUEUED:
                assert times == 0 or key[0] in self.resent
                assert key in self.model.queued.values()
            case SendStatus.UNKNOWN:
                assert outcome.message_id is None
        if outcome.message_id is not None:
            self.answered[outcome.message_id] = key

    def _check_claim(self, outcome: Outcome, times: int) -> None:
        """Hold it against the gateway that a message was taken."""
        number = outcome.recipient.number
        if outcome.message_id is not None or self._trusted(number):
            assert times, "it was never sent"

    def _trusted(self, number: str) -> bool:
        """Return whether the house can know what went to a number in this minute."""
        if self.time.elapsed < self.trust_after:
            return False
        return self.gateway.clock() >= self.doubtful_until.get(number, self.started_at)

    def _forget_the_last_minute(self) -> None:
        """Note what a new start cannot know of the minute before."""
        known = self.model.known
        for message in self.gateway.messages:
            gone_on = message.message_id in known and not known[message.message_id].slow
            forgotten_at = message.sent_at + timedelta(seconds=MINUTE)
            if not gone_on:
                self.doubtful_until[message.number] = forgotten_at
        if self.time.elapsed < self.set_at + MINUTE:
            self.trust_after = self.time.elapsed + MINUTE

    def _on_sent(self, outcome: Outcome) -> None:
        """Hear of a message that the gateway took."""
        number = outcome.recipient.number
        if not self.sending:
            seq = min(seq for seq, key in self.model.queued.items() if key[1] == number)
            self._check_claim(outcome, self._taken()[self.model.queued.pop(seq)])
        self.model.sent(outcome, TTL, self.time.now())

    def _on_change(self, message: Message) -> None:
        """Hear of a message that came to its end."""
        if message.message_id is None:
            key = self.model.queued[message.seq]
            times = self._taken()[key]
            assert not times or may_have_been_taken(message), message.reason
        self.model.changed(message, self.time.now())

    def _take_up_what_waits(self) -> None:
        """Learn the ledger's numbers of what waits."""
        for seq, item in self.service.outbox._items.items():
            if seq not in self.model.queued:
                key = _token(item.content.button_url), item.message.number
                self.model.queued[seq] = key
                self.order[key] = seq

    async def _live(self, duration: float) -> None:
        """Do what is due until some time is over, as an account does."""
        end = self.time.elapsed + duration
        for chore in range(2000):
            assert chore < 1999, "it never comes to rest"
            outbox, poller = self.service.outbox, self.service.poller
            due = min(
                filter(None, (outbox.next_due(), poller.next_due())), default=None
            )
            wait = (
                (due - self.time.now()).total_seconds()
                if due is not None
                else float("inf")
            )
            if self.time.elapsed + max(wait, 0.0) > end:
                break
            self.time.elapsed += max(wait, 0.0)
            await outbox.work()
            if (at := poller.next_due()) is not None and at <= self.time.now():
                await poller.ask()
        self.time.elapsed = max(end, self.time.elapsed)

    async def _receive(
        self, message_id: str, status: str, reported_at: datetime | None
    ) -> None:
        """Take in a report, here and in the model."""
        receipt = DeliveryReceipt(
            message_id=message_id, gateway_status=status, reported_at=reported_at
        )
        await self.service.ledger.receive(receipt, ReceiptSource.WEBHOOK)
        self.model.received(receipt, self.time.now())

    async def _report_all(self) -> None:
        """Report on the last messages before the gateway answers, in three ways."""
        for message in self.gateway.messages[-2:]:
            await self._receive(message.message_id, "expired", self._moment(0))
            await self._receive(message.message_id, "delivrd", self._moment(2))
            await self._receive(message.message_id, "enroute", None)

    async def _send_something_else(self) -> None:
        """Send while another request is under way."""
        await self._send([RECIPIENTS[0]], "Door!", RetryPolicy())

    def _cut_the_power(self, written: int, off_for: float) -> None:
        """Lose all but some of what is not on disk, and start again."""
        self.loop.run_until_complete(self._hand_in())
        self.disk.write(written)
        self.disk.lose()
        self.time.elapsed += off_for
        self.service.ledger._database._connection.close()
        self.sending = 0
        self.gateway.troubles.clear()
        self.intact, self.looking_back = False, True
        self.loop.run_until_complete(self._open_after_the_cut())
        self.intact, self.looking_back = True, False

    async def _hand_in(self) -> None:
        """Let what the house gathered be handed to the disk."""
        self.service.database._hand_in()

    async def _open_after_the_cut(self) -> None:
        """Start again, and see what is left."""
        await self._open()
        ledger = self.service.ledger
        rows = await ledger.history(None, None, 10_000)
        by_id = {row.message_id: row for row in rows if row.message_id}
        self.model.lost_power(by_id, ledger.counters)
        assert set(by_id) == set(self.model.known)
        assert self.safe_queue <= {row.seq for row in rows}
        self.answered = {
            name: key for name, key in self.answered.items() if name in by_id
        }
        self.model.queued.clear()
        self.model.written()
        self._forget_the_last_minute()
        self._take_up_what_waits()

    def _memory(self) -> tuple[Any, ...]:
        """Return what the house has in mind."""
        ledger = self.service.ledger
        return (
            ledger.counters,
            ledger.pending,
            ledger.queued,
            sorted(message.message_id for message in ledger.under_way),
            ledger.latest,
        )

    def _moment(self, age: int) -> datetime:
        """Return a time so many seconds from now, as the gateway tells times."""
        moment = self.gateway.clock() + timedelta(seconds=age)
        return moment.replace(microsecond=0)

    def _taken(self) -> Counter[Key]:
        """Return how often the gateway took each message."""
        return Counter(self._key(message) for message in self.gateway.messages)

    @staticmethod
    def _key(message: SimulatedMessage) -> Key:
        """Return which of our messages this is."""
        return _token(message.button_link), message.number


def _plan(text: str, token: str, recipients: list[Recipient]) -> Plan:
    """Return a message that its button makes unlike any other."""
    request = MessageRequest(
        message=text, button_text="Go", button_url=f"http://x/{token}", ttl=TTL
    )
    return plan(request, recipients)


def _token(link: str | None) -> str:
    """Return what makes a message unlike any other."""
    return (link or "").rpartition("/")[2]


@pytest.mark.timeout(0)
def test_no_message_is_lost_and_none_comes_twice() -> None:
    """In some hundred lives of an account, the same ones each time."""
    run_state_machine_as_test(
        DeliveryMachine,
        settings=settings(
            max_examples=int(os.environ.get("MODEL_EXAMPLES", "400")),
            stateful_step_count=30,
            derandomize="MODEL_EXAMPLES" not in os.environ,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("off_for", [5.0, 45.0, 62.0])
def test_a_message_is_not_sent_twice_however_long_the_power_was_off(
    off_for: float,
) -> None:
    """The gateway took it, and remembers that for a minute."""
    life = DeliveryMachine()
    life.move_in("same_text", keep_text=True)
    policy = {"text": "Water!", "retry_for": 900, "resend_unknown": False}
    life.send(RECIPIENTS[:1], happens=[Trouble.UNREACHABLE], **policy)
    life.cut_the_power_while_the_gateway_is_asked(Trouble.POWER_CUT_AFTER_WORK, off_for)
    life.teardown()
    assert len(life.gateway.messages) == 1


def test_a_slow_request_before_is_not_taken_for_the_message_itself() -> None:
    """The gateway refuses any text for a minute after it took the slow one."""
    life = DeliveryMachine()
    life.move_in("any_text", keep_text=True)
    policy = {"retry_for": 0, "resend_unknown": False}
    life.send(RECIPIENTS[:1], text="Water!", happens=[Trouble.SLOW], **policy)
    life.let_time_pass(49.0, [])
    cut_off = [Trouble.CUT_OFF_BEFORE_WORK]
    life.send(RECIPIENTS[:1], text="Fire!", happens=cut_off, **policy)
    life.teardown()
    assert [message.text for message in life.gateway.messages] == ["Water!"]
