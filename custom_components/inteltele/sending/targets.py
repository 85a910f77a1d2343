"""Whom an action is for: notify entities, what holds them, and bare numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
import re
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.notify import DOMAIN as NOTIFY_DOMAIN
from homeassistant.const import (
    ATTR_CONFIG_ENTRY_ID,
    ATTR_ENTITY_ID,
    ENTITY_MATCH_ALL,
)
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import (
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.group import get_entity_ids
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..account.account import Account, IntelTeleConfigEntry
from ..account.accounts import (
    async_choose_account,
    async_get_account,
    entry_id_of_number,
    has_one_account,
)
from ..const import ATTR_TO, DOMAIN
from ..delivery import Recipient
from ..exceptions import invalid_input
from ..gateway import PhoneNumberError, to_e164
from ..settings.recipients import (
    bare_recipient,
    notify_entity_id,
    recipient_of,
    recipients_by_number,
)
from .composing import Addressees
from .fields import MAX_NUMBERS_AT_ONCE

# What is no less is a whole number with its country code. Without quotes, YAML reads
# 0610201305 as 102826693, which somebody else may have.
_WHOLE_NUMBER: Final = 10**10
_TOO_LONG: Final = 10**15
# Between several numbers, or names, in one text; so are line ends.
SEPARATOR: Final = re.compile("[,;]")


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
    for entry_id, numbers in _numbers(call, addressees).items():
        account = await async_choose_account(call.hass, entry_id)
        addressees[account] += recipients_with_numbers(call, user, account, numbers)
    if not addressees:
        raise invalid_input("no_recipient")
    return addressees


@callback
def _numbers(
    call: ServiceCall, accounts: Iterable[Account]
) -> Mapping[str | None, Sequence[object]]:
    """Return the numbers that an action names, by the account to send them by.

    Where none is chosen, that is the one whose recipient it is; for other numbers the
    one that sends to everybody else, or None for the only one there is.
    """
    texts: Sequence[object] = call.data.get(ATTR_TO, ())
    chosen = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if not texts:
        return {}
    if chosen is not None or has_one_account(call.hass):
        return {chosen: texts}
    numbers = list(_numbers_in(call.hass, texts))
    known = {number: entry_id_of_number(call.hass, number) for number in numbers}
    others = {account.entry.entry_id for account in accounts} | set(known.values())
    others -= {None}
    other = others.pop() if len(others) == 1 else None
    found: defaultdict[str | None, list[str]] = defaultdict(list)
    for number in numbers:
        found[known[number] or other].append(number)
    return found


@callback
def recipients_with_numbers(
    call: ServiceCall, user: User | None, account: Account, texts: Iterable[object]
) -> list[Recipient]:
    """Return an account's recipients with some numbers, or numbers as bare ones.

    A text may hold several, separated by commas, semicolons or line ends. Raises
    Unauthorized at the first one that the user may not send to.
    """
    known = recipients_by_number(account.entry)
    found = []
    for number in _numbers_in(call.hass, texts):
        recipient = known.get(number) or bare_recipient(account.entry, number)
        check_permissions(call, user, [recipient])
        found.append(recipient)
    return found


def _numbers_in(hass: HomeAssistant, texts: Iterable[object]) -> Iterator[str]:
    """Yield the numbers that some texts hold, as E.164, once they are few enough."""

    def parts() -> Iterator[str]:
        """Yield what is to be one number."""
        for text in texts:
            yield from listed_in(number_text(text))

    for part in at_most(ATTR_TO, parts()):
        yield e164(hass, part)


def at_most(field: str, parts: Iterable[str]) -> list[str]:
    """Return what a field lists, where that is not too much to look at each of it.

    How much it is beyond that is not counted, for it may be very much.
    """
    listed = list(islice(parts, MAX_NUMBERS_AT_ONCE + 1))
    if len(listed) > MAX_NUMBERS_AT_ONCE:
        limit = str(MAX_NUMBERS_AT_ONCE)
        raise invalid_input("too_many", field=field, count=f">{limit}", limit=limit)
    return listed


def listed_in(text: str) -> Iterator[str]:
    """Yield what is listed in a text.

    Raises ServiceValidationError where a place in the list is empty: a template has
    given nothing there, and somebody would be missing.
    """
    for part in SEPARATOR.split(text):
        named = [line for line in map(str.strip, part.splitlines()) if line]
        if not named:
            raise invalid_input("place_empty", text=text)
        yield from named


def number_text(value: object) -> str:
    """Return a phone number as text, also one that YAML or a template made a number of.

    Raises ServiceValidationError where it is not certain what was written.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and _WHOLE_NUMBER <= value < _TOO_LONG:
        whole = int(value)
        if whole == value:
            return f"+{whole}"
    raise invalid_input("number_not_text", number=str(value))


@callback
def e164(hass: HomeAssistant, value: object) -> str:
    """Return a phone number as E.164; without country code it is of the house's."""
    text = number_text(value)
    try:
        return to_e164(text, hass.config.country)
    except PhoneNumberError as err:
        raise invalid_input("invalid_number", number=text) from err


@callback
def _targeted_entities(call: ServiceCall) -> list[er.RegistryEntry]:
    """Return the notify entities of this integration that an action targets.

    What a group, device, area or label holds besides is passed over; an entity that is
    named must be one of ours. Disabled ones are left out, but those that are named,
    also by a group, about which there is a sentence.
    """
    registry = er.async_get(call.hass)
    named = cv.ensure_list(call.data.get(ATTR_ENTITY_ID))
    places = {entity_id: place for place, entity_id in enumerate(named)}
    expanded = {**call.data, ATTR_ENTITY_ID: [*_expanded(call.hass, named)]}
    selected = async_extract_referenced_entity_ids(call.hass, TargetSelection(expanded))
    targeted = selected.referenced | selected.indirectly_referenced
    entities = []
    for entity_id in sorted(
        targeted, key=lambda one: (places.get(one, len(places)), one)
    ):
        entity = registry.async_get(entity_id)
        if entity is None or not _is_ours(entity):
            if entity_id in named:
                raise invalid_input("unknown_recipient", recipient=entity_id)
        elif entity_id in selected.referenced or not entity.disabled:
            entities.append(entity)
    return entities


@callback
def _expanded(hass: HomeAssistant, entity_ids: Iterable[str]) -> set[str]:
    """Return entities with groups replaced by their members.

    Home Assistant does so for some groups only, and not for `all` here.
    """
    expanded: set[str] = set()
    seen: set[str] = set()
    waiting = set(entity_ids)
    while waiting:
        seen.add(entity_id := waiting.pop())
        if entity_id == ENTITY_MATCH_ALL:
            expanded |= {
                entity.entity_id
                for entity in er.async_get(hass).entities.values()
                if _is_ours(entity) and not entity.disabled
            }
        elif members := get_entity_ids(hass, entity_id):
            waiting |= set(members) - seen
        else:
            expanded.add(entity_id)
    return expanded


def _is_ours(entity: er.RegistryEntry) -> bool:
    """Return whether an entity is the notify entity of a recipient."""
    return entity.platform == DOMAIN and entity.domain == NOTIFY_DOMAIN


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
