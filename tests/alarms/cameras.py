"""A camera that hangs while an alarm is raised with its picture."""

import asyncio
from datetime import timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.const import DOMAIN
from demo.simulated_gateway import SimulatedGateway

from ..visitor import IMAGE
from .calls import BOTH

AWAITED: Final = timedelta(seconds=0.3)
PICTURE: Final = {"media": {"media_content_id": IMAGE}, "sms": "as_set"}


def begin_to_raise(home: HomeAssistant, **fields: Any) -> asyncio.Task[dict[str, Any]]:
    """Begin to raise an alarm with the camera's picture, and return the response."""

    async def raising() -> dict[str, Any]:
        response: Any = await home.services.async_call(
            DOMAIN,
            "raise_alarm",
            {
                "message": "Somebody is there!",
                "recipients": BOTH,
                "tag": "door",
                **PICTURE,
                **fields,
            },
            blocking=True,
            return_response=True,
        )
        return dict(response)

    return asyncio.create_task(raising())


async def until_raised(account: MockConfigEntry, times: int = 1) -> None:
    """Wait until an alarm was raised so often."""
    async with asyncio.timeout(5):
        while [each.raised for each in account.runtime_data.alarms] != [times]:
            await asyncio.sleep(0.01)


async def until_asked(gateway: SimulatedGateway, questions: int = 1) -> None:
    """Wait until the gateway took so many questions."""
    async with asyncio.timeout(5):
        while len(gateway.messages) < questions:
            await asyncio.sleep(0.01)
