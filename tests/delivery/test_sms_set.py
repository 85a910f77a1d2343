"""An SMS that is set, for a recipient or for all: what a call says goes before it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.inteltele.delivery import (
    Composed,
    Link,
    MessageRequest,
    Notice,
    Recipient,
    plan,
)
from custom_components.inteltele.gateway import ContentError, ContentRule
from custom_components.inteltele.storage.message import Channel

OLENA = Recipient(
    number="+380671112233", name="Olena", sms_sender="House", sms_after=180
)
PREMIUM = "+380900212345"
SHARED = "+48801234567"
SATELLITE = "+881612345678"
BY_FALLBACK = replace(OLENA, sms_after=None, sms_fallback=True)
BEYOND_AN_SMS = f"https://e.org/{'x' * 700}"


def _composed(recipient: Recipient = OLENA, **fields: Any) -> Composed:
    """Return what a request becomes for one recipient."""
    [composed] = plan(MessageRequest(**{"message": "Water!", **fields}), [recipient])
    return composed


def _with_button(valid_for: int, **fields: Any) -> Composed:
    """Return what a question becomes that may be answered for so many seconds."""
    until = datetime(2026, 11, 24, tzinfo=UTC)
    link = Link(url="https://e.org/a", fingerprint="a", valid_until=until)
    return _composed(
        button_text="Open", links={OLENA.number: link}, latest=valid_for, **fields
    )


def _broken_rule(recipient: Recipient = OLENA, **fields: Any) -> ContentError:
    """Return why a request is refused for a recipient."""
    with pytest.raises(ContentError) as caught:
        _composed(recipient, **fields)
    return caught.value


def test_what_is_set_holds_where_a_call_says_nothing() -> None:
    """Viber's time is over before."""
    composed = _composed()
    assert (composed.sms_after, composed.content.ttl) == (180, 170)
    assert composed.sms is not None
    assert (composed.sms.message, composed.sms.sender) == ("Water!", "House")


def test_a_call_goes_before_what_is_set() -> None:
    """Another time, or no SMS at all."""
    assert _composed(sms_after=600).sms_after == 600
    without = _composed(sms_fallback=False)
    assert (without.sms, without.content.sms_message) == (None, None)
    assert without.notices == frozenset()


@pytest.mark.parametrize("fields", [{}, {"sms_fallback": True}, {"sms_message": "W!"}])
def test_a_time_goes_before_the_gateways_fallback(fields: dict[str, Any]) -> None:
    """The house's own SMS comes where Viber is there, too."""
    composed = _composed(replace(OLENA, sms_fallback=True), **fields)
    assert composed.sms_after == 180
    assert composed.content.sms_message is None


@pytest.mark.parametrize(
    ("without", "fields", "notice"),
    [
        ({"sms_sender": None}, {}, Notice.NO_SMS_SENDER),
        (
            {},
            {"button_text": "Open", "button_url": BEYOND_AN_SMS},
            Notice.SMS_TOO_LONG,
        ),
    ],
)
@pytest.mark.parametrize("recipient", [OLENA, BY_FALLBACK])
def test_what_is_only_set_keeps_no_message_back(
    recipient: Recipient,
    without: dict[str, Any],
    fields: dict[str, Any],
    notice: Notice,
) -> None:
    """It goes by Viber alone, and says so; who asks for an SMS is refused."""
    composed = _composed(replace(recipient, **without), **fields)
    assert (composed.sms, composed.sms_parts) == (None, None)
    assert composed.content.ttl == 86400
    assert composed.notices == {notice}
    asked_for: list[dict[str, Any]] = [{"sms_after": 180}, {"sms_fallback": True}]
    for asked in asked_for:
        refused = _broken_rule(replace(recipient, **without), **fields, **asked)
        assert refused.rule in {"sms_sender_missing", "sms_message_too_long"}


def test_what_is_wrong_with_viber_is_refused_all_the_same() -> None:
    """An SMS that is set does not hide it."""
    too_long = _broken_rule(message="x" * 1001)
    assert too_long.rule is ContentRule.MESSAGE_TOO_LONG


@pytest.mark.parametrize(
    ("valid_for", "after", "notices"),
    [
        (86400, 180, set()),
        (780, 180, set()),
        (779, 179, {Notice.SMS_SOONER}),
        (300, 60, {Notice.SMS_SOONER}),
        (120, 60, {Notice.SMS_SOONER}),
        (119, None, {Notice.BUTTON_OVER_BEFORE_SMS}),
    ],
)
def test_a_time_that_is_set_gives_way_to_a_button(
    valid_for: int, after: int | None, notices: set[Notice]
) -> None:
    """Somebody must have time to press it, and no question is lost."""
    composed = _with_button(valid_for)
    assert (composed.sms_after, composed.notices) == (after, notices)


def test_without_time_for_the_houses_sms_the_gateways_may_go() -> None:
    """Where the call asks for it."""
    composed = _with_button(119, sms_fallback=True)
    assert (composed.sms_after, composed.notices) == (None, frozenset())
    assert composed.content.sms_message is not None


@pytest.mark.parametrize(("valid_for", "refused"), [(780, False), (779, True)])
def test_a_call_leaves_time_to_press_the_button(valid_for: int, refused: bool) -> None:
    """Ten minutes after the SMS."""
    if refused:
        with pytest.raises(ContentError) as caught:
            _with_button(valid_for, sms_after=180)
        assert caught.value.rule is ContentRule.SMS_AFTER_BEYOND_BUTTON
    else:
        assert _with_button(valid_for, sms_after=180).sms_after == 180


@pytest.mark.parametrize("number", [PREMIUM, SHARED, SATELLITE])
@pytest.mark.parametrize(
    ("recipient", "fields"),
    [
        (OLENA, {}),
        (OLENA, {"sms_after": 180}),
        (BY_FALLBACK, {}),
        (BY_FALLBACK, {"sms_fallback": True}),
        (OLENA, {"sms_message": "W!"}),
    ],
)
def test_no_sms_goes_to_an_expensive_number(
    number: str, recipient: Recipient, fields: dict[str, Any]
) -> None:
    """Viber goes on alone; beside others, they keep their SMS."""
    expensive = replace(recipient, number=number)
    plans = plan(MessageRequest(message="Water!", **fields), [expensive, recipient])
    alone, by_both = plans
    assert plans[alone] == [expensive]
    assert (alone.sms, alone.sms_parts) == (None, None)
    assert alone.notices == {Notice.NO_SMS_TO_NUMBER}
    assert by_both.sms_parts == 1


def test_what_is_for_sms_alone_is_refused_for_an_expensive_number() -> None:
    """In words that do not tell it all."""
    for name, whom in (("Olena", "Olena"), (None, "+380…2345")):
        premium = replace(OLENA, number=PREMIUM, name=name)
        refused = _broken_rule(premium, channel=Channel.SMS)
        assert (refused.rule, refused.value) == (ContentRule.NO_SMS_TO_NUMBER, whom)
    by_viber = _composed(replace(OLENA, number=PREMIUM), sms_fallback=False)
    assert by_viber.notices == frozenset()


@pytest.mark.parametrize("url", ["ftp://e.org/a", "house", "https://e.org/a b"])
@pytest.mark.parametrize("fields", [{"channel": Channel.SMS}, {"sms_after": 180}])
def test_a_link_in_an_sms_is_one_that_a_phone_opens(
    url: str, fields: dict[str, Any]
) -> None:
    """Whichever way it goes."""
    refused = _broken_rule(button_text="Open", button_url=url, **fields)
    assert (refused.rule, refused.value) == (ContentRule.BUTTON_URL_NOT_HTTP, url)


def test_a_button_by_sms_leads_somewhere() -> None:
    """A text alone would say nothing."""
    refused = _broken_rule(channel=Channel.SMS, button_text="Open")
    assert refused.rule is ContentRule.BUTTON_URL_MISSING
