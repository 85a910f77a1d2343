"""How often an address asked for what does not exist."""

from custom_components.inteltele.public.guesses import (
    MAX_ADDRESSES,
    MAX_GUESSES,
    PERIOD,
    Guesses,
)


class Clock:
    """A clock that a test turns."""

    time = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.time


def test_so_many_guesses_are_let_pass() -> None:
    """And no more."""
    guesses = Guesses(Clock())
    verdicts = [guesses.too_many("192.0.2.1") for _ in range(MAX_GUESSES + 2)]
    assert verdicts == [False] * MAX_GUESSES + [True] * 2


def test_each_address_is_counted_by_itself() -> None:
    """One that guesses does not slow another down."""
    guesses = Guesses(Clock())
    for _ in range(MAX_GUESSES + 1):
        guesses.too_many("192.0.2.1")
    assert not guesses.too_many("192.0.2.2")


def test_guesses_are_forgotten_after_a_while() -> None:
    """A mistyped link must not shut anybody out for good."""
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(MAX_GUESSES + 1):
        guesses.too_many("192.0.2.1")
    clock.time = PERIOD
    assert not guesses.too_many("192.0.2.1")


def test_addresses_are_bounded() -> None:
    """However many there are, memory does not grow."""
    guesses = Guesses(Clock())
    for number in range(MAX_ADDRESSES + 50):
        guesses.too_many(f"2001:db8::{number:x}")
    assert len(guesses) == MAX_ADDRESSES
