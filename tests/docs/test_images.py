"""The pictures of the pages, made by scripts/pictures."""

from pathlib import Path

import pytest

from .pages import ROOT

MAX_BYTES = 150 * 1024


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs" / "images").iterdir()), ids=lambda path: path.name
)
def test_a_picture_is_small(picture: Path) -> None:
    """And a PNG."""
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert len(content) <= MAX_BYTES
