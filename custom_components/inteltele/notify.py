"""Notify: a message to a recipient."""

from typing import Any, override

from homeassistant.components.notify import (
    ATTR_MESSAGE,
    ATTR_TITLE,
    NotifyEntity,
    NotifyEntityFeature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .const import KEY_NOTIFY
from .entity import Listener, RecipientEntity, async_add_for_recipients
from .sending.dispatch import async_raise_shortcomings, async_send, notified_signal
from .sending.fields import MESSAGE_SCHEMA

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up a notify entity for every recipient."""
    async_add_for_recipients(
        hass,
        entry,
        async_add_entities,
        lambda account, subentry: RecipientNotifyEntity(account, subentry, KEY_NOTIFY),
    )


class RecipientNotifyEntity(RecipientEntity, Listener, NotifyEntity):
    """Sends messages to one recipient."""

    _attr_name = None
    _attr_supported_features = NotifyEntityFeature.TITLE

    @property
    @override
    def _signal(self) -> str:
        """Return the signal of what is sent in other ways."""
        return notified_signal(self._subentry.subentry_id)

    @callback
    @override
    def _async_hear(self, *_: Any) -> None:
        """Show that something was sent, as notify does for its own action."""
        self._async_record_notification()

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a message with what is configured for the recipient."""
        dispatch = await async_send(
            self.hass,
            {self._account: [self.recipient]},
            MESSAGE_SCHEMA(
                {ATTR_MESSAGE: message}
                if title is None
                else {ATTR_MESSAGE: message, ATTR_TITLE: title}
            ),
        )
        await async_raise_shortcomings(self.hass, dispatch)
