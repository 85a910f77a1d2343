"""The fields of a message, declared once for every way to send one."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TITLE
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..const import (
    ATTR_ACTION,
    ATTR_ANSWERS,
    ATTR_BUTTON_ACTION,
    ATTR_BUTTON_TEXT,
    ATTR_BUTTON_URL,
    ATTR_BUTTON_VALID,
    ATTR_CHANNEL,
    ATTR_IMAGE,
    ATTR_MEDIA,
    ATTR_RESEND_UNKNOWN,
    ATTR_RETRY_FOR,
    ATTR_SENDER,
    ATTR_SMS_AFTER,
    ATTR_SMS_FALLBACK,
    ATTR_SMS_MESSAGE,
    ATTR_SMS_SENDER,
    ATTR_TEXT,
    ATTR_TTL,
    ATTR_WAIT_FOR,
    ATTR_WAIT_TIMEOUT,
)
from ..delivery import WaitFor
from ..exceptions import invalid_input
from ..plain import has_control_characters, with_whole_characters
from ..storage.message import Channel
from .field_rules import Rule, broken, one_of, ruled, yes_or_no
from .picture_sources import media_content_id

# So much is read at all; the gateway's own limits are told later, in other words.
MAX_TEXT: Final = 10_000
MAX_TITLE: Final = 1000
MAX_NAME: Final = 100
MAX_ADDRESS: Final = 2000
MAX_NUMBERS_AT_ONCE: Final = 1000
MAX_DURATION: Final = timedelta(days=30)


def limited(field: str, limit: int) -> Callable[[Any], str]:
    """Return a validator of a text of so many characters at most.

    It raises ServiceValidationError, which schemas let through.
    """
    read = ruled(field, Rule.TEXT, cv.string)

    def validate(value: Any) -> str:
        """Return the text."""
        text: str = read(value)
        if len(text) > limit:
            raise invalid_input("field_too_long", field=field, limit=str(limit))
        return with_whole_characters(text)

    return validate


def on_one_line(field: str, limit: int) -> Callable[[Any], str]:
    """Return a validator of a text without line breaks and other control characters."""
    of_limited_length = limited(field, limit)

    def validate(value: Any) -> str:
        """Return the text, without blanks and line ends around it."""
        text = of_limited_length(value).strip()
        if "\t" in text or has_control_characters(text):
            raise invalid_input("not_one_line", field=field)
        return text

    return validate


def not_too_many(field: str, limit: int) -> Callable[[Any], Any]:
    """Return a validator of how many there are, before anybody looks at what."""

    def validate(value: Any) -> Any:
        """Return what was given."""
        if isinstance(value, list) and len(value) > limit:
            raise invalid_input(
                "too_many", field=field, count=str(len(value)), limit=str(limit)
            )
        return value

    return validate


def few(field: str, limit: int) -> Callable[[Any], list[Any]]:
    """Return a validator of a list; its length is looked at before its content."""
    count = not_too_many(field, limit)

    def validate(value: Any) -> list[Any]:
        """Return the list."""
        items: list[Any] = count(cv.ensure_list(value))
        return items

    return validate


def _time(field: str) -> Callable[[Any], timedelta]:
    """Return a validator of a length of time."""
    return ruled(field, Rule.DURATION, cv.positive_time_period)


def _duration(field: str) -> Callable[[Any], timedelta]:
    """Return a validator of a time to wait."""
    read = _time(field)

    def validate(value: Any) -> timedelta:
        """Return the time."""
        duration = read(value)
        if duration > MAX_DURATION:
            raise invalid_input("duration_too_long", field=field)
        return duration

    return validate


_ANSWERS: Final = vol.Schema(
    [
        {
            vol.Required(ATTR_ACTION): on_one_line(ATTR_ACTION, MAX_TITLE),
            vol.Required(ATTR_TEXT): limited(ATTR_TEXT, MAX_TITLE),
        }
    ]
)
MESSAGE_FIELDS: Final[VolDictType] = {
    vol.Required(ATTR_MESSAGE): limited(ATTR_MESSAGE, MAX_TEXT),
    vol.Optional(ATTR_TITLE): limited(ATTR_TITLE, MAX_TITLE),
    vol.Optional(ATTR_IMAGE): on_one_line(ATTR_IMAGE, MAX_ADDRESS),
    vol.Optional(ATTR_MEDIA): vol.All(
        ruled(ATTR_MEDIA, Rule.TEXT, media_content_id), limited(ATTR_MEDIA, MAX_ADDRESS)
    ),
    vol.Optional(ATTR_BUTTON_TEXT): on_one_line(ATTR_BUTTON_TEXT, MAX_NAME),
    vol.Optional(ATTR_BUTTON_URL): on_one_line(ATTR_BUTTON_URL, MAX_ADDRESS),
    vol.Optional(ATTR_BUTTON_ACTION): on_one_line(ATTR_BUTTON_ACTION, MAX_NAME),
    vol.Optional(ATTR_ANSWERS): vol.All(
        few(ATTR_ANSWERS, MAX_NAME), ruled(ATTR_ANSWERS, Rule.ANSWERS, _ANSWERS)
    ),
    vol.Optional(ATTR_BUTTON_VALID): _time(ATTR_BUTTON_VALID),
    vol.Optional(ATTR_WAIT_FOR): one_of(ATTR_WAIT_FOR, WaitFor),
    vol.Optional(ATTR_WAIT_TIMEOUT): _duration(ATTR_WAIT_TIMEOUT),
    vol.Optional(ATTR_SENDER): on_one_line(ATTR_SENDER, MAX_NAME),
    vol.Optional(ATTR_TTL): ruled(ATTR_TTL, Rule.DURATION, cv.time_period),
    vol.Optional(ATTR_CHANNEL): one_of(ATTR_CHANNEL, Channel),
    vol.Optional(ATTR_SMS_FALLBACK): yes_or_no(ATTR_SMS_FALLBACK),
    vol.Optional(ATTR_SMS_AFTER): _time(ATTR_SMS_AFTER),
    vol.Optional(ATTR_SMS_MESSAGE): limited(ATTR_SMS_MESSAGE, MAX_TEXT),
    vol.Optional(ATTR_SMS_SENDER): on_one_line(ATTR_SMS_SENDER, MAX_NAME),
    vol.Optional(ATTR_RETRY_FOR): _duration(ATTR_RETRY_FOR),
    vol.Optional(ATTR_RESEND_UNKNOWN): yes_or_no(ATTR_RESEND_UNKNOWN),
}
MESSAGE_SCHEMA: Final = vol.Schema(MESSAGE_FIELDS)


def labelled(schema: vol.Schema) -> vol.Schema:
    """Return an action's schema whose errors call a field what its form calls it.

    They are ServiceValidationErrors, with a sentence.
    """

    def validate(data: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a call."""
        try:
            return dict(schema(data))
        except vol.MultipleInvalid as err:
            field = str(err.errors[0].path[0])
            raise broken(field, _rule_of(schema, field, data)) from err

    return vol.Schema(validate)


def _rule_of(schema: vol.Schema, field: str, data: Mapping[str, Any]) -> Rule:
    """Return which rule of a whole schema a field breaks."""
    if field not in data:
        return Rule.REQUIRED
    return Rule.OTHER if field in schema.schema else Rule.UNKNOWN
