"""What an answer page says, in the language of the phone that opens it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
from homeassistant.util.language import matches

from ..const import DOMAIN
from ..public import PageText

_TRANSLATIONS: Final = Path(__file__).parents[1] / "translations"
_LAST_RESORT: Final = "en"
_MAX_WISHES: Final = 10


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are translations for; the first call reads."""
    return tuple(sorted(path.stem for path in _TRANSLATIONS.glob("*.json")))


# The page that anybody may see.
LINK_GONE: Final = "link_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """The words of answer pages in one language, and the name of the house."""

    language: str
    house: str
    texts: Mapping[str, str]

    def page(self, key: str, placeholders: Mapping[str, str | datetime]) -> PageText:
        """Return what one kind of page says."""
        heading = self.text(f"{key}_heading", placeholders)
        return PageText(
            language=self.language,
            # Whoever guesses is not told whose house it is.
            title=heading if key == LINK_GONE else self.house,
            heading=heading,
            explanation=self.text(f"{key}_text", placeholders),
        )

    def text(self, key: str, placeholders: Mapping[str, str | datetime]) -> str:
        """Return one text; times are written by the house's clock."""
        filled = {
            name: self._moment(value) if isinstance(value, datetime) else value
            for name, value in placeholders.items()
        }
        return self._template(key).format(house=self.house, **filled)

    def _moment(self, moment: datetime) -> str:
        """Return a day and a time as the language writes them."""
        local = dt_util.as_local(moment)
        return self._template("moment").format(
            day=local.day,
            month=self._template("months").split(", ")[local.month - 1],
            year=local.year,
            time=f"{local:%H:%M}",
        )

    def _template(self, key: str) -> str:
        """Return a text as it is translated."""
        return self.texts[f"component.{DOMAIN}.common.page_{key}"]


async def async_page_words(hass: HomeAssistant, accept_language: str) -> PageWords:
    """Return the words of pages, in the first of a phone's languages that we speak.

    Where we speak none of them, in the house's, or in English.
    """
    language = next(_spoken(accept_language), None) or next(
        _spoken(hass.config.language), _LAST_RESORT
    )
    return PageWords(
        language=language,
        house=hass.config.location_name,
        texts=await async_get_translations(hass, language, "common", [DOMAIN]),
    )


def _spoken(accept_language: str) -> Iterator[str]:
    """Return our languages among those of an Accept-Language header, best first."""
    wishes: list[tuple[float, str]] = []
    for item in accept_language.split(",")[:_MAX_WISHES]:
        tag, _, quality = item.partition(";")
        weight = 1.0
        with suppress(ValueError):
            weight = float(quality.strip().removeprefix("q="))
        # A quality of zero names a language that is not wanted.
        if tag.strip() not in {"", "*"} and weight > 0:
            wishes.append((weight, tag.strip()))
    for _, tag in sorted(wishes, key=lambda wish: wish[0], reverse=True):
        yield from matches(tag, languages())
