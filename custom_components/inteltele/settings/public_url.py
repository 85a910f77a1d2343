"""Where a phone outside the house reaches it."""

from homeassistant.components import webhook
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError, get_url

from ..care.issues import async_tell_of_no_public_url


@callback
def public_url(hass: HomeAssistant) -> str | None:
    """Return the house's external address, else Home Assistant Cloud's, else None."""
    try:
        return get_url(hass, allow_internal=False, allow_ip=True, prefer_cloud=False)
    except NoURLAvailableError:
        return None


@callback
def report_url(hass: HomeAssistant, webhook_id: str) -> str:
    """Return the address for delivery reports to hand to the provider.

    Where the house has no public address, only the path is known.
    """
    return f"{public_url(hass) or ''}{webhook.async_generate_path(webhook_id)}"


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
