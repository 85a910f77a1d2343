"""What a delivery report costs, against a webhook that does nothing."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
import json
import sys
from typing import Final

from aiohttp import web
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..house import call_action
from .gateways import Gateway, start_over
from .rounds import SETTLED_AFTER, Comparison

ROUNDS: Final = 15
REPORTS: Final = 150
_NOTHING: Final = "a-webhook-that-does-nothing"


async def reports(
    hass: HomeAssistant, entry: ConfigEntry, gateway: Gateway
) -> Sequence[Comparison]:
    """Compare a report that changes a recipient's state."""
    texts = count()
    waiting: list[str] = []
    while len(waiting) < (ROUNDS + 1) * REPORTS:
        response = await call_action(
            hass,
            "inteltele.send_message",
            entity_id="notify.recipient_0",
            message=f"Report {next(texts)}",
        )
        waiting.append(response["messages"][0]["message_id"])

    async def nothing(*_: object) -> web.Response:
        """Do nothing."""
        return web.Response()

    webhook.async_register(hass, "bench", "Nothing", _NOTHING, nothing)
    url = f"{hass.config.internal_url}/api/webhook/"
    ours: list[float] = []
    theirs: list[float] = []
    async with _reporter() as report:
        for turn in range(ROUNDS + 1):
            ids, waiting = waiting[:REPORTS], waiting[REPORTS:]
            pair = [(ours, entry.data["webhook_id"]), (theirs, _NOTHING)]
            for times, webhook_id in pair if turn % 2 else reversed(pair):
                times.append(await report(url + webhook_id, ids) / REPORTS)
                await asyncio.sleep(SETTLED_AFTER)
    webhook.async_unregister(hass, _NOTHING)
    await start_over(gateway.url)
    return [
        Comparison(
            measure="receipt by webhook, with events",
            against="a webhook that does nothing",
            at_most=1.3,
            # The first of each fills caches.
            ours=ours[1:],
            theirs=theirs[1:],
        )
    ]


@asynccontextmanager
async def _reporter() -> AsyncGenerator[Callable[[str, list[str]], Awaitable[float]]]:
    """Run the process that reports, and return how it is asked to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tools.bench.reporter"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    assert process.stdout is not None  # noqa: S101 - it was asked for
    to, answers = process.stdin, process.stdout

    async def report(url: str, message_ids: list[str]) -> float:
        """Have messages reported on, and return the seconds that took."""
        to.write(json.dumps([url, message_ids]).encode() + b"\n")
        return float(await answers.readline())

    try:
        yield report
    finally:
        process.kill()
        await process.wait()
