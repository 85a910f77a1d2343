"""The devices of an account and of its recipients, which entities belong to."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType

from ..const import DOMAIN, NAME
from ..coordinator import IntelTeleConfigEntry


@callback
def async_create_account_device(
    hass: HomeAssistant, entry: IntelTeleConfigEntry
) -> DeviceEntry:
    """Create the device of an account, by which its recipients are reached."""
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer=NAME,
        model="Viber and SMS gateway",
        name=entry.title,
    )


@callback
def async_create_recipient_device(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    subentry: ConfigSubentry,
    account: DeviceEntry,
) -> DeviceEntry:
    """Create the device of a recipient."""
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        config_subentry_id=subentry.subentry_id,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, subentry.subentry_id)},
        manufacturer=NAME,
        model="Recipient",
        name=subentry.title,
        via_device_id=account.id,
    )
