"""What a delivery report costs, against a webhook that does nothing."""

from collections.abc import Sequence
from itertools import count
from typing import Any, Final

import aiohttp
from aiohttp import web
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .house import start_over
from .rounds import Comparison, interleaved

ROUNDS: Final = 7
REPORTS: Final = 150
_NOTHING: Final = "a-webhook-that-does-nothing"


async def reports(
    hass: HomeAssistant, entry: ConfigEntry, gateway: str
) -> Sequence[Comparison]:
    """Compare a report that changes a recipient's state."""
    base = hass.config.internal_url
    texts = count()
    waiting: list[str] = []
    while len(waiting) < (ROUNDS + 1) * REPORTS:
        response: Any = await hass.services.async_call(
            "inteltele",
            "send_message",
            {"entity_id": "notify.recipient_0", "message": f"Report {next(texts)}"},
            blocking=True,
            return_response=True,
        )
        waiting.append(response["messages"][0]["message_id"])

    async def nothing(*_: object) -> web.Response:
        """Do nothing."""
        return web.Response()

    webhook.async_register(hass, "bench", "Nothing", _NOTHING, nothing)
    url = f"{base}/api/webhook/"
    async with aiohttp.ClientSession() as session:

        async def post(webhook_id: str) -> None:
            form = {
                "msgid": waiting.pop(),
                "status": "delivrd",
                "datetime": "2026-11-24 03:00:00",
            }
            async with session.post(url + webhook_id, data=form) as response:
                await response.read()

        ours_id = entry.data["webhook_id"]

        async def theirs() -> None:
            waiting.append("none")
            await post(_NOTHING)

        times = await interleaved(
            {"ours": lambda: post(ours_id), "theirs": theirs},
            rounds=ROUNDS,
            count=REPORTS,
        )
    webhook.async_unregister(hass, _NOTHING)
    await start_over(gateway)
    return [
        Comparison(
            measure="receipt by webhook, with events",
            against="a webhook that does nothing",
            at_most=1.3,
            **times,
        )
    ]
