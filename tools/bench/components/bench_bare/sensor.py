"""Bare sensors."""

from homeassistant.components.sensor import SensorEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .entity import BareEntity, add


class BareSensor(BareEntity, SensorEntity):
    """Zero, until it is told to show something else."""

    _attr_native_value: StateType = 0

    @callback
    def show(self, what: str) -> None:
        """Show it."""
        self._attr_native_value = what
        self.async_write_ha_state()


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add them."""
    add(entry, async_add_entities, Platform.SENSOR, BareSensor)
