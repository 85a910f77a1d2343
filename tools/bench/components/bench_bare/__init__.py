"""As many entities of the same kinds, and nothing else."""

import asyncio
from pathlib import Path
import sqlite3

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.NOTIFY, Platform.SENSOR]


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Ask what a gateway is asked at a set-up, if it is to, and add the entities."""
    if (url := entry.data["asking"]) is not None:
        path = Path(hass.config.path(f"{entry.entry_id}.db"))
        connection = await hass.async_add_executor_job(_opened, path)
        await asyncio.gather(
            _ask(hass, f"{url}/balance/"), _ask(hass, f"{url}/credit/")
        )
        await hass.async_add_executor_job(connection.close)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Take the entities away."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


def _opened(path: Path) -> sqlite3.Connection:
    """Return an empty file that is open as an account's is."""
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("SELECT * FROM sqlite_master").fetchall()
    return connection


async def _ask(hass: HomeAssistant, url: str) -> None:
    """Ask, and read the answer."""
    async with async_get_clientsession(hass).post(url, data={}) as response:
        await response.json()
