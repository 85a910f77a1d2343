"""Whatever happens in whatever order: an alarm keeps its promises."""

from collections import Counter
from datetime import timedelta
import itertools
import os
from typing import Final, override

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from custom_components.inteltele.alarms import times
from custom_components.inteltele.alarms.alarm import LONGEST, AlarmStatus
from custom_components.inteltele.alarms.questions import Standing
from custom_components.inteltele.alarms.raised import Order, Rules, Sms
from custom_components.inteltele.alarms.turns import APART

from .model import MINUTE, PEOPLE, World

NUMBERS: Final = tuple(person.number for person in PEOPLE)
OUTCOMES: Final = (
    (Standing.TAKEN, None),
    (Standing.ASKING, None),
    (Standing.WAITING, "cannot_connect"),
    (Standing.HELD, "repeat_detected"),
    (Standing.UNKNOWN, "outcome_unknown"),
    (Standing.FAILED, "blacklisted"),
    (Standing.BLOCKED, "low_balance"),
    (Standing.BLOCKED, "invalid_auth"),
    (Standing.BLOCKED, "limit_reached"),
)
# What may become of a question, as its message goes on.
NEXT: Final = {
    Standing.ASKING: OUTCOMES,
    Standing.WAITING: OUTCOMES,
    Standing.HELD: OUTCOMES,
    Standing.UNKNOWN: (
        (Standing.TAKEN, None),
        (Standing.FAILED, "blacklisted"),
    ),
    Standing.TAKEN: ((Standing.DELIVERED, None), (Standing.FAILED, "expired")),
}

numbers = st.sampled_from(NUMBERS)
spans = st.sampled_from([timedelta(seconds=s) for s in (1, 20, 40, 61, 130, 400, 4000)])


class AlarmMachine(RuleBasedStateMachine):
    """One alarm and all that can happen to it."""

    world: World

    @initialize(
        people=st.integers(1, 3),
        order=st.sampled_from(Order),
        wait=st.sampled_from((1, 3, 10)),
        rounds=st.integers(1, 3),
        sms=st.sampled_from(Sms),
        quiet_for=st.sampled_from((0, 5, 30)),
    )
    def begin(
        self,
        people: int,
        order: Order,
        wait: int,
        rounds: int,
        sms: Sms,
        quiet_for: int,
    ) -> None:
        """Raise an alarm."""
        self.seen = 0
        self.raised_at = 0
        self.world = World(
            people,
            Rules(
                order=order,
                wait=wait * MINUTE,
                rounds=rounds,
                sms=sms,
                quiet_for=quiet_for * MINUTE,
            ),
        )

    @rule(number=numbers, outcome=st.sampled_from(OUTCOMES))
    def the_gateway_will(
        self, number: str, outcome: tuple[Standing, str | None]
    ) -> None:
        """Settle what becomes of the next questions to somebody."""
        self.world.outcomes[number] = outcome

    @rule(time=spans)
    def time_goes_by(self, time: timedelta) -> None:
        """Sleep, with the house at work."""
        self.world.sleep(time)

    @rule(time=spans)
    def the_power_is_cut(self, time: timedelta) -> None:
        """Lose the memory for a while, and take up what is in the file."""
        self.world.be_off(time)

    @rule(data=st.data())
    def a_message_goes_on(self, data: st.DataObject) -> None:
        """Let the gateway say something new of a question."""
        pending = [each for each in self.world.alarm.questions if each.standing in NEXT]
        if pending:
            question = data.draw(st.sampled_from(pending))
            outcome = data.draw(st.sampled_from(NEXT[question.standing]))
            self.world.becomes(question, *outcome)

    @rule(number=numbers)
    def somebody_answers(self, number: str) -> None:
        """Press the button."""
        if number in {each.number for each in self.world.alarm.questions}:
            self.world.answer(number)

    @rule(number=numbers)
    def somebody_cannot(self, number: str) -> None:
        """Press the other button."""
        self.world.decline(number)

    @rule()
    def the_cause_lasts(self) -> None:
        """Raise it again."""
        self.world.raise_again()

    @rule(message=st.sampled_from((None, "Over.")))
    def the_cause_is_gone(self, message: str | None) -> None:
        """Clear it."""
        self.world.clear(message)

    @rule(by=st.sampled_from((-3600, -90, 90, 7200)))
    def the_clock_is_set(self, by: int) -> None:
        """Move the world, and the alarm with it."""
        delta = timedelta(seconds=by)
        world = self.world
        world.alarm = times.moved(world.alarm, delta, after_seq=0, whole=True)
        world.now += delta
        # What was noted stays comparable.
        world.asked = [(at + delta, number, ask) for at, number, ask in world.asked]

    @rule(everyone=st.booleans())
    def the_public_address(self, *, everyone: bool) -> None:
        """Come or go."""
        self.world.everyone = everyone
        self.world.work()

    @invariant()
    def nobody_is_asked_twice_in_a_round(self) -> None:
        """What never left does not count."""
        turns = Counter(
            (each.number, each.cycle, each.round)
            for each in self.world.alarm.questions
            if not each.standing.void
        )
        assert all(count == 1 for count in turns.values())

    @invariant()
    def nobody_is_written_to_twice_within_a_minute(self) -> None:
        """Counted from when the gateway took the question before."""
        for number in NUMBERS:
            asked = [
                each
                for each in self.world.alarm.questions
                if each.number == number and not each.standing.void
            ]
            for before, after in itertools.pairwise(asked):
                assert after.asked_at - before.asked_at >= APART

    @invariant()
    def nothing_leaves_after_its_end(self) -> None:
        """Only an open alarm has anything under way."""
        if not self.world.is_open:
            assert not any(
                each.standing.in_hand or each.standing is Standing.HELD
                for each in self.world.alarm.questions
            )

    @invariant()
    def what_is_blocked_uses_up_no_round(self) -> None:
        """A round begins only after somebody's turn in the one before."""
        alarm = self.world.alarm
        if alarm.round > 1:
            assert any(
                (each.cycle, each.round) == (alarm.cycle, alarm.round - 1)
                and not each.standing.void
                for each in alarm.questions
            )

    @invariant()
    def its_end_is_told_once(self) -> None:
        """Each time that it was open."""
        types = self.world.types
        opened = 1 + types.count("raised")
        ends = types.count("acknowledged") + types.count("unanswered")
        assert ends <= 2 * opened

    @invariant()
    def it_is_the_same_from_the_file(self) -> None:
        """Nothing is lost by a kill."""
        self.world.be_off(timedelta(0))

    @override
    def teardown(self) -> None:
        """It always ends."""
        if not hasattr(self, "world"):
            return
        self.world.sleep(LONGEST + MINUTE)
        assert self.world.alarm.status is not AlarmStatus.OPEN
        asked = len(self.world.asked)
        self.world.sleep(timedelta(days=3))
        assert len(self.world.asked) == asked
        assert self.world.alarm.is_over(self.world.now)


def test_an_alarm_keeps_its_promises() -> None:
    """Whatever answers, is silent, set, killed, raised and cleared."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        AlarmMachine,
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES", "40")),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
