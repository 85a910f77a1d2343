"""What an account does by itself, and when."""

from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.inteltele.chores import LONGEST_SLEEP, Chore


async def test_a_chore_that_finds_nothing_to_do_is_looked_after_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What is due in a day is looked at every ten minutes, since clocks are set."""
    due = dt_util.utcnow() + timedelta(days=1)
    looked: list[datetime] = []

    async def look() -> None:
        """Do nothing that takes any time."""
        looked.append(dt_util.utcnow())

    chore = Chore(hass, "Nothing yet", lambda: due, look)
    chore.async_start()
    for _ in range(3):
        freezer.tick(LONGEST_SLEEP + 1)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
        # As after every message.
        chore.async_plan()
    await chore.async_stop()
    assert len(looked) == 3
