"""Delivery receipts: what the gateway says about a message later."""

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.inteltele.gateway import (
    FailureReason,
    MalformedReceiptError,
    parse_receipt,
)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("delivrd", None),
        ("DELIVRD", None),
        ("unknown", FailureReason.UNKNOWN),
        ("rejectd", FailureReason.REJECTED),
        ("Expired", FailureReason.EXPIRED),
        ("undeliv", FailureReason.UNDELIVERABLE),
        ("deleted", FailureReason.DELETED),
    ],
)
def test_every_documented_state_is_final(
    status: str, failure: FailureReason | None
) -> None:
    """In whatever case it is spelled."""
    told = parse_receipt({"msgid": "a", "status": status})
    assert told.final
    assert told.failure is failure
    assert told.delivered is (failure is None)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("enroute", "enroute"),
        ("seen_", "seen_"),
        ("<b>", "unrecognised"),
        ("x" * 33, "unrecognised"),
        ("état", "unrecognised"),
    ],
)
def test_an_unlisted_state_is_not_final(status: str, word: str) -> None:
    """And one that is no word is not repeated."""
    told = parse_receipt({"msgid": "a", "status": status})
    assert told.gateway_status == word
    assert not told.final


@pytest.mark.parametrize("date", ["2017-02-17 12:08:29", "17-02-2017 12:08:29"])
def test_both_date_formats_are_read(date: str) -> None:
    """The provider's page shows one in the text and the other in a sample."""
    told = parse_receipt({"msgid": "a", "status": "delivrd", "datetime": date})
    assert told.reported_at == datetime(2017, 2, 17, 12, 8, 29, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "2017-13-17 12:08:29", "1" * 99])
def test_an_unreadable_date_is_none(date: str) -> None:
    """The receipt counts all the same."""
    told = parse_receipt({"msgid": "a", "status": "delivrd", "datetime": date})
    assert told.reported_at is None


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"msgid": "a"},
        {"status": "delivrd"},
        {"msgid": "", "status": "delivrd"},
        {"msgid": "a b", "status": "delivrd"},
        {"msgid": "a" * 129, "status": "delivrd"},
        {"msgid": "a", "status": ""},
    ],
)
def test_a_report_without_id_or_status_is_malformed(
    parameters: dict[str, str],
) -> None:
    """Nothing can be told from it."""
    with pytest.raises(MalformedReceiptError):
        parse_receipt(parameters)


@given(st.dictionaries(st.sampled_from(["msgid", "status", "datetime"]), st.text()))
def test_any_parameters_are_a_receipt_or_malformed(
    parameters: dict[str, str],
) -> None:
    """A stranger can send anything."""
    with suppress(MalformedReceiptError):
        assert parse_receipt(parameters).message_id == parameters["msgid"].strip()
