"""Whom an alarm is to ask: each who can be asked, and what is amiss with the rest."""

from itertools import islice
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.core import ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from ..account.account import Account
from ..alarms.raised import MAX_PEOPLE, Person
from ..const import ATTR_TO
from ..delivery import Recipient
from ..settings.recipients import (
    bare_recipient,
    is_disabled,
    recipient_with_entity,
    recipients_by_number,
)
from .lenient_fields import Shortcomings
from .outcomes import label
from .targets import SEPARATOR, check_permissions, e164, listed_in

ATTR_RECIPIENTS: Final = "recipients"

# So many are looked at: what is no number takes long to be known as none.
MAX_NAMED: Final = 10 * MAX_PEOPLE


@callback
def people_of(
    call: ServiceCall,
    user: User | None,
    account: Account,
    shortcomings: Shortcomings,
) -> list[tuple[Person, Recipient]]:
    """Return whom to ask, in order, each number once."""
    found: dict[str, Recipient] = {}
    named: list[Recipient] = []
    for entity_id in map(str, listed(call, ATTR_RECIPIENTS, shortcomings)):
        recipient = recipient_with_entity(call.hass, account.entry, entity_id)
        if recipient is None:
            shortcomings.add("alarm_unknown_recipient", recipient=entity_id)
            continue
        named.append(recipient)
        if is_disabled(call.hass, recipient):
            shortcomings.add("recipient_disabled", recipients=label(recipient))
        else:
            found.setdefault(recipient.number, recipient)
    known = recipients_by_number(account.entry)
    for text in listed(call, ATTR_TO, shortcomings):
        try:
            number = e164(call.hass, text)
        except HomeAssistantError as err:
            shortcomings.errors.append(err)
            continue
        recipient = known.get(number) or bare_recipient(account.entry, number)
        found.setdefault(number, recipient)
    # An alarm with nobody to ask still stands on everybody's screen.
    check_permissions(call, user, [*named, *found.values()] or [Recipient(number="")])
    if len(found) > MAX_PEOPLE:
        shortcomings.add("alarm_too_many_people", limit=str(MAX_PEOPLE))
    return [
        (
            Person(
                number=recipient.number,
                name=recipient.name,
                subentry_id=recipient.subentry_id,
            ),
            recipient,
        )
        for recipient in list(found.values())[:MAX_PEOPLE]
    ]


def listed(
    call: ServiceCall, field: str, shortcomings: Shortcomings | None = None
) -> list[Any]:
    """Return what a field lists, as far as anybody would.

    An empty place costs nobody else theirs.
    """
    found: list[Any] = []
    for value in islice(cv.ensure_list(call.data.get(field)), MAX_NAMED):
        if not isinstance(value, str):
            found.append(value)
            continue
        try:
            found += list(listed_in(value))
        except HomeAssistantError as err:
            if shortcomings is not None:
                shortcomings.errors.append(err)
            parts = SEPARATOR.sub("\n", value).splitlines()
            found += [part.strip() for part in parts if part.strip()]
    return found[:MAX_NAMED]
