"""Events: what became of the messages to a recipient, and of alarms."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .account.alarm_host import alarm_signal
from .account.announcer import delivery_signal
from .alarms.alarm import AlarmEvent
from .const import KEY_ALARM, KEY_DELIVERY
from .entity import AccountEntity, RecipientEntity, async_add_for_recipients
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


class DeliveryEvent(RecipientEntity, EventEntity):
    """Tells what becomes of messages to a recipient, and what is answered to them."""

    _attr_should_poll = False
    _attr_event_types = [  # noqa: RUF012 - as Home Assistant declares it
        MessageStatus.SENT,
        MessageStatus.DELIVERED,
        MessageStatus.FAILED,
        BUTTON_PRESSED,
    ]

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the account."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                delivery_signal(self._subentry.subentry_id),
                self._async_handle_event,
            )
        )

    @callback
    def _async_handle_event(self, event_type: str, attributes: dict[str, Any]) -> None:
        """Show what happened."""
        self._trigger_event(event_type, attributes)
        self.async_write_ha_state()


class AlarmEvents(AccountEntity, EventEntity):
    """Tells whom alarms ask, and how they end."""

    _attr_should_poll = False
    _attr_event_types = [*AlarmEvent]  # noqa: RUF012 - as Home Assistant declares it

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the account."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                alarm_signal(self._account.entry.entry_id),
                self._async_handle_event,
            )
        )

    @callback
    def _async_handle_event(self, event: Mapping[str, Any]) -> None:
        """Show what happened."""
        attributes = {name: event[name] for name in event.keys() - {"type", "entry_id"}}
        self._trigger_event(event["type"], attributes)
        self.async_write_ha_state()
