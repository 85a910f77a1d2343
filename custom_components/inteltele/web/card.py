"""The dashboard card that comes with the integration."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant

CARD: Final = Path(__file__).parents[1] / "frontend" / "inteltele-messages-card.js"
CARD_URL: Final = f"/inteltele/{CARD.name}"


async def async_serve_card(hass: HomeAssistant) -> None:
    """Let every dashboard know the card, where this house has dashboards.

    Browsers keep it until its content changes, and with it the address.
    """
    if DATA_EXTRA_MODULE_URL not in hass.data:
        return
    version = await hass.async_add_executor_job(_version)
    await hass.http.async_register_static_paths([StaticPathConfig(CARD_URL, str(CARD))])
    add_extra_js_url(hass, f"{CARD_URL}?v={version}")


def _version() -> str:
    """Return what changes with the card's content."""
    return sha256(CARD.read_bytes()).hexdigest()[:16]
