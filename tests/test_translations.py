"""Every sentence that the code asks for exists, and no other."""

import json
from pathlib import Path
import re
from string import Formatter
from typing import Any

import pytest
import voluptuous as vol
import yaml

from custom_components.inteltele.archive.actions import (
    DELETE_MESSAGES_SCHEMA,
    GET_MESSAGES_SCHEMA,
    GET_RATES_SCHEMA,
    GET_STATUS_SCHEMA,
)
from custom_components.inteltele.care.issues import FIXABLE, NO_PUBLIC_URL, AccountIssue
from custom_components.inteltele.const import CONF_CONNECTION
from custom_components.inteltele.delivery import Notice, WaitFor
from custom_components.inteltele.gateway import ContentRule, ErrorReason, FailureReason
from custom_components.inteltele.public import PictureRule
from custom_components.inteltele.repairs import SMS_SENDER_SCHEMA
from custom_components.inteltele.services import SEND_MESSAGE_SCHEMA
from custom_components.inteltele.settings.account_form import (
    ACCOUNT_SCHEMA,
    KEY_SCHEMA,
    RECONFIGURE_SCHEMA,
)
from custom_components.inteltele.settings.options_flow import options_schema
from custom_components.inteltele.settings.recipient_flow import RECIPIENT_SCHEMA
from custom_components.inteltele.storage.database import Damage
from custom_components.inteltele.storage.message import HouseReason, MessageStatus
from custom_components.inteltele.web.page_texts import languages

INTEGRATION = Path(__file__).parents[1] / "custom_components" / "inteltele"
ENGLISH: dict[str, Any] = json.loads(
    (INTEGRATION / "translations" / "en.json").read_text()
)
ICONS: dict[str, Any] = json.loads((INTEGRATION / "icons.json").read_text())
SOURCES = {
    str(path.relative_to(INTEGRATION)): path.read_text()
    for path in INTEGRATION.rglob("*.py")
}
PAGES = {
    key
    for text in (SOURCES["web/public_views.py"],)
    for key in re.findall(r'"(answer_\w+|answered\w*|link_gone)"', text)
}
TARGET_FIELDS = {"entity_id", "device_id", "area_id", "floor_id", "label_id"}
LANGUAGES = languages()
TRANSLATED = [language for language in LANGUAGES if language != "en"]
# The fields that sentences name: automations are written with these words.
FIELDS = {*map(str, SEND_MESSAGE_SCHEMA.schema), "data", "number", "answered"}
# What is called alike in every language, and so stands in Latin letters everywhere.
NAMES = {
    *("IntelTele", "Viber", "Home", "Assistant", "Cloud", "SMS", "IP", "API"),
    *("HTTP", "POST", "http", "https", "YAML", "jpg", "jpeg", "png", "damaged"),
    *("JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF"),
}
ALPHABETS = {
    "ru": set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    "uk": set("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
}
# Sentences that are right as they stand in English.
SAME_AS_ENGLISH = {
    "de": {"{answer}?", "Gateway", "IntelTele", "Name", "Status", "Text"},
    "pl": {"{answer}?", "IntelTele", "Limit", "Status"},
    "ru": {"{answer}?", "IntelTele"},
    "uk": {"{answer}?", "IntelTele"},
}


def _sentences(node: object, path: str = "") -> dict[str, str]:
    """Return every sentence by its path."""
    if isinstance(node, str):
        return {path: node}
    assert isinstance(node, dict)
    return {
        name: text
        for key, child in node.items()
        for name, text in _sentences(child, f"{path}.{key}" if path else key).items()
    }


SENTENCES = {
    language: _sentences(
        json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())
    )
    for language in LANGUAGES
}


def _placeholders(text: str) -> set[str]:
    """Return what is filled into a sentence."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _names_of_code(text: str) -> set[str]:
    """Return the fields, actions and options that a sentence names."""
    return set(re.findall(r"`[^`]*`|[a-z.]+(?:_[a-z]+)+", text))


def _words_of_latin_letters(text: str) -> set[str]:
    """Return words of a sentence, without what is filled in or named by the code."""
    bare = re.sub(r"\{\w+\}|`[^`]*`|[a-z.]+(?:_[a-z]+)+", " ", text)
    return set(re.findall(r"[A-Za-z]+", bare))


def test_exceptions_are_those_of_the_code() -> None:
    """Rules of content, reasons of the gateway, and what callers get wrong."""
    raised = r'(?:invalid_input|not_attached|picture_failed)\(\s*"(\w+)"'
    asked_for = set(re.findall(raised, "\n".join(SOURCES.values())))
    asked_for |= {rule.value for rule in PictureRule}
    asked_for |= {f"not_delivered_{reason}" for reason in FailureReason}
    asked_for |= {rule.value for rule in ContentRule}
    asked_for |= {reason.value for reason in (*ErrorReason, *HouseReason)}
    asked_for |= {f"account_{reason.of_account}" for reason in ErrorReason}
    asked_for |= {"history_not_read", "history_not_written"}
    asked_for |= {"several_reasons", "several_shortfalls"}
    # A picture always gets its button before the content is checked.
    asked_for -= {"image_without_button"}
    assert set(ENGLISH["exceptions"]) == asked_for


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
        *(f"page_{key}_{part}" for key in PAGES for part in ("heading", "text")),
        "open_button",
        "test_message",
    }


def test_placeholders_of_the_logbook_are_those_that_are_filled() -> None:
    """A line with a hole could not be written."""
    lines = [text for key, text in ENGLISH["common"].items() if key.startswith("log_")]
    used = {name for text in lines for _, name, _, _ in Formatter().parse(text)}
    assert used - {None} == {"recipient", "seconds", "reason", "action"}


def test_errors_of_the_account_form_are_those_of_the_code() -> None:
    """`unknown` is what Home Assistant shows for a bug."""
    assert set(ENGLISH["config"]["error"]) == {
        reason.of_account.value for reason in ErrorReason
    } | {"invalid_url", "unknown"}


def test_errors_of_the_recipient_form_are_those_of_the_code() -> None:
    """Of its fields, and of the test message."""
    asked_for = set(
        re.findall(r'errors\[\w+\] = "(\w+)"', SOURCES["settings/recipient_flow.py"])
    )
    asked_for |= {reason.value for reason in ErrorReason}
    # A test message does not wait, so the queue is never full for it.
    asked_for |= {HouseReason.LIMIT_REACHED.value}
    asked_for |= {"sms_sender_invalid", "account_not_loaded"}
    assert set(ENGLISH["config_subentries"]["recipient"]["error"]) == asked_for


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (
            ENGLISH["config"]["step"]["user"],
            set(map(str, ACCOUNT_SCHEMA.schema)) - {CONF_CONNECTION},
        ),
        (ENGLISH["config"]["step"]["user"]["sections"][CONF_CONNECTION], {"url"}),
        (
            ENGLISH["config"]["step"]["reconfigure"],
            set(map(str, RECONFIGURE_SCHEMA.schema)) - {CONF_CONNECTION},
        ),
        (
            ENGLISH["config"]["step"]["reconfigure"]["sections"][CONF_CONNECTION],
            {"url"},
        ),
        (
            ENGLISH["issues"]["undeliverable"]["fix_flow"]["step"]["sms_sender"],
            set(map(str, SMS_SENDER_SCHEMA.schema)),
        ),
        (
            ENGLISH["config"]["step"]["reauth_confirm"],
            set(map(str, KEY_SCHEMA.schema)),
        ),
        (
            ENGLISH["config_subentries"]["recipient"]["step"]["user"],
            set(map(str, RECIPIENT_SCHEMA.schema)),
        ),
        (
            ENGLISH["config_subentries"]["recipient"]["step"]["reconfigure"],
            set(map(str, RECIPIENT_SCHEMA.schema)),
        ),
        (
            ENGLISH["options"]["step"]["init"],
            set(map(str, options_schema("UAH").schema)),
        ),
    ],
)
def test_every_field_of_a_form_is_named_and_described(
    step: dict[str, Any], fields: set[str]
) -> None:
    """A person sees nothing but these words."""
    assert set(step["data"]) == set(step["data_description"]) == fields


def test_errors_of_the_options_form_are_those_of_the_code() -> None:
    """Named by its fields or by the rules of content."""
    source = SOURCES["settings/options_flow.py"]
    asked_for = set(re.findall(r'errors\[\w+\] = "(\w+)"', source))
    asked_for |= {ContentRule.SMS_SENDER_INVALID.value}
    assert set(ENGLISH["options"]["error"]) == asked_for


def test_steps_of_the_options_are_those_of_the_code() -> None:
    """Each has words of its own."""
    steps = re.findall(r"async_step_(\w+)\(\n", SOURCES["settings/options_flow.py"])
    assert set(ENGLISH["options"]["step"]) == set(steps)


def test_options_of_selectors_are_those_of_the_code() -> None:
    """A status is chosen by its name."""
    assert set(ENGLISH["selector"]["status"]["options"]) == set(MessageStatus)
    assert set(ENGLISH["selector"]["wait_for"]["options"]) == set(WaitFor)


def test_issues_are_those_of_the_code() -> None:
    """One for each way in which a ledger can be damaged, among others."""
    told = {issue.value for issue in AccountIssue} - {AccountIssue.LEDGER_DAMAGED.value}
    assert set(ENGLISH["issues"]) == told | {NO_PUBLIC_URL} | {
        f"{AccountIssue.LEDGER_DAMAGED}_{damage}" for damage in Damage
    }


def test_issues_tell_what_to_do_in_their_dialog_or_beside() -> None:
    """Home Assistant takes one of the two."""
    kinds = {key: set(issue) - {"title"} for key, issue in ENGLISH["issues"].items()}
    assert kinds == {
        key: {"fix_flow" if key in FIXABLE else "description"}
        for key in ENGLISH["issues"]
    }


def test_steps_of_fix_flows_are_those_of_the_code() -> None:
    """Each has words of its own."""
    steps = set(re.findall(r"async_step_(\w+)\(\n", SOURCES["repairs.py"]))
    told = [set(ENGLISH["issues"][key]["fix_flow"]["step"]) for key in FIXABLE]
    assert set().union(*told) == steps - {"init"}
    assert all("confirm" in steps_of_issue for steps_of_issue in told)


def test_errors_and_ends_of_fix_flows_are_those_of_the_code() -> None:
    """Of the account, of a field, or that it is as before."""
    account = {reason.of_account.value for reason in ErrorReason}
    flows = {key: ENGLISH["issues"][key]["fix_flow"] for key in FIXABLE}
    assert {key: set(flow.get("error", {})) for key, flow in flows.items()} == {
        AccountIssue.IP_NOT_ALLOWED: account,
        AccountIssue.LOW_BALANCE: account | {AccountIssue.LOW_BALANCE.value},
        AccountIssue.NO_RECEIPTS: set(),
        AccountIssue.REPORT_URL_CHANGED: set(),
        AccountIssue.UNDELIVERABLE: {ContentRule.SMS_SENDER_INVALID.value},
    }
    aborted = set(re.findall(r'reason="(\w+)"', SOURCES["repairs.py"]))
    assert set().union(*(flow["abort"] for flow in flows.values())) == aborted


def test_placeholders_of_issues_are_those_that_are_filled() -> None:
    """A sentence with a hole is shown raw."""
    used = {
        name
        for text in _sentences(ENGLISH["issues"]).values()
        for _, name, _, _ in Formatter().parse(text)
        if name
    }
    assert used == {
        "account",
        "balance",
        "file",
        "limit",
        "recipient",
        "report_url",
        "sender",
        "time",
    }


def test_what_system_health_shows_has_names() -> None:
    """Each figure."""
    shown = re.findall(r'^        "(\w+)":', SOURCES["system_health.py"], re.MULTILINE)
    assert set(ENGLISH["system_health"]["info"]) == set(shown)


def test_ends_of_the_account_form_are_those_of_the_code() -> None:
    """Home Assistant has words of its own for success."""
    assert set(ENGLISH["config"]["abort"]) == {
        "already_configured",
        "unique_id_mismatch",
    }


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("send_message", SEND_MESSAGE_SCHEMA),
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
    assert set(described[name]["fields"]) == fields
    assert set(ENGLISH["services"][name]["fields"]) == fields
    assert name in ICONS["services"]


def test_every_action_is_tested() -> None:
    """Of those that are described."""
    described = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    assert set(described) == set(ENGLISH["services"]) == set(ICONS["services"])


def test_answer_pages_speak_every_language_of_the_integration() -> None:
    """Each file of translations is one."""
    files = (INTEGRATION / "translations").glob("*.json")
    assert set(LANGUAGES) == {path.stem for path in files}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "unwanted",
    [
        pytest.param("://", id="an address, which translators must not change"),
        pytest.param(r"^\s|\s$", id="space around it"),
        pytest.param("  ", id="two spaces"),
        pytest.param("'{", id="an apostrophe that hides a placeholder in a form"),
        pytest.param("<", id="what a form takes for a tag"),
    ],
)
def test_no_sentence_holds(language: str, unwanted: str) -> None:
    """What would be shown wrong, or could be got wrong."""
    found = [text for text in SENTENCES[language].values() if re.search(unwanted, text)]
    assert found == []


def test_placeholders_of_exceptions_are_those_that_are_filled() -> None:
    """A sentence with a hole is shown raw."""
    filled = {"value", "recipients", "words", "recipient", "number", "error"}
    filled |= {"account", "failed", "total", "reasons"}
    filled |= {"source", "detail", "fields", "count", "limit"}
    used = {
        name
        for text in _sentences(ENGLISH["exceptions"]).values()
        for _, name, _, _ in Formatter().parse(text)
        if name
    }
    assert used == filled


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_has_the_same_sentences(language: str) -> None:
    """None is missing, and none is left over."""
    assert set(SENTENCES[language]) == set(SENTENCES["en"])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_fills_the_same_placeholders(language: str) -> None:
    """Home Assistant shows the English sentence where they differ."""
    differing = {
        path: text
        for path, text in SENTENCES[language].items()
        if _placeholders(text) != _placeholders(SENTENCES["en"][path])
    }
    assert differing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_names_of_the_code_are_not_translated(language: str) -> None:
    """Whoever writes an automation needs them as they are."""
    differing = {
        path: text
        for path, text in SENTENCES[language].items()
        if _names_of_code(text) != _names_of_code(SENTENCES["en"][path])
    }
    assert differing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_fields_are_called_by_their_names(language: str) -> None:
    """Also where a name is a plain English word."""
    nameless = {
        path: field
        for path, text in SENTENCES["en"].items()
        for field in re.findall(r"\bfield (\w+)", text)
        if field in FIELDS
        and field not in re.findall(r"\w+", SENTENCES[language][path])
    }
    assert nameless == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_in_english(language: str) -> None:
    """But for the words that both languages share."""
    same = {
        text
        for path, text in SENTENCES[language].items()
        if text == SENTENCES["en"][path]
    }
    assert same == SAME_AS_ENGLISH[language]


@pytest.mark.parametrize("language", ["de", "pl"])
def test_no_english_word_is_left_in_a_sentence(language: str) -> None:
    """Told by small words that neither German nor Polish has."""
    left = [
        text
        for text in SENTENCES[language].values()
        if re.search(r"\b(the|and|of|is|your|with|cannot)\b", text)
    ]
    assert left == []


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_no_latin_letter_hides_among_cyrillic_ones(language: str) -> None:
    """They look alike, but a search and a screen reader trip over them."""
    words = {
        word
        for text in SENTENCES[language].values()
        for word in _words_of_latin_letters(text)
    }
    assert words - NAMES - FIELDS == set()


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_every_letter_is_of_the_language_s_alphabet(language: str) -> None:
    """A letter of the other one is a slip of the keyboard."""
    letters = set("".join(SENTENCES[language].values()).casefold())
    cyrillic = {letter for letter in letters if "\u0400" <= letter <= "\u04ff"}
    assert cyrillic - ALPHABETS[language] == set()


@pytest.mark.parametrize("language", ["de", "en", "pl"])
def test_no_cyrillic_letter_hides_among_latin_ones(language: str) -> None:
    """They look alike here, too."""
    text = "".join(SENTENCES[language].values())
    assert re.findall(r"[\u0400-\u04ff]", text) == []
