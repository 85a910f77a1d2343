"""The icons of entities and actions, for which Home Assistant has no schema."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import voluptuous as vol

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "inteltele"
ICONS: Final[dict[str, Any]] = json.loads((INTEGRATION / "icons.json").read_text())
ENGLISH: Final[dict[str, Any]] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
ICON: Final = vol.Match(r"mdi:[a-z0-9]+(-[a-z0-9]+)*\Z")
STATES: Final = {vol.Required("state"): {str: ICON}}
SCHEMA: Final = vol.Schema(
    {
        vol.Required("entity"): {
            str: {
                str: {
                    vol.Required("default"): ICON,
                    vol.Optional("state"): {str: ICON},
                    vol.Optional("state_attributes"): {str: STATES},
                }
            }
        },
        vol.Required("services"): {
            str: {vol.Required("service"): ICON, vol.Optional("sections"): {str: ICON}}
        },
        vol.Required("triggers"): {str: {vol.Required("trigger"): ICON}},
    }
)


def test_icons_have_the_shape_that_home_assistant_reads() -> None:
    """An entity has one at least, and all are of Material Design."""
    SCHEMA(ICONS)


@pytest.mark.parametrize("icon", ["hass:check", "mdi:", "mdi:Check", "mdi:a--b"])
def test_what_is_no_icon_is_found(icon: str) -> None:
    """The schema is of use."""
    with pytest.raises(vol.Invalid):
        vol.Schema(ICON)(icon)


def test_every_trigger_and_every_section_has_an_icon() -> None:
    """As every action has one."""
    assert set(ICONS["triggers"]) == set(ENGLISH["triggers"])
    assert {
        name: set(action.get("sections", ()))
        for name, action in ICONS["services"].items()
    } == {
        name: set(action.get("sections", ()))
        for name, action in ENGLISH["services"].items()
    }


@pytest.mark.parametrize(
    ("key", "icons"),
    [
        (key, icons)
        for key, icons in ICONS["entity"]["sensor"].items()
        if "state" in icons
    ],
)
def test_a_state_that_has_an_icon_has_a_name(key: str, icons: dict[str, Any]) -> None:
    """And the other way round."""
    assert set(icons["state"]) == set(ENGLISH["entity"]["sensor"][key]["state"])
