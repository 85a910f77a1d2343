"""From what a user asked for to what the gateway takes."""

from typing import Any

import pytest

from custom_components.inteltele.delivery import MessageRequest, Notice, Recipient, plan
from custom_components.inteltele.delivery.composed import Composed
from custom_components.inteltele.gateway import ContentError, ContentRule

OLENA = Recipient(number="+380671112233", name="Olena", subentry_id="olena")
PETRO = Recipient(
    number="+380671112244",
    name="Petro",
    subentry_id="petro",
    sms_fallback=True,
    sms_sender="House",
)


def _composed(recipient: Recipient = OLENA, **fields: Any) -> Composed:
    """Return what a request becomes for one recipient."""
    [composed] = plan(MessageRequest(**{"message": "Water!", **fields}), [recipient])
    return composed


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (None, "Water!"),
        ("", "Water!"),
        ("Alarm", "*Alarm*\nWater!"),
        ("*Alarm*\n in the\thouse ", "*Alarm in the house*\nWater!"),
        ("**", "Water!"),
    ],
)
def test_a_title_becomes_a_bold_line(title: str | None, text: str) -> None:
    """Viber shows text between asterisks in bold."""
    assert _composed(title=title).content.message == text


def test_title_and_message_share_the_limit() -> None:
    """The gateway sees one text."""
    with pytest.raises(ContentError) as caught:
        _composed(title="Alarm", message="x" * 993)
    assert (caught.value.rule, caught.value.value) == (
        ContentRule.MESSAGE_TOO_LONG,
        "1001",
    )


def test_a_title_does_not_make_up_for_an_empty_message() -> None:
    """The message is what was asked for."""
    with pytest.raises(ContentError) as caught:
        _composed(title="Alarm", message=" ")
    assert caught.value.rule is ContentRule.MESSAGE_EMPTY


def test_a_picture_without_a_button_gets_one_to_the_picture() -> None:
    """The gateway wants picture and button together."""
    content = _composed(image="https://e.org/a.jpg", open_button="Відкрити").content
    assert content.button_text == "Відкрити"
    assert content.button_url == "https://e.org/a.jpg"


def test_half_a_button_beside_a_picture_is_not_completed() -> None:
    """The other half was forgotten, not left to us."""
    with pytest.raises(ContentError) as caught:
        _composed(image="https://e.org/a.jpg", button_text="Go")
    assert caught.value.rule is ContentRule.BUTTON_URL_MISSING


@pytest.mark.parametrize(
    ("recipient", "fields", "ttl"),
    [
        (OLENA, {}, 86400),
        (PETRO, {}, 180),
        (PETRO, {"sms_fallback": False}, 86400),
        (PETRO, {"ttl": 600}, 600),
        (OLENA, {"ttl": 60}, 60),
    ],
)
def test_time_to_live_depends_on_the_fallback(
    recipient: Recipient, fields: dict[str, Any], ttl: int
) -> None:
    """With an SMS to fall back on, waiting for Viber all day helps nobody."""
    assert _composed(recipient, **fields).content.ttl == ttl


@pytest.mark.parametrize(
    ("recipient", "fields", "sms"),
    [
        (OLENA, {}, (None, None)),
        (OLENA, {"sms_sender": "Other"}, (None, None)),
        (PETRO, {}, ("House", "Water!")),
        (PETRO, {"sms_fallback": False}, (None, None)),
        (PETRO, {"sms_sender": "Other"}, ("Other", "Water!")),
        (OLENA, {"sms_fallback": True, "sms_sender": "Other"}, ("Other", "Water!")),
        (OLENA, {"sms_message": "Wet", "sms_sender": "Other"}, ("Other", "Wet")),
        (PETRO, {"sms_message": "Wet"}, ("House", "Wet")),
        (
            PETRO,
            {"title": "*Alarm*", "button_text": "See", "button_url": "https://e.org"},
            ("House", "Alarm\nWater!\nhttps://e.org"),
        ),
    ],
)
def test_the_fallback_says_what_the_message_says(
    recipient: Recipient, fields: dict[str, Any], sms: tuple[str | None, str | None]
) -> None:
    """In plain form, unless the call has words of its own for it."""
    content = _composed(recipient, **fields).content
    assert (content.sms_sender, content.sms_message) == sms


@pytest.mark.parametrize(
    ("recipient", "fields", "rule"),
    [
        (OLENA, {"sms_fallback": True}, ContentRule.SMS_SENDER_MISSING),
        (OLENA, {"sms_message": "Wet"}, ContentRule.SMS_SENDER_MISSING),
        (OLENA, {"sms_sender": "ab"}, ContentRule.SMS_SENDER_INVALID),
        (PETRO, {"sms_message": ""}, ContentRule.SMS_MESSAGE_MISSING),
        (
            PETRO,
            {"sms_message": "Wet", "sms_fallback": False},
            ContentRule.SMS_MESSAGE_WITHOUT_FALLBACK,
        ),
    ],
)
def test_a_fallback_that_cannot_work_is_refused(
    recipient: Recipient, fields: dict[str, Any], rule: ContentRule
) -> None:
    """Before anything is sent."""
    with pytest.raises(ContentError) as caught:
        _composed(recipient, **fields)
    assert caught.value.rule is rule


def test_a_long_automatic_sms_is_shortened_and_says_so() -> None:
    """The link at its end survives."""
    composed = _composed(
        PETRO,
        message="ї" * 900,
        button_text="See",
        button_url="https://e.org/stairs",
    )
    assert composed.notices == {Notice.SMS_SHORTENED}
    assert composed.content.sms_parts == 4
    assert (composed.content.sms_message or "").endswith("...\nhttps://e.org/stairs")


def test_recipients_with_the_same_content_are_planned_together() -> None:
    """One request serves them all."""
    third = Recipient(number="+380671112255")
    groups = plan(MessageRequest(message="Water!"), [OLENA, PETRO, third])
    assert [list(recipients) for recipients in groups.values()] == [
        [OLENA, third],
        [PETRO],
    ]


def test_a_number_that_is_named_twice_gets_the_message_once() -> None:
    """As the recipient that was named first."""
    bare = Recipient(number=PETRO.number)
    [recipients] = plan(MessageRequest(message="Water!"), [PETRO, bare]).values()
    assert recipients == [PETRO]
