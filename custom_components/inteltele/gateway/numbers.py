"""Phone numbers: read in any way of writing, kept as E.164, shown masked."""

from functools import lru_cache
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# It is large, and imported where the first number is read; who must not wait then does
# so beforehand.
LIBRARY: Final = "phonenumbers"

# Automations name the same numbers again and again, and reading one takes its time.
REMEMBERED: Final = 2048

_UNKNOWN_REGION: Final = "ZZ"
# Where the library puts country codes that belong to no country.
_NO_COUNTRY: Final = "001"
_NO_DIGITS: Final = re.compile(r"[^0-9]+")
_VISIBLE_DIGITS: Final = 4


class PhoneNumberError(ValueError):
    """A text is not a possible phone number."""


@lru_cache(maxsize=REMEMBERED)
def to_e164(text: str, region: str | None = None) -> str:
    """Return a phone number as E.164, such as "+380671112233".

    A number without country code is taken as one of the region, an ISO 3166 alpha-2
    code; where it cannot be one, a missing "+" is forgiven. Raises PhoneNumberError
    when no subscriber can have such a number.
    """
    import phonenumbers  # noqa: PLC0415

    number = _parse(text, region or _UNKNOWN_REGION)
    if number is None or not phonenumbers.is_possible_number(number):
        number = _parse(f"+{text}", _UNKNOWN_REGION)
        # Without the "+" that was meant or not, being possible is not enough.
        if number is None or not phonenumbers.is_valid_number(number):
            raise PhoneNumberError(text)
    if phonenumbers.is_possible_number_with_reason(number):
        raise PhoneNumberError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=REMEMBERED)
def takes_sms(number: str) -> bool:
    """Return whether an SMS may go to an E.164 number.

    Not to those that cost more than a subscriber's does, which is what fraud lives on:
    premium rate and shared cost, and the codes of no country, such as satellite phones.
    """
    import phonenumbers  # noqa: PLC0415

    if (parsed := _parse(number, _UNKNOWN_REGION)) is None:
        return False
    if phonenumbers.region_code_for_number(parsed) == _NO_COUNTRY:
        return False
    return phonenumbers.number_type(parsed) not in {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
    }


def _parse(text: str, region: str) -> PhoneNumber | None:
    """Return a text read as a phone number, or None where it is none."""
    import phonenumbers  # noqa: PLC0415

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
