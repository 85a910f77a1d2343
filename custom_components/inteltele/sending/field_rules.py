"""What a field of an action takes, told in a sentence where it gets something else."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import ATTR_ACTION, ATTR_TEXT
from ..exceptions import invalid_input
from ..texts import field_label


class Rule(StrEnum):
    """What a field takes, by the sentence that tells it."""

    ANSWERS = "field_invalid_answers"
    CHOICE = "field_invalid_choice"
    DURATION = "field_invalid_duration"
    ENTITIES = "field_invalid_entities"
    NUMBER = "field_invalid_number"
    OTHER = "field_invalid_other"
    REQUIRED = "field_invalid_required"
    TEXT = "field_invalid_text"
    UNKNOWN = "field_invalid_unknown"
    YES_OR_NO = "field_invalid_yes_or_no"


def broken(field: str, rule: Rule, **placeholders: str) -> ServiceValidationError:
    """Return the error for a field that holds what it does not take."""
    if rule is Rule.ANSWERS:
        # What an answer has is called as in its form.
        placeholders = {name: field_label(name) for name in (ATTR_ACTION, ATTR_TEXT)}
    if rule is Rule.UNKNOWN:
        # A field that only another action has is called as it was written.
        return invalid_input(rule, value=field)
    return invalid_input(rule, field=field, **placeholders)


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
