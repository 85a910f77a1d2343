"""Backups hold every account's file in a state that opens again."""

from homeassistant.core import HomeAssistant

from .plain import get_logger
from .storage.checkpoints import CHECKPOINTS

_LOGGER = get_logger(__name__)


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Let the files stay as they are while they are copied; messages go on."""
    try:
        await CHECKPOINTS.pause()
    except Exception:
        # An error here would cost the backup of the whole house.
        _LOGGER.exception("A backup may hold damaged message ledgers")


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the files be written again."""
    try:
        await CHECKPOINTS.resume()
    except Exception:
        _LOGGER.exception("Message ledgers may grow until the next start")
