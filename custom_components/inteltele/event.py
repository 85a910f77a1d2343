"""Events: what became of the messages to a recipient, and of alarms."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .account.alarm_host import alarm_signal
from .account.announcer import delivery_signal
from .alarms.alarm import AlarmEvent
from .const import KEY_ALARM, KEY_DELIVERY
from .entity import (
    AccountEntity,
    Listener,
    RecipientEntity,
    async_add_for_recipients,
)
from .public import BUTTON_PRESSED
from .storage.message import MessageStatus

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up an event entity of alarms, and one for what every recipient gets."""
    async_add_entities([AlarmEvents(entry.runtime_data, KEY_ALARM)])
    async_add_for_recipients(
        hass,
        entry,
        async_add_entities,
        lambda account, subentry: DeliveryEvent(account, subentry, KEY_DELIVERY),
    )


class DeliveryEvent(RecipientEntity, Listener, EventEntity):
    """Tells what becomes of messages to a recipient, and what is answered to them."""

    _attr_event_types = [  # noqa: RUF012 - as Home Assistant declares it
        MessageStatus.SENT,
        MessageStatus.DELIVERED,
        MessageStatus.FAILED,
        BUTTON_PRESSED,
    ]

    @property
    @override
    def _signal(self) -> str:
        """Return the signal of what becomes of messages."""
        return delivery_signal(self._subentry.subentry_id)

    @callback
    @override
    def _async_hear(self, event_type: str, attributes: dict[str, Any]) -> None:
        """Show what happened."""
        self._trigger_event(event_type, attributes)
        self.async_write_ha_state()


class AlarmEvents(AccountEntity, Listener, EventEntity):
    """Tells whom alarms ask, and how they end."""

    _attr_event_types = [*AlarmEvent]  # noqa: RUF012 - as Home Assistant declares it

    @property
    @override
    def _signal(self) -> str:
        """Return the signal of what alarms tell."""
        return alarm_signal(self._account.entry.entry_id)

    @callback
    @override
    def _async_hear(self, event: Mapping[str, Any]) -> None:
        """Show what happened."""
        attributes = {name: event[name] for name in event.keys() - {"type", "entry_id"}}
        self._trigger_event(event["type"], attributes)
        self.async_write_ha_state()
