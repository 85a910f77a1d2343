"""The translations and the code that asks for them, read once for several tests."""

import json
from pathlib import Path
from string import Formatter
from typing import Any, Final

from custom_components.inteltele.web.page_texts import languages

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "inteltele"
ENGLISH: Final[dict[str, Any]] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
SOURCES: Final = {
    str(path.relative_to(INTEGRATION)): path.read_text()
    for path in INTEGRATION.rglob("*.py")
}
LANGUAGES: Final = languages()


def sentences(node: object, path: str = "") -> dict[str, str]:
    """Return every sentence by its path."""
    if isinstance(node, str):
        return {path: node}
    assert isinstance(node, dict)
    return {
        name: text
        for key, child in node.items()
        for name, text in sentences(child, f"{path}.{key}" if path else key).items()
    }


def placeholders(*texts: str) -> set[str]:
    """Return what is filled into sentences."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
