"""The actions that ask: for outcomes, prices, and what was sent."""

from collections.abc import Sequence
import sqlite3
from typing import Final

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.account import Account
from ..account.accounts import (
    async_choose_account,
    entry_id_of_entity,
    entry_id_of_number,
)
from ..const import DOMAIN
from ..delivery import Recipient
from ..exceptions import failure, invalid_input, reading_history
from ..gateway import GatewayError
from ..sending.field_rules import Rule, one_of, ruled
from ..sending.fields import MAX_NAME, few, labelled, limited, on_one_line
from ..sending.targets import async_user, e164
from ..settings.recipients import recipient_with_entity
from ..storage.message import Message, MessageStatus
from .permissions import may_read_history, may_send_to_anybody, readable_numbers
from .responses import message_as_json, state_known, state_told

ATTR_COUNTRY: Final = "country"
ATTR_LIMIT: Final = "limit"
ATTR_MESSAGE_IDS: Final = "message_ids"
ATTR_NUMBER: Final = "number"
ATTR_RECIPIENT: Final = "recipient"
ATTR_STATUS: Final = "status"

DEFAULT_LIMIT: Final = 20
MAX_IDS: Final = 100
MAX_ID: Final = 128
MAX_LIMIT: Final = 1000

_ACCOUNT: Final = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): on_one_line(ATTR_CONFIG_ENTRY_ID, MAX_NAME)
}
_RECIPIENT: Final = {
    vol.Optional(ATTR_RECIPIENT): ruled(ATTR_RECIPIENT, Rule.ENTITIES, cv.entity_id)
}
GET_STATUS_SCHEMA: Final = vol.Schema(
    {
        **_ACCOUNT,
        vol.Required(ATTR_MESSAGE_IDS): vol.All(
            few(ATTR_MESSAGE_IDS, MAX_IDS), [limited(ATTR_MESSAGE_IDS, MAX_ID)]
        ),
    }
)
GET_RATES_SCHEMA: Final = vol.Schema(
    {
        **_ACCOUNT,
        vol.Optional(ATTR_COUNTRY): vol.All(limited(ATTR_COUNTRY, MAX_NAME), vol.Lower),
    }
)
GET_MESSAGES_SCHEMA: Final = vol.Schema(
    {
        **_ACCOUNT,
        **_RECIPIENT,
        vol.Optional(ATTR_STATUS): one_of(ATTR_STATUS, MessageStatus),
        vol.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): ruled(
            ATTR_LIMIT,
            Rule.NUMBER,
            vol.All(vol.Coerce(int), vol.Range(min=1, max=MAX_LIMIT)),
            least="1",
            most=str(MAX_LIMIT),
        ),
    }
)
DELETE_MESSAGES_SCHEMA: Final = vol.Schema(
    {
        **_ACCOUNT,
        **_RECIPIENT,
        vol.Optional(ATTR_NUMBER): object,
    }
)


@callback
def async_setup_history_services(hass: HomeAssistant) -> None:
    """Register the actions that ask."""
    for name, action, schema in (
        ("get_status", _async_get_status, GET_STATUS_SCHEMA),
        ("get_rates", _async_get_rates, GET_RATES_SCHEMA),
        ("get_messages", _async_get_messages, GET_MESSAGES_SCHEMA),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            action,
            labelled(schema),
            supports_response=SupportsResponse.ONLY,
        )
    service.async_register_admin_service(
        hass,
        DOMAIN,
        "delete_messages",
        _async_delete_messages,
        labelled(DELETE_MESSAGES_SCHEMA),
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_get_status(call: ServiceCall) -> ServiceResponse:
    """Ask the gateway what became of messages; ids it does not know are left out.

    A message may be named by the gateway's id, or by the house's own. What the gateway
    has no id for is told as this house knows it. What the user may not read is left
    out, too; what this house does not know is for those who may read all.
    """
    account = await _async_account(call)
    readable = await _async_readable_numbers(call, account)
    known: dict[str, Message] = {}
    with reading_history():
        for text in call.data[ATTR_MESSAGE_IDS]:
            found = await account.ledger.with_id(text) or await account.ledger.find(
                text
            )
            if found is not None:
                known[text] = found
    asked = {
        text: known[text].message_id if text in known else text
        for text in call.data[ATTR_MESSAGE_IDS]
        if readable is None or (text in known and known[text].number in readable)
    }
    try:
        receipts = await account.client.statuses(
            list(dict.fromkeys(filter(None, asked.values())))
        )
    except GatewayError as err:
        raise _account_failure(err) from err
    states: JsonObjectType = {}
    for text, message_id in asked.items():
        message = known.get(text)
        if message_id in receipts:
            state = state_told(receipts[message_id])
        elif message is not None and message_id is None:
            state = state_known(message)
        else:
            continue
        states[text] = state | {
            "id": message.id if message else None,
            "message_id": message_id,
            "channel": message.channel if message else None,
        }
    return {"messages": states}


async def _async_get_rates(call: ServiceCall) -> ServiceResponse:
    """Ask the gateway for the prices of SMS, for who may send from the account."""
    account = await _async_account(call)
    if not may_send_to_anybody(call.hass, account.entry, await async_user(call)):
        raise Unauthorized(context=call.context, permission=POLICY_CONTROL)
    try:
        rates = await account.client.rates()
    except GatewayError as err:
        raise _account_failure(err) from err
    wanted = call.data.get(ATTR_COUNTRY)
    return {
        "rates": {
            country: [
                {
                    "network": rate.network,
                    "price": float(rate.price),
                    "only_delivered": rate.only_delivered,
                }
                for rate in networks
            ]
            for country, networks in rates.items()
            if wanted in (None, country)
        }
    }


async def _async_get_messages(call: ServiceCall) -> ServiceResponse:
    """Return what was sent, newest first, as far as the user may read it."""
    account = await _async_account(call)
    numbers = await _async_readable_numbers(call, account)
    with reading_history():
        messages = await account.ledger.history(
            numbers, call.data.get(ATTR_STATUS), call.data[ATTR_LIMIT]
        )
    return {"messages": [message_as_json(message) for message in messages]}


async def _async_delete_messages(call: ServiceCall) -> ServiceResponse:
    """Forget the messages to somebody."""
    entity_id, text = call.data.get(ATTR_RECIPIENT), call.data.get(ATTR_NUMBER)
    if (entity_id is None) == (text is None):
        raise invalid_input("nobody_to_forget")
    account = await _async_account(call)
    if entity_id is None:
        number = e164(call.hass, text)
    else:
        number = _recipient(call.hass, account, entity_id).number
    try:
        return {"deleted": await account.async_forget(number)}
    except sqlite3.Error as err:
        raise failure("history_not_written") from err


async def _async_account(call: ServiceCall) -> Account:
    """Return the account that is named, or the one that whom it is about belongs to."""
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if entry_id is None and (entity_id := call.data.get(ATTR_RECIPIENT)) is not None:
        entry_id = entry_id_of_entity(call.hass, entity_id)
    if entry_id is None and (text := call.data.get(ATTR_NUMBER)) is not None:
        entry_id = entry_id_of_number(call.hass, e164(call.hass, text))
    return await async_choose_account(call.hass, entry_id)


def _recipient(hass: HomeAssistant, account: Account, entity_id: str) -> Recipient:
    """Return whose notify entity this is."""
    recipient = recipient_with_entity(hass, account.entry, entity_id)
    if recipient is None:
        raise invalid_input("unknown_recipient", recipient=entity_id)
    return recipient


async def _async_readable_numbers(
    call: ServiceCall, account: Account
) -> Sequence[str] | None:
    """Return the numbers whose messages are asked for and may be read, None for all."""
    user = await async_user(call)
    if not may_read_history(account.entry, user):
        raise Unauthorized(context=call.context)
    readable = readable_numbers(call.hass, account.entry, user)
    if (entity_id := call.data.get(ATTR_RECIPIENT)) is None:
        return readable
    number = _recipient(call.hass, account, entity_id).number
    if readable is not None and number not in readable:
        raise Unauthorized(
            context=call.context, entity_id=entity_id, permission=POLICY_READ
        )
    return [number]


def _account_failure(err: GatewayError) -> HomeAssistantError:
    """Return the error for a question that the gateway did not answer."""
    return failure(f"account_{err.reason.of_account}")
