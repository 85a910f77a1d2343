"""The shape of the translations that Home Assistant reads.

Home Assistant has no schema for them at run time; its validator is not in the package.
"""

import json
from pathlib import Path
from string import Formatter
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import pytest
import voluptuous as vol

TRANSLATIONS: Final = (
    Path(__file__).parents[1] / "custom_components" / "inteltele" / "translations"
)
LANGUAGES: Final = sorted(path.stem for path in TRANSLATIONS.glob("*.json"))

KEY: Final = vol.Match(r"[a-z0-9]+([-_][a-z0-9]+)*\Z")


def _sentence(text: str) -> str:
    """Return a sentence without HTML, a reference, or a placeholder without a name."""
    cv.string_with_no_html(text)
    names = {name for _, name, _, _ in Formatter().parse(text)} - {None}
    if not text or "[%" in text or not all(map(str.isidentifier, map(str, names))):
        raise vol.Invalid(text)
    return text


def _state(text: str) -> str:
    """Return the name of a state, which nothing fills in."""
    return str(vol.All(_sentence, vol.Match(r"[^{]+\Z"))(text))


def _described(form: dict[str, Any]) -> dict[str, Any]:
    """Return a form whose fields are all described, and nothing that is no field."""
    if set(form.get("data", ())) != set(form.get("data_description", ())):
        raise vol.Invalid(f"the fields of {form}")
    return form


TEXTS: Final = {KEY: _sentence}
NAMED: Final = {vol.Required("name"): _sentence, vol.Required("description"): _sentence}
FORM: Final = {
    vol.Optional("description"): _sentence,
    vol.Optional("data"): TEXTS,
    vol.Optional("data_description"): TEXTS,
}
STEP: Final = FORM | {
    vol.Optional("title"): _sentence,
    vol.Optional("submit"): _sentence,
    vol.Optional("menu_options"): TEXTS,
    vol.Optional("menu_option_descriptions"): TEXTS,
    vol.Optional("sections"): {
        KEY: vol.All(FORM | {vol.Required("name"): _sentence}, _described)
    },
}
FLOW: Final = {
    vol.Required("step"): {KEY: vol.All(STEP, _described)},
    vol.Optional("abort"): TEXTS,
    vol.Optional("create_entry"): TEXTS,
    vol.Optional("error"): TEXTS,
    vol.Optional("flow_title"): _sentence,
    vol.Optional("progress"): TEXTS,
}
STATES: Final = {KEY: _state}
ENTITY: Final = {
    vol.Required("name"): _sentence,
    vol.Optional("state"): STATES,
    vol.Optional("state_attributes"): {
        KEY: {vol.Optional("name"): _state, vol.Optional("state"): STATES}
    },
}
SCHEMA: Final = vol.Schema(
    {
        vol.Required("title"): _sentence,
        vol.Required("common"): TEXTS,
        vol.Required("config"): FLOW,
        vol.Required("config_subentries"): {
            vol.Required("recipient"): FLOW
            | {
                vol.Required("entry_type"): _sentence,
                # For the button of the integration's page, and for the menu.
                vol.Required("initiate_flow"): {
                    vol.Required("user"): _sentence,
                    vol.Required("reconfigure"): _sentence,
                },
            }
        },
        vol.Optional("device"): {KEY: {vol.Required("name"): _sentence}},
        vol.Required("entity"): {KEY: {KEY: ENTITY}},
        vol.Required("exceptions"): {KEY: {vol.Required("message"): _sentence}},
        vol.Required("issues"): {
            KEY: vol.Any(
                {
                    vol.Required("title"): _sentence,
                    vol.Required("description"): _sentence,
                },
                {vol.Required("title"): _sentence, vol.Required("fix_flow"): FLOW},
            )
        },
        vol.Required("options"): FLOW,
        vol.Required("selector"): {
            KEY: vol.Any(
                {vol.Required("options"): {KEY: _sentence}},
                {vol.Required("fields"): {KEY: NAMED}},
            )
        },
        vol.Required("services"): {
            KEY: NAMED
            | {
                vol.Required("fields"): {KEY: NAMED},
                vol.Optional("sections"): {
                    KEY: {
                        vol.Required("name"): _sentence,
                        vol.Optional("description"): _sentence,
                    }
                },
            }
        },
        vol.Required("system_health"): {vol.Required("info"): TEXTS},
        vol.Required("triggers"): {KEY: NAMED | {vol.Required("fields"): {KEY: NAMED}}},
    }
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_shape_that_home_assistant_reads(language: str) -> None:
    """An unknown key is an error, and every sentence is one that can be shown."""
    SCHEMA(json.loads((TRANSLATIONS / f"{language}.json").read_text()))


@pytest.mark.parametrize(
    "text",
    ["", "<b>now</b>", "[%key:common%]", "{}", "{0}", "{a.b}"],
)
def test_a_sentence_that_cannot_be_shown_is_found(text: str) -> None:
    """The schema is of use."""
    with pytest.raises(vol.Invalid):
        vol.Schema(TEXTS)({"key": text})


@pytest.mark.parametrize("key", ["Key", "-key", "key_", "a__b", ""])
def test_a_key_that_is_none_is_found(key: str) -> None:
    """The schema is of use."""
    with pytest.raises(vol.Invalid):
        vol.Schema(TEXTS)({key: "text"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_of_a_repair_fits_a_phone(language: str) -> None:
    """Its second line would lie over what Home Assistant writes beneath the first."""
    texts = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    titles = {
        step["title"]
        for issue in texts["issues"].values()
        for step in issue.get("fix_flow", {"step": {}})["step"].values()
    }
    assert max(map(len, titles)) <= 33
    # At 390 pixels. A name may be long; the text beneath says whose it is.
    assert not [title for title in titles if "{" in title]
