"""What the pages of the documentation hold."""

from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in (
        ROOT / "README.md",
        ROOT / "README.uk.md",
        ROOT / "CHANGELOG.md",
        ROOT / "demo" / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
    )
}

_FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_TABLE: Final = re.compile(r"(?:^\|.*\|$\n?)+", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of code on a page."""

    page: str
    number: int
    content: Any

    def __str__(self) -> str:
        """Return where it is."""
        return f"{self.page}:{self.number}"


def yaml_blocks() -> list[Block]:
    """Return every example."""
    return [
        Block(page=page, number=number, content=yaml.safe_load(code))
        for page, text in PAGES.items()
        for number, code in enumerate(_code(text, "yaml"), 1)
    ]


def json_block(page: str, heading: str) -> Any:
    """Return the response that a section shows."""
    [code] = re.findall(
        r"^```json\n(.*?)^```$", section(page, heading), re.MULTILINE | re.DOTALL
    )
    return json.loads(code)


def prose(page: str) -> str:
    """Return a page without its code."""
    return _FENCE.sub("", PAGES[page])


def headings(page: str) -> list[str]:
    """Return a page's headings."""
    return [heading for _, heading in _HEADING.findall(prose(page))]


def anchor(heading: str) -> str:
    """Return what a link to a heading ends in."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, up to the next of its kind."""
    text = PAGES[page]
    found = {name: match for match in _HEADING.finditer(text) if (name := match[2])}
    start = found[heading]
    ends = (
        match.start()
        for match in _HEADING.finditer(text, start.end())
        if len(match[1]) <= len(start[1])
    )
    return text[start.end() : next(ends, len(text))]


def tables(text: str) -> list[list[dict[str, str]]]:
    """Return the tables of a text: their rows, each cell by the head of its column."""
    return [
        [dict(zip(head, row, strict=True)) for row in body]
        for head, _, *body in (
            list(map(_cells, table.splitlines())) for table in _TABLE.findall(text)
        )
    ]


def rows(text: str) -> dict[str, dict[str, str]]:
    """Return the rows of tables whose key is the name of something in the code."""
    return {
        name[1:-1]: row
        for table in tables(text)
        for row in table
        if (name := _name(row)).startswith("`")
    }


def names(text: str) -> list[str]:
    """Return what tables name: as often as they do."""
    return [
        name[1:-1]
        for table in tables(text)
        for row in table
        if (name := _name(row)).startswith("`")
    ]


def _name(row: dict[str, str]) -> str:
    """Return what a row is about."""
    return row.get("key") or next(iter(row.values()))


def _cells(row: str) -> list[str]:
    """Return the cells of a row."""
    return [cell.strip() for cell in row.strip("|").split("|")]


def _code(text: str, language: str) -> list[str]:
    """Return the code of one language in a text."""
    return [code for spoken, code in _FENCE.findall(text) if spoken == language]
