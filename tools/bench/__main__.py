"""Measure everything once: a table of what was found, beside what must be reached."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
import json
import logging
from pathlib import Path
import platform
import sys
import tempfile
from time import monotonic
from typing import Final

from homeassistant.const import __version__

from ..table import table, with_table
from .alarming import alarms
from .awake import processors_awake
from .browsing import card
from .disk import on_disk
from .history import long_history
from .imports import imports
from .pictures import pictures
from .receiving import receipts
from .rounds import HEADINGS, Row, Run
from .sending import many_recipients, sends, sends_far_away
from .starting import set_up

type Part = Callable[[Run], Awaitable[Sequence[Row]]]

PARTS: Final[Mapping[str, Part]] = {
    "send": sends,
    "far": sends_far_away,
    "many": many_recipients,
    "receipt": receipts,
    "set-up": set_up,
    "import": imports,
    "picture": pictures,
    "history": long_history,
    "disk": on_disk,
    "alarm": alarms,
    "card": card,
}
ROUNDS: Final = 11


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="a part; may be given again"
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="few, for a look that tells little"
    )
    parser.add_argument("--json", type=Path, help="where to write what was found")
    parser.add_argument(
        "--page", type=Path, help="a page between whose marks the table is written"
    )
    return parser.parse_args()


async def measure(folder: Path, names: Iterable[str], rounds: int) -> list[Row]:
    """Measure some parts, and show each row as it comes."""
    rows: list[Row] = []
    for name in names:
        began = monotonic()
        run = Run(folder=folder / name, rounds=rounds)
        await asyncio.to_thread(run.folder.mkdir)
        found = await PARTS[name](run)
        for row in found:
            print(" | ".join(row.cells()), file=sys.stderr, flush=True)
        print(f"{name}: {monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        rows += found
    return rows


def main() -> None:
    """Measure and tell; fail where something is not reached."""
    chosen = arguments()
    logging.disable(logging.WARNING)
    with processors_awake(), tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(
            measure(Path(folder), chosen.only or PARTS, rounds=chosen.rounds)
        )
    text = table(HEADINGS, (row.cells() for row in rows))
    print(text)
    if chosen.json:
        whole = {
            "python": platform.python_version(),
            "home_assistant": __version__,
            "machine": platform.machine(),
            "rounds": chosen.rounds,
            "rows": [
                asdict(row) | {"median": row.median, "reached": row.reached}
                for row in rows
            ],
        }
        chosen.json.write_text(json.dumps(whole, indent=1) + "\n")
    if chosen.page:
        chosen.page.write_text(with_table(chosen.page.read_text(), text))
    if not all(row.reached for row in rows):
        sys.exit("bench: not everything was reached.")


if __name__ == "__main__":
    main()
