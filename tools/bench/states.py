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

from .rounds import Floor, Row
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
    rows = []
    for pause in (SOON, LATER):
        all_of_them, of_values = await _counted(hass, entry, entity_id, pause)
        rows.append(
            Row(
                measure=f"state changes per message, delivered after {pause:.0f} s",
                found=all_of_them,
                limit=8,
                floor=Floor(what="those by which a value changes", found=of_values),
            )
        )
    return rows


async def _counted(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str, pause: float
) -> tuple[list[int], list[int]]:
    """Return how many state changes of ours each of some messages makes.

    And by how many of them a value changes.
    """
    registry = er.async_get(hass)
    ours = {
        item.entity_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    changed: list[bool] = []

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        """Count a change of ours."""
        before, after = event.data["old_state"], event.data["new_state"]
        if event.data["entity_id"] in ours and before and after:
            changed.append(before.state != after.state)

    await asyncio.sleep(SETTLED)
    stop = hass.bus.async_listen(EVENT_STATE_CHANGED, hear)
    all_of_them, of_values = [], []
    for _ in range(MESSAGES):
        changed.clear()
        await send_and_deliver(hass, entry, entity_id, pause)
        await asyncio.sleep(SETTLED)
        all_of_them.append(len(changed))
        of_values.append(sum(changed))
    stop()
    return all_of_them, of_values
