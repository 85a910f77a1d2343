"""ntfy, which sends to a server that speaks as its own does."""

from itertools import count
from types import MappingProxyType
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from .rounds import Work

_TEXTS = count()


def publish(hass: HomeAssistant, entity_id: str) -> Work:
    """Return a send by ntfy's own action, which returns no response."""

    async def work() -> None:
        await hass.services.async_call(
            "ntfy",
            "publish",
            {"entity_id": entity_id, "message": f"Water! {next(_TEXTS)}"},
            blocking=True,
        )

    return work


def bare_publish(hass: HomeAssistant, url: str) -> Work:
    """Return the same request, made directly."""
    session = async_get_clientsession(hass)

    async def work() -> None:
        message = {"topic": "phone", "message": f"Water! {next(_TEXTS)}"}
        async with session.post(url, json=message) as response:
            await response.json()

    return work


async def ntfy_phone(hass: HomeAssistant, url: str) -> ConfigEntry:
    """Set ntfy up with one topic."""
    server = {"url": url, "verify_ssl": True, "auth": {}}
    # There it would ask for the newest version of its server.
    with patch("aiontfy.update.BASE_URL", URL(url)):
        flow = await hass.config_entries.flow.async_init(
            "ntfy", context={"source": SOURCE_USER}
        )
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], server)
        entry: ConfigEntry = flow["result"]
        await hass.async_block_till_done()
        topic = ConfigSubentry(
            data=MappingProxyType({"topic": "phone"}),
            subentry_type="topic",
            title="Phone",
            unique_id="phone",
        )
        hass.config_entries.async_add_subentry(entry, topic)
        await hass.async_block_till_done()
    return entry


def notify_entity(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the only notify entity of an entry."""
    registry = er.async_get(hass)
    [entity_id] = [
        item.entity_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
        if item.domain == "notify"
    ]
    return entity_id
