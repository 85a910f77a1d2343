"""Notify: a message to a recipient."""

from typing import override

from homeassistant.components.notify import (
    ATTR_MESSAGE,
    ATTR_TITLE,
    NotifyEntity,
    NotifyEntityFeature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .const import KEY_NOTIFY
from .entity import RecipientEntity, async_add_for_recipients
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


class RecipientNotifyEntity(RecipientEntity, NotifyEntity):
    """Sends messages to one recipient."""

    _attr_name = None
    _attr_supported_features = NotifyEntityFeature.TITLE

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of what is sent in other ways."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                notified_signal(self._subentry.subentry_id),
                self._async_notified,
            )
        )

    @callback
    def _async_notified(self) -> None:
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
