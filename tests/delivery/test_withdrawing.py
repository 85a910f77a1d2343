"""A message that is not to go out any more, wherever it stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from custom_components.inteltele.alarms.questions import standing_of, standing_since
from custom_components.inteltele.delivery.ways import (
    answered,
    undelivered,
    used_by,
    withdrawn,
)
from custom_components.inteltele.gateway import (
    ErrorReason,
    MessageContent,
    SmsContent,
)
from custom_components.inteltele.storage.message import (
    Channel,
    HouseReason,
    Message,
    MessageStatus,
    ReceiptSource,
    SecondWay,
    Submission,
)

NOW: Final = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
WAITING: Final = Submission(
    content=MessageContent(message="Water!"), until=NOW + timedelta(hours=1)
)
ASKED: Final = replace(WAITING, attempted_at=NOW)
BY_SMS: Final = SecondWay(
    content=SmsContent(message="Water!", sender="MyHouse"), after=60, retry_for=60
)
QUEUED: Final = {"status": MessageStatus.QUEUED}
ON_SECOND_WAY: Final = {**QUEUED, "channel": Channel.SMS, "sms_parts": 1}


def _message(**fields: Any) -> Message:
    """Return a message."""
    return Message(seq=1, id="01", number="+380671112233", sent_at=NOW, **fields)


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({**QUEUED, "submission": WAITING}, "failed", "withdrawn"),
        ({**QUEUED, "submission": ASKED}, "failed", "outcome_unknown"),
        (
            {
                **QUEUED,
                "submission": WAITING,
                "reason": ErrorReason.OUTCOME_UNKNOWN,
            },
            "failed",
            "outcome_unknown",
        ),
        ({"message_id": "a", "second_way": BY_SMS}, "sent", None),
        (
            {**ON_SECOND_WAY, "other_id": "a", "submission": WAITING},
            "sent",
            None,
        ),
        (
            {**ON_SECOND_WAY, "other_id": "", "submission": WAITING},
            "failed",
            "outcome_unknown",
        ),
        ({"status": MessageStatus.DELIVERED, "message_id": "a"}, "delivered", None),
    ],
)
def test_what_is_withdrawn_goes_neither_way(
    fields: dict[str, Any], status: str, reason: str | None
) -> None:
    """What was taken stays taken; what may have left is known no better."""
    after = withdrawn(_message(**fields), NOW)
    assert (after.status, after.reason, after.second_way) == (status, reason, None)
    assert after.submission is None


def test_what_is_being_asked_for_may_have_used_all_of_it_up() -> None:
    """Nobody knows how far it came."""
    message = _message(**QUEUED, submission=ASKED)
    assert used_by(message) == message.use


def test_what_was_not_reported_failed_goes_no_second_way() -> None:
    """It is still under way."""
    message = _message(message_id="a", second_way=BY_SMS)
    assert undelivered(message, NOW) is message


def test_what_waits_and_never_left_cannot_be_answered() -> None:
    """Nobody has its link."""
    message = _message(**QUEUED, submission=WAITING)
    assert answered(message) is message


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"message_id": "a"}, "taken"),
        ({"message_id": "a", "status": MessageStatus.DELIVERED}, "delivered"),
        ({**ON_SECOND_WAY, "other_id": "a", "submission": WAITING}, "taken"),
        (
            {"status": MessageStatus.FAILED, "other_id": "a", "message_id": "b"},
            "failed",
        ),
        ({**QUEUED, "submission": ASKED}, "asking"),
        (
            {**QUEUED, "submission": WAITING, "reason": ErrorReason.CANNOT_CONNECT},
            "waiting",
        ),
        (
            {**QUEUED, "submission": WAITING, "reason": ErrorReason.REPEAT_DETECTED},
            "held",
        ),
        (
            {**QUEUED, "submission": ASKED, "reason": ErrorReason.OUTCOME_UNKNOWN},
            "unknown",
        ),
        (
            {"status": MessageStatus.FAILED, "reason": HouseReason.WITHDRAWN},
            "withdrawn",
        ),
        (
            {
                "status": MessageStatus.FAILED,
                "reason": ErrorReason.LOW_BALANCE,
                "source": ReceiptSource.HOUSE,
            },
            "blocked",
        ),
        (
            {
                "status": MessageStatus.FAILED,
                "reason": ErrorReason.BLACKLISTED,
                "source": ReceiptSource.HOUSE,
            },
            "failed",
        ),
    ],
)
def test_a_question_stands_where_its_message_does(
    fields: dict[str, Any], standing: str
) -> None:
    """Since when, is known of what was taken only."""
    message = _message(**fields)
    assert standing_of(message) == standing
    assert (standing_since(message) is not None) is standing_of(message).taken
