"""The table that scripts/bench makes, and where it is written."""

from pathlib import Path

import pytest

from tools.bench.rounds import Floor, Row, ratios
from tools.table import with_table

PERFORMANCE = Path(__file__).parents[1] / "docs" / "performance.md"


@pytest.mark.parametrize(
    ("limit", "reached", "floor"),
    [(2.0, "yes", ""), (1.9, "NO", "1.5: nothing of ours")],
)
def test_a_row_shows_its_floor_where_it_falls_short(
    limit: float, reached: str, floor: str
) -> None:
    """The median counts, beside the lowest and the highest."""
    row = Row(
        measure="a send",
        against="another",
        found=ratios([3.0, 2.0, 5.0], [1.0, 1.0, 4.0]),
        limit=limit,
        floor=Floor(what="nothing of ours", found=[1.5]),
    )
    assert row.cells() == [
        *("a send", "another", "2", "1.25 - 3", f"{limit:g}", reached, floor)
    ]


def test_the_page_has_a_place_for_the_table() -> None:
    """What is around it stays."""
    page = PERFORMANCE.read_text()
    written = with_table(page, "| new |")
    assert "\n| new |\n" in written
    assert written.partition("<!-- table -->")[0] == page.partition("<!-- table -->")[0]
    assert with_table(written, "| new |") == written


def test_a_page_without_a_place_is_left_alone() -> None:
    """A run must not end with its table written nowhere."""
    with pytest.raises(ValueError, match="no place"):
        with_table("# A page\n", "| new |")
