"""The actions of the integration."""

from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_ENTITY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from .const import ATTR_TO, ATTR_WAIT_FOR, DOMAIN
from .delivery import WaitFor
from .sending.alarm_preview import as_of_alarm, async_preview_alarm, is_of_alarm
from .sending.dispatch import (
    Dispatch,
    async_raise_shortcomings,
    async_record_notifications,
    async_send,
)
from .sending.field_rules import Rule, ruled
from .sending.fields import (
    MAX_NAME,
    MAX_NUMBERS_AT_ONCE,
    MESSAGE_FIELDS,
    few,
    labelled,
    not_too_many,
    on_one_line,
)
from .sending.outcomes import Sent
from .sending.preview import async_preview
from .sending.targets import async_addressees, async_user
from .settings.recipients import notify_entity_id
from .texts import async_common_texts, async_sentences

SERVICE_PREVIEW_MESSAGE: Final = "preview_message"
SERVICE_SEND_MESSAGE: Final = "send_message"

_FIELD_NAMES: Final = frozenset(map(str, MESSAGE_FIELDS))

SEND_MESSAGE_SCHEMA = vol.Schema(
    {
        **cv.ENTITY_SERVICE_FIELDS,
        vol.Optional(ATTR_ENTITY_ID): vol.All(
            not_too_many(ATTR_ENTITY_ID, MAX_NUMBERS_AT_ONCE),
            ruled(ATTR_ENTITY_ID, Rule.ENTITIES, cv.comp_entity_ids),
        ),
        # Anything but text is refused later, with a sentence that tells the way out.
        vol.Optional(ATTR_TO): few(ATTR_TO, MAX_NUMBERS_AT_ONCE),
        vol.Optional(ATTR_CONFIG_ENTRY_ID): on_one_line(ATTR_CONFIG_ENTRY_ID, MAX_NAME),
        **MESSAGE_FIELDS,
    }
)


_MESSAGE: Final = frozenset(map(str, SEND_MESSAGE_SCHEMA.schema))
_send_message: Final = labelled(SEND_MESSAGE_SCHEMA)


def _of_preview(data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a message, or those of an alarm, which costs no fault."""
    if is_of_alarm(data, _MESSAGE):
        return as_of_alarm(data)
    return dict(_send_message(data))


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SEND_MESSAGE,
        _async_send_message,
        schema=_send_message,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_PREVIEW_MESSAGE,
        _async_preview_message,
        schema=vol.Schema(_of_preview),
        supports_response=SupportsResponse.ONLY,
    )


async def _async_send_message(call: ServiceCall) -> ServiceResponse:
    """Send a message and tell what became of it.

    Without a response any failure is raised; with one, only that nobody was reached.
    """
    fields = _fields(call)
    addressees = await async_addressees(call)
    dispatch = await async_send(call.hass, addressees, fields, await async_user(call))
    async_record_notifications(call.hass, dispatch.sent)
    reached = any(item.reached for item in dispatch.sent)
    if not call.return_response or not reached:
        await async_raise_shortcomings(call.hass, dispatch)
    if not call.return_response:
        return None
    answered = fields.get(ATTR_WAIT_FOR) is WaitFor.ANSWERED
    return {
        "messages": [
            _message(call.hass, item) | ({"answer": item.answer} if answered else {})
            for item in dispatch.sent
        ],
        "warnings": list[Any](await _async_warnings(call.hass, dispatch)),
    }


async def _async_preview_message(call: ServiceCall) -> ServiceResponse:
    """Tell what a call of another action with the same fields would send."""
    user = await async_user(call)
    if is_of_alarm(call.data, _MESSAGE):
        return await async_preview_alarm(call, user)
    addressees = await async_addressees(call)
    preview = await async_preview(call.hass, addressees, _fields(call), user)
    return await preview.async_as_json(call.hass)


def _fields(call: ServiceCall) -> dict[str, Any]:
    """Return the fields of the message itself."""
    return {name: call.data[name] for name in _FIELD_NAMES & call.data.keys()}


async def _async_warnings(hass: HomeAssistant, dispatch: Dispatch) -> list[str]:
    """Return what did not go as it should, though the messages went."""
    notices = dispatch.notices.union(*(item.notices for item in dispatch.sent))
    return [
        *await async_common_texts(hass, sorted(notices)),
        *await async_sentences(hass, dispatch.shortfalls),
    ]


@callback
def _message(hass: HomeAssistant, sent: Sent) -> JsonObjectType:
    """Return what became of one message, as an action's response holds it."""
    message = sent.message
    return {
        "id": message.id,
        "number": message.number,
        "entity_id": notify_entity_id(hass, sent.recipient),
        "status": sent.status,
        "message_id": message.message_id,
        "channel": message.channel,
        "cost": None if message.cost is None else float(message.cost),
        "country": message.country,
        "sms_parts": message.sms_parts if message.taken else None,
        "error": message.reason,
    }
