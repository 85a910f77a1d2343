"""What the entities of a recipient have in common."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity

from .account import IntelTeleConfigEntry
from .const import DOMAIN, NAME


class RecipientEntity(Entity):
    """An entity of one recipient."""

    _attr_has_entity_name = True

    def __init__(
        self, entry: IntelTeleConfigEntry, subentry: ConfigSubentry, key: str
    ) -> None:
        """Attach the entity to the recipient's device."""
        self._entry = entry
        self._subentry = subentry
        self._attr_unique_id = f"{subentry.subentry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, subentry.subentry_id)},
            manufacturer=NAME,
            model="Recipient",
            name=subentry.title,
            via_device_id=entry.runtime_data.device_id,
        )
