"""The pictures of the README."""

from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[1] / "docs" / "images"
MAX_BYTES = 150 * 1024


@pytest.mark.parametrize(
    "name",
    ["account-form", "answer", "card-dark", "card-light", "demo", "phone"],
)
def test_a_picture_is_small(name: str) -> None:
    """Made by scripts/pictures from what the end-to-end tests saw."""
    content = (IMAGES / f"{name}.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert len(content) <= MAX_BYTES
