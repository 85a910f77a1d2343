"""How many state changes a message makes, in a house that sends now and then."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import entity_registry as er

from .rounds import Row
from .single import send_and_deliver

MESSAGES: Final = 3
SOON: Final = 2.0
LATER: Final = 8.0
# What is told together for a while is told by then.
SETTLED: Final = 7.0


async def state_changes(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str
) -> Sequence[Row]:
    """Return how many a message makes that is delivered soon, and one that is later."""
    return [
        Row(
            measure=f"state changes per message, delivered after {pause:.0f} s",
            found=await _counted(hass, entry, entity_id, pause),
            limit=8,
        )
        for pause in (SOON, LATER)
    ]


async def _counted(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str, pause: float
) -> list[int]:
    """Return how many state changes of ours each of some messages makes."""
    registry = er.async_get(hass)
    ours = {
        item.entity_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    changed: list[str] = []

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        """Count a change of ours."""
        if event.data["entity_id"] in ours:
            changed.append(event.data["entity_id"])

    await asyncio.sleep(SETTLED)
    stop = hass.bus.async_listen(EVENT_STATE_CHANGED, hear)
    counts = []
    for _ in range(MESSAGES):
        changed.clear()
        await send_and_deliver(hass, entry, entity_id, pause)
        await asyncio.sleep(SETTLED)
        counts.append(len(changed))
    stop()
    return counts
