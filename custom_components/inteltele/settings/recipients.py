"""Recipients: the people that an account's subentries name."""

from collections.abc import Iterator
from dataclasses import replace
from unicodedata import category, normalize

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import (
    CONF_PHONE,
    CONF_SMS_AFTER,
    CONF_SMS_FALLBACK,
    CONF_SMS_SENDER,
    DOMAIN,
    KEY_NOTIFY,
    SUBENTRY_RECIPIENT,
)
from ..coordinator import AccountEntry
from ..delivery import Recipient
from .options import seconds_of


def recipient_of(entry: AccountEntry, subentry: ConfigSubentry) -> Recipient:
    """Return whom a subentry of an account names."""
    return with_what_is_set(
        entry,
        Recipient(
            number=subentry.data[CONF_PHONE],
            name=subentry.title,
            subentry_id=subentry.subentry_id,
            sms_fallback=subentry.data[CONF_SMS_FALLBACK],
            sms_sender=subentry.data.get(CONF_SMS_SENDER),
            sms_after=seconds_of(subentry.data.get(CONF_SMS_AFTER)),
        ),
    )


def bare_recipient(entry: AccountEntry, number: str) -> Recipient:
    """Return a number that is nobody's here, with what is set for the account."""
    return with_what_is_set(entry, Recipient(number=number))


def with_what_is_set(entry: AccountEntry, recipient: Recipient) -> Recipient:
    """Return a recipient with what is set for the account, where they have no own."""
    if not {CONF_SMS_SENDER, CONF_SMS_AFTER} & entry.options.keys():
        return recipient
    return replace(
        recipient,
        sms_sender=recipient.sms_sender or entry.options.get(CONF_SMS_SENDER),
        sms_after=recipient.sms_after or seconds_of(entry.options.get(CONF_SMS_AFTER)),
    )


def notify_entity_id(hass: HomeAssistant, recipient: Recipient) -> str | None:
    """Return the notify entity of a recipient, None for a bare number."""
    if recipient.subentry_id is None:
        return None
    return er.async_get(hass).async_get_entity_id(
        Platform.NOTIFY, DOMAIN, f"{recipient.subentry_id}_{KEY_NOTIFY}"
    )


def name_key(name: str) -> str:
    """Return by what two names are the same, however they are typed."""
    words = " ".join(name.split())
    seen = "".join(char for char in words if not category(char).startswith("C"))
    return normalize("NFKC", seen).strip().casefold()


def is_disabled(hass: HomeAssistant, recipient: Recipient) -> bool:
    """Return whether a recipient's notify entity is disabled: they get nothing."""
    entity_id = notify_entity_id(hass, recipient)
    entity = er.async_get(hass).async_get(entity_id) if entity_id else None
    return entity is not None and entity.disabled


def recipient_with_entity(
    hass: HomeAssistant, entry: AccountEntry, entity_id: str
) -> Recipient | None:
    """Return whose notify entity this is, None where it is nobody's here."""
    for recipient in recipients_of(entry):
        if notify_entity_id(hass, recipient) == entity_id:
            return recipient
    return None


def recipients_of(entry: AccountEntry) -> Iterator[Recipient]:
    """Return the recipients of an account."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT):
        yield recipient_of(entry, subentry)


def recipient_with_number(entry: AccountEntry, number: str) -> Recipient | None:
    """Return who has an E.164 number now, None where it is nobody here."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT):
        if subentry.data[CONF_PHONE] == number:
            return recipient_of(entry, subentry)
    return None


def recipient_now(
    entry: AccountEntry, number: str, subentry_id: str | None
) -> Recipient | None:
    """Return who has a number now, or had it: somebody's may have changed since.

    None where it is nobody here, or no longer.
    """
    if (found := recipient_with_number(entry, number)) is not None:
        return found
    subentry = entry.subentries.get(subentry_id or "")
    return None if subentry is None else recipient_of(entry, subentry)


def recipients_by_number(entry: AccountEntry) -> dict[str, Recipient]:
    """Return the recipients of an account by their E.164 numbers."""
    return {recipient.number: recipient for recipient in recipients_of(entry)}
