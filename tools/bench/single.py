"""One message at a time, as in a house that sends now and then."""

import asyncio
from itertools import count
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..house import call_action

_TEXTS = count()


async def send_and_deliver(
    hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str, pause: float
) -> None:
    """Send a message, and have it reported by webhook a while after it was taken."""
    response = await call_action(
        hass,
        "inteltele.send_message",
        entity_id=entity_id,
        message=f"Somebody is at the front door. {next(_TEXTS)}",
    )
    await asyncio.sleep(pause)
    url = f"{hass.config.internal_url}/api/webhook/{entry.data['webhook_id']}"
    form = {"msgid": response["messages"][0]["message_id"], "status": "delivrd"}
    async with async_get_clientsession(hass).post(url, data=form) as answer:
        answer.raise_for_status()
