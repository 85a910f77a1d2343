"""Everything that can go wrong, done to one house; fails where something gives way."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
import json
from pathlib import Path
import re
import sys
import tempfile
import tracemalloc
from typing import Any, Final
from unittest.mock import patch

import aiohttp

from custom_components.inteltele.delivery import line, tries
from custom_components.inteltele.gateway import transport

from ..table import table
from .alarms import (
    an_alarm_that_does_not_give_up,
    an_alarm_while_the_line_is_down,
    an_alarm_whose_camera_hangs,
)
from .clock import CLOCK
from .days import a_hundred_days
from .disk import (
    a_folder_where_the_file_should_be,
    full_disk,
    read_only_disk,
    unreadable_file,
)
from .elements import clock_and_disk_of_a_process
from .figures import HEADINGS, Figures
from .floods import reports_in_a_burst, requests_that_mean_harm
from .leaks import lying_gateway, secrets
from .lives import (
    a_script_that_gives_up,
    reload_in_the_middle_of_a_send,
    stop_in_the_middle_of_a_send,
    the_end,
    two_accounts,
)
from .misbehaviour import every_call_while_the_gateway_misbehaves
from .network import broken_ways, certificates, redirects
from .passing import (
    forgetful_router,
    key_rejected_by_mistake,
    lost_answers,
    somebody_else_answers,
)
from .place import REPETITIONS, Place, running_place
from .second_way import an_sms_where_viber_is_late
from .soak import soak
from .starts import a_report_and_a_press_while_the_house_starts
from .storm import SQUALL, STORM, Weather, storm
from .times import clock_jumps, refused_for_an_hour

# What the house waits for a gateway, and between a request and its repetition.
SHORT_PATIENCE: Final = aiohttp.ClientTimeout(total=1.0, connect=1.0)
SHORT_PAUSE: Final = timedelta(seconds=0.05)

type Scenario = Callable[[Place], Awaitable[None]]

type Live = Callable[[Path, Figures], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How many requests a flood holds, and how long the long life is, in days."""

    flood: int
    days: float
    weather: Weather


SHORT: Final = Extent(flood=2_000, days=0.25, weather=SQUALL)
USUAL: Final = Extent(flood=10_000, days=1, weather=STORM)
LONG: Final = Extent(flood=10_000, days=7, weather=STORM)


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/faults", description=__doc__)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument(
        *("--short",),
        action="store_const",
        const=SHORT,
        dest="extent",
        help="smaller floods and a quarter of a day, as the tests run it",
    )
    extent.add_argument(
        *("--soak",),
        action="store_const",
        const=LONG,
        dest="extent",
        help="a week instead of a day",
    )
    parser.set_defaults(extent=USUAL)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument(
        "--only", default="", help="only scenarios whose names match this expression"
    )
    return parser.parse_args()


def processes(extent: Extent) -> dict[str, Live]:
    """Return what needs a process of its own; it mostly waits, so all run at once."""
    return {
        "storm": partial(storm, weather=extent.weather),
        "clock and disk of a process": clock_and_disk_of_a_process,
        "second way of a process": an_sms_where_viber_is_late,
        "alarm of a process": an_alarm_that_does_not_give_up,
        "alarm without a line of a process": an_alarm_while_the_line_is_down,
        "alarm without a picture of a process": an_alarm_whose_camera_hangs,
    }


def lives() -> dict[str, Live]:
    """Return what needs a house of its own."""
    return {
        "stop in a send": stop_in_the_middle_of_a_send,
        "report in a start": a_report_and_a_press_while_the_house_starts,
    }


def scenarios(extent: Extent) -> dict[str, Scenario]:
    """Return everything that is done to the house, in order."""
    return {
        "misbehaving gateway": every_call_while_the_gateway_misbehaves,
        "broken way": broken_ways,
        "redirects": redirects,
        "certificates": certificates,
        "somebody else answers": somebody_else_answers,
        "lost answers": lost_answers,
        "forgetful router": forgetful_router,
        "key rejected by mistake": key_rejected_by_mistake,
        "full disk": full_disk,
        "read-only disk": read_only_disk,
        "unreadable file": unreadable_file,
        "no file": a_folder_where_the_file_should_be,
        "two accounts": two_accounts,
        "reload in a send": reload_in_the_middle_of_a_send,
        "cancelled sends": a_script_that_gives_up,
        "an hour refused": refused_for_an_hour,
        "clock jumps": clock_jumps,
        "reports in a burst": partial(reports_in_a_burst, count=extent.flood),
        "requests that mean harm": partial(requests_that_mean_harm, count=extent.flood),
        "a hundred days": a_hundred_days,
        "long life": partial(soak, days=extent.days),
        "lying gateway": lying_gateway,
        "secrets": secrets,
        "the end": the_end,
    }


async def run(folder: Path, figures: Figures, chosen: dict[str, Scenario]) -> None:
    """Run scenarios in one house."""
    async with running_place(folder / "place", figures) as place:
        tracemalloc.start()
        for name, scenario in chosen.items():
            figures.scenario = name
            place.log.tracebacks.clear()
            began = CLOCK.real()
            await scenario(place)
            await place.gateway.delivery.settle()
            await place.settle()
            figures.none_of("tracebacks in the log", place.log.tracebacks)
            print(f"{name}: {CLOCK.real() - began:.1f} s", file=sys.stderr, flush=True)
        figures.notes["statuses told"] = dict(place.statuses)
        tracemalloc.stop()


def _chosen[T](all_of_them: dict[str, T], only: str) -> dict[str, T]:
    """Return those whose names match an expression."""
    return {name: it for name, it in all_of_them.items() if re.search(only, name)}


async def run_processes(
    folder: Path, figures: Figures, chosen: dict[str, Live]
) -> None:
    """Run what needs a process of its own, side by side."""

    async def run_one(name: str, live: Live) -> Figures:
        """Run one, with figures of its own."""
        own = Figures()
        own.scenario = name
        await live(folder / name.replace(" ", "_"), own)
        return own

    for own in await asyncio.gather(*(run_one(*item) for item in chosen.items())):
        figures.all += own.all
        figures.notes |= own.notes


def main() -> None:
    """Run, tell, and fail where something does not hold."""
    asked = arguments()
    chosen = _chosen(scenarios(asked.extent), asked.only)
    figures = Figures()
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(transport, "TIMEOUT", SHORT_PATIENCE),
        patch.object(line, "PAUSE_BEFORE_REPETITION", SHORT_PAUSE),
        patch.object(tries, "PAUSE_BEFORE_REPETITION", SHORT_PAUSE),
        patch.object(tries, "REPEATABLE_FOR", REPETITIONS * SHORT_PAUSE),
    ):
        try:
            alone = _chosen(processes(asked.extent), asked.only)
            asyncio.run(run_processes(Path(folder), figures, alone))
            for name, live in _chosen(lives(), asked.only).items():
                figures.scenario = name
                # In a loop of its own: a stopped house does not clear its timers.
                asyncio.run(live(Path(folder) / name, figures))
            if chosen:
                asyncio.run(run(Path(folder), figures, chosen))
        finally:
            # Home Assistant has it log what nobody catches.
            sys.excepthook = sys.__excepthook__
    print(table(HEADINGS, (figure.row() for figure in figures.all)))
    for name, note in figures.notes.items():
        print(f"\n{name}: {json.dumps(note, indent=1, default=str)}")
    if asked.json:
        asked.json.write_text(json.dumps(figures.as_json(), indent=2, default=str))
    sys.exit(1 if figures.broken else 0)
