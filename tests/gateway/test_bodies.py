"""From the bytes of a reply to the object that they hold."""

from contextlib import suppress
from decimal import Decimal
from time import process_time

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.inteltele.gateway import InvalidResponseError, RefusedError
from custom_components.inteltele.gateway.bodies import is_page, parse_body
from custom_components.inteltele.gateway.replies import (
    amount,
    raise_for_error,
    send_results,
)

from ..properties import EXAMPLES

NUMBER = "+380671112233"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'\xef\xbb\xbf {"a": 1.10} ', {"a": Decimal("1.10")}),
        (b"{'a': 'it\\'s', \"b\": true}", {"a": "it's", "b": True}),
        (b"{u'a': null}", {"a": None}),
        (rb"{'a': u'\x7e\u0457\\ \''}", {"a": "~ї\\ '"}),
        (rb"""{'a': 'say "no\"'}""", {"a": 'say "no"'}),
    ],
)
def test_bodies_in_either_quotes_are_read(
    body: bytes, expected: dict[str, object]
) -> None:
    """JSON, or what the provider's page prints."""
    assert parse_body(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"'a'",
        b"{'a': '\\x'}",
        b"[" * 100_000,
        b"{'a':" * 100_000,
        b"\xff\xfe",
    ],
    ids=lambda body: repr(body[:10]),
)
def test_a_body_that_is_no_object_is_invalid(body: bytes) -> None:
    """Never a traceback of the parser."""
    with pytest.raises(InvalidResponseError):
        parse_body(body)


_REPLY = '{"reply": [{"status": "OK", "number": "380671112233", "message_id": "a"}]}'
_WARNING = (
    "<br />\n<b>Warning</b>:  Undefined variable ${x} in {closure} <b>send.php</b> on "
    "line <b>3</b><br />\n"
)


@pytest.mark.parametrize(
    "body",
    [
        f"\ufeff\ufeff{_REPLY}",
        f"{_WARNING}{_REPLY}",
        f"{_REPLY}\n<!-- served by sms2 in 0.3 s -->",
        f"{_WARNING}{_REPLY}{_WARNING}",
        f'{{"took": 3}}\n{_REPLY}\n{{}}',
        f"{_REPLY}\0",
    ],
)
def test_a_reply_is_found_among_what_a_program_prints_around_it(body: str) -> None:
    """What was taken is not told as unknown for it."""
    results = send_results(parse_body(body.encode()), [NUMBER])
    assert results[NUMBER].error is None


@pytest.mark.parametrize(
    "body",
    [
        '{"balance": "1.5"}',
        '{"credit": "1.5"}',
        '{"status": "error: ip not allowed"}',
        '{"message": "Invalid auth", "error": true}',
        '{"6f9619ff": {"status": "delivrd"}}',
        '{"demo": {"ua": {"": [0.1, 0]}}}',
    ],
)
def test_every_kind_of_reply_is_found(body: str) -> None:
    """Also those whose names are ids or usernames."""
    assert parse_body(f"{_WARNING}{body}".encode()) == parse_body(body.encode())


@pytest.mark.parametrize(
    "body",
    [
        f"{_REPLY}{_REPLY}",
        f"{_WARNING}{_REPLY[:-1]}",
        f"<html><script>x = {_REPLY}</script></html>",
        f"{_WARNING}[1, 2]",
        f'{_WARNING}{{"took": 3}}',
        "{" * 200_000 + _REPLY,
    ],
)
def test_what_may_be_no_reply_or_several_stays_invalid(body: str) -> None:
    """Nobody guesses: two replies, a piece of one, or a page's script."""
    with pytest.raises(InvalidResponseError):
        parse_body(body.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_invalid(body: bytes) -> None:
    """Nothing else comes out, whatever went in."""
    with suppress(InvalidResponseError):
        assert isinstance(parse_body(body), dict)


@pytest.mark.parametrize(
    "before",
    [
        "<p>Log in</p> x =",
        "<p>Log in</p> start(",
        "<p>Log in</p> <a data='",
        '<p>Log in</p> <a data="',
        "<p>Log in</p> `",
        "Warning: cannot send '",
    ],
)
def test_what_a_script_or_a_quotation_holds_is_no_reply(before: str) -> None:
    """A login, or an error that repeats somebody's text, has sent nothing."""
    with pytest.raises(InvalidResponseError):
        parse_body(f"{before}{_REPLY}".encode())


@pytest.mark.parametrize(
    "body",
    [
        "'" + "\\'" * 500_000,
        '"' + '\\"' * 500_000,
        "'" + "\\'" * 500_000 + "\\",
        "x" + '{"a":' * 90 + "[" + "1," * 400_000,
        '{"a": ["' + '{"' * 500_000,
        '{"reply": [' + '{"number": 1e-999999},' * 40_000 + "{}]}",
    ],
    ids=lambda body: body[:12],
)
def test_no_body_is_looked_at_for_long(body: str) -> None:
    """Whoever is on the way without TLS holds up nothing else of the house."""
    began = process_time()
    with suppress(InvalidResponseError):
        send_results(parse_body(body.encode()), [NUMBER])
    assert process_time() - began < 2


@pytest.mark.parametrize(
    "number", ["1e1000000000000000000", "-1e-1000000000000000000", "1e999999", "NaN"]
)
def test_what_is_no_number_spoils_its_own_field_only(number: str) -> None:
    """Whatever is written in its place."""
    reply = parse_body(f'{{"balance": {number}, "credit": 1}}'.encode())
    assert amount(reply, "balance") is None
    assert amount(reply, "credit") == 1


def test_a_page_is_told_from_none_in_no_time() -> None:
    """Comments may stand before it, and there may be many of them."""
    comments = b"<!-- hotspot -->" * 4000
    assert is_page(comments + b"<?xml version='1.0'?> <html>")
    assert not is_page(comments)


ODD_BYTES = (
    rb"""{ } [ ] : , ' " \ u' \u00 \ud83d \x 'it\'s' "number" reply 'a' status
    1 1e999999 - .5 true null NaN error: <html> <!-- --> <?xml"""
).split()


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ODD_BYTES, b" ", b"\x00", b"\xff", b"\xef\xbb\xbf"]),
        max_size=40,
    ).map(b"".join)
)
def test_any_odd_bytes_are_an_object_or_invalid(body: bytes) -> None:
    """Or a page, which is told apart without looking for long."""
    is_page(body)
    with suppress(InvalidResponseError, RefusedError):
        reply = parse_body(body)
        raise_for_error(reply)
        send_results(reply, [NUMBER])
