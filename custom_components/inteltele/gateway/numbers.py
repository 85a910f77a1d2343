"""Phone numbers: read in any way of writing, kept as E.164, shown masked."""

from functools import lru_cache
import re
from typing import Final
from unicodedata import category

import phonenumbers
from phonenumbers import PhoneNumber

# Automations name the same numbers again and again, and reading one takes its time.
REMEMBERED: Final = 2048

_UNKNOWN_REGION: Final = "ZZ"
# Where the library puts country codes that belong to no country.
_NO_COUNTRY: Final = "001"
_NO_DIGITS: Final = re.compile(r"[^0-9]+")
_VISIBLE_DIGITS: Final = 4

# Control characters, and marks such as those for the direction of a text.
_UNSEEN: Final = frozenset({"Cc", "Cf"})
# Digits in any script, and what is written between them.
_ONE_NUMBER: Final = re.compile(
    r"(?:tel:)?(?P<number>[+\uff0b]? ?[\d(\[][\d ()\[\]./~\u2010-\u2015\u2212-]*)",
    re.IGNORECASE,
)
# As a number helper's state ends; nobody writes a number in one block and one digit.
_FRACTION: Final = re.compile(r"(?P<whole>[^.]*\d)\.(?P<digits>\d|00)")


class PhoneNumberError(ValueError):
    """A text is not one valid phone number."""


@lru_cache(maxsize=REMEMBERED)
def to_e164(text: str, region: str | None = None) -> str:
    """Return a phone number as E.164, such as "+380671112233".

    A number without country code is taken as one of the region, an ISO 3166 alpha-2
    code; where it cannot be one, a missing "+" is forgiven. Marks that nobody sees are
    dropped, and so is the ".0" of a number helper. Raises PhoneNumberError where that
    is not a valid number, or where something else is written beside it: letters, an
    extension, a second number.
    """
    written = _written(text)
    number = _parse(written, region or _UNKNOWN_REGION)
    whole = written.startswith("+")
    if number is None or not phonenumbers.is_possible_number(number):
        number = _parse_without_plus(written, region or _UNKNOWN_REGION)
        whole = True
    if number is None or not phonenumbers.is_valid_number(number):
        raise PhoneNumberError(text)
    given = "".join(str(int(sign)) for sign in written if sign.isdecimal())
    # Some countries' rules add a digit, which makes it another number.
    if whole and not given.endswith(str(number.national_number)):
        raise PhoneNumberError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=REMEMBERED)
def takes_sms(number: str) -> bool:
    """Return whether an SMS may go to an E.164 number.

    Not to those that cost more than a subscriber's does, which is what fraud lives on:
    premium rate and shared cost, and the codes of no country, such as satellite phones.
    """
    if (parsed := _parse(number, _UNKNOWN_REGION)) is None:
        return False
    if phonenumbers.region_code_for_number(parsed) == _NO_COUNTRY:
        return False
    return phonenumbers.number_type(parsed) not in {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
    }


def country_of(number: str) -> str | None:
    """Return the country of an E.164 number, as ISO 3166 alpha-2 in lower case.

    None for a number of no country.
    """
    parsed = _parse(number, _UNKNOWN_REGION)
    country = parsed and phonenumbers.region_code_for_number(parsed)
    return country.lower() if country and country != _NO_COUNTRY else None


def _written(text: str) -> str:
    """Return what a text shows of a number; raises PhoneNumberError for more than one.

    The library would pass over what it does not know, and read another number.
    """
    visible = "".join(
        character
        for character in text
        if character.isspace() or category(character) not in _UNSEEN
    )
    if len(visible.strip().splitlines()) > 1:
        raise PhoneNumberError(text)
    visible = " ".join(visible.split())
    if (match := _ONE_NUMBER.fullmatch(visible)) is None:
        raise PhoneNumberError(text)
    if (fraction := _FRACTION.fullmatch(match["number"])) is None:
        return match["number"]
    if fraction["digits"] != "0":
        raise PhoneNumberError(text)
    return fraction["whole"]


def _parse_without_plus(written: str, region: str) -> PhoneNumber | None:
    """Return a number of another country whose "+" is missing, or None.

    Only where it is written in one go, as the gateway does, and is no number of the
    region with a digit too few or too many: it would be somebody else's.
    """
    if not written.isdecimal():
        return None
    local = _parse(written, region)
    if local is not None and (
        phonenumbers.is_possible_number_with_reason(local)
        != phonenumbers.ValidationResult.TOO_LONG
    ):
        return None
    for place in range(len(written)):
        shorter = _parse(written[:place] + written[place + 1 :], region)
        if shorter is not None and phonenumbers.is_valid_number(shorter):
            return None
    return _parse(f"+{written}", _UNKNOWN_REGION)


def _parse(text: str, region: str) -> PhoneNumber | None:
    """Return a text read as a phone number, or None where it is none."""
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def digits(number: str) -> str:
    """Return a number's digits alone, as the gateway writes it."""
    return _NO_DIGITS.sub("", number)


def mask(number: str) -> str:
    """Return a number that shows its country code and last four digits only.

    The form for logs and diagnostics: "+380671112233" becomes "+380…2233".
    """
    if (parsed := _parse(f"+{digits(number)}", _UNKNOWN_REGION)) is None:
        return "…"
    return f"+{parsed.country_code}…{digits(number)[-_VISIBLE_DIGITS:]}"
