"""A house whose account has an SMS sender, and a camera that hangs."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.alarms import alarms as engine
from custom_components.inteltele.sending import alarm_pictures

from ..visitor import Visitor, visited
from .cameras import AWAITED


@pytest.fixture
def options() -> dict[str, Any]:
    """Return options with an SMS sender."""
    return {"sms_sender": "MyHouse"}


@pytest.fixture
async def visitor(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Visitor]:
    """Return a camera that hangs, and for which nobody waits long."""
    for module in (engine, alarm_pictures):
        monkeypatch.setattr(module, "PICTURE_AWAITED", AWAITED)
    entity = await visited(home)
    entity.comes = comes = asyncio.Event()
    yield entity
    comes.set()


@pytest.fixture
def come(visitor: Visitor) -> asyncio.Event:
    """Return what lets the camera go on."""
    assert visitor.comes is not None
    return visitor.comes
