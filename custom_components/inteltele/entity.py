"""The devices that entities of an account belong to."""

from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity

from .const import DOMAIN, NAME

if TYPE_CHECKING:
    from .account import InteltelConfigEntry


@callback
def async_create_account_device(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Create the account's device and return its id; recipients are reached by it."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer=NAME,
        model="Viber and SMS gateway",
        name=entry.title,
    )
    return device.id


class RecipientEntity(Entity):
    """An entity of one recipient."""

    _attr_has_entity_name = True

    def __init__(
        self, entry: InteltelConfigEntry, subentry: ConfigSubentry, key: str
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
