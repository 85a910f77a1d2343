"""Bare event entities."""

from homeassistant.components.event import EventEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import BareEntity, add


class BareEvent(BareEntity, EventEntity):
    """Happens when it is told to."""

    _attr_event_types = ["sent"]  # noqa: RUF012 - as Home Assistant declares it

    @callback
    def show(self, what: str) -> None:
        """Happen."""
        self._trigger_event("sent", {"what": what})
        self.async_write_ha_state()


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add them."""
    add(entry, async_add_entities, Platform.EVENT, BareEvent)
