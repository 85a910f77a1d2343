"""The actions of alarms: raised, acknowledged, cleared."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.notify import ATTR_MESSAGE
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.account import Account
from ..account.accounts import async_accounts
from ..alarms.alarm import Alarm, AlarmStatus, Source
from ..alarms.alarms import TooManyAlarmsError
from ..alarms.questions import Question, Standing
from ..alarms.raised import LONGEST_PLAN
from ..care.issues import async_tell_of_alarm_shortcomings
from ..const import ATTR_WAIT_FOR, ATTR_WAIT_TIMEOUT, DOMAIN
from ..delivery import Notice
from ..exceptions import invalid_input
from ..plain import get_logger
from ..texts import async_sentences, cached_text
from .acknowledged_by import name_of
from .alarm_pictures import async_begin, async_shortcoming
from .alarm_rights import (
    check_known,
    check_may_send,
    entity_ids_of,
    may_answer,
    may_know,
)
from .fields import MAX_NAME, MAX_TEXT, labelled, limited
from .lenient_fields import LenientFields
from .raising import ATTR_TAG, MAX_WARNINGS, Wanted, async_wanted, tag_of
from .targets import async_user

_LOGGER = get_logger(__name__)

ATTR_ALARM_ID: Final = "alarm_id"
ATTR_BY: Final = "by"
WAIT_FOR_ENDED: Final = "ended"

_WHICH: Final = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): limited(ATTR_CONFIG_ENTRY_ID, MAX_NAME),
    vol.Optional(ATTR_ALARM_ID): limited(ATTR_ALARM_ID, MAX_NAME),
    vol.Optional(ATTR_TAG): cv.string,
}
# No name keeps anybody from taking over.
ACKNOWLEDGE_SCHEMA: Final = vol.Schema({**_WHICH, vol.Optional(ATTR_BY): cv.string})
CLEAR_SCHEMA: Final = vol.Schema(
    {**_WHICH, vol.Optional(ATTR_MESSAGE): limited(ATTR_MESSAGE, MAX_TEXT)}
)

_STATUS: Final = {
    Standing.ASKING: "queued",
    Standing.WAITING: "queued",
    Standing.HELD: "queued",
    Standing.TAKEN: "sent",
}


@callback
def async_setup_alarm_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action, schema in (
        # Nothing in a call may cost the alarm.
        ("raise_alarm", _async_raise, vol.Schema({}, extra=vol.ALLOW_EXTRA)),
        ("acknowledge_alarm", _async_acknowledge, labelled(ACKNOWLEDGE_SCHEMA)),
        ("clear_alarm", _async_clear, labelled(CLEAR_SCHEMA)),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            action,
            schema=schema,
            supports_response=SupportsResponse.OPTIONAL,
        )


async def _async_raise(call: ServiceCall) -> ServiceResponse:
    """Raise an alarm; return how it stands."""
    user = await async_user(call)
    wanted = await async_wanted(call, user)
    account = wanted.account
    check_known(call, user, wanted)
    alarm, warnings = await _async_raised(call.hass, wanted)
    if not alarm.people:
        # One that is known goes on with those whom it asks.
        raise invalid_input("alarm_nobody_to_ask")
    if call.data.get(ATTR_WAIT_FOR) == WAIT_FOR_ENDED:
        at_most = _wait_timeout(call.data.get(ATTR_WAIT_TIMEOUT))
        alarm = await account.alarms.wait_ended(alarm.id, at_most) or alarm
    response = _response(call.hass, account, alarm, user)
    if not account.keeps_what_waits:
        # Repairs say so anyway.
        warnings = [*warnings, cached_text(call.hass, Notice.KEPT_IN_MEMORY)]
    return response | {"raised": alarm.raised, "warnings": list[Any](warnings)}


async def _async_raised(
    hass: HomeAssistant, wanted: Wanted
) -> tuple[Alarm, Sequence[str]]:
    """Raise an alarm, and return it once it asks, with its picture or without.

    Besides, the sentences on what was amiss, which are told. Raises
    ServiceValidationError where too many are open.
    """
    alarms, media = wanted.account.alarms, wanted.media
    coming = None if media is None else async_begin(hass, wanted.account, media)
    try:
        alarm = await alarms.raise_(replace(wanted.raised, picture=coming))
    except TooManyAlarmsError as err:
        if coming is not None:
            coming.cancel()
        raise invalid_input("alarm_too_many_open") from err
    try:
        if media is not None and coming is not None and alarm.people:
            if (missing := await async_shortcoming(coming, media)) is not None:
                wanted.shortcomings.errors.append(missing)
            if not coming.done():
                alarms.go_on(alarm.id)
    finally:
        # Also where the caller gives up waiting for the picture.
        warnings = await _async_warnings(hass, wanted, alarm)
    return alarms.get(alarm.id) or alarm, warnings


async def _async_warnings(
    hass: HomeAssistant, wanted: Wanted, alarm: Alarm
) -> Sequence[str]:
    """Tell what was amiss in a call, and return the sentences."""
    errors = wanted.shortcomings.errors[:MAX_WARNINGS]
    warnings = await async_sentences(hass, errors)
    if warnings:
        # They quote what was typed, so the log does not hold them.
        _LOGGER.warning(
            "Alarm %s was raised with %d faults: see repairs", alarm.id, len(warnings)
        )
    async_tell_of_alarm_shortcomings(hass, wanted.account.entry, warnings)
    return warnings


def _wait_timeout(value: object) -> timedelta:
    """Return for how long an action waits, as long as a plan where it does not say."""
    try:
        return min(cv.positive_time_period(value), LONGEST_PLAN)
    except vol.Invalid, ArithmeticError:
        return LONGEST_PLAN


async def _async_acknowledge(call: ServiceCall) -> ServiceResponse:
    """Let somebody take over."""
    user = await async_user(call)
    if (found := _find(call, user)) is None:
        return {"alarm_id": None}
    account, alarm = found
    by = name_of(user, call.data.get(ATTR_BY))
    source = Source.ACTION if user is None else Source.HOME_ASSISTANT
    after = await account.alarms.acknowledge(alarm.id, by, None, source)
    return _response(call.hass, account, after or alarm, user)


async def _async_clear(call: ServiceCall) -> ServiceResponse:
    """End an alarm because its cause is gone."""
    user = await async_user(call)
    if (found := _find(call, user)) is None:
        return {"alarm_id": None}
    account, alarm = found
    message = call.data.get(ATTR_MESSAGE)
    if message is not None:
        check_may_send(call, user, account, alarm)
    after = await account.alarms.clear(alarm.id, (message or "").strip() or None)
    if after is None:
        return {"alarm_id": None}
    return _response(call.hass, account, after, user)


def _find(call: ServiceCall, user: User | None) -> tuple[Account, Alarm] | None:
    """Return the alarm that is named, and whose it is; None where there is none.

    Where several accounts have one of the tag, it is one that asks. Raises Unauthorized
    where the user may answer none of them.
    """
    alarm_id, tag = call.data.get(ATTR_ALARM_ID), call.data.get(ATTR_TAG)
    if (alarm_id is None) == (tag is None):
        raise invalid_input("alarm_not_named")
    chosen = call.data.get(ATTR_CONFIG_ENTRY_ID)
    key = tag_of(LenientFields(call.data))
    found = [
        (account, alarm)
        for account in async_accounts(call.hass)
        if chosen in {None, account.entry.entry_id}
        for alarm in (
            account.alarms.find(key or "")
            if alarm_id is None
            else account.alarms.get(alarm_id),
        )
        if alarm is not None
    ]
    allowed = [each for each in found if may_answer(call.hass, *each, user)]
    if found and not allowed:
        raise Unauthorized(context=call.context, permission=POLICY_CONTROL)
    return max(allowed, key=lambda each: _urgency(each[1]), default=None)


def _urgency(alarm: Alarm) -> tuple[bool, bool, datetime]:
    """Return by what one of several alarms is meant."""
    unanswered = alarm.status is AlarmStatus.UNANSWERED
    return alarm.is_open, unanswered, alarm.raised_last_at


def _response(
    hass: HomeAssistant, account: Account, alarm: Alarm, user: User | None
) -> dict[str, Any]:
    """Return how an alarm stands, as a response holds it for a user."""
    entity_ids = entity_ids_of(hass, account, alarm)
    named = alarm.by_number is None or may_know(user, entity_ids.get(alarm.by_number))
    return {
        "alarm_id": alarm.id,
        "status": alarm.status,
        "acknowledged_by": alarm.by if named else None,
        "asked": [
            _asked(alarm, each)
            for each in alarm.questions
            if not each.standing.void and may_know(user, entity_ids.get(each.number))
        ],
    }


def _asked(alarm: Alarm, question: Question) -> JsonObjectType:
    """Return one question, as a response holds it."""
    return {
        "recipient": alarm.person(question.number).name,
        "number": question.number,
        "round": question.round,
        "channel": question.channel,
        "status": status_of(question),
    }


def status_of(question: Question) -> str:
    """Return where a question stands, in the words of messages where they have one."""
    return _STATUS.get(question.standing, question.standing)
