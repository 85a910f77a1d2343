"""Where what belongs to an account is kept."""

from pathlib import Path

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR

from ..const import DOMAIN


@callback
def ledger_path(hass: HomeAssistant, entry_id: str) -> Path:
    """Return where the messages of an account are kept."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}.db"))


@callback
def pictures_path(hass: HomeAssistant, entry_id: str) -> Path:
    """Return where the pictures are that an account hosts."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}.pictures"))
