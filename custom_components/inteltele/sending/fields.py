"""The fields of a message, declared once for every way to send one."""

from typing import Final

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
    ATTR_IMAGE,
    ATTR_MEDIA,
    ATTR_RESEND_UNKNOWN,
    ATTR_RETRY_FOR,
    ATTR_SENDER,
    ATTR_SMS_FALLBACK,
    ATTR_SMS_MESSAGE,
    ATTR_SMS_SENDER,
    ATTR_TEXT,
    ATTR_TTL,
    ATTR_WAIT_FOR,
    ATTR_WAIT_TIMEOUT,
)
from ..delivery import WaitFor
from .picture_sources import media_content_id

MESSAGE_FIELDS: Final[VolDictType] = {
    vol.Required(ATTR_MESSAGE): cv.string,
    vol.Optional(ATTR_TITLE): cv.string,
    vol.Optional(ATTR_IMAGE): cv.string,
    vol.Optional(ATTR_MEDIA): media_content_id,
    vol.Optional(ATTR_BUTTON_TEXT): cv.string,
    vol.Optional(ATTR_BUTTON_URL): cv.string,
    vol.Optional(ATTR_BUTTON_ACTION): cv.string,
    vol.Optional(ATTR_ANSWERS): vol.All(
        cv.ensure_list,
        [{vol.Required(ATTR_ACTION): cv.string, vol.Required(ATTR_TEXT): cv.string}],
    ),
    vol.Optional(ATTR_BUTTON_VALID): cv.positive_time_period,
    vol.Optional(ATTR_WAIT_FOR): vol.Coerce(WaitFor),
    vol.Optional(ATTR_WAIT_TIMEOUT): cv.positive_time_period,
    vol.Optional(ATTR_SENDER): cv.string,
    vol.Optional(ATTR_TTL): cv.time_period,
    vol.Optional(ATTR_SMS_FALLBACK): cv.boolean,
    vol.Optional(ATTR_SMS_MESSAGE): cv.string,
    vol.Optional(ATTR_SMS_SENDER): cv.string,
    vol.Optional(ATTR_RETRY_FOR): cv.positive_time_period,
    vol.Optional(ATTR_RESEND_UNKNOWN): cv.boolean,
}
