"""The pages name menus and buttons of Home Assistant as it names them itself."""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any, Final

import hass_frontend
import pytest

from tests.docs.labels import HOME_ASSISTANT, paths
from tests.docs.pages import PAGES

WORDS: Final = Path(hass_frontend.where()) / "static" / "translations"
# It names the page of an integration, and has a settings page of its own.
NAMES: Final = {"IntelTele", "Home Assistant Cloud"}


def _texts(node: Any) -> Iterator[str]:
    """Yield every text of a file."""
    for value in node.values():
        if isinstance(value, dict):
            yield from _texts(value)
        else:
            yield value


def _said(language: str) -> set[str]:
    """Return everything that Home Assistant says in a language."""
    files = [
        path
        for path in WORDS.rglob(f"{language}-*.json")
        if len(path.stem) == len(language) + 33
    ]
    assert files
    return {text for path in files for text in _texts(json.loads(path.read_text()))}


@pytest.mark.parametrize(
    ("language", "pages"),
    [("uk", {"README.uk.md"}), ("en", set(PAGES) - {"README.uk.md"})],
)
def test_a_path_is_there(language: str, pages: set[str]) -> None:
    """Each of its steps is a label of the frontend."""
    steps = {
        step for page in pages for path in paths(page) for step in path.split(" > ")
    }
    assert steps
    assert steps - NAMES - _said(language) == set()


def test_a_label_is_there() -> None:
    """A button of another name would be sought in vain."""
    assert HOME_ASSISTANT - _said("en") == set()
