"""What all of the entities are like, and whom they belong to."""

from functools import partial

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback


class BareEntity(Entity):
    """An entity that does nothing."""

    _attr_should_poll = False

    def __init__(self, key: str, device: str | None, *, described: bool) -> None:
        """Name the entity, and the device it belongs to, None for none.

        One that is `described` has what the quality scale asks for: a translated name,
        and a device with its maker, its model and its page.
        """
        self._attr_unique_id = key
        if described:
            self._attr_has_entity_name = True
            self._attr_translation_key = "bare"
        else:
            self._attr_name = f"Bare {key}"
        if device is None:
            return
        identifiers = {("bench_bare", device)}
        if described:
            self._attr_device_info = DeviceInfo(
                configuration_url="https://example.org",
                entry_type=DeviceEntryType.SERVICE,
                identifiers=identifiers,
                manufacturer="Bench",
                model="Bare",
                name=device,
            )
        else:
            self._attr_device_info = DeviceInfo(identifiers=identifiers, name=device)


@callback
def add(
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    kind: Platform,
    kind_of_entity: type[BareEntity],
) -> None:
    """Add as many entities of a kind as the entry says, and one for each subentry.

    Where there are subentries, they and the entry have devices. What asks a gateway
    describes them, and its entities.
    """
    make = partial(kind_of_entity, described=entry.data["asking"] is not None)
    device = entry.entry_id if entry.subentries else None
    async_add_entities(
        make(f"{entry.entry_id}_{number}", device) for number in range(entry.data[kind])
    )
    for subentry_id, subentry in entry.subentries.items():
        if kind in subentry.data:
            async_add_entities(
                [make(subentry_id, subentry_id)], config_subentry_id=subentry_id
            )
