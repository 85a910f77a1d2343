"""A message as the file holds it, and back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import json
import sqlite3
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.inteltele.gateway import (
    ErrorReason,
    FailureReason,
    MessageContent,
)
from custom_components.inteltele.storage import messages as table
from custom_components.inteltele.storage.message import (
    HouseReason,
    Message,
    MessageStatus,
    ReceiptSource,
    Submission,
)

from .messages import START, empty_file, message

CONTENT = MessageContent(message="Water! 🌊", ttl=60)

moments = st.integers(10**15, 4 * 10**15).map(
    lambda microseconds: (
        datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    )
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
submissions = st.builds(
    Submission,
    content=st.builds(
        MessageContent,
        message=texts.map(lambda text: f"x{text}"),
        ttl=st.integers(60, 86400),
    ),
    until=moments,
    resend_unknown=st.booleans(),
    not_before=st.none() | moments,
    attempted_at=st.none() | moments,
    alone=st.booleans(),
    button_until=st.none() | moments,
)
messages = st.builds(
    message,
    status=st.sampled_from(MessageStatus),
    reason=st.none()
    | st.sampled_from(FailureReason)
    | st.sampled_from(ErrorReason)
    | st.sampled_from(HouseReason),
    source=st.none() | st.sampled_from(ReceiptSource),
    sent_at=moments,
    reported_at=st.none() | moments,
    message_id=st.none() | texts,
    text=st.none() | texts,
    recipient=st.none() | texts,
    cost=st.none() | st.decimals("0", "1000", places=6),
    ttl=st.none() | st.integers(60, 86400),
    submission=st.none() | submissions,
)


def _kept(*kept: Message) -> sqlite3.Connection:
    """Return a file that holds messages."""
    connection = empty_file()
    table.insert(connection, kept)
    return connection


@given(kept=messages)
def test_a_message_comes_back_as_it_was(kept: Message) -> None:
    """To the last digit of its cost and of its times."""
    assert table.with_seq(_kept(kept), kept.seq) == kept


@given(before=messages, after=messages)
def test_a_change_leaves_what_it_leads_to(before: Message, after: Message) -> None:
    """Whatever changes; but what names a message, and what it says, never does."""
    after = replace(after, id=before.id, text=before.text)
    connection = _kept(before)
    assert table.update(connection, [(before, after)]) == set()
    assert table.with_seq(connection, before.seq) == after


def test_a_change_writes_only_what_changed() -> None:
    """Each column that is written costs a card its life."""
    before = message(status=MessageStatus.SENT)
    connection = _kept(before)
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    table.update(connection, [(before, replace(before, status="delivered"))])
    table.update(connection, [(before, before)])
    [statement] = [text for text in statements if text.startswith("UPDATE")]
    assert statement.startswith("UPDATE messages SET status = 'delivered' WHERE")


def test_a_change_of_what_was_deleted_brings_nothing_back() -> None:
    """It is told which those are."""
    kept, gone = message(1), message(2)
    connection = _kept(kept)
    changes = [(item, replace(item, status="failed")) for item in (kept, gone)]
    assert table.update(connection, changes) == {2}
    [left] = table.history(connection, None, None, 10)
    assert (left.seq, left.status) == (1, "failed")


def test_many_messages_are_kept_at_once() -> None:
    """More than one statement takes."""
    many = [message(seq) for seq in range(1, 101)]
    connection = _kept(*many)
    assert table.history(connection, None, None, 1000) == many[::-1]


def test_a_text_is_kept_once_while_it_waits() -> None:
    """The submission leaves it out where the row has it."""
    submission = Submission(content=CONTENT, until=START)
    queued = message(status=MessageStatus.QUEUED, submission=submission)
    for text, expected in ((CONTENT.message, {"ttl": 60}), (None, None)):
        connection = _kept(replace(queued, text=text))
        [[written]] = connection.execute("SELECT submission FROM messages")
        content = json.loads(written)["content"]
        assert content == (expected or {"message": CONTENT.message, "ttl": 60})


@pytest.mark.parametrize(
    "written",
    [
        "nonsense",
        "null",
        "[]",
        "{}",
        '{"content": {"message": "Water!"}}',
        '{"content": {"message": "Water!"}, "until": "soon"}',
        '{"content": {"message": "Water!"}, "until": 1e30}',
        '{"content": {"message": ""}, "until": 1}',
        '{"content": {"message": "Water!", "sender": 5}, "until": 1, "more": 1}',
    ],
)
def test_what_cannot_be_sent_any_more_comes_without_its_content(written: str) -> None:
    """The rest of it is there."""
    connection = _kept(message(status=MessageStatus.QUEUED, text="Water!"))
    connection.execute("UPDATE messages SET submission = ?", [written])
    [found] = table.open_messages(connection)
    assert (found.text, found.submission) == ("Water!", None)


def test_a_reason_of_a_later_version_is_unknown() -> None:
    """Whoever goes back to this version can use the file."""
    connection = _kept(message(status=MessageStatus.FAILED))
    connection.execute("UPDATE messages SET reason = 'of a later version'")
    [found] = table.history(connection, None, None, 10)
    assert found.reason is FailureReason.UNKNOWN


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (False, True, False, False)),
        ({"status": "sent"}, (False, True, False, False)),
        ({"status": "queued"}, (False, False, False, False)),
        ({"status": "queued", "reason": "cannot_connect"}, (True, False, False, False)),
        (
            {"status": "failed", "reason": ErrorReason.NO_ROUTE, "message_id": None}
            | {"source": ReceiptSource.HOUSE},
            (False, False, False, True),
        ),
        (
            {"status": "failed", "reason": ErrorReason.OUTCOME_UNKNOWN}
            | {"source": ReceiptSource.HOUSE, "message_id": None},
            (False, False, True, False),
        ),
        (
            {"status": "failed", "reason": FailureReason.UNKNOWN}
            | {"source": ReceiptSource.HOUSE},
            (False, True, False, True),
        ),
        (
            {"status": "failed", "reason": FailureReason.EXPIRED},
            (False, True, False, False),
        ),
    ],
)
def test_how_a_message_stands_follows_from_its_fields(
    fields: dict[str, Any], expected: tuple[bool, bool, bool, bool]
) -> None:
    """Whether it waits, was taken, is unknown, or is lost."""
    fields = fields | {"status": MessageStatus(fields.get("status", "delivered"))}
    found = message(**fields)
    assert (found.waits, found.taken, found.unknown, found.lost) == expected


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"reported_at": None}, None),
        ({"reported_at": START + timedelta(seconds=2)}, 2),
        # The gateway tells whole seconds only.
        ({"reported_at": START.replace(microsecond=0)}, 0),
        (
            {"reported_at": START, "message_id": None, "source": ReceiptSource.HOUSE}
            | {"status": MessageStatus.FAILED},
            None,
        ),
    ],
)
def test_seconds_are_whole_and_only_of_what_was_sent(
    fields: dict[str, Any], seconds: int | None
) -> None:
    """From when the gateway took it."""
    assert message(**fields).seconds == seconds


def test_costs_are_decimal() -> None:
    """No digit is made up."""
    kept = message(cost=Decimal("0.100000"))
    found = table.with_seq(_kept(kept), 1)
    assert found is not None
    assert str(found.cost) == "0.100000"
