"""Watching over the file that an account's messages are kept in."""

import sqlite3

from homeassistant.core import HomeAssistant, callback

from ..coordinator import AccountEntry
from ..storage.database import Damage
from .issues import async_tell_of_damage


class FileWatch:
    """Tells when the file cannot be read or written, and when it can be again."""

    def __init__(self, hass: HomeAssistant, entry: AccountEntry) -> None:
        """Look after an account's file."""
        self._hass = hass
        self._entry = entry
        self.writable = True

    @callback
    def async_opened(self, damage: Damage | None) -> None:
        """Tell what was wrong when the file was opened."""
        if self.writable:
            async_tell_of_damage(self._hass, self._entry, damage)

    @callback
    def async_written(self, err: sqlite3.Error | None) -> None:
        """Tell when the disk takes nothing any more, and when it does again."""
        if self._hass.is_stopping:
            # Nobody sees it any more, and it would be written down too late.
            return
        if (err is None) is not self.writable:
            self.writable = err is None
            async_tell_of_damage(
                self._hass, self._entry, Damage.NOT_WRITABLE if err else None
            )
