"""The actions of alarms: raised, acknowledged, cleared."""

from collections.abc import Iterator
from datetime import timedelta
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
from ..alarms.alarm import LONGEST_PLAN, Alarm, Question, Source, Standing
from ..alarms.alarms import TooManyAlarmsError
from ..care.issues import async_tell_of_alarm_shortcomings
from ..const import ATTR_WAIT_FOR, ATTR_WAIT_TIMEOUT, DOMAIN
from ..delivery import Recipient
from ..exceptions import invalid_input
from ..plain import get_logger
from ..settings.recipients import notify_entity_id, recipients_by_number
from ..texts import async_sentences
from .fields import MAX_NAME, MAX_TEXT, labelled, limited, on_one_line
from .raising import ATTR_TAG, async_raised
from .targets import async_user, check_permissions

_LOGGER = get_logger(__name__)

ATTR_ALARM_ID: Final = "alarm_id"
ATTR_BY: Final = "by"
WAIT_FOR_ENDED: Final = "ended"
MAX_BY: Final = 50

_WHICH: Final = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): limited(ATTR_CONFIG_ENTRY_ID, MAX_NAME),
    vol.Optional(ATTR_ALARM_ID): limited(ATTR_ALARM_ID, MAX_NAME),
    vol.Optional(ATTR_TAG): limited(ATTR_TAG, MAX_NAME),
}
ACKNOWLEDGE_SCHEMA: Final = vol.Schema(
    {**_WHICH, vol.Optional(ATTR_BY): on_one_line(ATTR_BY, MAX_NAME)}
)
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
    account, raised, shortcomings = await async_raised(call, await async_user(call))
    try:
        alarm = await account.alarms.raise_(raised)
    except TooManyAlarmsError as err:
        raise invalid_input("alarm_too_many_open") from err
    warnings = await async_sentences(call.hass, shortcomings.errors)
    for warning in warnings:
        _LOGGER.warning("An alarm was raised all the same: %s", warning)
    async_tell_of_alarm_shortcomings(call.hass, account.entry, warnings)
    if not raised.people:
        raise invalid_input("alarm_nobody_to_ask")
    if call.data.get(ATTR_WAIT_FOR) == WAIT_FOR_ENDED:
        at_most = _wait_timeout(call.data.get(ATTR_WAIT_TIMEOUT))
        alarm = await account.alarms.wait_ended(alarm.id, at_most) or alarm
    return _response(alarm) | {"raised": alarm.raised, "warnings": list[Any](warnings)}


def _wait_timeout(value: object) -> timedelta:
    """Return for how long an action waits, as long as a plan where it does not say."""
    try:
        return min(cv.positive_time_period(value), LONGEST_PLAN)
    except vol.Invalid:
        return LONGEST_PLAN


async def _async_acknowledge(call: ServiceCall) -> ServiceResponse:
    """Let somebody take over."""
    user = await async_user(call)
    if (found := _find(call)) is None:
        return {"alarm_id": None}
    account, alarm = found
    check_may_answer(call.hass, account, alarm, user)
    by = name_of(user, call.data.get(ATTR_BY))
    source = Source.ACTION if user is None else Source.HOME_ASSISTANT
    after = await account.alarms.acknowledge(alarm.id, by, None, source)
    return _response(after or alarm)


async def _async_clear(call: ServiceCall) -> ServiceResponse:
    """End an alarm because its cause is gone."""
    user = await async_user(call)
    if (found := _find(call)) is None:
        return {"alarm_id": None}
    account, alarm = found
    check_may_answer(call.hass, account, alarm, user)
    message = call.data.get(ATTR_MESSAGE)
    if message is not None:
        check_permissions(call, user, _recipients(account, alarm))
    after = await account.alarms.clear(alarm.id, (message or "").strip() or None)
    return _response(after or alarm)


def _find(call: ServiceCall) -> tuple[Account, Alarm] | None:
    """Return the alarm that is named, and whose it is; None where there is none."""
    alarm_id, tag = call.data.get(ATTR_ALARM_ID), call.data.get(ATTR_TAG)
    if (alarm_id is None) == (tag is None):
        raise invalid_input("alarm_not_named")
    chosen = call.data.get(ATTR_CONFIG_ENTRY_ID)
    for account in async_accounts(call.hass):
        if chosen not in {None, account.entry.entry_id}:
            continue
        alarms = account.alarms
        alarm = alarms.find(tag.strip()) if tag else alarms.get(alarm_id or "")
        if alarm is not None:
            return account, alarm
    return None


@callback
def check_may_answer(
    hass: HomeAssistant, account: Account, alarm: Alarm, user: User | None
) -> None:
    """Raise Unauthorized unless the user may control somebody's entity who is asked."""
    if user is None or user.permissions.access_all_entities(POLICY_CONTROL):
        return
    entity_ids = [
        entity_id
        for recipient in _recipients(account, alarm)
        if (entity_id := notify_entity_id(hass, recipient)) is not None
    ]
    if not any(
        user.permissions.check_entity(entity_id, POLICY_CONTROL)
        for entity_id in entity_ids
    ):
        raise Unauthorized(permission=POLICY_CONTROL)


def name_of(user: User | None, by: str | None) -> str | None:
    """Return who takes over: a name that is given counts from those who may name one.

    It holds no address, which people would be led to.
    """
    if by and (user is None or user.is_admin):
        name = " ".join(by.split())[:MAX_BY]
        if "://" not in name and "www." not in name.lower():
            return name
    return user.name if user is not None else None


def _recipients(account: Account, alarm: Alarm) -> Iterator[Recipient]:
    """Yield whom an alarm asks, as they are set now."""
    known = recipients_by_number(account.entry)
    for person in alarm.people:
        yield known.get(person.number) or Recipient(number=person.number)


def _response(alarm: Alarm) -> dict[str, Any]:
    """Return how an alarm stands, as a response holds it."""
    return {
        "alarm_id": alarm.id,
        "status": alarm.status,
        "acknowledged_by": alarm.by,
        "asked": [
            _asked(alarm, each) for each in alarm.questions if not each.standing.void
        ],
    }


def _asked(alarm: Alarm, question: Question) -> JsonObjectType:
    """Return one question, as a response holds it."""
    return {
        "recipient": alarm.person(question.number).name,
        "number": question.number,
        "round": question.round,
        "channel": question.channel,
        "status": _STATUS.get(question.standing, question.standing),
    }
