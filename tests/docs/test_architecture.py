"""The page about the architecture is true."""

import re
from typing import Final

from ..test_rooms import BOTTOM, INTEGRATION, ROOMS
from .pages import PAGES, names, prose, section

PAGE: Final = "docs/architecture.md"


def test_every_room_is_named_in_its_order() -> None:
    """From the highest to the lowest, and what all of them may use."""
    assert names(section(PAGE, "The rooms")) == list(ROOMS)
    assert {name for name in BOTTOM if f"`{name}`" in prose(PAGE)} == BOTTOM


def test_every_file_that_is_named_is_there() -> None:
    """In its room; the diagram leaves the ending out."""
    files = set(re.findall(rf"(?<![.\w])(?:{'|'.join(ROOMS)})/[a-z_]+\b", PAGES[PAGE]))
    assert files
    assert [file for file in files if not (INTEGRATION / f"{file}.py").is_file()] == []
