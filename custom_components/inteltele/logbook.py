"""Lines in Activity for numbers that no event entity shows, and for alarms."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN, EVENT_ACTIVITY, EVENT_ALARM, NAME
from .gateway import mask
from .plain import one_line
from .texts import cached_text


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, str]]], None],
) -> None:
    """Describe logbook events."""

    @callback
    def async_describe_activity(event: Event) -> dict[str, str]:
        """Describe an activity event; the recorder's thread calls this too."""
        return {
            LOGBOOK_ENTRY_NAME: NAME,
            LOGBOOK_ENTRY_MESSAGE: _sentence(hass, event.data),
        }

    @callback
    def async_describe_alarm(event: Event) -> dict[str, str]:
        """Describe an event of an alarm."""
        return {
            LOGBOOK_ENTRY_NAME: NAME,
            LOGBOOK_ENTRY_MESSAGE: _alarm_sentence(hass, event.data),
        }

    async_describe_event(DOMAIN, EVENT_ACTIVITY, async_describe_activity)
    async_describe_event(DOMAIN, EVENT_ALARM, async_describe_alarm)


def _sentence(hass: HomeAssistant, activity: Mapping[str, Any]) -> str:
    """Return the sentence for an activity event, in Home Assistant's language."""
    key = f"log_{activity['type']}"
    if activity["type"] == "failed" and activity["seconds"] is None:
        key = "log_failed_unsent"
    reason = activity["reason"]
    return cached_text(hass, key).format(
        recipient=one_line(activity["recipient"]),
        action=one_line(activity["action"] or ""),
        seconds=activity["seconds"],
        reason=cached_text(hass, f"reason_{reason}") if reason else "",
    )


def _alarm_sentence(hass: HomeAssistant, event: Mapping[str, Any]) -> str:
    """Return the sentence for an event of an alarm, in Home Assistant's language."""
    tag, reason, number = event["tag"], event["reason"], event["number"]
    somebody = cached_text(hass, "alarm_somebody")
    return cached_text(hass, f"log_alarm_{event['type']}").format(
        tag=f" ({one_line(tag)})" if tag else "",
        recipient=one_line(event["recipient"] or (mask(number) if number else "")),
        by=one_line(event["by"] or somebody),
        reason=cached_text(hass, f"reason_{reason}") if reason else "",
    )
