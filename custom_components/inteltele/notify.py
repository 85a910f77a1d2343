"""Notify: a message to a recipient, or to all."""

from typing import override

from homeassistant.components.notify import (
    ATTR_MESSAGE,
    ATTR_TITLE,
    NotifyEntity,
    NotifyEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .const import KEY_NOTIFY, SUBENTRY_RECIPIENT
from .entity import RecipientEntity
from .sending.dispatch import async_raise_shortcomings, async_send
from .sending.legacy_notify import async_get_service
from .settings.recipients import recipient_of

__all__ = ["async_get_service", "async_setup_entry"]

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up a notify entity for every recipient."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT):
        async_add_entities(
            [RecipientNotifyEntity(entry, subentry, KEY_NOTIFY)],
            config_subentry_id=subentry.subentry_id,
        )


class RecipientNotifyEntity(RecipientEntity, NotifyEntity):
    """Sends messages to one recipient."""

    _attr_name = None
    _attr_supported_features = NotifyEntityFeature.TITLE

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a message with what is configured for the recipient."""
        dispatch = await async_send(
            self.hass,
            {self._entry: [recipient_of(self._entry, self._subentry)]},
            {ATTR_MESSAGE: message, ATTR_TITLE: title},
        )
        await async_raise_shortcomings(self.hass, dispatch)
