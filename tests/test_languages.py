"""Every language says the same, in its own words."""

import json
import re

import pytest

from custom_components.inteltele.services import SEND_MESSAGE_SCHEMA

from .translations import INTEGRATION, LANGUAGES, placeholders, sentences

TRANSLATED = [language for language in LANGUAGES if language != "en"]
# The fields that sentences name: automations are written with these words.
FIELDS = {*map(str, SEND_MESSAGE_SCHEMA.schema), "data", "number", "answered"}
# What is called alike in every language, and so stands in Latin letters everywhere.
NAMES = {
    *("IntelTele", "Viber", "Home", "Assistant", "Cloud", "SMS", "IP", "API"),
    *(
        "HTTP",
        "HTTPS",
        "POST",
        "URL",
        "WAN",
        "http",
        "https",
        "YAML",
        "jpg",
        "jpeg",
        "png",
        "damaged",
        # An example, and what YAML calls yes and no.
        "notify",
        "olena",
        "true",
        "false",
    ),
    *("JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "WARNING"),
}
ALPHABETS = {
    "ru": set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    "uk": set("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
}
# Sentences that are right as they stand in English.
SAME_AS_ENGLISH = {
    "de": {
        "Alarm",
        "Alarm!",
        "Viber",
        "{answer}?",
        "Gateway",
        "IntelTele",
        "Name",
        "SMS",
        "Status",
        "Text",
    },
    "pl": {
        "Alarm",
        "Alarm!",
        "Viber",
        "{answer}?",
        "IntelTele",
        "Limit",
        "SMS",
        "Status",
    },
    "ru": {"Viber", "{answer}?", "IntelTele", "SMS"},
    "uk": {"Viber", "{answer}?", "IntelTele", "SMS"},
}
SENTENCES = {
    language: sentences(
        json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())
    )
    for language in LANGUAGES
}


def _names_of_code(text: str) -> set[str]:
    """Return the fields, actions and options that a sentence names."""
    return set(re.findall(r"`[^`]*`|[a-z.]+(?:_[a-z]+)+", text))


def _words_of_latin_letters(text: str) -> set[str]:
    """Return words of a sentence, without what is filled in or named by the code."""
    bare = re.sub(r"\{\w+\}|`[^`]*`|[a-z.]+(?:_[a-z]+)+", " ", text)
    return set(re.findall(r"[A-Za-z]+", bare))


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


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_has_the_samesentences(language: str) -> None:
    """None is missing, and none is left over."""
    assert set(SENTENCES[language]) == set(SENTENCES["en"])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_fills_the_sameplaceholders(language: str) -> None:
    """Home Assistant shows the English sentence where they differ."""
    differing = {
        path: text
        for path, text in SENTENCES[language].items()
        if placeholders(text) != placeholders(SENTENCES["en"][path])
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
