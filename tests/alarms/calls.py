"""What a house does with alarms, for every test of them."""

from datetime import timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, Event, HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from yarl import URL

from custom_components.inteltele.alarms.alarm import Alarm
from custom_components.inteltele.const import DOMAIN
from demo.simulated_gateway import SimulatedGateway
from tests.conftest import settled

BOTH: Final = ["notify.olena", "notify.petro"]


async def raise_alarm(
    home: HomeAssistant, context: Context | None = None, **fields: Any
) -> dict[str, Any]:
    """Raise an alarm, and return the response."""
    fields = {
        "message": "Water in the cellar!",
        "recipients": BOTH,
        "tag": "water",
    } | fields
    return await call(home, "raise_alarm", context, **fields)


async def call(
    home: HomeAssistant, action: str, context: Context | None = None, **fields: Any
) -> dict[str, Any]:
    """Call an action of alarms, and return the response."""
    response: Any = await home.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True, context=context
    )
    await settled(home)
    return dict(response)


async def sleep(
    home: HomeAssistant, freezer: FrozenDateTimeFactory, time: timedelta
) -> None:
    """Let time go by, in steps that no schedule misses."""
    while time > timedelta(0):
        step = min(time, timedelta(seconds=20))
        freezer.tick(step)
        time -= step
        async_fire_time_changed(home)
        await settled(home)


def only_alarm(account: MockConfigEntry) -> Alarm:
    """Return the only alarm of an account."""
    [alarm] = account.runtime_data.alarms
    found: Alarm = alarm
    return found


def types_of(told: list[Event]) -> list[str]:
    """Return what was told."""
    return [event.data["type"] for event in told]


def path_of(gateway: SimulatedGateway, place: int = -1) -> str:
    """Return the path behind the button of one of the messages."""
    return URL(gateway.messages[place].button_link or "").path
