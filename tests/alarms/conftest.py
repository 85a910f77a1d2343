"""A house with alarms, of which automations hear."""

from typing import Any

from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.inteltele.const import EVENT_ALARM


@pytest.fixture
def options() -> dict[str, Any]:
    """Return options with an SMS sender."""
    return {"sms_sender": "MyHouse"}


@pytest.fixture
def told(home: HomeAssistant) -> list[Event]:
    """Return what alarms tell on the bus, in a house that phones reach."""
    home.config.external_url = "https://house.example.org"
    return async_capture_events(home, EVENT_ALARM)
