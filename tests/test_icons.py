"""What Home Assistant's validator asks of the icons."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any, Final

import pytest

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "inteltele"
ICONS: Final[dict[str, Any]] = json.loads((INTEGRATION / "icons.json").read_text())
ENGLISH: Final[dict[str, Any]] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
ENTITIES: Final = [
    (platform, key, icons)
    for platform, entities in ICONS["entity"].items()
    for key, icons in entities.items()
]


def _icons(node: Any) -> Iterator[str]:
    """Yield every icon."""
    if isinstance(node, str):
        yield node
        return
    for child in node.values():
        yield from _icons(child)


def test_keys_of_the_icons_are_known() -> None:
    """Others are an error."""
    assert set(ICONS) == {"entity", "services"}


def test_every_icon_is_a_material_design_icon() -> None:
    """Home Assistant ships no others."""
    pattern = re.compile(r"mdi:[a-z0-9]+(-[a-z0-9]+)*")
    assert [icon for icon in _icons(ICONS) if not pattern.fullmatch(icon)] == []


@pytest.mark.parametrize("action", ICONS["services"])
def test_an_action_has_one_icon(action: str) -> None:
    """In the form with a key."""
    assert set(ICONS["services"][action]) == {"service"}


@pytest.mark.parametrize(("platform", "key", "icons"), ENTITIES)
def test_an_entity_has_known_icons(
    platform: str, key: str, icons: dict[str, Any]
) -> None:
    """One at least, and others for its states."""
    assert {"default"} <= set(icons) <= {"default", "state", "state_attributes"}


@pytest.mark.parametrize(
    ("platform", "key"),
    [
        (platform, key)
        for platform, entities in ENGLISH["entity"].items()
        for key in entities
    ],
)
def test_every_entity_that_has_a_name_has_an_icon(platform: str, key: str) -> None:
    """Its own, whatever its class would show."""
    assert key in ICONS["entity"][platform]


@pytest.mark.parametrize(
    ("platform", "key", "icons"),
    [entity for entity in ENTITIES if entity[0] == "sensor" and "state" in entity[2]],
)
def test_a_state_that_has_an_icon_has_a_name(
    platform: str, key: str, icons: dict[str, Any]
) -> None:
    """And the other way round."""
    assert set(icons["state"]) == set(ENGLISH["entity"][platform][key]["state"])
