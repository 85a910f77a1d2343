"""What may still be sent: two limits, and what is kept of them for alarms."""

from datetime import timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.inteltele.delivery.allowance import PERIOD, Allowance
from custom_components.inteltele.storage.message import Use

from ..properties import EXAMPLES
from .house import START

BY_BOTH = Use(viber=1, parts=2)


class _Day:
    """An allowance, and a clock that a test turns."""

    def __init__(self, limit: int = 10, sms_limit: int = 10) -> None:
        """Begin with nothing used."""
        self.time = START
        self.allowance = Allowance(limit, sms_limit, now=lambda: self.time)


def test_a_message_counts_with_both_its_ways() -> None:
    """SMS parts count for both limits."""
    day = _Day(500, 100)
    day.allowance.take(1, BY_BOTH)
    assert (day.allowance.left, day.allowance.sms_left) == (497, 98)
    day.allowance.change(1, Use(viber=1))
    assert (day.allowance.left, day.allowance.sms_left) == (499, 100)
    day.allowance.change(1, Use())
    day.allowance.change(1, BY_BOTH)
    assert day.allowance.left == 500


@pytest.mark.parametrize(
    ("use", "ordinary", "urgent"),
    [(Use(viber=1), 8, 10), (Use(parts=1), 4, 5), (BY_BOTH, 2, 2)],
)
def test_the_last_fifth_is_for_alarms(use: Use, ordinary: int, urgent: int) -> None:
    """Of either limit."""
    for asked, fits in ((False, ordinary), (True, urgent)):
        allowance = _Day(10, 5).allowance
        seq = 0
        while allowance.affords(use, urgent=asked):
            allowance.take(seq := seq + 1, use)
        assert seq == fits


def test_where_there_is_no_fifth_nothing_is_kept() -> None:
    """A limit of one allows one."""
    assert _Day(1, 1).allowance.affords(Use(viber=1))


def test_a_limit_of_none_allows_no_sms_and_is_not_missed() -> None:
    """Somebody chose that."""
    allowance = _Day(10, 0).allowance
    assert not allowance.affords(Use(parts=1), urgent=True)
    allowance.refuse(Use(parts=1))
    assert not allowance.reached
    assert allowance.affords(Use(viber=1))


def test_a_limit_is_reached_until_there_is_room_for_what_was_refused() -> None:
    """Less than that may fit before."""
    day = _Day(10, 5)
    assert not day.allowance.reached
    day.allowance.take(1, Use(viber=1, parts=3))
    day.allowance.refuse(Use(parts=2))
    assert day.allowance.affords(Use(parts=1))
    assert day.allowance.reached
    day.time += PERIOD
    assert not day.allowance.reached


def test_an_allowance_is_not_used_up_by_a_clock_that_was_wrong() -> None:
    """What was sent in the future was not."""
    day = _Day(2)
    day.time += timedelta(days=1)
    day.allowance.take(1, Use(viber=1))
    day.time = START
    assert day.allowance.left == 2


def test_what_is_over_is_not_given_back_again() -> None:
    """It would be what another message took."""
    day = _Day()
    day.allowance.take(1, BY_BOTH)
    day.time += PERIOD
    day.allowance.take(2, BY_BOTH)
    day.allowance.change(1, Use())
    assert day.allowance.left == 7


def test_a_clock_that_is_set_moves_what_counts() -> None:
    """It is free again after a day of real time."""
    day = _Day()
    day.allowance.take(1, BY_BOTH)
    day.time += timedelta(days=2)
    day.allowance.move(timedelta(days=2))
    assert day.allowance.left == 7


uses = st.builds(Use, viber=st.integers(0, 1), parts=st.integers(0, 4))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 30), uses),
        st.tuples(st.just("change"), st.integers(1, 30), uses),
        st.tuples(st.just("wait"), st.integers(0, 100_000), st.just(Use())),
    ),
    max_size=60,
)


@given(steps=steps)
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_counts_is_what_the_messages_of_a_day_take(
    steps: list[tuple[str, int, Use]],
) -> None:
    """Whatever becomes of them, in whatever order."""
    day = _Day(1000, 1000)
    real: dict[int, tuple[float, Use]] = {}
    clock = 0.0
    for step, number, use in steps:
        if step == "wait":
            clock += number
            day.time += timedelta(seconds=number)
        elif step == "take" and number not in real:
            real[number] = (clock, use)
            day.allowance.take(number, use)
        elif step == "change" and number in real and real[number][1].total:
            real[number] = (real[number][0], use)
            day.allowance.change(number, use)
        counting = [
            use
            for moment, use in real.values()
            if clock - moment < PERIOD.total_seconds()
        ]
        assert 1000 - day.allowance.left == sum(use.total for use in counting)
        assert 1000 - day.allowance.sms_left == sum(use.parts for use in counting)
