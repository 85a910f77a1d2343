"""The legacy notify action of an account, which alerts and notify groups call."""

import logging
from typing import Any, Final, cast, override

from homeassistant.components.notify import (
    ATTR_DATA,
    ATTR_MESSAGE,
    ATTR_TARGET,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
    BaseNotificationService,
)
from homeassistant.components.notify.legacy import NOTIFY_SERVICES
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_NAME, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import discovery
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType
from homeassistant.util import slugify
import voluptuous as vol

from ..account.account import IntelTeleConfigEntry
from ..const import DOMAIN
from ..delivery import Recipient
from ..exceptions import invalid_input
from ..settings.recipients import recipients_of
from .dispatch import (
    async_raise_shortcomings,
    async_record_notifications,
    async_send,
)
from .fields import MESSAGE_FIELDS
from .targets import recipients_with_numbers

_LOGGER = logging.getLogger(__name__)

CONF_ENTRY_ID: Final = "entry_id"

_ALIVE: Final = {ConfigEntryState.SETUP_IN_PROGRESS, ConfigEntryState.LOADED}
_FIELDS_SCHEMA = vol.Schema(MESSAGE_FIELDS)


@callback
def async_load_legacy_notify(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Have notify set up the action that is named after the account."""
    hass.async_create_task(
        discovery.async_load_platform(
            hass,
            Platform.NOTIFY,
            DOMAIN,
            {CONF_NAME: entry.title, CONF_ENTRY_ID: entry.entry_id},
            {},
        )
    )


async def async_get_service(
    hass: HomeAssistant,
    config: ConfigType,
    discovery_info: DiscoveryInfoType | None = None,
) -> LegacyNotifyService | None:
    """Return the action of an account, unless its name is taken already."""
    if discovery_info is None:
        return None
    entry: IntelTeleConfigEntry | None = hass.config_entries.async_get_entry(
        discovery_info[CONF_ENTRY_ID]
    )
    if entry is None or entry.state not in _ALIVE:
        return None
    # An account that was reloaded at once may have left one that came too late.
    services = _services(hass)
    services[:] = [service for service in services if not service.unloaded]
    if any(service.entry is entry for service in services):
        return None
    name = slugify(discovery_info[CONF_NAME])
    if hass.services.has_service(NOTIFY_DOMAIN, name):
        _LOGGER.warning(
            "There is an action notify.%s already, so the account %s gets none",
            name,
            entry.title,
        )
        return None
    service = LegacyNotifyService(hass, entry)
    entry.async_on_unload(service.async_unload)
    return service


class LegacyNotifyService(BaseNotificationService):
    """Sends to numbers or recipient names, to every recipient where none is named."""

    def __init__(self, hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
        """Bind the action to an account."""
        self._hass = hass
        self.entry = entry
        self.unloaded = False

    @override
    async def async_register_services(self) -> None:
        """Register the action, unless the account was unloaded in the meantime."""
        if not self.unloaded:
            await super().async_register_services()

    @override
    async def async_send_message(self, message: str, **kwargs: Any) -> None:
        """Send a message; `data` takes the field names of inteltele.send_message."""
        fields = {**(kwargs.get(ATTR_DATA) or {}), ATTR_MESSAGE: message}
        if title := kwargs.get(ATTR_TITLE):
            fields[ATTR_TITLE] = title
        try:
            fields = _FIELDS_SCHEMA(fields)
        except vol.Invalid as err:
            raise invalid_input("invalid_data", error=str(err)) from err
        dispatch = await async_send(
            self.hass, {self.entry: self._recipients(kwargs.get(ATTR_TARGET))}, fields
        )
        async_record_notifications(self.hass, dispatch.sent)
        await async_raise_shortcomings(self.hass, dispatch)

    async def async_unload(self) -> None:
        """Take the action away, and out of the list that notify keeps."""
        self.unloaded = True
        services = _services(self._hass)
        if self in services:
            services.remove(self)
            await self.async_unregister_services()

    def _recipients(self, target: list[str] | None) -> list[Recipient]:
        """Return whom a target means: names or numbers, everyone without one."""
        everyone = list(recipients_of(self.entry))
        found = everyone if target is None else self._named(everyone, target)
        if not found:
            raise invalid_input("no_recipient")
        return found

    def _named(self, everyone: list[Recipient], target: list[str]) -> list[Recipient]:
        """Return whom names and numbers mean."""
        by_name = {(known.name or "").casefold(): known for known in everyone}
        found = []
        for text in target:
            if (named := by_name.get(text.strip().casefold())) is not None:
                found.append(named)
            elif any(character.isdigit() for character in text):
                found += recipients_with_numbers(self.hass, self.entry, [text])
            else:
                raise invalid_input("unknown_recipient", recipient=text)
        return found


@callback
def _services(hass: HomeAssistant) -> list[LegacyNotifyService]:
    """Return the list that notify keeps of this integration's actions."""
    services = hass.data[NOTIFY_SERVICES].setdefault(DOMAIN, [])
    return cast(list[LegacyNotifyService], services)
