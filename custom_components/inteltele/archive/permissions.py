"""Who may read the messages of an account."""

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import HomeAssistant, callback

from ..account.account import IntelTeleConfigEntry
from ..delivery import Recipient
from ..settings.options import options_of
from ..settings.recipients import notify_entity_id, recipients_of


@callback
def may_read_history(entry: IntelTeleConfigEntry, user: User | None) -> bool:
    """Return whether somebody may read any messages; the house itself always may."""
    return user is None or user.is_admin or not options_of(entry).history_for_admins


@callback
def may_send_to_anybody(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, user: User | None
) -> bool:
    """Return whether somebody may send from an account at all, to whomever."""
    return (
        user is None
        or user.permissions.access_all_entities(POLICY_CONTROL)
        or any(
            user.permissions.check_entity(
                notify_entity_id(hass, recipient) or "", POLICY_CONTROL
            )
            for recipient in recipients_of(entry)
        )
    )


@callback
def readable_recipients(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, user: User | None
) -> list[Recipient]:
    """Return the recipients whose messages somebody may read."""
    if not may_read_history(entry, user):
        return []
    return [
        recipient
        for recipient in recipients_of(entry)
        if user is None
        or user.permissions.check_entity(
            notify_entity_id(hass, recipient) or "", POLICY_READ
        )
    ]


@callback
def readable_numbers(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, user: User | None
) -> list[str] | None:
    """Return the numbers whose messages somebody may read, None for all.

    Numbers without a recipient are for administrators.
    """
    if user is None or user.is_admin:
        return None
    return [recipient.number for recipient in readable_recipients(hass, entry, user)]
