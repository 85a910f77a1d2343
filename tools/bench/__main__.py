"""Run everything once: a table of ratios, and the same as JSON."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict
import json
import logging
from pathlib import Path
import platform
import sys
import tempfile
from typing import Any, Final

from homeassistant.const import __version__

from custom_components.inteltele.account.account import ledger_path

from ..table import table
from .awake import processors_awake
from .configuration import add_account_at, house_of_comparison
from .gateways import Gateway, gateway_process, line_process
from .pictures import longest_hold, small_pictures
from .receiving import reports
from .remembering import MANY, MOST_KIBIBYTES, fill, long_history, memory
from .rounds import HEADINGS, Comparison
from .sending import (
    FAR_AWAY,
    FAR_MANY,
    many_recipients,
    one_recipient,
    one_recipient_far,
)
from .starting import entities, imports

OTHER: Final = "other"


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    return parser.parse_args()


async def run(folder: Path) -> tuple[list[Comparison], dict[str, float]]:
    """Measure, and return ratios and single figures."""
    comparisons: list[Comparison] = []

    def done(found: Sequence[Comparison]) -> None:
        """Keep what was found, and show it as it comes."""
        comparisons.extend(found)
        for comparison in found:
            print("  ".join(comparison.row()), file=sys.stderr, flush=True)

    done(await imports())
    done(await small_pictures())
    async with (
        gateway_process() as url,
        gateway_process(OTHER) as other_url,
        line_process(other_url) as far_url,
    ):
        gateway = Gateway(url=url)
        other = Gateway(url=other_url, username=OTHER)
        far = Gateway(url=far_url, username=OTHER, suffix="_far")
        async with house_of_comparison(folder, gateway, far) as hass:
            entry = await add_account_at(hass, gateway, recipients=1)
            done(await one_recipient(hass, gateway))
            done(await many_recipients(hass, entry, gateway))
            distant = await add_account_at(hass, far, recipients=1)
            done(await one_recipient_far(hass, far))
            done(await many_recipients(hass, distant, far, FAR_MANY, FAR_AWAY))
            await hass.config_entries.async_remove(distant.entry_id)
            done(await reports(hass, entry, gateway))
            kibibytes = await memory(hass, entry)
            old = await add_account_at(hass, other, recipients=1)
            path = ledger_path(hass, old.entry_id)
            await hass.config_entries.async_unload(old.entry_id)
            await hass.async_add_executor_job(fill, path, MANY)
            await hass.config_entries.async_setup(old.entry_id)
            done(await long_history(hass))
            await hass.config_entries.async_remove(old.entry_id)
            await hass.config_entries.async_remove(entry.entry_id)
            entry = await add_account_at(hass, gateway, recipients=50)
            done(await entities(hass, entry))
    return comparisons, {
        "KiB kept per 1000 finished messages": kibibytes,
        "ms the loop is held by a 4K snapshot at most": await longest_hold(),
    }


def main() -> None:
    """Measure and tell; fail where a ratio is not reached."""
    chosen = arguments()
    logging.disable(logging.WARNING)
    with processors_awake(), tempfile.TemporaryDirectory() as folder:
        comparisons, figures = asyncio.run(run(Path(folder)))
    print(table(HEADINGS, (comparison.row() for comparison in comparisons)))
    for name, figure in figures.items():
        print(f"{name}: {figure:.1f}")
    if chosen.json:
        whole: dict[str, Any] = {
            "python": platform.python_version(),
            "home_assistant": __version__,
            "machine": platform.machine(),
            "comparisons": [
                asdict(comparison)
                | {"ratio": comparison.ratio, "reached": comparison.reached}
                for comparison in comparisons
            ],
            "figures": figures,
        }
        chosen.json.write_text(json.dumps(whole, indent=1) + "\n")
    missed = [comparison for comparison in comparisons if not comparison.reached]
    if missed or figures["KiB kept per 1000 finished messages"] > MOST_KIBIBYTES:
        sys.exit("bench: not everything was reached.")


if __name__ == "__main__":
    main()
