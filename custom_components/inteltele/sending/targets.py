"""Whom an action is for: notify entities, what holds them, and bare numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
import re
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.notify import DOMAIN as NOTIFY_DOMAIN
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..account.account import Account, IntelTeleConfigEntry
from ..account.accounts import async_choose_account, async_get_account
from ..const import ATTR_TO, DOMAIN
from ..delivery import Recipient
from ..exceptions import invalid_input
from ..gateway import PhoneNumberError, to_e164
from ..settings.recipients import notify_entity_id, recipient_of, recipients_by_number
from .dispatch import Addressees

# Between several numbers, or names, in one text; so are line ends.
_SEPARATOR: Final = re.compile("[,;]")


async def async_addressees(call: ServiceCall) -> Addressees:
    """Return the recipients that an action targets, by account.

    An account that is being set up is waited for. Raises ServiceValidationError for a
    target that is nobody here, and Unauthorized where the user may not control an
    entity, or not all of them for a bare number.
    """
    addressees: defaultdict[Account, list[Recipient]] = defaultdict(list)
    entities = _targeted_entities(call)
    user = await async_user(call)
    for entity in entities:
        _check_permission(call, user, entity.entity_id)
    named = [_recipient_of_entity(call.hass, entity) for entity in entities]
    for entry, recipient in named:
        addressees[await async_get_account(call.hass, entry)].append(recipient)
    if numbers := call.data.get(ATTR_TO):
        account = await async_choose_account(
            call.hass, call.data.get(ATTR_CONFIG_ENTRY_ID)
        )
        numbered = recipients_with_numbers(call.hass, account, numbers)
        check_permissions(call, user, numbered)
        addressees[account] += numbered
    if not addressees:
        raise invalid_input("no_recipient")
    return addressees


@callback
def recipients_with_numbers(
    hass: HomeAssistant, account: Account, texts: Iterable[object]
) -> list[Recipient]:
    """Return an account's recipients with some numbers, or numbers as bare ones.

    A text may hold several, separated by commas, semicolons or line ends.
    """
    known = recipients_by_number(account.entry)
    sms_sender = account.options.sms_sender
    return [
        known.get(number) or Recipient(number=number, sms_sender=sms_sender)
        for text in texts
        for number in _numbers(hass, text)
    ]


@callback
def _numbers(hass: HomeAssistant, text: object) -> list[str]:
    """Return the numbers that a text holds, as E.164."""
    if not isinstance(text, str):
        raise invalid_input("number_not_text", number=str(text))
    return [e164(hass, part) for part in listed_in(text)]


def listed_in(text: str) -> Iterator[str]:
    """Yield what is listed in a text.

    Raises ServiceValidationError where a place in the list is empty: a template has
    given nothing there, and somebody would be missing.
    """
    for part in _SEPARATOR.split(text):
        named = [line for line in map(str.strip, part.splitlines()) if line]
        if not named:
            raise invalid_input("place_empty", text=text)
        yield from named


@callback
def e164(hass: HomeAssistant, text: object) -> str:
    """Return a phone number as E.164; without country code it is of the house's."""
    if not isinstance(text, str):
        raise invalid_input("number_not_text", number=str(text))
    try:
        return to_e164(text, hass.config.country)
    except PhoneNumberError as err:
        raise invalid_input("invalid_number", number=text) from err


@callback
def _targeted_entities(call: ServiceCall) -> list[er.RegistryEntry]:
    """Return the notify entities of this integration that an action targets.

    What a device, area or label holds besides is passed over; an entity that is named
    must be one of ours.
    """
    selected = async_extract_referenced_entity_ids(
        call.hass, TargetSelection(call.data)
    )
    registry = er.async_get(call.hass)
    entities = []
    for entity_id in sorted(selected.referenced | selected.indirectly_referenced):
        entity = registry.async_get(entity_id)
        if entity and entity.platform == DOMAIN and entity.domain == NOTIFY_DOMAIN:
            # Disabled ones get nothing; about one that is named, there is a sentence.
            if entity_id in selected.referenced or not entity.disabled:
                entities.append(entity)
        elif entity_id in selected.referenced:
            raise invalid_input("unknown_recipient", recipient=entity_id)
    return entities


async def async_user(call: ServiceCall) -> User | None:
    """Return who calls an action, None for the house itself."""
    if call.context.user_id is None:
        return None
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    return user


@callback
def check_permissions(
    call: ServiceCall, user: User | None, recipients: Iterable[Recipient]
) -> None:
    """Raise Unauthorized unless the user may send to all of some recipients."""
    for recipient in recipients:
        _check_permission(call, user, notify_entity_id(call.hass, recipient))


@callback
def _check_permission(
    call: ServiceCall, user: User | None, entity_id: str | None
) -> None:
    """Raise Unauthorized unless the user may control an entity, or all for None.

    A number is no way around the permission on the entity of whom it belongs to.
    """
    if user is None:
        return
    permissions = user.permissions
    if not (
        permissions.access_all_entities(POLICY_CONTROL)
        if entity_id is None
        else permissions.check_entity(entity_id, POLICY_CONTROL)
    ):
        raise Unauthorized(
            context=call.context, entity_id=entity_id, permission=POLICY_CONTROL
        )


@callback
def _recipient_of_entity(
    hass: HomeAssistant, entity: er.RegistryEntry
) -> tuple[IntelTeleConfigEntry, Recipient]:
    """Return the entry of a notify entity's account, and its recipient."""
    entry = hass.config_entries.async_get_known_entry(entity.config_entry_id or "")
    subentry = entry.subentries[entity.config_subentry_id or ""]
    return entry, recipient_of(entry, subentry)
