"""What a delivery report costs, against a webhook that only reads its form."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
import json
from pathlib import Path
import sys
from typing import Any, Final

from aiohttp import web
from homeassistant.components import webhook
from homeassistant.core import Event, HomeAssistant, callback

from ..house import call_action
from .configuration import add_account_at, bare_entities, house_of_comparison
from .floor import written_rows
from .gateways import Gateway, least_process
from .rounds import SETTLED_AFTER, Floor, Row, Run, in_turn, ratios
from .sending import RECIPIENT

REPORTS: Final = 150
_NOTHING: Final = "a-webhook-that-does-nothing"
_FLOOR: Final = "a-webhook-that-writes-a-row"
_EVENT: Final = "bench_report"


async def receipts(run: Run) -> Sequence[Row]:
    """Compare a report that changes a recipient's state, and is told."""
    async with (
        least_process() as url,
        house_of_comparison(run.folder) as hass,
        _reporter() as report,
    ):
        entry = await add_account_at(hass, Gateway(url=url), recipients=1)
        with written_rows(Path(hass.config.path("floor.db"))) as write_rows:
            _register(hass, write_rows, await bare_entities(hass))
            ids = entry.data["webhook_id"], _NOTHING, _FLOOR
            times: dict[str, list[float]] = {webhook_id: [] for webhook_id in ids}
            texts = count()
            for turn in range(run.rounds + 1):
                waiting = [await _sent(hass, next(texts)) for _ in range(REPORTS)]
                await asyncio.sleep(SETTLED_AFTER)
                for webhook_id in in_turn(ids, turn):
                    where = f"{hass.config.internal_url}/api/webhook/{webhook_id}"
                    times[webhook_id].append(await report(where, waiting))
                    await asyncio.sleep(SETTLED_AFTER)
    # The first of each fills caches.
    ours, theirs, floor = (times[webhook_id][1:] for webhook_id in ids)
    return [
        Row(
            measure="receipt in, events out",
            against="a webhook that reads its form and does nothing",
            found=ratios(ours, theirs),
            limit=1.25,
            floor=Floor(
                what="one that has a row written, fires an event, and lets two bare "
                "entities show it",
                found=ratios(floor, theirs),
            ),
        )
    ]


async def _sent(hass: HomeAssistant, number: int) -> str:
    """Return the id of a message that is under way."""
    response = await call_action(
        hass,
        "inteltele.send_message",
        entity_id=RECIPIENT,
        message=f"Report {number}",
    )
    return str(response["messages"][0]["message_id"])


def _register(
    hass: HomeAssistant,
    write_rows: Callable[[int], Awaitable[None]],
    entities: Sequence[Any],
) -> None:
    """Register what reads its form, and what does the least with it."""
    tasks = set[asyncio.Future[None]]()

    async def nothing(
        hass: HomeAssistant, webhook_id: str, request: web.Request
    ) -> web.Response:
        """Read the form."""
        await request.post()
        return web.Response()

    async def least(
        hass: HomeAssistant, webhook_id: str, request: web.Request
    ) -> web.Response:
        """Read the form, have a row written, and tell."""
        form = dict(await request.post())
        task = asyncio.ensure_future(write_rows(1))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        hass.bus.async_fire(_EVENT, form)
        for entity in entities:
            entity.show(str(form["msgid"]))
        return web.Response()

    @callback
    def hear(event: Event) -> None:
        """Hear of a report, as somebody does."""

    webhook.async_register(hass, "bench", "Nothing", _NOTHING, nothing)
    webhook.async_register(hass, "bench", "Floor", _FLOOR, least)
    hass.bus.async_listen(_EVENT, hear)


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
        """Have messages reported on, and return the seconds that one takes."""
        to.write(json.dumps([url, message_ids]).encode() + b"\n")
        return float(await answers.readline())

    try:
        yield report
    finally:
        process.kill()
        await process.wait()
