"""The house as an account's alarms know it, and how it hears of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from homeassistant.components import persistent_notification
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..alarms.alarm import Alarm, AlarmEvent, Told
from ..alarms.raised import Person
from ..const import DOMAIN, EVENT_ALARM
from ..coordinator import AccountEntry
from ..delivery import Recipient
from ..gateway import mask
from ..plain import escaped
from ..settings.options import options_of
from ..settings.public_url import public_url
from ..settings.recipients import bare_recipient, is_disabled, recipient_now
from ..texts import cached_text

# What nobody may overlook, though nobody answers.
_NOTIFIED: Final = {AlarmEvent.BLOCKED, AlarmEvent.UNANSWERED}
# What ends a notification.
_CURED: Final = {AlarmEvent.ACKNOWLEDGED, AlarmEvent.CLEARED}


@callback
def alarm_signal(entry_id: str) -> str:
    """Return the dispatcher signal of what an account's alarms tell."""
    return f"{DOMAIN}_alarm_{entry_id}"


@callback
def alarms_signal(entry_id: str) -> str:
    """Return the dispatcher signal of how an account's alarms stand."""
    return f"{DOMAIN}_alarms_{entry_id}"


class AlarmHost:
    """Whom an account's alarms ask, in which words, and who hears of it."""

    def __init__(
        self, hass: HomeAssistant, entry: AccountEntry, on_heard: Callable[[], None]
    ) -> None:
        """Speak for an account; `on_heard` is called once somebody hears."""
        self._hass = hass
        self._entry = entry
        self._on_heard = on_heard
        self._stop_waiting: CALLBACK_TYPE = lambda: None
        self.heard = False

    @callback
    def async_begin(self) -> None:
        """Let alarms be told once Home Assistant has started."""

        @callback
        def started(_: HomeAssistant) -> None:
            """Tell what waits."""
            self.heard = True
            self._on_heard()

        self._stop_waiting = async_at_started(self._hass, started)

    @callback
    def async_stop(self) -> None:
        """Tell nothing any more."""
        self.heard = False
        self._stop_waiting()

    @property
    def base_url(self) -> str | None:
        """Return where phones reach the house, None where they do not."""
        return public_url(self._hass)

    @property
    def keep_text(self) -> bool:
        """Return whether texts are kept."""
        return options_of(self._entry).keep_text

    @property
    def sender(self) -> str | None:
        """Return who Viber messages are from, None for the gateway's own."""
        return options_of(self._entry).sender

    def recipient(self, person: Person) -> Recipient | None:
        """Return whom a person is now; None where they are to get nothing."""
        if person.subentry_id is None:
            return bare_recipient(self._entry, person.number)
        found = recipient_now(self._entry, person.number, person.subentry_id)
        return None if found is None or is_disabled(self._hass, found) else found

    def text(self, key: str) -> str:
        """Return a text in the house's language."""
        return cached_text(self._hass, key)

    def moment(self, moment: datetime) -> str:
        """Return a time as the house writes it: with its day, where that is another."""
        local = dt_util.as_local(moment)
        if local.date() == dt_util.now().date():
            return f"{local:%H:%M}"
        return f"{local:%Y-%m-%d %H:%M}"

    def unblocked(self, alarm: Alarm) -> None:
        """Take back that nobody can be asked."""
        persistent_notification.async_dismiss(self._hass, _notification_id(alarm))

    def changed(self) -> None:
        """Let everything follow that shows alarms."""
        async_dispatcher_send(self._hass, alarms_signal(self._entry.entry_id))

    def tell(self, alarm: Alarm, told: Told) -> None:
        """Tell entities, automations, the logbook, and whoever looks at the screen."""
        person = None if told.number is None else alarm.person(told.number)
        event: dict[str, Any] = {
            "entry_id": self._entry.entry_id,
            "alarm_id": alarm.id,
            "tag": alarm.tag,
            "type": told.type,
            "recipient": person and person.name,
            "number": told.number,
            "round": told.round,
            "by": told.by,
            "source": told.source,
            "reason": told.reason,
            "at": told.at.isoformat(),
        }
        self._hass.bus.async_fire(EVENT_ALARM, event)
        async_dispatcher_send(self._hass, alarm_signal(self._entry.entry_id), event)
        self._notify(alarm, told)

    def _notify(self, alarm: Alarm, told: Told) -> None:
        """Leave a notification where nobody can be asked, or nobody answered."""
        notification_id = _notification_id(alarm)
        if told.type in _NOTIFIED:
            reason = f"reason_{told.reason}" if told.reason else "reason_unknown"
            persistent_notification.async_create(
                self._hass,
                self.text(f"alarm_{told.type}_notification").format(
                    alarm=escaped(alarm.content.title or alarm.content.message),
                    moment=self.moment(alarm.raised_at),
                    reason=self.text(reason),
                ),
                title=self.text(f"alarm_{told.type}_title"),
                notification_id=notification_id,
            )
        elif told.type in _CURED:
            persistent_notification.async_dismiss(self._hass, notification_id)


def _notification_id(alarm: Alarm) -> str:
    """Return by what the notification about an alarm is known."""
    return f"{DOMAIN}_alarm_{alarm.id}"


def who(alarm: Alarm, number: str) -> str:
    """Return how somebody who was asked is called: a bare number is masked."""
    return alarm.person(number).name or mask(number)
