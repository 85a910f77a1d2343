"""A process of its own that reports, as the gateway would: lines in, seconds out."""

import asyncio
import json
from statistics import median
import sys
from time import perf_counter

import aiohttp


async def report(url: str, message_ids: list[str]) -> float:
    """Report on messages, one after the other, and return what each takes.

    The median, for one is small beside the neighbours on a machine.
    """
    async with aiohttp.ClientSession() as session:
        times = []
        for message_id in message_ids:
            began = perf_counter()
            form = {
                "msgid": message_id,
                "status": "delivrd",
                "datetime": "2026-11-24 03:00:00",
            }
            async with session.post(url, data=form) as response:
                await response.read()
                response.raise_for_status()
            times.append(perf_counter() - began)
        return median(times)


for line in sys.stdin:
    print(asyncio.run(report(*json.loads(line))), flush=True)
