"""Whatever happens in whatever order: no message is lost, and none comes twice."""

from datetime import timedelta
import os
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

from custom_components.inteltele.delivery import Recipient, RetryPolicy
from custom_components.inteltele.storage import syncing

from .life import MINUTE, RECIPIENTS, Life
from .simulation import Trouble

BLACKLISTED: Final = Recipient(number="+380671112901")
POWER_CUTS: Final = (Trouble.POWER_CUT_BEFORE_WORK, Trouble.POWER_CUT_AFTER_WORK)

absences = st.sampled_from((0.0, 5.0, 62.0))
troubles = st.lists(st.sampled_from(Trouble), max_size=3)
seconds = st.sampled_from((1.0, 4.0, 12.0, 30.0, 49.0, 56.0, 66.0, 130.0, 400.0))


class DeliveryMachine(RuleBasedStateMachine):
    """An account with three recipients, and everything that can happen to it."""

    def __init__(self) -> None:
        """Begin with an empty house."""
        super().__init__()
        self.life = Life()
        self.set_back_at = 0.0

    @initialize(
        repeat_detection=st.sampled_from(("same_text", "any_text")),
        keep_text=st.booleans(),
    )
    def move_in(self, repeat_detection: str, keep_text: bool) -> None:
        """Set the account up."""
        self.life.begin(repeat_detection, keep_text=keep_text)

    @rule(
        recipients=st.lists(
            st.sampled_from((RECIPIENTS[0], *RECIPIENTS, BLACKLISTED)),
            min_size=1,
            max_size=3,
        ),
        text=st.sampled_from(("Water!", "Fire!")),
        retry_for=st.sampled_from((0, 40, 300, 900)),
        resend_unknown=st.booleans(),
        given_up=st.booleans(),
        happens=troubles,
    )
    def send(
        self,
        recipients: list[Recipient],
        text: str,
        retry_for: int,
        resend_unknown: bool,
        given_up: bool,
        happens: list[Trouble],
    ) -> None:
        """Send to somebody, with trouble on the way."""
        policy = RetryPolicy(
            retry_for=timedelta(seconds=retry_for), resend_unknown=resend_unknown
        )
        self.life.run(
            self.life.send(recipients, text, policy, given_up=given_up), happens
        )

    @rule(duration=seconds, happens=troubles)
    def let_time_pass(self, duration: float, happens: list[Trouble]) -> None:
        """Let the house do what becomes due, with trouble on the way."""
        self.life.run(self.life.live(duration), happens)

    @rule(
        status=st.sampled_from(("delivrd", "expired", "rejectd", "enroute")),
        age=st.sampled_from((-400, -1, 0, 1, 30, 5000, None)),
        copies=st.integers(1, 2),
        which=st.randoms(use_true_random=False),
    )
    @precondition(lambda self: self.life.gateway.messages)
    def report(self, status: str, age: int | None, copies: int, which: Any) -> None:
        """Report on any message that the gateway ever took."""
        message = which.choice(self.life.gateway.messages)
        at = None if age is None else self.life.moment(age)
        for _ in range(copies):
            self.life.run(self.life.receive(message.message_id, status, at))

    @rule(status=st.sampled_from(("delivrd", "expired")))
    def report_on_an_unknown_id(self, status: str) -> None:
        """Report on a message of somebody else's."""
        self.life.run(self.life.receive("somebody-else's", status, None))

    @rule(
        status=st.sampled_from(("delivrd", "undeliv")),
        which=st.randoms(use_true_random=False),
    )
    @precondition(lambda self: self.life.gateway.messages)
    def end_without_a_report(self, status: str, which: Any) -> None:
        """Let a message come to its end at the gateway, to be asked for."""
        message = which.choice(self.life.gateway.messages)
        message.status, message.reported_at = status, self.life.gateway.clock()

    @rule(reachable=st.booleans(), allowed=st.booleans())
    def move_the_gateway(self, reachable: bool, allowed: bool) -> None:
        """Bring the gateway into or out of reach."""
        self.life.gateway.reachable = reachable
        addresses = ("127.0.0.0/8",) if allowed else ()
        self.life.gateway.settings.allowed_ips = addresses

    @rule(by=st.sampled_from((20.0, 3600.0, 90_000.0)))
    def set_the_clock_forward(self, by: float) -> None:
        """Correct the house's clock by much."""
        self.life.time.offset += by
        self.life.set_at = self.life.time.elapsed

    @rule(by=st.sampled_from((1.0, 6.0)))
    @precondition(lambda self: self.life.time.elapsed > self.set_back_at + 2 * MINUTE)
    def set_the_clock_back(self, by: float) -> None:
        """Correct the house's clock by a little, and not often."""
        self.life.time.offset -= by
        self.set_back_at = self.life.time.elapsed

    @rule(recipient=st.sampled_from(RECIPIENTS))
    def forget(self, recipient: Recipient) -> None:
        """Forget what went to somebody, but not what may be on its way."""
        self.life.forget(recipient)

    @rule(off_for=absences)
    def restart(self, off_for: float) -> None:
        """Stop the house in good order, and start it again: it knows the same."""
        self.life.restart(off_for)

    @rule(written=st.integers(0, 5), off_for=absences)
    def cut_the_power(self, written: int, off_for: float) -> None:
        """Lose what is not on disk, all of it or some."""
        self.life.cut_the_power(written, off_for)

    @rule(
        trouble=st.sampled_from(POWER_CUTS),
        recipients=st.lists(st.sampled_from(RECIPIENTS), min_size=1, max_size=3),
        off_for=absences,
    )
    def cut_the_power_while_somebody_sends(
        self, trouble: Trouble, recipients: list[Recipient], off_for: float
    ) -> None:
        """Interrupt what is asked for the first time."""
        self.life.gateway.reachable = True
        sending = self.life.send(recipients, "Storm!", RetryPolicy())
        self.life.run(sending, [trouble], off_for)

    @rule(trouble=st.sampled_from(POWER_CUTS), off_for=absences)
    @precondition(lambda self: self.life.service.outbox.room.waiting)
    def cut_the_power_while_the_gateway_is_asked(
        self, trouble: Trouble, off_for: float
    ) -> None:
        """Interrupt what waited and is being tried."""
        self.life.gateway.reachable = True
        self.life.run(self.life.live(12.0), [trouble], off_for)

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        """Nothing is taken twice; counters, states and what is pending agree."""
        self.life.check()

    @override
    def teardown(self) -> None:
        """Let everything that waits come to its end."""
        self.life.end()


@pytest.fixture(autouse=True)
def _fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no real disk be waited for: the power is cut in the model only."""
    monkeypatch.setattr(syncing, "_sync", lambda _: None)


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


@pytest.fixture
def life() -> Life:
    """Return the life of an account whose gateway compares texts."""
    life = Life()
    life.begin("same_text", keep_text=True)
    return life


@pytest.mark.parametrize("off_for", [5.0, 45.0, 62.0])
@pytest.mark.parametrize("happens", [[], [Trouble.UNREACHABLE]])
def test_a_message_is_not_sent_twice_however_long_the_power_was_off(
    life: Life, off_for: float, happens: list[Trouble]
) -> None:
    """The gateway took it, and remembers that for a minute."""
    policy = RetryPolicy(retry_for=timedelta(minutes=15))
    sending = life.send(RECIPIENTS[:1], "Water!", policy)
    life.run(sending, [*happens, Trouble.POWER_CUT_AFTER_WORK], off_for)
    life.run(life.live(12.0), [Trouble.POWER_CUT_AFTER_WORK] * len(happens), off_for)
    life.end()
    assert len(life.gateway.messages) == 1


def test_a_slow_request_before_is_not_taken_for_the_message_itself() -> None:
    """The gateway refuses any text for a minute after it took the slow one."""
    life = Life()
    life.begin("any_text", keep_text=True)
    at_once = RetryPolicy()
    life.run(life.send(RECIPIENTS[:1], "Water!", at_once), [Trouble.SLOW])
    life.run(life.live(49.0))
    cut_off = [Trouble.CUT_OFF_BEFORE_WORK]
    life.run(life.send(RECIPIENTS[:1], "Fire!", at_once), cut_off)
    life.end()
    assert [message.text for message in life.gateway.messages] == ["Water!"]
