"""The page for when something is wrong quotes what people read, as it is."""

import json
from pathlib import Path
import re
from typing import Any, Final

import pytest

from custom_components.inteltele.delivery import Notice

from .pages import names, section, tables


def _shown(sentence: str) -> str:
    """Return a sentence as the page shows it: a link by its words."""
    text = re.sub(r"\[([^]]+)\]\(\{\w+\}\)", r"\1", sentence)
    text = text.replace("{public_ip}", " (…)")
    return re.sub(r"\{\w+\}", "…", text).replace("\n", " ")


INTEGRATION: Final = Path(__file__).parents[2] / "custom_components" / "inteltele"
ENGLISH: Final[dict[str, Any]] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
EXCEPTIONS: Final = {
    key: text["message"] for key, text in ENGLISH["exceptions"].items()
}
FIX_FLOWS: Final = [
    issue["fix_flow"] for issue in ENGLISH["issues"].values() if "fix_flow" in issue
]
DIALOGS: Final = {
    key: sentence
    for flow in FIX_FLOWS
    for kind in ("error", "abort")
    for key, sentence in flow.get(kind, {}).items()
}
ISSUES: Final = {key: issue["title"] for key, issue in ENGLISH["issues"].items()}
PAGE: Final = "docs/troubleshooting.md"
# Their keys are in responses and events.
NOT_SENT: Final = "When a message is not sent"
NOT_DELIVERED: Final = "When a message is not delivered"
SENTENCES: Final = {
    **dict.fromkeys(
        (
            "What an action refuses",
            NOT_SENT,
            NOT_DELIVERED,
            "When the picture or the button is missing",
            "When an alarm is not as it was meant",
            "What a preview warns of",
            "When nothing can be looked up",
        ),
        EXCEPTIONS,
    ),
    "Warnings": ENGLISH["common"],
}


def _quoted(heading: str) -> set[tuple[str, str]]:
    """Return the sentences of a section, each with its key."""
    return {
        (row["key"].strip("`"), row["sentence"])
        for table in tables(section(PAGE, heading))
        for row in table
    }


def test_every_reason_is_explained() -> None:
    """And no other; several of them come as one."""
    explained = [
        *names(section(PAGE, NOT_SENT)),
        *(
            name.removeprefix("not_delivered_")
            for name in names(section(PAGE, NOT_DELIVERED))
        ),
    ]
    reasons = {
        key.removeprefix("reason_")
        for key in ENGLISH["common"]
        if key.startswith("reason_")
    }
    assert sorted(explained) == sorted(reasons | {"several_reasons"})


@pytest.mark.parametrize(
    "heading",
    [*sorted(SENTENCES.keys() - {NOT_SENT, NOT_DELIVERED}), "Forms and dialogs"],
)
def test_a_sentence_is_quoted_because_there_is_more_to_say(heading: str) -> None:
    """What to do, it says itself."""
    [table] = tables(section(PAGE, heading))
    assert all(row["more"] for row in table)


@pytest.mark.parametrize(("heading", "sentences"), SENTENCES.items())
def test_a_sentence_is_quoted_as_it_is(heading: str, sentences: dict[str, str]) -> None:
    """People search for what they read."""
    quoted = _quoted(heading)
    assert quoted
    assert quoted == {(key, _shown(sentences[key])) for key, _ in quoted}


def test_a_sentence_of_a_form_is_quoted_as_it_is() -> None:
    """A dialog is a form, too."""
    forms = [
        ENGLISH["config"]["error"],
        ENGLISH["config"]["abort"],
        ENGLISH["config_subentries"]["recipient"]["error"],
        ENGLISH["options"]["error"],
        DIALOGS,
    ]
    said = {(key, _shown(text)) for form in forms for key, text in form.items()}
    quoted = _quoted("Forms and dialogs")
    assert quoted
    assert quoted <= said


def test_a_warning_is_one() -> None:
    """Of those that a response may hold."""
    warned = {notice.value for notice in Notice}
    assert set(names(section(PAGE, "Warnings"))) <= warned


def test_every_issue_is_explained() -> None:
    """And no other."""
    explained = re.findall(r"^### `(\w+)`$", section(PAGE, "Repairs"), re.MULTILINE)
    assert sorted(explained) == sorted(ENGLISH["issues"])


@pytest.mark.parametrize("key", ISSUES)
def test_an_issue_is_quoted_as_it_is(key: str) -> None:
    """By its title, with what to do about it."""
    text = section(PAGE, f"`{key}`").strip()
    title = f"*{_shown(ISSUES[key])}.* "
    assert text.startswith(title)
    assert text.removeprefix(title)


def test_dialogs_say_the_same_in_the_same_words() -> None:
    """So that the page quotes each once."""
    for flow in FIX_FLOWS:
        said = flow.get("error", {}) | flow.get("abort", {})
        assert said.items() <= DIALOGS.items()
