"""Run everything once: a table of ratios, and the same as JSON."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
import json
import logging
from pathlib import Path
import platform
import sys
import tempfile
from typing import Any, Final

from homeassistant.const import __version__

from ..table import table
from .adding import added
from .awake import processors_awake
from .configuration import add_account_at, give_history, house_of_comparison
from .figures import HEADINGS as FIGURE_HEADINGS, Figure
from .gateways import Gateway, gateway_process, least_process, line_process
from .pictures import longest_hold, small_pictures
from .receiving import reports
from .record import record
from .remembering import MANY, MOST_KIBIBYTES, fill, long_history, memory
from .rounds import HEADINGS, Comparison
from .sending import (
    FAR_AWAY,
    FAR_MANY,
    many_recipients,
    one_recipient,
    one_recipient_far,
    own_share,
)
from .starting import entities, imports

OTHER: Final = "other"
# The parts of a run that can be asked for alone.
SENDING: Final = "sending"
DISK: Final = "disk"

MEMORY: Final = "KiB kept per 1000 finished messages"
HOLD: Final = "ms the loop is held by a 4K snapshot at most"


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument(
        "--only",
        choices=(SENDING, DISK),
        help="one send against the other ways, or what the record of a message costs",
    )
    return parser.parse_args()


@dataclass(kw_only=True)
class Results:
    """Ratios, single figures by name, and figures that have a limit of their own."""

    comparisons: list[Comparison] = field(default_factory=list)
    single: dict[str, float] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)

    def done(self, found: Sequence[Comparison]) -> None:
        """Keep what was found, and show it as it comes."""
        self.comparisons.extend(found)
        for comparison in found:
            print("  ".join(comparison.row()), file=sys.stderr, flush=True)

    @property
    def reached(self) -> bool:
        """Return whether all is as low as it must be."""
        return (
            all(comparison.reached for comparison in self.comparisons)
            and all(figure.reached for figure in self.figures)
            and self.single.get(MEMORY, 0) <= MOST_KIBIBYTES
        )


async def run(folder: Path, only: str | None) -> Results:
    """Measure all, or only one part."""
    results = Results()
    if only in (None, SENDING):
        await _measure_times(folder / "times", results, sending_only=bool(only))
    if only in (None, DISK):
        results.figures += await record(folder / "disk", results.done)
    return results


async def _measure_times(folder: Path, results: Results, *, sending_only: bool) -> None:
    """Measure what takes time, or only what one send takes."""
    await asyncio.to_thread(folder.mkdir)
    done = results.done
    if sending_only:
        async with gateway_process() as url, least_process() as least_url:
            gateway = Gateway(url=url)
            async with house_of_comparison(folder, gateway) as hass:
                entry = await add_account_at(hass, gateway, recipients=1)
                done(await one_recipient(hass, gateway))
                done(await added(hass, least_url))
                results.figures += await own_share(hass, entry)
        return
    done(await imports())
    done(await small_pictures())
    async with (
        gateway_process() as url,
        gateway_process(OTHER) as other_url,
        least_process() as least_url,
        line_process(other_url) as far_url,
    ):
        gateway = Gateway(url=url)
        other = Gateway(url=other_url, username=OTHER)
        far = Gateway(url=far_url, username=OTHER, suffix="_far")
        async with house_of_comparison(folder, gateway, far) as hass:
            entry = await add_account_at(hass, gateway, recipients=1)
            done(await one_recipient(hass, gateway))
            done(await added(hass, least_url))
            done(await many_recipients(hass, entry, gateway))
            results.figures += await own_share(hass, entry)
            distant = await add_account_at(hass, far, recipients=1)
            done(await one_recipient_far(hass, far))
            done(await many_recipients(hass, distant, far, FAR_MANY, FAR_AWAY))
            await hass.config_entries.async_remove(distant.entry_id)
            done(await reports(hass, entry, gateway))
            kibibytes = await memory(hass, entry)
            old = await add_account_at(hass, other, recipients=1)
            await give_history(hass, old, partial(fill, count=MANY))
            done(await long_history(hass))
            await hass.config_entries.async_remove(old.entry_id)
            await hass.config_entries.async_remove(entry.entry_id)
            entry = await add_account_at(hass, gateway, recipients=50)
            done(await entities(hass, entry))
    results.single[MEMORY] = kibibytes
    results.single[HOLD] = await longest_hold()


def main() -> None:
    """Measure and tell; fail where a ratio is not reached."""
    chosen = arguments()
    logging.disable(logging.WARNING)
    with processors_awake(), tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(run(Path(folder), chosen.only))
    print(table(HEADINGS, (comparison.row() for comparison in results.comparisons)))
    if results.figures:
        rows = [figure.row() for figure in results.figures]
        print("\n" + table(FIGURE_HEADINGS, rows))
    for name, figure in results.single.items():
        print(f"{name}: {figure:.1f}")
    if chosen.json:
        whole: dict[str, Any] = {
            "python": platform.python_version(),
            "home_assistant": __version__,
            "machine": platform.machine(),
            "comparisons": [
                asdict(comparison)
                | {"ratio": comparison.ratio, "reached": comparison.reached}
                for comparison in results.comparisons
            ],
            "record": [
                asdict(figure) | {"reached": figure.reached}
                for figure in results.figures
            ],
            "figures": results.single,
        }
        chosen.json.write_text(json.dumps(whole, indent=1) + "\n")
    if not results.reached:
        sys.exit("bench: not everything was reached.")


if __name__ == "__main__":
    main()
