"""The rules that a message keeps before the gateway sees it."""

from typing import Any

import pytest

from custom_components.inteltele.gateway import (
    Content,
    ContentError,
    ContentRule,
    MessageContent,
    SmsContent,
)

BUTTON = {"button_text": "Open", "button_url": "https://example.org"}


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"message": ""}, ContentRule.MESSAGE_EMPTY),
        ({"message": " \n"}, ContentRule.MESSAGE_EMPTY),
        ({"message": "x" * 1001}, ContentRule.MESSAGE_TOO_LONG),
        ({"image": "ftp://example.org/a.jpg", **BUTTON}, ContentRule.IMAGE_NOT_HTTP),
        ({"image": "a.jpg", **BUTTON}, ContentRule.IMAGE_NOT_HTTP),
        ({"image": "http://[/a.jpg", **BUTTON}, ContentRule.IMAGE_NOT_HTTP),
        ({"image": "https://e.org/a.JPG", **BUTTON}, ContentRule.IMAGE_EXTENSION),
        ({"image": "https://e.org/a.gif", **BUTTON}, ContentRule.IMAGE_EXTENSION),
        ({"image": "https://e.org/?a.jpg", **BUTTON}, ContentRule.IMAGE_EXTENSION),
        ({"image": "https://e.org/a.jpg"}, ContentRule.IMAGE_WITHOUT_BUTTON),
        ({"button_url": "https://example.org"}, ContentRule.BUTTON_TEXT_MISSING),
        ({**BUTTON, "button_text": " "}, ContentRule.BUTTON_TEXT_MISSING),
        ({"button_text": "Open"}, ContentRule.BUTTON_URL_MISSING),
        ({**BUTTON, "button_url": "example.org"}, ContentRule.BUTTON_URL_NOT_HTTP),
        ({**BUTTON, "button_url": "https://xn--/"}, ContentRule.BUTTON_URL_NOT_HTTP),
        (
            {**BUTTON, "button_url": "javascript:alert(1)"},
            ContentRule.BUTTON_URL_NOT_HTTP,
        ),
        ({"sender": ""}, ContentRule.SENDER_INVALID),
        ({"sender": "x" * 51}, ContentRule.SENDER_INVALID),
        ({"sender": "[key](https://e.org)"}, ContentRule.SENDER_INVALID),
        ({"sender": "https://e.org"}, ContentRule.SENDER_INVALID),
        ({"sender": "<b>House"}, ContentRule.SENDER_INVALID),
        ({"sender": "My\tHouse"}, ContentRule.SENDER_INVALID),
        ({"ttl": 59}, ContentRule.TTL_OUT_OF_RANGE),
        ({"ttl": 86401}, ContentRule.TTL_OUT_OF_RANGE),
        ({"sms_sender": "ab", "sms_message": "x"}, ContentRule.SMS_SENDER_INVALID),
        (
            {"sms_sender": "abcdefghijkl", "sms_message": "x"},
            ContentRule.SMS_SENDER_INVALID,
        ),
        ({"sms_sender": "1" * 16, "sms_message": "x"}, ContentRule.SMS_SENDER_INVALID),
        ({"sms_sender": "Дім", "sms_message": "x"}, ContentRule.SMS_SENDER_INVALID),
        ({"sms_message": "x"}, ContentRule.SMS_SENDER_MISSING),
        ({"sms_sender": "House"}, ContentRule.SMS_MESSAGE_MISSING),
        ({"sms_sender": "House", "sms_message": " "}, ContentRule.SMS_MESSAGE_MISSING),
        (
            {"sms_sender": "House", "sms_message": "x" * 613},
            ContentRule.SMS_MESSAGE_TOO_LONG,
        ),
    ],
)
def test_content_that_breaks_a_rule_cannot_exist(
    fields: dict[str, Any], rule: ContentRule
) -> None:
    """Each rule of the provider's page is named by the error."""
    with pytest.raises(ContentError) as caught:
        MessageContent(**{"message": "Hello", **fields})
    assert caught.value.rule is rule


@pytest.mark.parametrize(
    "fields",
    [
        {"message": "x" * 1000},
        {"image": "https://example.org/a.jpeg?size=400", **BUTTON},
        {"image": "http://example.org/a.png", **BUTTON},
        {"ttl": 60},
        {"ttl": 86400},
        {"sms_sender": "123", "sms_message": "x"},
        {"sms_sender": "1" * 15, "sms_message": "x"},
        {"sms_sender": "a.b", "sms_message": "x"},
        {"sms_sender": "My_House-24", "sms_message": "x" * 612},
    ],
)
def test_content_at_the_edge_of_a_rule_is_accepted(fields: dict[str, Any]) -> None:
    """The limits themselves are allowed."""
    assert MessageContent(**{"message": "Hello", **fields})


def test_parts_are_those_of_the_fallback() -> None:
    """A message without a fallback has no SMS parts."""
    with_sms = MessageContent(message="x", sms_sender="House", sms_message="y" * 161)
    assert with_sms.sms_parts == 2
    assert MessageContent(message="x").sms_parts is None


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"message": ""}, ContentRule.SMS_MESSAGE_MISSING),
        ({"message": " \n"}, ContentRule.SMS_MESSAGE_MISSING),
        ({"message": "x" * 613}, ContentRule.SMS_MESSAGE_TOO_LONG),
        ({"message": "я" * 269}, ContentRule.SMS_MESSAGE_TOO_LONG),
        ({"sender": ""}, ContentRule.SMS_SENDER_INVALID),
        ({"sender": "ab"}, ContentRule.SMS_SENDER_INVALID),
        ({"sender": "abcdefghijkl"}, ContentRule.SMS_SENDER_INVALID),
        ({"sender": "Дім"}, ContentRule.SMS_SENDER_INVALID),
    ],
)
def test_an_sms_that_breaks_a_rule_cannot_exist(
    fields: dict[str, Any], rule: ContentRule
) -> None:
    """The rules are those of a fallback."""
    with pytest.raises(ContentError) as caught:
        SmsContent(**{"message": "Hello", **fields})
    assert caught.value.rule is rule


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": -1},
        {"priority": 4},
        {"system_type": ""},
        {"system_type": "alarms123"},
        {"system_type": "дім"},
        {"system_type": "a b"},
    ],
)
def test_what_no_person_writes_is_a_mistake_of_ours(fields: dict[str, Any]) -> None:
    """It needs no sentence."""
    with pytest.raises(ValueError, match="is no") as caught:
        SmsContent(message="Hello", **fields)
    assert not isinstance(caught.value, ContentError)


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({"message": "x" * 612}, 4),
        ({"message": "я" * 268}, 4),
        ({"sender": "123", "priority": 0, "system_type": "Alarms24"}, 1),
        ({"sender": "My_House-24", "priority": 3}, 1),
    ],
)
def test_an_sms_at_the_edge_of_a_rule_is_accepted(
    fields: dict[str, Any], parts: int
) -> None:
    """The limits themselves are allowed."""
    assert SmsContent(**{"message": "Hello", **fields}).parts == parts


@pytest.mark.parametrize(
    ("content", "senders"),
    [
        (MessageContent(message="x"), ()),
        (MessageContent(message="x", sender="House"), ("House",)),
        (
            MessageContent(
                message="x", sender="House", sms_sender="123", sms_message="y"
            ),
            ("House", "123"),
        ),
        (SmsContent(message="x"), ()),
        (SmsContent(message="x", sender="123"), ("123",)),
    ],
)
def test_content_names_its_senders(content: Content, senders: tuple[str, ...]) -> None:
    """Of which any may be banned."""
    assert content.senders == senders


@pytest.mark.parametrize(
    "sender",
    ["IntelTele.com", "Дім на розі 7", "Café & Söhne (1)", "x" * 50, "O'Neil-Y"],
)
def test_a_sender_may_have_a_name_as_shops_have_it(sender: str) -> None:
    """The provider documents no rule, so much is let through."""
    assert MessageContent(message="Hello", sender=sender).sender == sender
