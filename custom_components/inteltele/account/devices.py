"""The devices of an account and of its recipients, which entities belong to."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ..const import DOMAIN, NAME, SEND_MESSAGE_PAGE, SUBENTRY_RECIPIENT, WEBSITE
from ..coordinator import AccountEntry
from ..texts import cached_text


def account_device(hass: HomeAssistant, entry: AccountEntry) -> DeviceInfo:
    """Return the device of an account, by which its recipients are reached.

    Home Assistant translates the names of devices, not their models.
    """
    return DeviceInfo(
        configuration_url=WEBSITE,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer=NAME,
        model=cached_text(hass, "model_account"),
        name=entry.title,
    )


def recipient_device(
    hass: HomeAssistant, subentry: ConfigSubentry, account_device_id: str
) -> DeviceInfo:
    """Return the device of a recipient, which leads to the form that sends."""
    return DeviceInfo(
        configuration_url=SEND_MESSAGE_PAGE,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, subentry.subentry_id)},
        manufacturer=NAME,
        model=cached_text(hass, "model_recipient"),
        name=subentry.title,
        via_device_id=account_device_id,
    )


@callback
def async_create_account_device(hass: HomeAssistant, entry: AccountEntry) -> str:
    """Create the device of an account before those that hang on it; return its id."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **account_device(hass, entry)
    )
    return device.id


@callback
def async_name_devices(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Let the devices, and with them their entities, be called as they are now."""
    registry = dr.async_get(hass)
    names = {entry.entry_id: entry.title} | {
        subentry.subentry_id: subentry.title
        for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT)
    }
    for identifier, name in names.items():
        device = registry.async_get_device_by_identifier(
            (DOMAIN, identifier), entry.entry_id
        )
        # Somebody who was just added has none yet.
        if device is not None and device.name != name:
            registry.async_update_device(device.id, name=name)
