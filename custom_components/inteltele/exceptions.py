"""Errors for the user: the one place where their translation keys are chosen."""

from collections.abc import Iterator
from contextlib import contextmanager
import sqlite3

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .gateway import ContentError, ContentRule
from .plain import one_line, quoted
from .texts import field_label


def invalid_input(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for a caller's input, which it may quote.

    It ends up in logs and dialogs, so it holds no line break and no whole novel. The
    placeholder `field` is the name of a field, in whose place its label is shown.
    """
    if (field := placeholders.get("field")) is not None:
        placeholders["field"] = field_label(field)
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            name: quoted(text) for name, text in placeholders.items()
        },
    )


def failure(key: str, **placeholders: str) -> HomeAssistantError:
    """Return the error for what did not go well, on one line."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            name: one_line(text) for name, text in placeholders.items()
        },
    )


def invalid_content(err: ContentError) -> ServiceValidationError:
    """Return the error for content that breaks a rule of the gateway."""
    if err.rule is ContentRule.NOT_ONE_LINE:
        return invalid_input(err.rule.value, field=err.value)
    return invalid_input(err.rule.value, value=err.value)


@contextmanager
def reading_history() -> Iterator[None]:
    """Raise HomeAssistantError where the history cannot be read."""
    try:
        yield
    except sqlite3.Error as err:
        raise failure("history_not_read") from err


def picture_failed(
    key: str, source: str, detail: str | None = None
) -> HomeAssistantError:
    """Return the error for a picture that could not be had; `source` names it."""
    return failure(key, source=quoted(source), detail=quoted(detail or ""))
