"""Bare notify entities."""

from homeassistant.components.notify import NotifyEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback


class BareNotify(NotifyEntity):
    """Sends nothing."""

    _attr_should_poll = False

    def __init__(self, number: int) -> None:
        """Number the entity."""
        self._attr_unique_id = f"bare_notify_{number}"
        self._attr_name = f"Bare {number}"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add as many as the entry says."""
    async_add_entities(BareNotify(number) for number in range(entry.data["notify"]))
