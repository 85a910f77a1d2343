"""How the house hears what became of an account's messages."""

from asyncio import TimerHandle
from collections.abc import Sequence
from typing import Any, Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..const import (
    DOMAIN,
    EVENT_ACTIVITY,
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
    KEY_DELIVERY,
)
from ..coordinator import IntelTeleConfigEntry
from ..delivery import Outcome, Recipient
from ..gateway import mask
from ..public import Pressed
from ..settings.recipients import recipients_by_number
from ..storage.message import Message

EVENT_SENT: Final = "sent"
EVENT_TYPE_BUTTON_PRESSED: Final = "button_pressed"
TELL_AFTER: Final = 0.1


@callback
def delivery_signal(subentry_id: str) -> str:
    """Return the dispatcher signal of a recipient's delivery events."""
    return f"{DOMAIN}_delivery_{subentry_id}"


@callback
def account_signal(entry_id: str) -> str:
    """Return the dispatcher signal of what an account's entities show."""
    return f"{DOMAIN}_account_{entry_id}"


@callback
def messages_signal(entry_id: str) -> str:
    """Return the dispatcher signal of what conversations with an account show.

    It comes with the messages that are new or changed, or with None where all may be.
    """
    return f"{DOMAIN}_messages_{entry_id}"


class Announcer:
    """Tells events, entities, conversations and the logbook."""

    def __init__(self, hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
        """Speak for an account."""
        self._hass = hass
        self._entry = entry
        # An account whose recipients change is set up anew.
        self._recipients = recipients_by_number(entry)
        self._sent: list[Outcome] = []
        self._telling: TimerHandle | None = None
        self._stopped = False

    @callback
    def async_stop(self) -> None:
        """Leave the entities as they are."""
        self._stopped = True
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None

    @callback
    def async_tell(self) -> None:
        """Let the account's entities follow soon, once for all that happens."""
        if self._telling is None and not self._stopped:
            self._telling = self._hass.loop.call_later(TELL_AFTER, self.async_tell_now)

    @callback
    def async_tell_now(self) -> None:
        """Let the account's entities follow now."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        async_dispatcher_send(self._hass, account_signal(self._entry.entry_id))

    @callback
    def async_show(self, messages: Sequence[Message] | None) -> None:
        """Let conversations show messages, or everything anew."""
        signal = messages_signal(self._entry.entry_id)
        async_dispatcher_send(self._hass, signal, messages)

    @callback
    def async_sent(self, outcome: Outcome) -> None:
        """Tell the recipient's event entity that a message is on its way.

        In the loop's second turn from now, when the action was answered: it must not
        wait for states to be written.
        """
        if not self._sent:
            loop = self._hass.loop
            loop.call_soon(loop.call_soon, self._async_tell_sent)
        self._sent.append(outcome)

    @callback
    def _async_tell_sent(self) -> None:
        """Tell event entities of each message that is on its way."""
        sent, self._sent = self._sent, []
        for outcome in sent:
            recipient = self._recipient(outcome.recipient.number)
            if recipient.subentry_id:
                async_dispatcher_send(
                    self._hass,
                    delivery_signal(recipient.subentry_id),
                    EVENT_SENT,
                    {"message_id": outcome.message_id},
                )

    @callback
    def async_pressed(self, pressed: Pressed) -> None:
        """Tell that somebody answered; it may be another who has the link."""
        self._async_tell_sent()
        recipient = self._recipient(pressed.link.number)
        told = {"action": pressed.answer.action, "message_id": pressed.message_id}
        self._hass.bus.async_fire(
            EVENT_BUTTON_PRESSED,
            {
                "entry_id": self._entry.entry_id,
                "number": pressed.link.number,
                "recipient": recipient.name,
                "device_id": self._device_id(recipient),
                **told,
            },
        )
        if recipient.subentry_id:
            async_dispatcher_send(
                self._hass,
                delivery_signal(recipient.subentry_id),
                EVENT_TYPE_BUTTON_PRESSED,
                {**told, "text": pressed.answer.text},
            )
        if not self._has_entity(recipient):
            self._async_log("answered", recipient, action=pressed.answer.action)

    @callback
    def async_changed(self, message: Message) -> None:
        """Tell what became of a message."""
        self._async_tell_sent()
        self.async_tell()
        recipient = self._recipient(message.number)
        attributes: dict[str, Any] = {
            "message_id": message.message_id,
            "reason": message.reason,
            "gateway_status": message.gateway_status,
            "reported_at": message.reported_at and message.reported_at.isoformat(),
            "seconds": message.seconds,
            "source": message.source,
        }
        self._hass.bus.async_fire(
            EVENT_DELIVERY_STATUS,
            {
                "entry_id": self._entry.entry_id,
                "number": message.number,
                "recipient": recipient.name,
                "device_id": self._device_id(recipient),
                "status": message.status,
                **attributes,
            },
        )
        if recipient.subentry_id:
            async_dispatcher_send(
                self._hass,
                delivery_signal(recipient.subentry_id),
                message.status.value,
                attributes,
            )
        if not self._has_entity(recipient):
            self._async_log(
                message.status,
                recipient,
                seconds=message.seconds,
                reason=message.reason,
            )

    @callback
    def _async_log(
        self,
        event_type: str,
        recipient: Recipient,
        *,
        action: str | None = None,
        seconds: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Fire the event that `logbook.py` makes a line in Activity of."""
        self._hass.bus.async_fire(
            EVENT_ACTIVITY,
            {
                "entry_id": self._entry.entry_id,
                "device_id": self._device_id(recipient),
                "recipient": recipient.name or mask(recipient.number),
                "type": event_type,
                "action": action,
                "seconds": seconds,
                "reason": reason,
            },
        )

    @callback
    def _recipient(self, number: str) -> Recipient:
        """Return the account's recipient with a number, or the number as a bare one."""
        return self._recipients.get(number) or Recipient(number=number)

    @callback
    def _has_entity(self, recipient: Recipient) -> bool:
        """Return whether a recipient has an event entity that is in use."""
        registry = er.async_get(self._hass)
        entity_id = registry.async_get_entity_id(
            Platform.EVENT, DOMAIN, f"{recipient.subentry_id}_{KEY_DELIVERY}"
        )
        entity = registry.async_get(entity_id) if entity_id else None
        return entity is not None and not entity.disabled

    @callback
    def _device_id(self, recipient: Recipient) -> str | None:
        """Return the device of a recipient, None for a bare number."""
        if recipient.subentry_id is None:
            return None
        device = dr.async_get(self._hass).async_get_device_by_identifier(
            (DOMAIN, recipient.subentry_id), self._entry.entry_id
        )
        return device.id if device else None
