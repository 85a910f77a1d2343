"""A clock that is set while something waits."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.inteltele.delivery import Clock, clock as module

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class _Time:
    """Both clocks, as seconds since noon."""

    wall = 0.0
    steady = 1000.0

    def utcnow(self) -> datetime:
        """Return the time of the wall clock."""
        return NOON + timedelta(seconds=self.wall)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> _Time:
    """Return both clocks."""
    both = _Time()
    monkeypatch.setattr(module, "clock_gettime", lambda _: both.steady)
    return both


def _heard(clock: Clock) -> list[float]:
    """Return by how much the clock was set, as it is heard."""
    heard: list[float] = []
    clock.on_set = lambda by: heard.append(by.total_seconds())
    return heard


def test_time_goes_by(time: _Time) -> None:
    """Nothing is heard of that, nor of a clock that is corrected a little."""
    clock = Clock(time.utcnow)
    heard = _heard(clock)
    for _ in range(100):
        time.wall += 601.0
        time.steady += 600.0
        assert clock.now() == time.utcnow()
    assert heard == []


@pytest.mark.parametrize("by", [7200.0, -3600.0, 3.0, -3.0])
def test_a_clock_that_is_set_is_heard_once(time: _Time, by: float) -> None:
    """Whoever is told may ask for the time."""
    clock = Clock(time.utcnow)
    heard: list[float] = []

    def hear(moved: timedelta) -> None:
        heard.append(moved.total_seconds())
        assert clock.now() == time.utcnow()

    clock.on_set = hear
    time.wall += by + 10.0
    time.steady += 10.0
    assert clock.now() == time.utcnow()
    assert clock.now() == time.utcnow()
    assert heard == [pytest.approx(by)]
