"""Watching for a public address of Home Assistant."""

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback

from ..settings.public_url import public_url
from .issues import async_tell_of_no_public_url


@callback
def async_watch_public_url(hass: HomeAssistant) -> CALLBACK_TYPE:
    """Take the repairs issue back as soon as there is a public address."""

    @callback
    def check(_: Event | None = None) -> None:
        """Look whether there is one."""
        if public_url(hass) is not None:
            async_tell_of_no_public_url(hass, missing=False)

    check()
    return hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, check)
