"""What an account does by itself, and when."""

import asyncio
from collections.abc import Callable, Container
from datetime import UTC, datetime, timedelta
import time

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.inteltele.account import schedules
from custom_components.inteltele.account.schedules import (
    LONGEST_PAUSE,
    LONGEST_SLEEP,
    NightlySchedule,
    Schedule,
    async_stop_all,
)

from ..conftest import OLENA, settled


async def test_a_chore_that_finds_nothing_to_do_is_looked_after_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What is due in a day is looked at every ten minutes, since clocks are set."""
    due = dt_util.utcnow() + timedelta(days=1)
    looked: list[datetime] = []

    async def look() -> None:
        """Do nothing that takes any time."""
        looked.append(dt_util.utcnow())

    schedule = Schedule(hass, "IntelTele nothing", lambda: due, look)
    schedule.async_start()
    for _ in range(3):
        freezer.tick(LONGEST_SLEEP + 1)
        async_fire_time_changed(hass)
        await settled(hass)
        # As after every message.
        schedule.async_plan()
    await schedule.async_stop()
    assert len(looked) == 3


async def test_what_is_being_done_comes_to_its_end(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Stopping waits for it, and nothing is begun afterwards, nor by a late start."""
    steps: list[str] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        """Take some time."""
        begun.set()
        await go_on.wait()
        steps.append("done")

    schedule = Schedule(hass, "IntelTele work", dt_util.utcnow, work)
    schedule.async_start()
    async_fire_time_changed(hass)
    await begun.wait()
    stopping = hass.async_create_task(schedule.async_stop())
    go_on.set()
    await stopping
    steps.append("stopped")
    schedule.async_start()
    freezer.tick(LONGEST_SLEEP + 1)
    async_fire_time_changed(hass)
    await settled(hass)
    assert steps == ["done", "stopped"]


async def test_a_clock_that_was_set_back_is_noticed_before_anything_is_planned(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What is due in five seconds does not sleep for ten minutes because of it."""
    back = timedelta(hours=2)
    due = dt_util.utcnow() + timedelta(seconds=5)
    set_back, worked = False, list[datetime]()

    def now() -> datetime:
        """Look at the clock, which moves what is due where it was set."""
        nonlocal due, set_back
        if set_back:
            due, set_back = due - back, False
            schedule.async_plan()
        return dt_util.utcnow()

    async def work() -> None:
        """Do it once."""
        nonlocal due
        worked.append(dt_util.utcnow())
        due += timedelta(days=1)

    schedule = Schedule(hass, "IntelTele work", lambda: due, work, now=now)
    schedule.async_start()
    freezer.move_to(dt_util.utcnow() - back)
    set_back = True
    # As after a message that changed meanwhile.
    schedule.async_plan()
    freezer.tick(6)
    async_fire_time_changed(hass)
    await settled(hass)
    await schedule.async_stop()
    assert len(worked) == 1


class Chore:
    """Work that is always due, and goes wrong some times."""

    def __init__(self, hass: HomeAssistant, failing: Container[int]) -> None:
        """Begin with nothing done; `failing` are the runs that go wrong."""
        self.runs = 0
        self._failing = failing
        self.schedule = Schedule(hass, "The chore", dt_util.utcnow, self._work)

    async def runs_for(self, runs: int) -> None:
        """Start it, and stop it after some runs."""
        self.schedule.async_start()
        async with asyncio.timeout(5):
            while self.runs < runs:
                await asyncio.sleep(0)
        await self.schedule.async_stop()

    async def _work(self) -> None:
        """Do what there is to do."""
        self.runs += 1
        if self.runs in self._failing:
            raise KeyError(OLENA)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return for how long was waited each time; in truth it is no time."""
    waited: list[float] = []
    call_later = schedules.async_call_later

    def note(
        hass: HomeAssistant, seconds: float, action: Callable[[datetime], None]
    ) -> Callable[[], None]:
        waited.append(round(seconds))
        return call_later(hass, 0, action)

    monkeypatch.setattr(schedules, "async_call_later", note)
    return waited


async def test_work_that_fails_is_tried_less_and_less_often(
    hass: HomeAssistant, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is logged once, and where, without what it quotes."""
    chore = Chore(hass, range(99))
    await chore.runs_for(13)
    assert pauses[:12] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, LONGEST_PAUSE]
    assert caplog.text.count("The chore failed: KeyError") == 1
    assert "in _work" in caplog.text
    assert OLENA not in caplog.text


async def test_a_change_does_not_end_the_pause(hass: HomeAssistant) -> None:
    """Each message has the next time planned."""
    chore = Chore(hass, range(99))
    chore.schedule.async_start()
    begun = time.monotonic()
    while time.monotonic() - begun < 0.3:
        await asyncio.sleep(0.01)
        chore.schedule.async_plan()
    await chore.schedule.async_stop()
    assert chore.runs == 1


async def test_a_success_ends_the_pause(
    hass: HomeAssistant, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    """The next error is a new one."""
    await Chore(hass, {1, 2, 4, 5}).runs_for(6)
    assert pauses[:6] == [0, 1, 2, 0, 1, 2]
    assert caplog.text.count("The chore failed") == 2


async def test_many_changes_are_planned_for_once(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is never due at once can wait for what else changes."""
    monkeypatch.setattr(schedules, "PLANNED_WITHIN", 0.05)
    planned: list[str] = []

    def never() -> None:
        planned.append("planned")

    schedule = Schedule(hass, "Never", never, asyncio.Event().wait)
    schedule.async_plan_soon()
    schedule.async_start()
    for _ in range(5):
        schedule.async_plan_soon()
    await asyncio.sleep(0.1)
    schedule.async_plan_soon()
    await schedule.async_stop()
    assert planned == ["planned"] * 2


async def test_all_that_hangs_is_given_up_together(
    hass: HomeAssistant,
) -> None:
    """Home Assistant waits for an account that goes, but not for long."""
    given_up: list[str] = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.append("given up")

    hanging = [Schedule(hass, "A chore", dt_util.utcnow, hang) for _ in range(3)]
    for schedule in (*hanging, idle := Schedule(hass, "Idle", lambda: None, hang)):
        schedule.async_start()
    await asyncio.sleep(0.05)
    begun = time.monotonic()
    await async_stop_all([*hanging, idle], within=0.2)
    assert time.monotonic() - begun < 0.4
    await asyncio.sleep(0)
    assert given_up == ["given up"] * 3


class Night:
    """Work of the night."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Begin with no night."""
        self.done: list[datetime] = []
        self._hass = hass
        self._freezer = freezer

    def schedule(self, key: str) -> NightlySchedule:
        """Return what has it done."""
        return NightlySchedule(self._hass, "At night", key, self.work)

    async def work(self) -> None:
        """Do what there is to do."""
        self.done.append(dt_util.now())

    async def passes(self, schedule: NightlySchedule, span: timedelta) -> None:
        """Let time pass, ten minutes at a time."""
        for _ in range(span // timedelta(minutes=10)):
            self._freezer.tick(600.5)
            async_fire_time_changed(self._hass)
            await self._hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def night(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Night:
    """Return work of the night, on a day in November."""
    freezer.move_to(datetime(2026, 11, 20, 10, tzinfo=UTC))
    return Night(hass, freezer)


async def test_the_work_of_the_night_is_done_every_night(
    hass: HomeAssistant, night: Night
) -> None:
    """Once, by the house's own time, which is not that of London."""
    await hass.config.async_set_time_zone("Europe/Kyiv")
    schedule = night.schedule("account")
    schedule.async_start()
    await night.passes(schedule, timedelta(days=3))
    await schedule.async_stop()
    assert [moment.day for moment in night.done] == [21, 22, 23]
    assert {moment.hour for moment in night.done} <= {3, 4, 5}


def _due(schedule: NightlySchedule) -> datetime:
    """Return when it is due, by the house's own time."""
    due = schedule._next_due()
    assert due is not None
    return dt_util.as_local(due)


async def test_each_account_has_a_time_of_its_own(night: Night) -> None:
    """Within the night, and the same after a restart."""
    times = [_due(night.schedule(f"account {number}")) for number in range(50)]
    assert len(set(times)) > 20
    assert {moment.hour for moment in times} == {3, 4}
    assert _due(night.schedule("account 7")) == times[7]


@pytest.mark.parametrize(
    "evening",
    [datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)],
)
async def test_a_night_in_which_the_clocks_change_is_one(
    hass: HomeAssistant,
    night: Night,
    freezer: FrozenDateTimeFactory,
    evening: datetime,
) -> None:
    """Also where the hour after three is there twice, or not at all."""
    await hass.config.async_set_time_zone("Europe/Kyiv")
    freezer.move_to(evening)
    schedule = night.schedule("a")
    schedule.async_start()
    await night.passes(schedule, timedelta(hours=30))
    await schedule.async_stop()
    assert len(night.done) == 1
    assert schedule._after < timedelta(hours=1)


async def test_a_clock_that_is_set_back_does_not_end_the_nights(
    night: Night, freezer: FrozenDateTimeFactory
) -> None:
    """A house without a battery for its clock may start in another year."""
    freezer.move_to(datetime(2030, 1, 1, tzinfo=UTC))
    schedule = night.schedule("account")
    freezer.move_to(datetime(2026, 11, 20, 20, tzinfo=UTC))
    assert _due(schedule).date() == datetime(2026, 11, 21, tzinfo=UTC).date()
