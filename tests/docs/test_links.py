"""Links lead somewhere, and what is named exists."""

from pathlib import Path
import re
from typing import Final

from .pages import PAGES, ROOT, anchor, headings, prose

LINK: Final = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]+))?\)")
LINKS: Final = [
    (page, target, fragment)
    for page in PAGES
    for target, fragment in LINK.findall(prose(page))
]
# Words of Home Assistant.
FOREIGN: Final = {
    "notification_id",
    "allowlist_external_dirs",
    "continue_on_error",
    "custom_components",
    "state_changed",
    "write_bytes",
}
NAMED: Final = sorted(
    {
        (page, word)
        for page in PAGES
        if page.startswith(("docs/", "README"))
        for word in re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", prose(page))
    }
)
SOURCES: Final = "\n".join(
    path.read_text()
    for folder, suffix in (
        ("custom_components", "py"),
        ("custom_components", "json"),
        ("custom_components", "yaml"),
        ("frontend/src", "ts"),
    )
    for path in sorted((ROOT / folder).rglob(f"*.{suffix}"))
)


def test_every_link_leads_to_a_file() -> None:
    """One of this repository."""
    assert [link for link in LINKS if not _linked(link[0], link[1]).is_file()] == []


def test_every_link_into_a_page_leads_to_a_heading() -> None:
    """One that is there."""
    astray = [
        (page, target, fragment)
        for page, target, fragment in LINKS
        if fragment
        and fragment
        not in map(anchor, headings(str(_linked(page, target).relative_to(ROOT))))
    ]
    assert astray == []


def test_every_heading_of_a_page_is_another() -> None:
    """Otherwise a link could mean either."""
    twice = [page for page in PAGES if len(set(headings(page))) != len(headings(page))]
    assert twice == []


def test_every_page_is_in_the_index() -> None:
    """Nothing is written for nobody."""
    linked = {target for page, target, _ in LINKS if page == "docs/README.md"}
    pages = {Path(page).name for page in PAGES if page.startswith("docs/")}
    assert pages - {"README.md"} <= linked


def test_every_name_is_one_of_the_code() -> None:
    """A field that is called otherwise would be sought in vain."""
    unknown = [
        (page, word)
        for page, word in NAMED
        if word not in FOREIGN and not re.search(rf"\b{word}\b", SOURCES)
    ]
    assert unknown == []


def _linked(page: str, target: str) -> Path:
    """Return what a link on a page leads to: the page itself without a target."""
    here = ROOT / page
    return (here.parent / target).resolve() if target else here
