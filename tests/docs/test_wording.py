"""Words that readers stumbled over do not come back."""

from collections.abc import Iterator
import re
from typing import Any, Final

import pytest

from ..test_manifest import INTEGRATION
from ..translations import ENGLISH
from .labels import ELSEWHERE, HOME_ASSISTANT, paths
from .pages import PAGES, ROOT, prose

# In a person's mouth it is a house; for a form or a page it is Home Assistant.
RIDDLES: Final = re.compile(
    r"\b(?:the|your|this|our) house\b|\bmakes? (?:no )?sense\b|\bgo(?:es)? on\b"
    r"|\bcabinet\b|\bforg[eo]t(?:s|ten)?\b|\bticks?\b|\bwithout a word\b"
    r"|\bone would use\b",
    re.IGNORECASE,
)
# Home Assistant writes a path so: Settings > Devices & services.
ARROW: Final = re.compile(r"(?:Settings|Налаштування) (?:→|&gt;) \S+")
LABEL: Final = re.compile(r"(?<![*\w])\*([^*]+)\*(?![*\w])")
OURS: Final = (INTEGRATION / "translations" / "en.json").read_text()
BLUEPRINTS: Final = "\n".join(
    path.read_text() for path in sorted((ROOT / "blueprints").rglob("*.yaml"))
)
# Written by scripts/bench, in the words of what was measured.
WRITTEN: Final = [page for page in PAGES if page != "docs/performance.md"]


def _sentences(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every sentence of a language, with its keys."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _sentences(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


@pytest.mark.parametrize("page", WRITTEN)
def test_a_page_is_in_plain_words(page: str) -> None:
    """Those of Home Assistant."""
    assert RIDDLES.findall(prose(page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_path_is_written_as_home_assistant_writes_it(page: str) -> None:
    """And begins at the settings, which everybody finds."""
    assert ARROW.findall(prose(page)) == []
    assert {
        path
        for path in paths(page)
        if not path.startswith(("Settings", "Налаштування"))
    } == set()


@pytest.mark.parametrize(
    "page", [page for page in WRITTEN if page.startswith(("README.md", "docs/"))]
)
def test_what_is_named_is_called_so(page: str) -> None:
    """By a label of the integration or of Home Assistant; issues end with a stop."""
    text = " ".join(prose(page).split())
    labels = {name for name in LABEL.findall(text) if " > " not in name}
    known = {name for name in labels if f'"{name}"' in OURS or name in BLUEPRINTS}
    foreign = HOME_ASSISTANT | ELSEWHERE
    assert {name for name in labels - known - foreign if name[-1] != "."} == set()


def test_a_sentence_is_in_plain_words() -> None:
    """In English, which the other languages are held against."""
    astray = {key: text for key, text in _sentences(ENGLISH) if RIDDLES.search(text)}
    assert astray == {}
