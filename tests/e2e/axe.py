"""What axe-core, a judge of accessibility, finds wrong with a page."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Locator, Page

from demo.house import REPOSITORY

# Installed with what the card is built with: scripts/setup card.
_AXE: Final = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_FIND: Final = """
async place => {
  const {violations, passes} = await axe.run(place);
  const found = violations.map(({id, nodes}) => ({id, where: nodes.map(
    ({html, failureSummary}) => `${html}: ${failureSummary}`
  )}));
  return {found, passed: passes.map(({id}) => id)};
}
"""


async def violations(place: Page | Locator) -> list[dict[str, Any]]:
    """Return what is wrong with a page, or with a part of it that is there to judge."""
    page = place if isinstance(place, Page) else place.page
    await page.evaluate(_read(_AXE))
    found: dict[str, Any]
    if isinstance(place, Page):
        found = await page.evaluate(f"({_FIND})(document)")
    else:
        found = await place.evaluate(_FIND)
    assert found["passed"] != []
    return list(found["found"])


def _read(path: Path) -> str:
    """Return the program, which must be there."""
    assert path.exists(), f"There is no {path.name}: run scripts/setup card."
    return path.read_text()
