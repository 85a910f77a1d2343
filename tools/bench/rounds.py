"""Comparing: interleaved rounds, medians, their spread, and what is left as a floor."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
import gc
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Final

# What work leaves for later, such as states and writes to the disk, is not to be paid
# by what is measured next.
SETTLED_AFTER: Final = 0.3

type Work = Callable[[], Awaitable[object]]

HEADINGS: Final = ("measure", "against", "found", "spread", "limit", "reached", "floor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One part of a run: a folder of its own, and how often everything is measured."""

    folder: Path
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What remains where everything of ours is taken away; `found` is as a row's."""

    what: str
    found: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table: what was found in each round, and its limit.

    A ratio where there is no `unit`. The `floor` is told where the limit is not
    reached.
    """

    measure: str
    against: str = "-"
    unit: str = ""
    found: Sequence[float]
    limit: float
    floor: Floor | None = None

    @property
    def median(self) -> float:
        """Return what was found in the middle."""
        return median(self.found)

    @property
    def reached(self) -> bool:
        """Return whether it is as low as it must be."""
        return self.median <= self.limit

    def cells(self) -> list[str]:
        """Return it as a row of a table."""
        floor = ""
        if self.floor is not None and not self.reached:
            floor = f"{median(self.floor.found):.3g}: {self.floor.what}"
        return [
            self.measure,
            self.against,
            f"{self.median:.3g} {self.unit}".rstrip(),
            f"{min(self.found):.3g} - {max(self.found):.3g}",
            f"{self.limit:g} {self.unit}".rstrip(),
            "yes" if self.reached else "NO",
            floor,
        ]


def in_turn(names: Sequence[str], turn: int) -> Sequence[str]:
    """Return what is measured in a round, in an order that turns with every round."""
    at = turn % len(names)
    return (*names[at:], *names[:at])


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return what one thing costs against another, round by round."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def above(whole: Sequence[float], part: Sequence[float]) -> list[float]:
    """Return what one thing costs more than another, round by round."""
    return [all_of - of_it for all_of, of_it in zip(whole, part, strict=True)]


async def seconds(work: Work, count: int) -> float:
    """Return what one of so many runs of some work takes."""
    gc.collect()
    began = perf_counter()
    for _ in range(count):
        await work()
    return (perf_counter() - began) / count


async def typical_seconds(work: Work, count: int) -> float:
    """Return the median of what so many runs of some work take, one by one.

    For what is small beside the neighbours on a machine.
    """
    gc.collect()
    times = []
    for _ in range(count):
        began = perf_counter()
        await work()
        times.append(perf_counter() - began)
    return median(times)


async def own_seconds(work: Work, count: int) -> float:
    """Return what one of so many runs takes of this process's own time.

    With what follows; gateways are other processes.
    """
    gc.collect()
    began = process_time()
    for _ in range(count):
        await work()
    await asyncio.sleep(SETTLED_AFTER)
    return (process_time() - began) / count


async def interleaved(
    works: Mapping[str, Work],
    *,
    rounds: int,
    count: int,
    timed: Callable[[Work, int], Awaitable[float]] = seconds,
) -> dict[str, list[float]]:
    """Return what each work takes in each round; the order turns with every round."""
    names = list(works)
    for name in names:
        await timed(works[name], max(1, count // 10))
        await asyncio.sleep(SETTLED_AFTER)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in in_turn(names, turn):
            times[name].append(await timed(works[name], count))
            await asyncio.sleep(SETTLED_AFTER)
    return times
