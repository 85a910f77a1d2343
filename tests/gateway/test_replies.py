"""What the gateway's replies mean."""

from contextlib import suppress
from decimal import Decimal
import re

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.inteltele.gateway import (
    ErrorReason,
    InvalidResponseError,
    Rate,
    RefusedError,
)
from custom_components.inteltele.gateway.bodies import parse_body
from custom_components.inteltele.gateway.errors import printable
from custom_components.inteltele.gateway.replies import (
    amount,
    raise_for_error,
    rates,
    send_results,
    states,
)

from ..properties import EXAMPLES

NUMBER = "+380671112233"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("wrong username/api_key", ErrorReason.INVALID_AUTH),
        ("wrong api key", ErrorReason.INVALID_AUTH),
        ("Invalid auth", ErrorReason.INVALID_AUTH),
        ("bruteforcing detected", ErrorReason.LOCKED_OUT),
        ("ip not allowed", ErrorReason.IP_NOT_ALLOWED),
        ("can't send message", ErrorReason.MISSING_PARAMETER),
        (
            "can\N{RIGHT SINGLE QUOTATION MARK}t send message",
            ErrorReason.MISSING_PARAMETER,
        ),
        ("message is too long", ErrorReason.TOO_LONG),
        ("sender is banned", ErrorReason.SENDER_BANNED),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        '{{"reply": [{{"status": "error: {words}"}}]}}',
        "{{'reply':[{{'status': \"error: {words}\"}}]}}",
        "{{'message': \"{words}\", 'error': true}}",
        '{{"status": "{words}", "error": true}}',
        '{{"status": "error: {words}"}}',
        '{{"status": "ERROR: {words}", "error": 1}}',
    ],
)
def test_every_documented_error_is_known_in_every_shape(
    body: str, words: str, reason: ErrorReason
) -> None:
    """The provider's page shows two shapes and two kinds of quotes."""
    reply = parse_body(body.format(words=words).encode())
    with pytest.raises(RefusedError) as caught:
        raise_for_error(reply)
    assert caught.value.reason is reason


def test_an_undocumented_error_keeps_the_words_of_the_gateway() -> None:
    """So that a person can ask the provider about it."""
    with pytest.raises(InvalidResponseError) as caught:
        raise_for_error({"status": "error: <b>on [fire](http://x)</b>", "error": True})
    assert caught.value.words == "error: on fire …"


@pytest.mark.parametrize(
    "reply",
    [
        {"balance": "1.00"},
        {"balance": "1.00", "error": False},
        {"reply": [{"number": "1", "status": "error: repeat detected"}]},
        {"reply": []},
        {"reply": [{"status": "OK", "number": "1"}]},
    ],
)
def test_a_reply_without_a_whole_error_passes(reply: dict[str, object]) -> None:
    """An error of one number is no error of the request."""
    raise_for_error(reply)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("number is blacklisted", ErrorReason.BLACKLISTED),
        ("repeat detected", ErrorReason.REPEAT_DETECTED),
        ("can't determine country", ErrorReason.UNKNOWN_COUNTRY),
        ("no route to country", ErrorReason.NO_ROUTE),
        ("low balance", ErrorReason.LOW_BALANCE),
    ],
)
def test_every_documented_error_of_a_number_is_known(
    words: str, reason: ErrorReason
) -> None:
    """The five that the provider's page lists."""
    results = send_results(
        {"reply": [{"number": "380671112233", "status": f"error: {words}"}]}, [NUMBER]
    )
    assert results[NUMBER].error is reason


def test_results_are_matched_by_number() -> None:
    """The provider promises no order, nor how a number is written."""
    results = send_results(
        {
            "reply": [
                {"status": "OK", "number": "+48601234567", "message_id": "b"},
                {"status": "OK", "number": 380671112233, "message_id": "a"},
                {"status": "OK", "number": "4470", "message_id": "stranger"},
                "nonsense",
            ]
        },
        [NUMBER, "+48601234567", "+12025550123"],
    )
    assert {number: result.message_id for number, result in results.items()} == {
        NUMBER: "a",
        "+48601234567": "b",
    }


def test_a_result_keeps_cost_and_country_exactly() -> None:
    """Money is decimal, as the gateway wrote it."""
    item = {"status": "OK", "number": "380671112233", "message_id": "a"}
    item |= {"cost": "0.186440", "country": "UA"}
    result = send_results({"reply": [item]}, [NUMBER])[NUMBER]
    assert (result.cost, result.country) == (Decimal("0.186440"), "ua")


@pytest.mark.parametrize("nothing", [{}, {"number": None}])
def test_a_single_result_needs_no_number(nothing: dict[str, object]) -> None:
    """Where one was asked for, it is the one."""
    result = {"status": "OK", "message_id": "a"} | nothing
    results = send_results({"reply": [result]}, [NUMBER])
    assert results[NUMBER].message_id == "a"
    with pytest.raises(InvalidResponseError):
        send_results({"reply": [result]}, [NUMBER, "+380671112244"])


def test_an_error_about_no_number_is_of_the_whole_request() -> None:
    """Also where there is a place for the number."""
    with pytest.raises(RefusedError):
        raise_for_error({"reply": [{"status": "error: low balance", "number": None}]})


@pytest.mark.parametrize(
    "reply",
    [{}, {"reply": "OK"}, {"reply": []}, {"reply": [{"number": "4470"}, {}]}],
)
def test_a_reply_without_results_is_invalid_but_may_have_been_carried_out(
    reply: dict[str, object],
) -> None:
    """It came with a status of success."""
    with pytest.raises(InvalidResponseError) as caught:
        send_results(reply, [NUMBER])
    assert caught.value.accepted


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("-0.42", "-0.42"),
        ("1.230000", "1.230000"),
        (7, "7"),
        (Decimal("1.1"), "1.1"),
        # As programs show 0.1 + 0.2, and one ten-millionth.
        (Decimal("0.30000000000000004"), "0.3"),
        ("-0.41999999999999998", "-0.42"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_an_amount_is_exact(value: object, expected: str) -> None:
    """No digit is lost or invented."""
    assert f"{amount({'balance': value}, 'balance'):f}" == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0.186440", "0.18644"),
        ("-0.42", "-0.42"),
        ("0.30000000000000004", "0.3"),
        ("0.8999999999999999", "0.9"),
        ("1E-7", "0.0000001"),
        ("1e2", "100"),
        ("100", "100"),
        ("0.0", "0"),
    ],
)
def test_an_amount_may_be_a_json_number(number: str, expected: str) -> None:
    """Such as a program writes that reckons in floats."""
    reply = parse_body(f'{{"balance": {number}}}'.encode())
    assert amount(reply, "balance") == Decimal(expected)


@pytest.mark.parametrize(
    "cost", ["null", '"0,45"', "1e999999", "[]", "NaN", "-Infinity", "9" * 5000]
)
def test_a_cost_that_is_none_spoils_nothing_else(cost: str) -> None:
    """The message was taken all the same."""
    body = f'{{"reply": [{{"status": "OK", "message_id": "a", "cost": {cost}}}]}}'
    result = send_results(parse_body(body.encode()), [NUMBER])[NUMBER]
    assert (result.message_id, result.cost) == ("a", None)


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, "NaN", "1e9", "", "1,5", [], "9" * 30, 1.5),
        *(Decimal("1E+999999"), Decimal("1E-999999")),
    ],
)
def test_what_is_no_amount_is_none(value: object) -> None:
    """A sensor must never show it."""
    assert amount({"balance": value}, "balance") is None


def test_a_reply_without_an_amount_is_invalid() -> None:
    """It answers another question."""
    with pytest.raises(InvalidResponseError):
        amount({"credit": "1"}, "balance")


@pytest.mark.parametrize(
    "number", ["380671112233", "380671112233.0", "3.80671112233E11"]
)
def test_a_number_that_came_through_a_program_s_arithmetic_is_known(
    number: str,
) -> None:
    """As JSON numbers, whole ones may look like that."""
    body = f'{{"reply": [{{"status": "OK", "number": {number}, "message_id": "a"}}]}}'
    assert send_results(parse_body(body.encode()), [NUMBER])[NUMBER].message_id == "a"


@pytest.mark.parametrize(
    "number",
    ["1E999999", "1E1000000000000000000", "4" * 41, "0.5", "true", "[380671112233]"],
)
def test_what_is_no_number_is_nobody_s(number: str) -> None:
    """And takes no time."""
    body = f'{{"reply": [{{"status": "OK", "number": {number}, "message_id": "a"}}]}}'
    with pytest.raises(InvalidResponseError):
        send_results(parse_body(body.encode()), [NUMBER])


def test_rates_are_read_by_country_and_network() -> None:
    """An empty network means all of them."""
    body = b'{"demo": {"UA": {"01": [0.123456, 0], "": ["0.234567", 1]}, "pl": 0}}'
    assert rates(parse_body(body), "other") == {
        "ua": (
            Rate(network="01", price=Decimal("0.123456"), only_delivered=False),
            Rate(network=None, price=Decimal("0.234567"), only_delivered=True),
        )
    }


@pytest.mark.parametrize(
    "reply",
    [
        {"demo": 1},
        {"a": {}, "b": {}},
        {"demo": {"ua": {"": [1]}}},
        {"demo": {"ua": {"": ["x", 0]}}},
    ],
)
def test_rates_of_another_shape_are_invalid(reply: dict[str, object]) -> None:
    """A price is a number and a flag."""
    with pytest.raises(InvalidResponseError):
        rates(reply, "demo")


@given(st.text())
def test_words_of_the_gateway_are_plain_and_short(words: str) -> None:
    """They end up in notifications, which render Markdown and HTML."""
    plain = printable(words)
    assert len(plain) <= 100
    assert plain.isprintable()
    assert not set(plain) & set("<*`[]#|\\")


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("no subscriber 380671112233", "no subscriber +380…2233"),
        ("no subscriber +380671112233 here", "no subscriber +380…2233 here"),
        ("at https://house.example.org/api/inteltele/a/x?y here", "at … here"),
        ("no answer from rtsp://admin:secret@camera/1", "no answer from …"),
        ("unknown token k3Jd9_fQmZ-81LxPvWq0Ag, sorry", "unknown token …, sorry"),
        ("im_button_link=https%3A%2F%2Fh%2Fa%2Fk3Jd9_fQmZ-81LxPvWq0Ag", None),
    ],
)
def test_words_of_the_gateway_hold_no_number_and_no_link(
    words: str, plain: str | None
) -> None:
    """A server that fails may throw back what it was sent."""
    shown = printable(words)
    assert "k3Jd9" not in shown
    assert shown == (plain or shown)


@pytest.mark.parametrize(
    "message_id", ["", "a b", "a,b", "<b>a</b>", "[a](b)", "a\nb", "x" * 129, 7, None]
)
def test_an_id_that_is_none_is_left_out(message_id: object) -> None:
    """It would be rendered wherever ids are, and could be asked for by nobody."""
    result = {"number": "380671112233", "status": "OK", "message_id": message_id}
    results = send_results({"reply": [result]}, [NUMBER])
    assert results[NUMBER].message_id is None
    assert results[NUMBER].error is None


def test_prices_hold_nothing_but_codes() -> None:
    """Countries and networks are shown to users."""
    reply = {
        "demo": {"ua": {"<b>": ["0.1", 0], "01": ["0.2", 0]}, "[x](y)": {"": [1, 0]}}
    }
    prices = rates(reply, "demo")
    assert {
        country: [item.network for item in networks]
        for country, networks in prices.items()
    } == {"ua": [None, "01"]}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(max_size=8)
    | st.sampled_from(["OK", "380671112233", "48601234567", "error: low balance"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["reply", "status", "number", "message_id", "cost", "error", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
PHONE_NUMBERS = [NUMBER, "+48601234567"]


@settings(max_examples=EXAMPLES, deadline=None)
@given(items=st.lists(JSON, max_size=4))
def test_any_results_are_of_the_numbers_that_were_asked_for(
    items: list[object],
) -> None:
    """Never of another one, whatever the reply says."""
    try:
        results = send_results({"reply": items}, PHONE_NUMBERS)
    except InvalidResponseError:
        return
    for number, result in results.items():
        assert number in PHONE_NUMBERS
        assert result.number == number
        [first, *_] = [
            item
            for item in items
            if isinstance(item, dict)
            and number[1:] in re.sub(r"[^0-9]", "", str(item.get("number", "")))
        ]
        assert result.message_id is None or result.message_id == first["message_id"]
        assert result.cost is None or result.cost.is_finite()


@settings(max_examples=EXAMPLES, deadline=None)
@given(reply=st.dictionaries(st.text(max_size=6), JSON, max_size=4))
def test_any_reply_is_read_or_invalid(reply: dict[str, object]) -> None:
    """Nothing else is raised, whichever question it answers."""
    for read in (
        raise_for_error,
        states,
        lambda reply: amount(reply, next(iter(reply), "balance")),
        lambda reply: rates(reply, "demo"),
        lambda reply: send_results(reply, PHONE_NUMBERS),
    ):
        with suppress(InvalidResponseError, RefusedError):
            read(reply)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.decimals(-(10**6), 10**6, places=6)
    | st.floats(-(10.0**6), 10.0**6).map(lambda number: Decimal(repr(number))),
    st.booleans(),
)
def test_an_amount_is_what_the_gateway_meant(number: Decimal, quoted: bool) -> None:
    """To a billionth, as text or as a number, with a float's rounding."""
    written = f'"{number:f}"' if quoted else str(number)
    reply = parse_body(f'{{"balance": {written}}}'.encode())
    read = amount(reply, "balance")
    if read is None:
        assert len(f"{number:f}".partition(".")[2]) > 40
        return
    assert abs(read - number) <= Decimal("5E-10")
    assert "E" not in f"{read:f}"
