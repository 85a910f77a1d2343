"""Bare event entities."""

from homeassistant.components.event import EventEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback


class BareEvent(EventEntity):
    """Never happens."""

    _attr_event_types = ["sent"]  # noqa: RUF012 - as Home Assistant declares it
    _attr_should_poll = False

    def __init__(self, number: int) -> None:
        """Number the entity."""
        self._attr_unique_id = f"bare_event_{number}"
        self._attr_name = f"Bare {number}"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add as many as the entry says."""
    async_add_entities(BareEvent(number) for number in range(entry.data["event"]))
