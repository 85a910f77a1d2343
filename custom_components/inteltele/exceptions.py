"""Errors for the user: the one place where their translation keys are chosen."""

from collections.abc import Iterator
from contextlib import contextmanager
import sqlite3
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .gateway import ContentError, visible

# Of what a caller wrote; enough to recognise it.
MAX_QUOTED: Final = 200


def invalid_input(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for a caller's input."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            name: _quoted(text) for name, text in placeholders.items()
        },
    )


def invalid_content(err: ContentError) -> ServiceValidationError:
    """Return the error for content that breaks a rule of the gateway."""
    return invalid_input(err.rule.value, value=err.value)


@contextmanager
def reading_history() -> Iterator[None]:
    """Raise HomeAssistantError where the history cannot be read."""
    try:
        yield
    except sqlite3.Error as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="history_not_read"
        ) from err


def not_attached(key: str) -> HomeAssistantError:
    """Return the error for what did not go with a text that was sent."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)


def picture_failed(
    key: str, source: str, detail: str | None = None
) -> HomeAssistantError:
    """Return the error for a picture that could not be had; `source` names it."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            "source": _quoted(source),
            "detail": _quoted(detail or ""),
        },
    )


def _quoted(text: str) -> str:
    """Return what a caller wrote as a sentence may hold it."""
    quoted = visible(text)
    return quoted if len(quoted) <= MAX_QUOTED else f"{quoted[:MAX_QUOTED]}…"
