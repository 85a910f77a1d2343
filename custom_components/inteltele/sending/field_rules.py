"""What a field of an action takes, told in a sentence where it gets something else."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from homeassistant.core import async_get_hass
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import ATTR_ACTION, ATTR_TEXT
from ..exceptions import invalid_input
from ..texts import cached_text, field_label


class Rule(StrEnum):
    """What a field takes, by the text that tells it."""

    ANSWERS = "rule_answers"
    CHOICE = "rule_choice"
    DURATION = "rule_duration"
    ENTITIES = "rule_entities"
    NUMBER = "rule_number"
    OTHER = "rule_other"
    REQUIRED = "rule_required"
    TEXT = "rule_text"
    UNKNOWN = "rule_unknown"
    YES_OR_NO = "rule_yes_or_no"


def broken(field: str, rule: Rule, **placeholders: str) -> ServiceValidationError:
    """Return the error for a field that holds what it does not take."""
    # What an answer has is called as in its form.
    labels = {name: field_label(name) for name in (ATTR_ACTION, ATTR_TEXT)}
    text = cached_text(async_get_hass(), rule).format(**labels, **placeholders)
    return invalid_input("field_invalid", field=field, error=text)


def ruled[Value](
    field: str, rule: Rule, validate: Callable[[Any], Value], **placeholders: str
) -> Callable[[Any], Value]:
    """Return a validator that tells the rule where another one refuses a value.

    It raises ServiceValidationError, which schemas let through.
    """

    def validated(value: Any) -> Value:
        """Return the value as the other validator does."""
        try:
            return validate(value)
        except vol.Invalid as err:
            raise broken(field, rule, **placeholders) from err

    return validated


def one_of[Choice: StrEnum](
    field: str, choices: type[Choice]
) -> Callable[[Any], Choice]:
    """Return a validator of a choice; what there is to choose from is told."""
    values = ", ".join(choices)
    return ruled(field, Rule.CHOICE, vol.Coerce(choices), values=values)


def yes_or_no(field: str) -> Callable[[Any], bool]:
    """Return a validator of a switch."""
    return ruled(field, Rule.YES_OR_NO, cv.boolean)
