"""Prices: a Viber message by country, an SMS by country, network and part."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import gsm0338
import phonenumbers

GSM_LIMITS: Final = (160, 153)
UCS2_LIMITS: Final = (70, 67)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What messages to a country cost; `mcc` is its mobile country code."""

    mcc: str
    viber: Decimal
    sms: Mapping[str, Decimal]
    only_delivered: bool = False


TARIFFS: Final[Mapping[str, Tariff]] = {
    "ua": Tariff(
        mcc="255",
        viber=Decimal("0.200000"),
        sms={"": Decimal("0.450000"), "03": Decimal("0.430000")},
    ),
    "pl": Tariff(mcc="260", viber=Decimal("0.310000"), sms={"": Decimal("1.120000")}),
    "de": Tariff(
        mcc="262",
        viber=Decimal("0.940000"),
        sms={"": Decimal("2.870000"), "01": Decimal("2.790000")},
        only_delivered=True,
    ),
    "ru": Tariff(mcc="250", viber=Decimal("0.186440"), sms={"": Decimal("1.950000")}),
    "kz": Tariff(mcc="401", viber=Decimal("0.240000"), sms={"": Decimal("1.230000")}),
    "gb": Tariff(mcc="234", viber=Decimal("0.880000"), sms={"": Decimal("1.640000")}),
    "us": Tariff(mcc="310", viber=Decimal("0.150000"), sms={"": Decimal("0.390000")}),
}


def country_of(digits: str) -> str | None:
    """Return a number's ISO 3166 alpha-2 country in lower case, if it has one."""
    if not digits.isdecimal():
        return None
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    exact = phonenumbers.region_code_for_number(number) or region
    return None if exact == "ZZ" else str(exact).lower()


def sms_parts(text: str) -> int:
    """Return how many parts an SMS takes."""
    try:
        units = len(gsm0338.Codec().encode(text)[0])
        single, several = GSM_LIMITS
    except UnicodeEncodeError:
        units = len(text.encode("utf-16-be")) // 2
        single, several = UCS2_LIMITS
    return 1 if units <= single else -(-units // several)
