"""A walk through a house: its desk and phone, whatever language they speak."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page

from demo.house import REPOSITORY, House
from demo.simulated_gateway import SimulatedGateway

from ..browser import PHONE
from ..desk import Desk, desk_in

AT_REST: Final = 700
DESK: Final = {"width": 1280, "height": 900}
# So high that no form has to be scrolled.
TALL: Final = {"width": 1280, "height": 2400}
TRANSLATIONS: Final = REPOSITORY / "custom_components" / "inteltele" / "translations"


@dataclass(slots=True)
class Walk:
    """What a step needs; `words` are ours, `language` is that of house and user."""

    browser: Browser
    house: House
    gateway: SimulatedGateway
    desk: Desk
    language: str
    words: dict[str, Any]
    pictures: Path
    entry_id: str = ""

    @property
    def page(self) -> Page:
        """Return the page at the desk."""
        return self.desk.page

    @property
    def form(self) -> Locator:
        """Return the dialog of a set-up."""
        return self.desk.form

    async def photograph(self, name: str, page: Page | None = None) -> None:
        """Keep what a page looks like, once it is at rest."""
        page = page or self.page
        await page.wait_for_timeout(AT_REST)
        await page.screenshot(path=self.pictures / f"{name}.png")

    async def open(self, path: str, size: Any = DESK) -> None:
        """Open a page of the house, in a window of a size."""
        await self.page.set_viewport_size(size)
        await self.desk.open(path)

    async def localize(self, key: str) -> str:
        """Return Home Assistant's own words for something."""
        return str(
            await self.page.evaluate(
                "key => document.querySelector('home-assistant').hass.localize(key)",
                key,
            )
        )

    async def submit(self) -> None:
        """Press the button of the form that leads on."""
        await self.form.locator("ha-dialog-footer ha-button").last.click()

    async def expand(self, place: Locator) -> None:
        """Open the sections of a form."""
        await place.locator("ha-expansion-panel").evaluate_all(
            "panels => panels.forEach(panel => { panel.expanded = true; })"
        )
        await self.page.wait_for_timeout(AT_REST)

    async def entities(self) -> list[dict[str, Any]]:
        """Return all our entities, as the registry holds them."""
        listed = await self.house.command("config/entity_registry/list")
        return [entity for entity in listed if entity["platform"] == "inteltele"]

    async def phone(self, url: str) -> Page:
        """Open a page on a phone."""
        context = await self.browser.new_context(viewport=PHONE, locale=self.language)
        page = await context.new_page()
        await page.goto(url)
        return page


@asynccontextmanager
async def walking(
    browser: Browser,
    house: House,
    gateway: SimulatedGateway,
    language: str,
    pictures: Path,
) -> AsyncGenerator[Walk]:
    """Let a new house and its user speak a language, and begin the walk."""
    await house.onboard()
    await house.stay_logged_in()
    await house.add_camera()
    await house.command("config/core/update", language=language)
    await house.command(
        "frontend/set_user_data",
        key="language",
        value={
            "language": language,
            "number_format": "language",
            "time_format": "language",
            "date_format": "language",
            "time_zone": "local",
            "first_weekday": "language",
        },
    )
    words = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    async with desk_in(browser, house) as desk:
        yield Walk(browser, house, gateway, desk, language, words, pictures)
