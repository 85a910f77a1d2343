"""The integration's own sentences, in Home Assistant's language."""

from collections.abc import Sequence

from homeassistant.core import HomeAssistant, async_get_hass_or_none
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import (
    async_get_cached_translations,
    async_get_translations,
)

from .const import DOMAIN


async def async_common_texts(hass: HomeAssistant, keys: Sequence[str]) -> list[str]:
    """Return texts that are no errors, in the house's language."""
    if not keys:
        return []
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return [texts[f"component.{DOMAIN}.common.{key}"] for key in keys]


def cached_text(hass: HomeAssistant, key: str) -> str:
    """Return a text from memory, from any thread.

    Home Assistant loads its language and English before it sets the integration up. It
    does not load a language that is chosen later; the text is in English then.
    """
    return _cached(hass, "common").get(f"component.{DOMAIN}.common.{key}", "")


def field_label(field: str) -> str:
    """Return what the forms of actions call a field, from memory, or its own name."""
    if (hass := async_get_hass_or_none()) is None:
        return field
    # An answer's own fields are those of a selector.
    texts = _cached(hass, "services") | _cached(hass, "selector")
    key = f".fields.{field}.name"
    return next((texts[name] for name in texts if name.endswith(key)), field)


def _cached(hass: HomeAssistant, category: str) -> dict[str, str]:
    """Return texts from memory, in the house's language or in English."""
    return async_get_cached_translations(
        hass, hass.config.language, category, DOMAIN
    ) or async_get_cached_translations(hass, "en", category, DOMAIN)


async def async_sentences(
    hass: HomeAssistant, errors: Sequence[HomeAssistantError]
) -> list[str]:
    """Return errors as sentences in the house's language."""
    if not errors:
        return []
    texts = await async_get_translations(
        hass, hass.config.language, "exceptions", [DOMAIN]
    )
    return [
        texts[f"component.{DOMAIN}.exceptions.{error.translation_key}.message"].format(
            **error.translation_placeholders or {}
        )
        for error in errors
    ]
