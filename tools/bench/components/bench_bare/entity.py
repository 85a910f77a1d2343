"""What all of the entities are like, and whom they belong to."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback


class BareEntity(Entity):
    """An entity that does nothing."""

    _attr_should_poll = False

    def __init__(self, key: str, device: str | None) -> None:
        """Name the entity, and the device it belongs to, None for none."""
        self._attr_unique_id = key
        self._attr_name = f"Bare {key}"
        if device is not None:
            self._attr_device_info = DeviceInfo(
                identifiers={("bench_bare", device)}, name=device
            )


@callback
def add(
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    kind: Platform,
    make: Callable[[str, str | None], BareEntity],
) -> None:
    """Add as many entities of a kind as the entry says, and one for each subentry.

    Where there are subentries, they and the entry have devices.
    """
    device = entry.entry_id if entry.subentries else None
    async_add_entities(
        make(f"{entry.entry_id}_{number}", device) for number in range(entry.data[kind])
    )
    for subentry_id, subentry in entry.subentries.items():
        if kind in subentry.data:
            async_add_entities(
                [make(subentry_id, subentry_id)], config_subentry_id=subentry_id
            )
