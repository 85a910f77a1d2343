"""A real browser, as a phone and as a desk."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import shutil
from typing import Final

from playwright.async_api import Browser, Page, async_playwright

from demo.house import REPOSITORY

ARTEFACTS: Final = REPOSITORY / "artefacts"
PHONE: Final = {"width": 390, "height": 844}
NARROW_PHONE: Final = {"width": 320, "height": 568}
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """Run the Chromium of this machine, which scripts/setup installs."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    assert path is not None, "There is no Chromium: run scripts/setup."
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic"),
                *("--disable-background-networking", "--disable-component-update"),
            ],
        )
        yield browser
        await browser.close()


async def screenshot(page: Page, name: str) -> Path:
    """Keep what a page looks like, among the artefacts of the build."""
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f"{name}.png"
    await page.screenshot(path=path)
    return path
