"""Where a phone outside the house reaches it."""

from homeassistant.components import webhook
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError, get_url


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
