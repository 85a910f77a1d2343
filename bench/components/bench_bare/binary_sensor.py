"""Bare binary sensors."""

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback


class BareBinarySensor(BinarySensorEntity):
    """Off, always."""

    _attr_is_on = False
    _attr_should_poll = False

    def __init__(self, number: int) -> None:
        """Number the entity."""
        self._attr_unique_id = f"bare_binary_sensor_{number}"
        self._attr_name = f"Bare {number}"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add as many as the entry says."""
    async_add_entities(
        BareBinarySensor(number) for number in range(entry.data["binary_sensor"])
    )
