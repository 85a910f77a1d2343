"""Lines in Activity for numbers that no event entity shows."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN, EVENT_ACTIVITY, NAME
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

    async_describe_event(DOMAIN, EVENT_ACTIVITY, async_describe_activity)


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
