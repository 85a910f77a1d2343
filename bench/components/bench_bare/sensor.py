"""Bare sensors."""

from homeassistant.components.sensor import SensorEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback


class BareSensor(SensorEntity):
    """Zero, always."""

    _attr_native_value = 0
    _attr_should_poll = False

    def __init__(self, number: int) -> None:
        """Number the entity."""
        self._attr_unique_id = f"bare_sensor_{number}"
        self._attr_name = f"Bare {number}"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add as many as the entry says."""
    async_add_entities(BareSensor(number) for number in range(entry.data["sensor"]))
