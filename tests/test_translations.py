"""Every sentence that an action or a page needs exists, and no other."""

import json
import re
from typing import Any

import pytest
import voluptuous as vol
import yaml

from custom_components.inteltele.alarms.alarm import AlarmEvent, AlarmStatus
from custom_components.inteltele.archive.actions import (
    DELETE_MESSAGES_SCHEMA,
    GET_MESSAGES_SCHEMA,
    GET_RATES_SCHEMA,
    GET_STATUS_SCHEMA,
)
from custom_components.inteltele.delivery import Notice, WaitFor
from custom_components.inteltele.gateway import ContentRule, ErrorReason, FailureReason
from custom_components.inteltele.public import PictureRule
from custom_components.inteltele.sending.field_rules import Rule
from custom_components.inteltele.sending.raising import KNOWN_FIELDS
from custom_components.inteltele.services import SEND_MESSAGE_SCHEMA
from custom_components.inteltele.storage.message import HouseReason, MessageStatus

from .test_services_yaml import fields_of
from .translations import (
    ENGLISH,
    INTEGRATION,
    LANGUAGES,
    SOURCES,
    placeholders,
    sentences,
)

ICONS: dict[str, Any] = json.loads((INTEGRATION / "icons.json").read_text())
PAGES = set(
    re.findall(
        r'"(answer_\w+|answered\w*|link_\w+|not_yet)"',
        SOURCES["web/answer_pages.py"] + SOURCES["web/page_texts.py"],
    )
)
ALARM_PAGES = {
    *("alarm_open", "alarm_declined", "alarm_yours", "alarm_theirs"),
    *(f"alarm_{status}" for status in (AlarmStatus.UNANSWERED, AlarmStatus.CLEARED)),
}
ALARM_PAGE_TEXTS = set(
    re.findall(r'words\.text\("(alarm_\w+)"', SOURCES["web/alarm_page.py"])
)
# In YAML only; in forms there is the field of the recipients.
TARGET_FIELDS = {"device_id", "area_id", "floor_id", "label_id"}
# What alarms write, and what stands on the screen of who is at home.
ALARM_TEXTS = {
    "alarm_answer_at_home",
    "alarm_button",
    "alarm_default_message",
    "alarm_raised_at",
    "alarm_somebody",
    "alarm_taken_over",
    *(
        f"alarm_{event}_{part}"
        for event in (AlarmEvent.BLOCKED, AlarmEvent.UNANSWERED)
        for part in ("notification", "title")
    ),
}
QUOTED = re.compile(r'["„«]([^"“”»{]+)["“”»]')


def test_exceptions_are_those_of_the_code() -> None:
    """Rules of content, reasons of the gateway, and what callers get wrong."""
    raised = r'(?:failure|invalid_input|picture_failed|shortcomings\.add)\(\s*"(\w+)"'
    asked_for = set(re.findall(raised, "\n".join(SOURCES.values())))
    asked_for |= {rule.value for rule in PictureRule}
    asked_for |= {f"not_delivered_{reason}" for reason in FailureReason}
    asked_for |= {rule.value for rule in (*ContentRule, *Rule)}
    asked_for |= {reason.value for reason in (*ErrorReason, *HouseReason)}
    asked_for |= {f"account_{reason.of_account}" for reason in ErrorReason}
    asked_for |= {"several_reasons", "several_shortfalls"}
    # A picture always gets its button before the content is checked.
    asked_for -= {"image_without_button"}
    assert set(ENGLISH["exceptions"]) == asked_for


def test_placeholders_of_exceptions_are_those_that_are_filled() -> None:
    """A sentence with a hole is shown raw."""
    filled = {"value", "recipients", "words", "recipient", "number"}
    filled |= {"account", "failed", "total", "reasons", "text"}
    filled |= {"source", "detail", "field", "count", "limit"}
    filled |= {"action", "values", "least", "most"}
    assert placeholders(*sentences(ENGLISH["exceptions"]).values()) == filled


def test_common_texts_are_those_of_the_code() -> None:
    """Warnings of a response, texts that are sent, and lines of the logbook.

    The words of the card are held against its own sources.
    """
    reasons = {*ErrorReason, *FailureReason, *HouseReason}
    common = {key for key in ENGLISH["common"] if not key.startswith("card_")}
    assert common == {
        *Notice,
        *(f"reason_{reason}" for reason in reasons),
        f"log_{MessageStatus.DELIVERED}",
        f"log_{MessageStatus.FAILED}",
        f"log_{MessageStatus.FAILED}_unsent",
        "log_answered",
        *(
            f"page_{key}_{part}"
            for key in PAGES | ALARM_PAGES
            for part in ("heading", "text")
        ),
        *(f"page_{key}" for key in ALARM_PAGE_TEXTS),
        *(f"page_{key}" for key in ("asked", "moment", "months", "picture")),
        "model_account",
        "model_recipient",
        *(f"log_alarm_{event}" for event in AlarmEvent),
        *ALARM_TEXTS,
        "open_button",
        *(f"first_steps_{part}" for part in ("local", "next", "report")),
        "test_message",
    }


def test_placeholders_of_the_logbook_are_those_that_are_filled() -> None:
    """A line with a hole could not be written."""
    lines = [text for key, text in ENGLISH["common"].items() if key.startswith("log_")]
    assert placeholders(*lines) == {
        *{"recipient", "seconds", "reason", "action"},
        *{"by", "tag"},
    }


def test_options_of_selectors_are_those_of_the_code() -> None:
    """A status is chosen by its name."""
    assert set(ENGLISH["selector"]["status"]["options"]) == set(MessageStatus)
    assert set(ENGLISH["selector"]["wait_for"]["options"]) == set(WaitFor)


def test_what_system_health_shows_has_names() -> None:
    """Each figure."""
    shown = re.findall(r'^        "(\w+)":', SOURCES["system_health.py"], re.MULTILINE)
    assert set(ENGLISH["system_health"]["info"]) == set(shown)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("send_message", SEND_MESSAGE_SCHEMA),
        (
            "preview_message",
            vol.Schema(
                dict.fromkeys(KNOWN_FIELDS, object) | dict(SEND_MESSAGE_SCHEMA.schema)
            ),
        ),
        ("get_status", GET_STATUS_SCHEMA),
        ("get_rates", GET_RATES_SCHEMA),
        ("get_messages", GET_MESSAGES_SCHEMA),
        ("delete_messages", DELETE_MESSAGES_SCHEMA),
    ],
)
def test_fields_of_an_action_agree(name: str, schema: vol.Schema) -> None:
    """The schema, the form of it, and its words."""
    fields = set(map(str, schema.schema)) - TARGET_FIELDS
    described = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    assert set(fields_of(described[name])) == fields
    assert set(ENGLISH["services"][name]["fields"]) == fields
    assert name in ICONS["services"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preview_has_the_form_of_a_send(language: str) -> None:
    """Word for word, and then that of an alarm, where it has fields of its own."""
    words = json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())
    preview, send, alarm = (
        words["services"][action]
        for action in ("preview_message", "send_message", "raise_alarm")
    )
    assert preview["fields"] == alarm["fields"] | send["fields"]
    of_alarm = {"alarm": preview["sections"]["alarm"]}
    assert preview["sections"] == send["sections"] | of_alarm
    icons = ICONS["services"]
    assert icons["preview_message"]["sections"] == {
        "alarm": icons["raise_alarm"]["service"],
        **icons["send_message"]["sections"],
    }


def _labels(language: str) -> dict[str, dict[str, str]]:
    """Return what the fields of actions are called, by action."""
    words = json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())
    return {
        name: {key: field["name"] for key, field in action["fields"].items()}
        for name, action in words["services"].items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(ENGLISH["exceptions"]))
def test_an_error_calls_a_field_what_its_form_calls_it(key: str, language: str) -> None:
    """In every language, in quotes; nobody sees the names of YAML at a form."""
    words = json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())
    english, own = _labels("en"), _labels(language)
    meant = {
        tuple(
            own[action][field]
            for action in own
            for field, label in english[action].items()
            if label == quoted
        )
        for quoted in QUOTED.findall(ENGLISH["exceptions"][key]["message"])
    }
    text = words["exceptions"][key]["message"]
    quotes = QUOTED.findall(text)
    assert all(not labels or set(labels) & set(quotes) for labels in meant)
    assert not {name for name in english["send_message"] if "_" in name} & set(
        re.findall(r"\w+", text)
    )


def test_every_action_is_tested() -> None:
    """Of those that are described."""
    described = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    assert set(described) == set(ENGLISH["services"]) == set(ICONS["services"])
