"""What Home Assistant's validator asks of the translations."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import pytest

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "inteltele"
ENGLISH: Final[dict[str, Any]] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
SECTIONS: Final = {
    "common",
    "config",
    "config_subentries",
    "device",
    "entity",
    "exceptions",
    "issues",
    "options",
    "selector",
    "services",
    "system_health",
    "title",
}
FLOW: Final = {"abort", "create_entry", "error", "flow_title", "progress", "step"}
STEP: Final = {
    "data",
    "data_description",
    "description",
    "menu_option_descriptions",
    "menu_options",
    "sections",
    "submit",
    "title",
}
FIX_FLOWS: Final = {
    f"issues.{key}": issue["fix_flow"]
    for key, issue in ENGLISH["issues"].items()
    if "fix_flow" in issue
}
FLOWS: Final = {
    "config": ENGLISH["config"],
    "options": ENGLISH["options"],
    "recipient": ENGLISH["config_subentries"]["recipient"],
    **FIX_FLOWS,
}
FORMS: Final = {
    f"{flow}.{step}{name}": form
    for flow, texts in FLOWS.items()
    for step, content in texts.get("step", {}).items()
    for name, form in {"": content, **content.get("sections", {})}.items()
}


def _sentences(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every sentence with its path."""
    if isinstance(node, str):
        yield path, node
        return
    for key, child in node.items():
        yield from _sentences(child, f"{path}.{key}".lstrip("."))


def _keys(node: Any) -> Iterator[str]:
    """Yield every key."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield key
            yield from _keys(child)


SENTENCES: Final = [text for _, text in _sentences(ENGLISH)]


def test_sections_are_known() -> None:
    """Others are an error."""
    assert set(ENGLISH) <= SECTIONS


def test_keys_are_those_of_translations() -> None:
    """Lower case, without a hyphen or an underscore at their ends or two in a row."""
    pattern = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
    assert [key for key in _keys(ENGLISH) if not pattern.fullmatch(key)] == []


def test_no_sentence_has_a_space_around_it() -> None:
    """Nor is one empty."""
    assert [text for text in SENTENCES if text != text.strip() or not text] == []


def test_no_sentence_holds_markup() -> None:
    """None of HTML, and no reference to another sentence."""
    assert list(map(cv.string_with_no_html, SENTENCES)) == SENTENCES
    assert [text for text in SENTENCES if "[%" in text or "%]" in text] == []


def test_no_sentence_holds_an_address() -> None:
    """Addresses are placeholders, because translators must not change them."""
    address = re.compile(r"\w+://|\bwww\.")
    assert [text for text in SENTENCES if address.search(text)] == []


def test_no_placeholder_stands_in_single_quotes() -> None:
    """They would end its translation."""
    quoted = re.compile(r"'\{\w+\}'")
    assert [text for text in SENTENCES if quoted.search(text)] == []


def test_every_placeholder_has_a_name() -> None:
    """None is numbered or computed."""
    names = {name for text in SENTENCES for _, name, _, _ in Formatter().parse(text)}
    assert [name for name in names - {None} if not str(name).isidentifier()] == []


def test_no_state_has_a_placeholder() -> None:
    """Nothing would fill it."""
    states = {
        path: text
        for path, text in _sentences(ENGLISH["entity"])
        if not path.endswith(".name")
    }
    assert [path for path, text in states.items() if "{" in text] == []


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_has_known_keys(flow: str) -> None:
    """A subentry's flow says besides how it is begun."""
    more = {"entry_type", "initiate_flow"} if flow == "recipient" else set()
    assert {"step"} <= set(FLOWS[flow]) <= FLOW | more


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_known_keys(form: str) -> None:
    """A section has a name instead of a title."""
    assert set(FORMS[form]) <= STEP | {"name"}


@pytest.mark.parametrize("form", FORMS)
def test_every_field_of_a_form_is_described(form: str) -> None:
    """And nothing that is no field."""
    texts = FORMS[form]
    assert set(texts.get("data", ())) == set(texts.get("data_description", ()))


def test_a_recipient_is_begun_with_words() -> None:
    """For the button of the integration's page, and for the menu."""
    begun = ENGLISH["config_subentries"]["recipient"]["initiate_flow"]
    assert set(begun) == {"user", "reconfigure"}


@pytest.mark.parametrize("key", ENGLISH["exceptions"])
def test_an_exception_has_a_message(key: str) -> None:
    """And nothing else."""
    assert set(ENGLISH["exceptions"][key]) == {"message"}


@pytest.mark.parametrize("key", ENGLISH["issues"])
def test_an_issue_has_a_title_and_a_way_out(key: str) -> None:
    """A description or a flow that mends it, not both."""
    assert set(ENGLISH["issues"][key]) in (
        {"title", "description"},
        {"title", "fix_flow"},
    )


@pytest.mark.parametrize("action", ENGLISH["services"])
def test_an_action_and_its_fields_are_named_and_described(action: str) -> None:
    """All that its form shows."""
    texts = ENGLISH["services"][action]
    assert set(texts) == {"name", "description", "fields"}
    for field in texts["fields"].values():
        assert set(field) == {"name", "description"}


@pytest.mark.parametrize(
    ("platform", "key"),
    [
        (platform, key)
        for platform, entities in ENGLISH["entity"].items()
        for key in entities
    ],
)
def test_an_entity_has_a_name(platform: str, key: str) -> None:
    """And words for its states, where they are words."""
    texts = ENGLISH["entity"][platform][key]
    assert {"name"} <= set(texts) <= {"name", "state", "state_attributes"}
