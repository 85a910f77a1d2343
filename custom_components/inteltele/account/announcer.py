"""How the house hears what became of an account's messages."""

from asyncio import TimerHandle
from collections.abc import Sequence
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.start import async_at_started

from ..const import (
    DOMAIN,
    EVENT_ACTIVITY,
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
)
from ..coordinator import AccountEntry
from ..delivery import Recipient, Untold
from ..gateway import mask
from ..public import BUTTON_PRESSED, Pressed
from ..settings.recipients import recipient_with_number
from ..storage.message import Message, MessageStatus
from ..storage.untold import Happening
from .hearing import has_entities, has_event_entity

# The account's counters follow together, once for all that happens meanwhile.
TELL_AFTER: Final = 3.0
# So much is told in one turn of the event loop.
TOLD_AT_ONCE: Final = 200
# Whose turn it is to be told about, and what changed, if anything did.
type Turn = tuple[str, Message | None]


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
    """Tells events, entities, conversations and the logbook.

    What no automation would hear yet waits until one does, also in the file.
    """

    def __init__(
        self, hass: HomeAssistant, entry: AccountEntry, untold: Untold
    ) -> None:
        """Speak for an account."""
        self._hass = hass
        self._entry = entry
        self._untold = untold
        self._turns: list[Turn] = []
        self._telling: TimerHandle | None = None
        self._started = self._stopped = False
        self._stop_waiting: CALLBACK_TYPE = lambda: None

    @callback
    def async_begin(self) -> None:
        """Tell what was not told before, once Home Assistant has started."""

        @callback
        def started(_: HomeAssistant) -> None:
            """Tell it now."""
            self._started = True
            self.async_tell_untold()

        self._stop_waiting = async_at_started(self._hass, started)

    @callback
    def async_stop(self) -> None:
        """Leave the entities as they are."""
        self._stopped = True
        self._stop_waiting()
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
    def async_forgot(self, number: str) -> None:
        """Let everything follow that shows messages to a number."""
        self.async_show(None)
        self._async_show_last(self._recipient(number))
        self.async_tell_now()

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
        if (happening := self._untold.change_of(before, after)) is not None:
            self._untold.add(happening)
            if not self._is_heard(self._recipient(after.number)):
                self._untold.keep(after.number)
        self._async_take_turns([(after.number, after)])

    @callback
    def async_pressed(self, pressed: Pressed) -> None:
        """Tell that somebody answered; it may be another who has the link."""
        self._untold.add(pressed.happening, kept=True)
        self._async_take_turns([(pressed.link.number, pressed.message)])

    @callback
    def async_tell_untold(self) -> None:
        """Tell what had to wait, where somebody hears it now."""
        for number, many in self._untold.waiting().items():
            if self._is_heard(self._recipient(number)):
                self._async_take_turns([(number, None)] * many)

    @callback
    def _async_take_turns(self, turns: Sequence[Turn]) -> None:
        """Tell something in the next turns of the event loop."""
        if turns and not self._turns:
            self._hass.loop.call_soon(self._async_tell_next)
        self._turns += turns

    @callback
    def _async_tell_next(self) -> None:
        """Tell what happened, in order for each number."""
        turns, self._turns = self._turns[:TOLD_AT_ONCE], self._turns[TOLD_AT_ONCE:]
        told = []
        for number, message in turns:
            recipient = self._recipient(number)
            if not self._is_heard(recipient):
                self._untold.keep(number)
            elif (happening := self._untold.take(number)) is not None:
                told.append(happening)
                self._async_tell_happening(happening, recipient)
            if message is not None and message.waits:
                self._async_show_last(recipient)
        self._untold.told(told)
        latest = {message.seq: message for _, message in turns if message is not None}
        if latest:
            self.async_show(list(latest.values()))
            self.async_tell()
        if self._turns:
            self._hass.loop.call_soon(self._async_tell_next)
        else:
            self.async_tell_untold()

    @callback
    def _async_tell_happening(self, happening: Happening, recipient: Recipient) -> None:
        """Tell events and entities of something that happened."""
        attributes = happening.attributes
        if happening.type == BUTTON_PRESSED:
            told = {name: attributes[name] for name in attributes if name != "text"}
            self._hass.bus.async_fire(
                EVENT_BUTTON_PRESSED, {**self._whom(recipient), **told}
            )
        elif happening.type != MessageStatus.SENT:
            self._hass.bus.async_fire(
                EVENT_DELIVERY_STATUS,
                {**self._whom(recipient), "status": happening.type, **attributes},
            )
        if recipient.subentry_id:
            async_dispatcher_send(
                self._hass,
                delivery_signal(recipient.subentry_id),
                happening.type,
                attributes,
            )
        if happening.before is not None:
            self._async_show_last(recipient)
        if happening.type != MessageStatus.SENT and not has_event_entity(
            self._hass, recipient
        ):
            self._async_log(happening, recipient)

    @callback
    def _async_show_last(self, recipient: Recipient) -> None:
        """Let a recipient's entity show where the newest message stands."""
        if recipient.subentry_id:
            async_dispatcher_send(
                self._hass, last_message_signal(recipient.subentry_id)
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
    def _async_log(self, happening: Happening, recipient: Recipient) -> None:
        """Fire the event that `logbook.py` makes a line in Activity of."""
        pressed = happening.type == BUTTON_PRESSED
        self._hass.bus.async_fire(
            EVENT_ACTIVITY,
            {
                "entry_id": self._entry.entry_id,
                "device_id": self._device_id(recipient),
                "recipient": recipient.name or mask(recipient.number),
                "type": "answered" if pressed else happening.type,
                **{
                    name: happening.attributes.get(name)
                    for name in ("action", "seconds", "reason")
                },
            },
        )

    @callback
    def _recipient(self, number: str) -> Recipient:
        """Return the account's recipient with a number, or the number as a bare one."""
        return recipient_with_number(self._entry, number) or Recipient(number=number)

    @callback
    def _is_heard(self, recipient: Recipient) -> bool:
        """Return whether automations hear what is told about somebody now.

        They are armed once Home Assistant has started.
        """
        return self._started and has_entities(self._hass, recipient)

    @callback
    def _device_id(self, recipient: Recipient) -> str | None:
        """Return the device of a recipient, None for a bare number."""
        if recipient.subentry_id is None:
            return None
        device = dr.async_get(self._hass).async_get_device_by_identifier(
            (DOMAIN, recipient.subentry_id), self._entry.entry_id
        )
        return device.id if device else None
