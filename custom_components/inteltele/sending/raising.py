"""From the fields of a call to an alarm: no fault in them costs the alarm."""

from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from homeassistant.auth.models import User
from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TITLE
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from ..account.account import Account
from ..account.accounts import (
    async_choose_account,
    entry_id_of_entity,
    entry_id_of_number,
)
from ..alarms.raised import Content, Raised
from ..const import (
    ATTR_IMAGE,
    ATTR_MEDIA,
    ATTR_SMS_MESSAGE,
    ATTR_TO,
    ATTR_WAIT_FOR,
    ATTR_WAIT_TIMEOUT,
)
from ..texts import cached_text
from .alarm_people import ATTR_RECIPIENTS, listed, people_of
from .alarm_pictures import picture_of
from .alarm_rules import (
    ATTR_ACKNOWLEDGE_TEXT,
    ATTR_ORDER,
    ATTR_QUIET_FOR,
    ATTR_ROUNDS,
    ATTR_SMS,
    ATTR_TELL_OTHERS,
    ATTR_WAIT,
    rules_of,
    warn_of_senders,
)
from .fields import MAX_NAME, MAX_TEXT, MAX_TITLE
from .lenient_fields import LenientFields, Shortcomings
from .targets import e164

ATTR_TAG: Final = "tag"

# So many faults of a call are told.
MAX_WARNINGS: Final = 20
KNOWN_FIELDS: Final = frozenset(
    {
        ATTR_ACKNOWLEDGE_TEXT,
        ATTR_CONFIG_ENTRY_ID,
        ATTR_IMAGE,
        ATTR_MEDIA,
        ATTR_MESSAGE,
        ATTR_ORDER,
        ATTR_QUIET_FOR,
        ATTR_RECIPIENTS,
        ATTR_ROUNDS,
        ATTR_SMS,
        ATTR_SMS_MESSAGE,
        ATTR_TAG,
        ATTR_TELL_OTHERS,
        ATTR_TITLE,
        ATTR_TO,
        ATTR_WAIT,
        ATTR_WAIT_FOR,
        ATTR_WAIT_TIMEOUT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an alarm is raised with, by which account, and what is amiss.

    `media` is a picture of the house that is still to be fetched.
    """

    account: Account
    raised: Raised
    media: str | None
    shortcomings: Shortcomings


async def async_wanted(call: ServiceCall, user: User | None) -> Wanted:
    """Return what a call wants raised, without its picture.

    Raises Unauthorized where the user may not send to somebody, or see the picture, and
    ServiceValidationError where there is no account.
    """
    fields = LenientFields(call.data)
    shortcomings = fields.shortcomings
    account = await _async_account(call, fields)
    people = people_of(call, user, account, shortcomings)
    rules = rules_of(fields, len(people))
    warn_of_senders(call.hass, account, rules, people, shortcomings)
    title = fields.text(ATTR_TITLE, MAX_TITLE // 4)
    message = fields.text(ATTR_MESSAGE, MAX_TEXT)
    if message is None:
        shortcomings.add("alarm_without_message")
        message = title or cached_text(call.hass, "alarm_default_message")
    content = Content(
        message=message,
        title=title,
        sms_message=fields.text(ATTR_SMS_MESSAGE, MAX_TEXT),
    )
    media, image = picture_of(fields, user)
    if image is not None:
        content = content.with_picture(None, image)
    tag = tag_of(fields)
    for name in islice(call.data.keys() - KNOWN_FIELDS, MAX_WARNINGS):
        shortcomings.add("alarm_field_left_out", field=str(name))
    people_asked = [person for person, _ in people]
    raised = Raised(content=content, people=people_asked, rules=rules, tag=tag)
    return Wanted(
        account=account, raised=raised, media=media, shortcomings=shortcomings
    )


def tag_of(fields: LenientFields) -> str | None:
    """Return the tag that a call names, as alarms are known by it."""
    return fields.text(ATTR_TAG, MAX_NAME)


async def _async_account(call: ServiceCall, fields: LenientFields) -> Account:
    """Return the account that is named, or that of the first who is one of ours."""
    chosen = fields.read(ATTR_CONFIG_ENTRY_ID, cv.string, None)
    if chosen is not None:
        try:
            return await async_choose_account(call.hass, chosen)
        except HomeAssistantError:
            fields.shortcomings.add("alarm_field_left_out", field=ATTR_CONFIG_ENTRY_ID)
    for named in chain(listed(call, ATTR_RECIPIENTS), listed(call, ATTR_TO)):
        entry_id: str | None = None
        with suppress(HomeAssistantError):
            entry_id = (
                entry_id_of_entity(call.hass, named)
                if str(named).startswith("notify.")
                else entry_id_of_number(call.hass, e164(call.hass, named))
            )
        if entry_id is not None:
            with suppress(HomeAssistantError):
                return await async_choose_account(call.hass, entry_id)
    return await async_choose_account(call.hass, None)
