"""Who may raise, answer and hear of an alarm that asks somebody."""

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import HomeAssistant, ServiceCall, callback

from ..account.account import Account
from ..alarms.alarm import Alarm
from ..delivery import Recipient
from ..settings.recipients import notify_entity_id, recipient_now
from .raising import Wanted
from .targets import check_permissions


@callback
def check_known(call: ServiceCall, user: User | None, wanted: Wanted) -> Alarm | None:
    """Return the alarm that a raise would count for, None where it makes a new one.

    What is raised again goes to those whom it asked first: raises Unauthorized where
    the user may not send to them.
    """
    if (known := wanted.account.alarms.going_on(wanted.raised.key)) is not None:
        check_may_send(call, user, wanted.account, known)
    return known


@callback
def check_may_send(
    call: ServiceCall, user: User | None, account: Account, alarm: Alarm
) -> None:
    """Raise Unauthorized unless the user may send to everybody whom an alarm asks."""
    check_permissions(call, user, _recipients(account, alarm).values())


@callback
def may_answer(
    hass: HomeAssistant, account: Account, alarm: Alarm, user: User | None
) -> bool:
    """Return whether the user may control somebody's entity who is asked."""
    if user is None or user.permissions.access_all_entities(POLICY_CONTROL):
        return True
    return any(
        user.permissions.check_entity(entity_id, POLICY_CONTROL)
        for entity_id in entity_ids_of(hass, account, alarm).values()
        if entity_id is not None
    )


def may_know(user: User | None, entity_id: str | None) -> bool:
    """Return whether a user may hear what became of a question to somebody."""
    if user is None:
        return True
    permissions = user.permissions
    return any(
        permissions.access_all_entities(policy)
        if entity_id is None
        else permissions.check_entity(entity_id, policy)
        for policy in (POLICY_READ, POLICY_CONTROL)
    )


@callback
def entity_ids_of(
    hass: HomeAssistant, account: Account, alarm: Alarm
) -> dict[str, str | None]:
    """Return the notify entities of those whom an alarm asks, by the numbers it knows.

    None is that of a bare number.
    """
    return {
        number: notify_entity_id(hass, recipient)
        for number, recipient in _recipients(account, alarm).items()
    }


def _recipients(account: Account, alarm: Alarm) -> dict[str, Recipient]:
    """Return whom an alarm asks, as they are set now, by the numbers it knows."""
    return {
        person.number: recipient_now(account.entry, person.number, person.subentry_id)
        or Recipient(number=person.number)
        for person in alarm.people
    }
