"""Phone numbers: read in any way of writing, kept as E.164, shown masked."""

import pytest

from custom_components.inteltele.gateway import (
    PhoneNumberError,
    country_of,
    mask,
    takes_sms,
    to_e164,
)


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("+380671112233", None, "+380671112233"),
        ("+380 67 111-22-33", "PL", "+380671112233"),
        ("0671112233", "UA", "+380671112233"),
        ("(067) 111 22 33", "UA", "+380671112233"),
        ("380671112233", "UA", "+380671112233"),
        ("380671112233", None, "+380671112233"),
        ("00380671112233", "UA", "+380671112233"),
        ("48601234567", "UA", "+48601234567"),
        ("601 234 567", "PL", "+48601234567"),
        ("+380 (0)67 111 22 33", "PL", "+380671112233"),
        ("tel:+380-67-111-22-33", "PL", "+380671112233"),
        ("030/901820", "DE", "+4930901820"),
        ("067.111.22.33", "UA", "+380671112233"),
        # Marks that nobody sees, as they are copied from an address book.
        (
            "\u202a+380\N{NO-BREAK SPACE}67 111\N{NON-BREAKING HYPHEN}22\t33\u202c",
            None,
            "+380671112233",
        ),
        ("\u200e+380671112233\ufeff\n", None, "+380671112233"),
        ("067\u00ad111\x002233", "UA", "+380671112233"),
        # Digits in another script.
        (
            "\uff0b\uff13\uff18\uff10\uff16\uff17\uff11\uff11\uff11\uff12\uff12\uff13\uff13",
            None,
            "+380671112233",
        ),
        # The state of a number helper.
        ("+380 671112233.0", "PL", "+380671112233"),
        ("671112230.0", "UA", "+380671112230"),
    ],
)
def test_a_number_is_read_in_any_way_of_writing(
    text: str, region: str | None, expected: str
) -> None:
    """Spaces, brackets, a missing plus and a national prefix do not matter."""
    assert to_e164(text, region) == expected


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("", "UA"),
        ("abc", "UA"),
        ("123", "UA"),
        ("112", "UA"),
        ("+380", "UA"),
        ("+380671112233123456", "UA"),
        ("671112233", None),
        ("253-0000", "US"),
        ("0671112233", None),
        # Too many digits: somebody else's, in a country with longer numbers.
        ("+380 50 111 22 334", "UA"),
        ("06711122334", "UA"),
        ("5012345678", "PL"),
        # With a "+" before them, they would be numbers in Romania, and in Australia.
        ("400243921", "NO"),
        ("6116360085", "ES"),
        ("380671112233", "DE"),
        # A digit is missing, or is one too many anywhere: each a number abroad.
        ("50032245", "UA"),
        ("508755463", "TR"),
        ("61132694", "FR"),
        ("19157127108", "RU"),
        ("97460799843", "GB"),
        ("951500756", "EE"),
        ("+49 1511234567.0", "UA"),
        ("501112299.5", "UA"),
        ("501112299.00", "UA"),
        # More than one number, or something beside it.
        ("0501112299; 0671112299", "UA"),
        ("0501112299,0671112299", "UA"),
        ("0501112299 0671112299", "UA"),
        ("0501112299/0671112299", "UA"),
        ("20 12 34 60 12 34", "FO"),
        ("+380501112299 +380671112299", None),
        ("0501112299 #12", "UA"),
        ("0501112299x12", "UA"),
        ("0501112299 ext. 12", "UA"),
        ("+380501112299;ext=12", None),
        ("067 FLOWERS", "UA"),
        ("Olena +380671112233", "UA"),
        ("+380671112233 (Olena)", "UA"),
        ("3.80671112233e+11", "UA"),
        ("-380671112233", "UA"),
    ],
)
def test_an_impossible_number_is_refused(text: str, region: str | None) -> None:
    """Nothing is guessed where no subscriber can have the number."""
    with pytest.raises(PhoneNumberError):
        to_e164(text, region)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+380671112233", "+380…2233"),
        ("+12025550123", "+1…0123"),
        ("nonsense", "…"),
    ],
)
def test_a_masked_number_shows_country_and_last_four_digits(
    number: str, masked: str
) -> None:
    """The form that logs and diagnostics may hold."""
    assert mask(number) == masked


@pytest.mark.parametrize(
    "number",
    [
        "+380671112233",
        "+48601234567",
        "+447400123456",
        "+12025550123",
        "+78001234567",
        # Countries, between the global networks.
        "+8801712345678",
        "+886912345678",
        # Possible, though nobody seems to have it.
        "+380111234567",
    ],
)
def test_a_subscriber_takes_sms(number: str) -> None:
    """A landline as well: networks read it out, or the gateway refuses it."""
    assert takes_sms(number)


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+380671112233", "ua"),
        ("+77011234567", "kz"),
        ("+79161234567", "ru"),
        ("+881612345678", None),
        ("nonsense", None),
    ],
)
def test_a_number_is_of_a_country(number: str, country: str | None) -> None:
    """Also where several countries share a code."""
    assert country_of(number) == country


@pytest.mark.parametrize(
    "number",
    [
        "+380900301234",
        "+48701234567",
        "+449012345678",
        "+19002345678",
        "+979123456789",
        "+491805123456",
        "+48801234567",
        "+80812345678",
        "+870773111632",
        "+881612345678",
        "+88212345678",
        "+882161234567",
        "+8830123456789",
        "+88812345678",
        "nonsense",
    ],
)
def test_a_number_that_costs_more_takes_none(number: str) -> None:
    """Premium rate, shared cost, and the codes of no country."""
    assert not takes_sms(number)
