"""What an account does by itself, and when."""

import asyncio
from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.inteltele.account.schedules import LONGEST_SLEEP, Schedule

from ..conftest import settled


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
