"""The legacy notify action of an account, which alerts and notify groups call."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components.notify import (
    ATTR_DATA,
    ATTR_MESSAGE,
    ATTR_TARGET,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
    NOTIFY_SERVICE_SCHEMA,
)
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.util import slugify
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from ..account.account import Account, IntelTeleConfigEntry
from ..account.accounts import async_get_account
from ..const import CONF_NOTIFY_ACTION, DOMAIN
from ..delivery import Recipient
from ..exceptions import invalid_input
from ..plain import get_logger, quoted
from ..settings.recipients import is_disabled, name_key, recipients_of
from .dispatch import (
    async_raise_shortcomings,
    async_record_notifications,
    async_send,
)
from .fields import MAX_NUMBERS_AT_ONCE, MESSAGE_SCHEMA, few
from .foreign_data import usable_fields
from .targets import (
    async_user,
    at_most,
    check_permissions,
    listed_in,
    number_text,
    recipients_with_numbers,
)

_LOGGER = get_logger(__name__)

_CALL_SCHEMA: Final = NOTIFY_SERVICE_SCHEMA.extend(
    {
        vol.Optional(ATTR_TARGET): vol.All(
            few(ATTR_TARGET, MAX_NUMBERS_AT_ONCE), [vol.Any(int, float, cv.string)]
        )
    }
)
_TEXT_FIELDS: Final = (ATTR_MESSAGE, ATTR_TITLE)
# Longer texts can only be lists; comparing one with names would take long.
_LONGEST_NAME: Final = 1000
# What nobody needs to be told of, because there is so much of it.
_MAX_TOLD: Final = 100
# As notify describes its own.
_DESCRIBED_FIELDS: Final[Mapping[str, Any]] = {
    ATTR_MESSAGE: {"required": True, "selector": {"text": None}},
    ATTR_TITLE: {"selector": {"text": None}},
    ATTR_TARGET: {"example": "Olena", "selector": {"object": None}},
    ATTR_DATA: {"selector": {"object": None}},
}

# By the account's entry; None where another integration has the name.
DATA_ACTIONS: HassKey[dict[str, str | None]] = HassKey(f"{DOMAIN}_notify_actions")
# By the account's entry: of which data it was told that it is left out.
DATA_TOLD: HassKey[dict[str, set[str]]] = HassKey(f"{DOMAIN}_notify_data_told")


@callback
def async_register_legacy_notify(
    hass: HomeAssistant, entry: IntelTeleConfigEntry
) -> None:
    """Register the action of an account, under the name that it once got."""
    actions = hass.data.setdefault(DATA_ACTIONS, {})
    if entry.entry_id in actions:
        return
    kept: str | None = entry.data.get(CONF_NOTIFY_ACTION)
    name = _free_name(hass, entry) if kept is None else kept
    if hass.services.has_service(NOTIFY_DOMAIN, name):
        actions[entry.entry_id] = None
        _LOGGER.warning(
            "There is an action notify.%s already, so the account %s gets none",
            name,
            entry.title,
        )
        return
    actions[entry.entry_id] = name
    if kept is None:
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, CONF_NOTIFY_ACTION: name}
        )

    async def notify(call: ServiceCall) -> None:
        """Send a message."""
        await _async_notify(call, entry)

    hass.services.async_register(NOTIFY_DOMAIN, name, notify, schema=_CALL_SCHEMA)
    async_set_service_schema(
        hass,
        NOTIFY_DOMAIN,
        name,
        {
            "name": f"Send a notification with {name}",
            "description": f"Sends a message from the account {entry.title}.",
            "fields": dict(_DESCRIBED_FIELDS),
        },
    )


@callback
def async_remove_legacy_notify(hass: HomeAssistant, entry_id: str) -> None:
    """Take the action of an account away, where it has one."""
    name = hass.data.get(DATA_ACTIONS, {}).pop(entry_id, None)
    if name is not None:
        hass.services.async_remove(NOTIFY_DOMAIN, name)


@callback
def _free_name(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> str:
    """Return an account's title as the name of an action, one that nothing has."""
    taken = {
        other.data.get(CONF_NOTIFY_ACTION)
        for other in hass.config_entries.async_entries(DOMAIN)
    }
    title = name = slugify(entry.title)
    number = 1
    while name in taken or hass.services.has_service(NOTIFY_DOMAIN, name):
        number += 1
        name = f"{title}_{number}"
    return name


async def _async_notify(call: ServiceCall, entry: IntelTeleConfigEntry) -> None:
    """Send a message; `data` takes the field names of inteltele.send_message."""
    user = await async_user(call)
    account = await async_get_account(call.hass, entry)
    addressees = {account: _recipients(call, user, account)}
    given = {name: call.data[name] for name in _TEXT_FIELDS if call.data.get(name)}
    text = MESSAGE_SCHEMA({ATTR_MESSAGE: "", **given})
    data = call.data.get(ATTR_DATA) or {}
    fields = usable_fields(addressees, text, data)
    _tell_once(call.hass, entry, data.keys() - fields.keys())
    dispatch = await async_send(call.hass, addressees, fields, user)
    async_record_notifications(call.hass, dispatch.sent)
    await async_raise_shortcomings(call.hass, dispatch)


@callback
def _recipients(
    call: ServiceCall, user: User | None, account: Account
) -> list[Recipient]:
    """Return whom the target means: names or numbers, everyone without one.

    Raises Unauthorized where the user may not send to all of them.
    """
    everyone = list(recipients_of(account.entry))
    target = call.data.get(ATTR_TARGET)
    if target is None:
        found = [known for known in everyone if not is_disabled(call.hass, known)]
        check_permissions(call, user, found)
    else:
        found = _named(call, user, account, everyone, target)
    if not found:
        raise invalid_input("no_recipient")
    return found


@callback
def _named(
    call: ServiceCall,
    user: User | None,
    account: Account,
    everyone: list[Recipient],
    target: list[str | float],
) -> list[Recipient]:
    """Return whom names and numbers mean, which may be listed in one text."""
    by_name: defaultdict[str, list[Recipient]] = defaultdict(list)
    for known in everyone:
        by_name[name_key(known.name or "")].append(known)
    found: list[Recipient] = []

    def parts() -> Iterator[str]:
        """Yield what names one; a name may hold a comma itself."""
        for item in target:
            text = str(item)
            is_name = len(text) <= _LONGEST_NAME and name_key(text) in by_name
            yield from [text] if is_name else listed_in(number_text(item))

    for part in at_most(ATTR_TARGET, parts()):
        named = by_name.get(name_key(part), [])
        if len(named) > 1:
            raise invalid_input("name_not_unique", recipient=part)
        if named:
            check_permissions(call, user, named)
            found += named
        elif any(character.isdigit() for character in part):
            found += recipients_with_numbers(call, user, account, [part])
        else:
            raise invalid_input("unknown_recipient", recipient=part)
    return found


@callback
def _tell_once(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, left_out: Iterable[object]
) -> None:
    """Log what was left out of a call's data, each field once."""
    told = hass.data.setdefault(DATA_TOLD, {}).setdefault(entry.entry_id, set())
    news = sorted({quoted(str(name)) for name in left_out} - told)
    if not news or len(told) > _MAX_TOLD:
        return
    told.update(news)
    _LOGGER.warning(
        "The account %s sent a text without some of the data of its call, which is "
        "not for IntelTele, or cannot be used: %s",
        entry.title,
        ", ".join(news),
    )
