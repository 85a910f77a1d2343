"""What Home Assistant's validator asks of the descriptions of actions."""

import json
from pathlib import Path
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import TargetSelector, validate_selector
import pytest
import yaml

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "inteltele"
ACTIONS: Final[dict[str, Any]] = yaml.safe_load(
    (INTEGRATION / "services.yaml").read_text()
)
ENGLISH: Final[dict[str, Any]] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
FIELDS: Final = [
    (action, name, field)
    for action, description in ACTIONS.items()
    for name, field in description["fields"].items()
]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_has_known_keys(action: str) -> None:
    """Its words are among the translations."""
    cv.slug(action)
    assert set(ACTIONS[action]) <= {"target", "fields"}


def test_the_target_of_a_message_can_be_chosen() -> None:
    """By a selector."""
    TargetSelector.CONFIG_SCHEMA(ACTIONS["send_message"]["target"])


def test_fields_have_known_keys() -> None:
    """None of them without a value."""
    known = {"required", "example", "default", "selector"}
    assert [item for item in FIELDS if not set(item[2]) <= known] == []
    assert [item for item in FIELDS if None in item[2].values()] == []
    assert [name for _, name, _ in FIELDS if cv.slug(name) != name] == []


def test_every_field_has_a_selector() -> None:
    """One that Home Assistant shows."""
    for _, _, field in FIELDS:
        validate_selector(field["selector"])


@pytest.mark.parametrize(
    ("action", "name", "selector"),
    [
        (action, name, selector)
        for action, name, field in FIELDS
        for selector in field["selector"].values()
        if selector and "translation_key" in selector
    ],
)
def test_the_words_of_a_selector_are_translated(
    action: str, name: str, selector: dict[str, Any]
) -> None:
    """Each option, or each field of an object."""
    words = ENGLISH["selector"][selector["translation_key"]]
    for kind in ("options", "fields"):
        assert set(words.get(kind, ())) == set(selector.get(kind, ()))
