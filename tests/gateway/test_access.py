"""Lock-outs and rejected keys."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.inteltele.gateway import (
    AccessRegister,
    ErrorReason,
    RefusedError,
)

CREDENTIALS = ("gateway:443", "demo", "secret-key")


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        """Start at a fixed moment."""
        self.time = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


def _reason(access: AccessRegister, *credentials: str) -> ErrorReason | None:
    """Return why a gateway must not be asked."""
    try:
        access.check(*credentials)
    except RefusedError as err:
        return err.reason
    return None


def test_a_locked_out_house_is_silent_for_five_minutes(clock: Clock) -> None:
    """Whichever account asks."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.LOCKED_OUT)
    assert _reason(access, "gateway:443", "other", "key") is ErrorReason.LOCKED_OUT
    clock.time += timedelta(minutes=5)
    assert _reason(access, *CREDENTIALS) is None


def test_a_lock_out_concerns_one_gateway(clock: Clock) -> None:
    """Another address may be asked."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.LOCKED_OUT)
    assert _reason(access, "elsewhere:443", "demo", "secret-key") is None


def test_a_clock_that_was_set_back_does_not_prolong_a_lock_out(clock: Clock) -> None:
    """A house without a battery-backed clock starts in the past."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.LOCKED_OUT)
    clock.time -= timedelta(days=365)
    assert _reason(access, *CREDENTIALS) is None


def test_no_question_uses_a_rejected_key_until_it_is_forgiven(clock: Clock) -> None:
    """A person who enters it again may know better."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
    clock.time += timedelta(days=1)
    assert _reason(access, *CREDENTIALS) is ErrorReason.INVALID_AUTH
    assert _reason(access, "gateway:443", "demo", "new-key") is None
    access.forgive(*CREDENTIALS)
    assert _reason(access, *CREDENTIALS) is None


def _tries(access: AccessRegister, clock: Clock, minutes: int) -> list[int]:
    """Return in which minutes a send of each minute uses a rejected key."""
    used = []
    for minute in range(minutes):
        try:
            access.check_send(*CREDENTIALS)
        except RefusedError:
            pass
        else:
            used.append(minute)
            access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
        clock.time += timedelta(minutes=1)
    return used


def test_a_send_uses_a_rejected_key_seldom(clock: Clock) -> None:
    """It may have been a mistake; the gateway counts wrong keys of five minutes."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
    day = 24 * 60
    assert _tries(access, clock, 2 * day) == [6, 12, 18, day + 6, day + 12, day + 18]


def test_several_rejected_keys_are_tried_apart(clock: Clock) -> None:
    """The gateway counts the wrong keys of an address, whoever uses them."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
    clock.time += timedelta(minutes=5)
    access.refused("gateway:443", "other", "key", ErrorReason.INVALID_AUTH)
    assert _tries(access, clock, 10) == [6]


def test_a_restart_gives_a_rejected_key_no_more_tries(clock: Clock) -> None:
    """What was tried is kept."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
    assert _tries(access, clock, 30) == [6, 12, 18]
    assert _tries(AccessRegister(access.as_dict(), now=clock), clock, 60) == []


def test_a_clock_that_was_set_back_does_not_prolong_a_rejection(clock: Clock) -> None:
    """What it noted before is in the future."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
    clock.time -= timedelta(days=365)
    assert _tries(access, clock, 30) == [0, 6, 12]


def test_a_locked_out_house_does_not_try_a_rejected_key(clock: Clock) -> None:
    """It would prolong the lock-out."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
    clock.time += timedelta(minutes=6)
    access.refused(*CREDENTIALS, ErrorReason.LOCKED_OUT)
    with pytest.raises(RefusedError) as caught:
        access.check_send(*CREDENTIALS)
    assert caught.value.reason is ErrorReason.LOCKED_OUT


def test_other_refusals_forbid_nothing(clock: Clock) -> None:
    """An empty account may be asked again at any time."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.LOW_BALANCE)
    assert _reason(access, *CREDENTIALS) is None


def test_the_register_survives_a_restart_without_the_key(clock: Clock) -> None:
    """What is stored holds only a digest."""
    changes: list[None] = []
    access = AccessRegister(now=clock, on_change=lambda: changes.append(None))
    access.refused(*CREDENTIALS, ErrorReason.INVALID_AUTH)
    access.refused("elsewhere:80", "demo", "x", ErrorReason.LOCKED_OUT)
    stored = access.as_dict()
    assert "secret-key" not in str(stored)
    restarted = AccessRegister(stored, now=clock)
    assert _reason(restarted, *CREDENTIALS) is ErrorReason.INVALID_AUTH
    assert _reason(restarted, "elsewhere:80", "a", "b") is ErrorReason.LOCKED_OUT
    assert len(changes) == 2


def test_a_past_lock_out_is_not_stored(clock: Clock) -> None:
    """The file does not grow."""
    access = AccessRegister(now=clock)
    access.refused(*CREDENTIALS, ErrorReason.LOCKED_OUT)
    clock.time += timedelta(minutes=6)
    assert access.as_dict() == {"locked_until": {}, "rejected_at": {}}
