"""Pictures of everything that a user reads, in every language.

They are in artefacts/screens, one folder for each language.
"""

import argparse
import asyncio
from pathlib import Path
import shutil
import sys
import tempfile
from typing import Final

from playwright.async_api import Browser

from demo.house import House
from demo.ports import free_port
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from ..browser import ARTEFACTS, chromium
from ..conftest import API_KEY, OLENA, PETRO
from . import care, forms, pages, settings
from .walk import Walk, walking

LANGUAGES: Final = ("en", "uk", "ru", "pl", "de")
STEPS: Final = (
    *settings.SET_UP,
    *pages.STEPS,
    *settings.STEPS,
    *forms.STEPS,
    *care.STEPS,
)


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="scripts/screens",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "languages", nargs="*", help=f"{', '.join(LANGUAGES)}; all without any"
    )
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only steps whose names hold this"
    )
    return parser.parse_args()


async def _walk_through(browser: Browser, language: str, word: str) -> list[str]:
    """Walk through a house that speaks a language; return the steps that failed."""
    settings_ = GatewaySettings(
        api_keys=(API_KEY,),
        contacts={OLENA: "Olena", PETRO: "Petro"},
        delivery_delay=0.2,
    )
    failed: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="screens-"))
    pictures = ARTEFACTS / "screens" / language
    await asyncio.to_thread(pictures.mkdir, parents=True, exist_ok=True)
    async with (
        SimulatedGateway(settings_) as gateway,
        House(folder, free_port()) as house,
        walking(browser, house, gateway, language, pictures) as walk,
    ):
        for step in STEPS:
            if word in step.__name__ or step in settings.SET_UP:
                failed += await _take(step, walk)
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return failed


async def _take(step: settings.Step, walk: Walk) -> list[str]:
    """Take a step; one that fails is named, and keeps no other from being taken."""
    try:
        await step(walk)
    except Exception as err:  # noqa: BLE001 - whatever it is, the rest can be seen
        name = step.__name__
        await walk.photograph(f"failed-{name}")
        reason = str(err).splitlines()[0] if str(err) else type(err).__name__
        return [f"{walk.language}: {name}: {reason}"]
    return []


async def run(chosen: argparse.Namespace) -> list[str]:
    """Walk through all languages; return the steps that failed."""
    failed: list[str] = []
    async with chromium() as browser:
        for language in chosen.languages or LANGUAGES:
            failed += await _walk_through(browser, language, chosen.only)
    return failed


if __name__ == "__main__":
    sys.exit("\n".join(asyncio.run(run(arguments()))) or None)
