"""Where a phone outside the house reaches it."""

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError, get_url

from .issues import async_tell_of_no_public_url


@callback
def public_url(hass: HomeAssistant) -> str | None:
    """Return the house's external address, else Home Assistant Cloud's, else None."""
    try:
        return get_url(hass, allow_internal=False, allow_ip=True, prefer_cloud=False)
    except NoURLAvailableError:
        return None


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
