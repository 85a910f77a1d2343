"""The pictures of the pages, made by scripts/pictures."""

from pathlib import Path
import re

import pytest

from .pages import PAGES, ROOT, prose

MAX_BYTES = 150 * 1024


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs" / "images").iterdir()), ids=lambda path: path.name
)
def test_a_picture_is_small(picture: Path) -> None:
    """And a PNG."""
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert len(content) <= MAX_BYTES


def test_every_picture_is_on_a_page() -> None:
    """Where what it shows is described."""
    shown = {
        Path(target).name
        for page in PAGES
        for target in re.findall(r"!\[[^]]+\]\(([^)]+)\)", prose(page))
    }
    assert {path.name for path in (ROOT / "docs" / "images").iterdir()} <= shown
