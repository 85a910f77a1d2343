"""Links lead somewhere, and what is named exists."""

from pathlib import Path
import re
from typing import Final

import pytest

from .pages import PAGES, ROOT, anchor, headings, prose

LINK: Final = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]+))?\)")
LINKS: Final = [
    (page, target, fragment)
    for page in PAGES
    for target, fragment in LINK.findall(prose(page))
]
# Words of Home Assistant.
FOREIGN: Final = {"allowlist_external_dirs", "continue_on_error", "custom_components"}
NAMED: Final = sorted(
    {
        (page, word)
        for page in PAGES
        if page.startswith("docs/")
        for word in re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", prose(page))
    }
)
SOURCES: Final = "\n".join(
    path.read_text()
    for suffix in ("py", "json", "yaml")
    for path in sorted((ROOT / "custom_components").rglob(f"*.{suffix}"))
)


@pytest.mark.parametrize(("page", "target", "fragment"), LINKS)
def test_a_link_leads_to_a_file(page: str, target: str, fragment: str) -> None:
    """One of this repository."""
    assert _linked(page, target).is_file()


@pytest.mark.parametrize(
    ("page", "target", "fragment"), [link for link in LINKS if link[2]]
)
def test_a_link_into_a_page_leads_to_a_heading(
    page: str, target: str, fragment: str
) -> None:
    """One that is there."""
    other = str(_linked(page, target).relative_to(ROOT))
    assert fragment in map(anchor, headings(other))


@pytest.mark.parametrize("page", PAGES)
def test_every_heading_of_a_page_is_another(page: str) -> None:
    """Otherwise a link could mean either."""
    assert len(set(headings(page))) == len(headings(page))


def test_every_page_is_in_the_index() -> None:
    """Nothing is written for nobody."""
    linked = {target for page, target, _ in LINKS if page == "docs/README.md"}
    pages = {Path(page).name for page in PAGES if page.startswith("docs/")}
    assert pages - {"README.md"} <= linked


@pytest.mark.parametrize(("page", "word"), NAMED)
def test_a_name_is_one_of_the_code(page: str, word: str) -> None:
    """A field that is called otherwise would be sought in vain."""
    assert word in FOREIGN or re.search(rf"\b{word}\b", SOURCES)


def _linked(page: str, target: str) -> Path:
    """Return what a link on a page leads to: the page itself without a target."""
    here = ROOT / page
    return (here.parent / target).resolve() if target else here
