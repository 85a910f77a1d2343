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
_ROW: Final = re.compile(r"^\| (.+) \|$", re.MULTILINE)


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


def rows(text: str) -> list[list[str]]:
    """Return the rows of tables, without their heads."""
    cells = [row.split(" | ") for row in _ROW.findall(text)]
    return [row for row in cells if row[0].startswith("`")]


def names(text: str) -> list[str]:
    """Return what the first column of tables names."""
    return [row[0].strip("`") for row in rows(text)]


def _code(text: str, language: str) -> list[str]:
    """Return the code of one language in a text."""
    return [code for spoken, code in _FENCE.findall(text) if spoken == language]
