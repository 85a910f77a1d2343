"""Home Assistant reads the description of every action."""

import json
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import service
from homeassistant.setup import async_setup_component
import pytest
import voluptuous as vol
import yaml

from custom_components.inteltele.const import DOMAIN

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "inteltele"
ACTIONS: Final[dict[str, Any]] = yaml.safe_load(
    (INTEGRATION / "services.yaml").read_text()
)
ENGLISH: Final[dict[str, Any]] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
FIELD: Final = {
    vol.Optional("required"): bool,
    vol.Optional("example"): vol.Any(str, int, bool),
    vol.Optional("default"): vol.Any(str, int, bool),
    vol.Required("selector"): dict,
}
SECTION: Final = {
    vol.Required("collapsed"): True,
    vol.Required("fields"): {str: FIELD},
}
# Home Assistant's own schema lets other keys through. No action has a target: the
# forms refuse a call that leaves it empty, though there are numbers.
KEYS: Final = vol.Schema(
    {str: {vol.Required("fields"): {str: vol.Any(FIELD, SECTION)}}}
)
SECTIONS: Final[dict[str, dict[str, Any]]] = {
    name: {key: field for key, field in action["fields"].items() if "fields" in field}
    for name, action in ACTIONS.items()
}


def fields_of(action: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an action, those in sections as well."""
    fields: dict[str, Any] = {}
    for key, field in action["fields"].items():
        fields |= field.get("fields", {key: field})
    return fields


async def test_home_assistant_describes_every_action(home: HomeAssistant) -> None:
    """It leaves all of them out where a selector or a target is not right."""
    assert await async_setup_component(home, DOMAIN, {})
    described = (await service.async_get_all_descriptions(home))[DOMAIN]
    assert {name: set(action["fields"]) for name, action in described.items()} == {
        name: set(action["fields"]) for name, action in ACTIONS.items()
    }


def test_a_description_has_no_unknown_key() -> None:
    """Nor a field without a selector, nor one that only a target could fill."""
    KEYS(ACTIONS)


def test_what_is_needed_stands_in_no_section() -> None:
    """They are folded."""
    assert not [
        field
        for sections in SECTIONS.values()
        for section in sections.values()
        for field in section["fields"].values()
        if field.get("required")
    ]


def test_every_section_is_named() -> None:
    """And no other."""
    assert {name: set(sections) for name, sections in SECTIONS.items()} == {
        name: set(action.get("sections", ()))
        for name, action in ENGLISH["services"].items()
    }


@pytest.mark.parametrize(
    "selector",
    [
        selector
        for action in ACTIONS.values()
        for field in fields_of(action).values()
        for selector in field["selector"].values()
        if selector and "translation_key" in selector
    ],
)
def test_the_words_of_a_selector_are_translated(selector: dict[str, Any]) -> None:
    """Each option, or each field of an object."""
    words = ENGLISH["selector"][selector["translation_key"]]
    for kind in ("options", "fields"):
        assert set(words.get(kind, ())) == set(selector.get(kind, ()))
