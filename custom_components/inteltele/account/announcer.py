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
from ..coordinator import AccountEntry
from ..delivery import Recipient
from ..gateway import mask
from ..public import Pressed
from ..settings.recipients import recipient_with_number
from ..storage.message import Message, MessageStatus

EVENT_SENT: Final = "sent"
EVENT_TYPE_BUTTON_PRESSED: Final = "button_pressed"
# The account's counters follow together, once for all that happens meanwhile.
TELL_AFTER: Final = 3.0
# So much is told in one turn of the event loop.
TOLD_AT_ONCE: Final = 200


@callback
def delivery_signal(subentry_id: str) -> str:
    """Return the dispatcher signal of a recipient's delivery events."""
    return f"{DOMAIN}_delivery_{subentry_id}"


@callback
def last_message_signal(subentry_id: str) -> str:
    """Return the dispatcher signal of what became of a recipient's newest message."""
    return f"{DOMAIN}_last_message_{subentry_id}"


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

    def __init__(self, hass: HomeAssistant, entry: AccountEntry) -> None:
        """Speak for an account."""
        self._hass = hass
        self._entry = entry
        self._changes: list[tuple[Message | None, Message]] = []
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
    def async_changed(self, before: Message | None, after: Message) -> None:
        """Tell of a change of a message, in a turn of the event loop of its own.

        An action must not wait for states to be written, nor a report for its answer.
        """
        if not self._changes:
            self._hass.loop.call_soon(self._async_tell_changes)
        self._changes.append((before, after))

    @callback
    def _async_tell_changes(self) -> None:
        """Tell of changes, in the order in which they came."""
        told, self._changes = (
            self._changes[:TOLD_AT_ONCE],
            self._changes[TOLD_AT_ONCE:],
        )
        if self._changes:
            self._hass.loop.call_soon(self._async_tell_changes)
        for before, after in told:
            if before is None or before.status is not after.status:
                self._async_tell_status(after)
            if (after.waits or after.taken or after.ended) and (
                subentry_id := self._recipient(after.number).subentry_id
            ):
                async_dispatcher_send(self._hass, last_message_signal(subentry_id))
        latest = {after.seq: after for _, after in told}
        self.async_show(list(latest.values()))
        self.async_tell()

    @callback
    def _async_tell_status(self, message: Message) -> None:
        """Tell events that a message has another status than before."""
        recipient = self._recipient(message.number)
        if message.status is MessageStatus.SENT:
            self._async_tell_entity(recipient, EVENT_SENT, _names(message))
        elif message.ended:
            self._async_tell_end(recipient, message)

    @callback
    def _async_tell_end(self, recipient: Recipient, message: Message) -> None:
        """Tell what became of a message."""
        attributes: dict[str, Any] = {
            **_names(message),
            "reason": message.reason,
            "gateway_status": message.gateway_status,
            "reported_at": message.reported_at and message.reported_at.isoformat(),
            "seconds": message.seconds,
            "source": message.source,
        }
        self._hass.bus.async_fire(
            EVENT_DELIVERY_STATUS,
            {**self._whom(recipient), "status": message.status, **attributes},
        )
        self._async_tell_entity(recipient, message.status.value, attributes)
        if not self._has_entity(recipient):
            self._async_log(
                message.status,
                recipient,
                seconds=message.seconds,
                reason=message.reason,
            )

    @callback
    def async_pressed(self, pressed: Pressed) -> None:
        """Tell that somebody answered; it may be another who has the link."""
        recipient = self._recipient(pressed.link.number)
        told = {"action": pressed.answer.action, **_names(pressed.message)}
        self._hass.bus.async_fire(
            EVENT_BUTTON_PRESSED, {**self._whom(recipient), **told}
        )
        self._async_tell_entity(
            recipient,
            EVENT_TYPE_BUTTON_PRESSED,
            {**told, "text": pressed.answer.text},
        )
        if not self._has_entity(recipient):
            self._async_log("answered", recipient, action=pressed.answer.action)

    @callback
    def _async_tell_entity(
        self, recipient: Recipient, event_type: str, attributes: dict[str, Any]
    ) -> None:
        """Tell the event entity of a recipient; a bare number has none."""
        if recipient.subentry_id:
            async_dispatcher_send(
                self._hass,
                delivery_signal(recipient.subentry_id),
                event_type,
                attributes,
            )

    @callback
    def _whom(self, recipient: Recipient) -> dict[str, Any]:
        """Return what an event says of account and recipient."""
        return {
            "entry_id": self._entry.entry_id,
            "number": recipient.number,
            "recipient": recipient.name,
            "device_id": self._device_id(recipient),
        }

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
        return recipient_with_number(self._entry, number) or Recipient(number=number)

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


def _names(message: Message | None) -> dict[str, Any]:
    """Return what an event names a message by; it may be deleted since."""
    return {
        "id": message and message.id,
        "message_id": message and message.message_id,
        "channel": message and message.channel,
    }
