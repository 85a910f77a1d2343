"""The rules that a message keeps before the gateway sees it."""

from typing import Any

import pytest

from custom_components.inteltele.gateway import (
    ContentError,
    ContentRule,
    MessageContent,
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
        (
            {**BUTTON, "button_url": "javascript:alert(1)"},
            ContentRule.BUTTON_URL_NOT_HTTP,
        ),
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
