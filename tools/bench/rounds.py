"""Comparing: interleaved rounds, medians of ratios, and their spread."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
import gc
from statistics import median
from time import perf_counter
from typing import Final

# What work leaves for later, such as states and writes to the disk, is not to be paid
# by what is measured next.
SETTLED_AFTER: Final = 0.3

type Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What one thing costs against another, round by round, in seconds a unit.

    `at_most` is the ratio that must be reached, None where there is none.
    """

    measure: str
    against: str
    at_most: float | None
    ours: Sequence[float]
    theirs: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """Return the ratio of each round."""
        return [
            mine / other for mine, other in zip(self.ours, self.theirs, strict=True)
        ]

    @property
    def ratio(self) -> float:
        """Return the median ratio."""
        return median(self.ratios)

    @property
    def reached(self) -> bool:
        """Return whether the ratio is as low as it must be."""
        return self.at_most is None or self.ratio <= self.at_most

    @property
    def added(self) -> float:
        """Return how many milliseconds a unit takes more than the other."""
        return (median(self.ours) - median(self.theirs)) * 1000

    def row(self) -> list[str]:
        """Return the comparison as a row of a table."""
        return [
            self.measure,
            self.against,
            f"{self.ratio:.3f}",
            f"{min(self.ratios):.3f} - {max(self.ratios):.3f}",
            "" if self.at_most is None else f"{self.at_most:g}",
            "" if self.at_most is None else "yes" if self.reached else "NO",
            f"{median(self.ours) * 1000:.3f}",
            f"{self.added:+.3f}",
        ]


HEADINGS = [
    *("measure", "against", "ratio", "spread", "at most", "reached"),
    *("ms a unit", "ms added"),
]


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
        await seconds(works[name], max(1, count // 10))
        await asyncio.sleep(SETTLED_AFTER)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        at = turn % len(names)
        for name in (*names[at:], *names[:at]):
            times[name].append(await timed(works[name], count))
            await asyncio.sleep(SETTLED_AFTER)
    return times
