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
# Home Assistant's own schema lets other keys through.
KEYS: Final = vol.Schema(
    {
        str: {
            vol.Optional("target"): dict,
            vol.Required("fields"): {
                str: {
                    vol.Optional("required"): bool,
                    vol.Optional("example"): vol.Any(str, int, bool),
                    vol.Optional("default"): vol.Any(str, int, bool),
                    vol.Required("selector"): dict,
                }
            },
        }
    }
)


async def test_home_assistant_describes_every_action(home: HomeAssistant) -> None:
    """It leaves all of them out where a selector or a target is not right."""
    assert await async_setup_component(home, DOMAIN, {})
    described = (await service.async_get_all_descriptions(home))[DOMAIN]
    assert {name: set(action["fields"]) for name, action in described.items()} == {
        name: set(action["fields"]) for name, action in ACTIONS.items()
    }


def test_a_description_has_no_unknown_key() -> None:
    """Nor a field without a selector."""
    KEYS(ACTIONS)


@pytest.mark.parametrize(
    "selector",
    [
        selector
        for action in ACTIONS.values()
        for field in action["fields"].values()
        for selector in field["selector"].values()
        if selector and "translation_key" in selector
    ],
)
def test_the_words_of_a_selector_are_translated(selector: dict[str, Any]) -> None:
    """Each option, or each field of an object."""
    words = ENGLISH["selector"][selector["translation_key"]]
    for kind in ("options", "fields"):
        assert set(words.get(kind, ())) == set(selector.get(kind, ()))
