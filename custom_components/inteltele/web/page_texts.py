"""What an answer page says, in the language of the phone that opens it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
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


async def async_page_text(
    hass: HomeAssistant, accept_language: str, key: str, placeholders: Mapping[str, str]
) -> PageText:
    """Return a page's text, in the first of a phone's languages that we speak.

    Where we speak none of them, in the house's, or in English.
    """
    language = next(_spoken(accept_language), None) or next(
        _spoken(hass.config.language), _LAST_RESORT
    )
    texts = await async_get_translations(hass, language, "common", [DOMAIN])
    filled = {"house": hass.config.location_name, **placeholders}

    def text(part: str) -> str:
        """Return one part of the page."""
        template = texts[f"component.{DOMAIN}.common.page_{key}_{part}"]
        return template.format(**filled)

    return PageText(
        language=language, heading=text("heading"), explanation=text("text")
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
