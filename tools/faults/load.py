"""What the house feels of a load: its loop, its tasks, its memory."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
import gc
import linecache
import threading
from time import perf_counter
import tracemalloc
from typing import Final

from homeassistant.core import HassJob, HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .place import our_tasks

_TICK: Final = 0.005


@dataclass(slots=True)
class Lag:
    """How late the loop was, in milliseconds, tick by tick."""

    late: list[float] = field(default_factory=list)

    def percentile(self, percent: float) -> float:
        """Return what so many percent of the ticks stayed below."""
        ordered = sorted(self.late)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    def as_text(self) -> str:
        """Return the usual two."""
        return f"p50 {self.percentile(50):.1f} ms, p99 {self.percentile(99):.1f} ms"


@asynccontextmanager
async def lag() -> AsyncGenerator[Lag]:
    """Watch the loop while the context lasts."""
    measured = Lag()

    async def tick() -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(_TICK)
            measured.late.append((perf_counter() - began - _TICK) * 1000)

    ticking = asyncio.create_task(tick())
    try:
        yield measured
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking


def memory() -> int:
    """Return how many bytes Python's objects take."""
    linecache.clearcache()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def our_memory() -> int:
    """Return how many bytes the objects take that our code made."""
    gc.collect()
    ours = tracemalloc.Filter(inclusive=True, filename_pattern="*/inteltele/*")
    snapshot = tracemalloc.take_snapshot().filter_traces([ours])
    return sum(statistic.size for statistic in snapshot.statistics("filename"))


def left_over(hass: HomeAssistant) -> list[str]:
    """Return the tasks, timers, threads and connections of ours that are left."""
    timers = [
        f"timer of {job.target}"
        for handle in asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]  # noqa: SLF001
        if not handle.cancelled()
        for job in (handle._args or ())  # noqa: SLF001
        if isinstance(job, HassJob) and "custom_components" in str(job.target)
    ]
    threads = [
        thread.name for thread in threading.enumerate() if "inteltele" in thread.name
    ]
    connector = async_get_clientsession(hass).connector
    assert connector is not None  # noqa: S101 - the session is open
    connections = [f"connection {item}" for item in connector._acquired]  # noqa: SLF001
    return [*our_tasks(), *timers, *threads, *connections]


async def at_once[Item](
    items: Iterable[Item], work: Callable[[Item], Awaitable[None]], workers: int
) -> None:
    """Do some work for every item, by so many at the same time."""
    waiting = iter(items)

    async def go_on() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(go_on())
