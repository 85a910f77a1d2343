"""Phone numbers as people, templates and address books write them: any of them."""

from collections.abc import Sequence
from contextlib import suppress
import re

from hypothesis import assume, given, settings, strategies as st
import phonenumbers
from phonenumbers import PhoneNumberFormat
import pytest

from custom_components.inteltele.gateway import PhoneNumberError, to_e164

from ..properties import EXAMPLES

REGIONS = ("UA", "PL", "DE", "AT", "US", "GB", "IT", "FR", "IS", "FO", "MX", "BR")
thoroughly = settings(max_examples=EXAMPLES, deadline=None)


def _e164(number: phonenumbers.PhoneNumber) -> str:
    """Return a number as it is kept."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@st.composite
def numbers(
    draw: st.DrawFn, regions: Sequence[str] = REGIONS
) -> tuple[str, phonenumbers.PhoneNumber]:
    """Return a region and a valid number of it, near one that its rules give."""
    region = draw(st.sampled_from(regions))
    kind = draw(st.sampled_from([0, 1]))
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    text = str(example.national_number)
    tail = draw(st.text("0123456789", min_size=4, max_size=4))
    example.national_number = int(text[:-4] + tail)
    assume(phonenumbers.is_valid_number_for_region(example, region))
    return region, example


FORMATS = st.sampled_from(
    [
        PhoneNumberFormat.E164,
        PhoneNumberFormat.INTERNATIONAL,
        PhoneNumberFormat.NATIONAL,
    ]
)
MARKS = ("", " ", "\t", "\u200e", "\ufeff", "\u202a", "\u00a0")
GAPS = st.sampled_from(MARKS)
BLANKS = st.sampled_from([*MARKS, "\n"])
SEPARATORS = st.sampled_from(
    [", ", ";", "\n", " ", "/", " / ", "#", "x", " ext. ", ";ext=", ",,", " - ", "  "]
)


@thoroughly
@given(number=numbers(), written=FORMATS, before=BLANKS, after=BLANKS, gap=GAPS)
def test_a_number_is_itself_in_every_way_of_writing(
    number: tuple[str, phonenumbers.PhoneNumber],
    written: int,
    before: str,
    after: str,
    gap: str,
) -> None:
    """Never a wrong person."""
    region, parsed = number
    text = phonenumbers.format_number(parsed, written).replace(" ", f" {gap}")
    assert to_e164(f"{before}{text}{after}", region) == _e164(parsed)


@thoroughly
@given(
    region=st.sampled_from(REGIONS), written=FORMATS, between=SEPARATORS, data=st.data()
)
def test_two_numbers_in_one_text_are_never_one(
    region: str, written: int, between: str, data: st.DataObject
) -> None:
    """Never less than was given."""
    both = [data.draw(numbers([region]))[1] for _ in range(2)]
    texts = [phonenumbers.format_number(number, written) for number in both]
    with pytest.raises(PhoneNumberError):
        to_e164(between.join(texts), region)


@thoroughly
@given(number=numbers(), plus=st.booleans(), whole=st.booleans())
def test_the_state_of_a_number_helper_has_no_digit_too_many(
    number: tuple[str, phonenumbers.PhoneNumber], plus: bool, whole: bool
) -> None:
    """Its ".0" is none, in countries with longer numbers too."""
    region, parsed = number
    assume(not parsed.italian_leading_zero)
    text = f"{float(parsed.national_number)}"
    if plus:
        text = f"+{parsed.country_code} {text}"
    if whole:
        assert to_e164(text, region) == _e164(parsed)
        return
    with pytest.raises(PhoneNumberError):
        to_e164(text.removesuffix("0") + "7", region)


LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=3)


@thoroughly
@given(number=numbers(), written=FORMATS, letters=LETTERS, data=st.data())
def test_a_number_with_letters_is_none(
    number: tuple[str, phonenumbers.PhoneNumber],
    written: int,
    letters: str,
    data: st.DataObject,
) -> None:
    """Neither an extension, nor a word for digits, nor a name beside it."""
    region, parsed = number
    text = phonenumbers.format_number(parsed, written)
    place = data.draw(st.integers(0, len(text)))
    with pytest.raises(PhoneNumberError):
        to_e164(text[:place] + letters + text[place:], region)


PIECES = st.sampled_from(
    [
        *("+", "+380", "380", "00", "0", "(0)", "67", "50", "112", "2299", "1112233"),
        *(" ", "-", ".", "/", "(", ")", ",", ";", "#", "x", "*", "\n", "\t", "\u200e"),
        *(".0", "\x00", "ext", "tel:", "7", "4", "\uff13", "\u0663", "\u00b2", "e"),
    ]
)
# What may stand before the subscriber's own digits: for a call abroad, the country, and
# for a long-distance call.
PREFIX = re.compile(r"(00)?(380)?0?")


@thoroughly
@given(
    text=st.lists(PIECES, max_size=9).map("".join), region=st.sampled_from(["UA", None])
)
def test_no_digit_of_a_text_is_lost_or_invented(text: str, region: str | None) -> None:
    """Whatever it is made of, what comes out is a valid number, and all of it."""
    with suppress(PhoneNumberError):
        e164 = to_e164(text, region)
        assert phonenumbers.is_valid_number(phonenumbers.parse(e164))
        given_digits = "".join(
            str(int(character)) for character in text if character.isdecimal()
        )
        if text.rstrip().rstrip("\u200e\x00").endswith(".0"):
            given_digits = given_digits.removesuffix("0")
        parsed = phonenumbers.parse(e164)
        own = str(parsed.national_number)
        assert given_digits.endswith(own)
        left = given_digits.removesuffix(own)
        assert PREFIX.fullmatch(left) or left == str(parsed.country_code)


@thoroughly
@given(text=st.text(max_size=40), region=st.sampled_from([*REGIONS, None]))
def test_any_text_is_a_number_or_refused(text: str, region: str | None) -> None:
    """With one kind of error, that quotes nothing by itself."""
    with suppress(PhoneNumberError):
        assert re.fullmatch(r"\+[0-9]{7,15}", to_e164(text, region))


@pytest.mark.parametrize("text", ["67229900", "+67229900"])
def test_no_digit_is_added_by_the_rules_of_a_country(text: str) -> None:
    """On Norfolk Island, +672 29900 would become +672 329900."""
    with pytest.raises(PhoneNumberError):
        to_e164(text, "UA")
