"""Tables in Markdown."""

from collections.abc import Iterable, Sequence
import re
from typing import Final

_PLACE: Final = re.compile(
    r"(?<=<!-- table -->\n).*(?=<!-- end of table -->)", re.DOTALL
)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows below their headings as a table."""
    rule = "|---" * len(headings) + "|"
    return "\n".join([_line(headings), rule, *map(_line, rows)])


def with_table(page: str, written: str) -> str:
    """Return a page with a table between its marks; raises ValueError without them."""
    page, places = _PLACE.subn(lambda _: f"\n{written}\n\n", page)
    if places != 1:
        raise ValueError("The page has no place for a table.")
    return page


def _line(cells: Sequence[str]) -> str:
    """Return one row of a table."""
    return "| " + " | ".join(cells) + " |"
