"""Recipients: the people that an account's subentries name."""

from collections.abc import Iterator

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .const import CONF_PHONE, CONF_SMS_FALLBACK, CONF_SMS_SENDER, SUBENTRY_RECIPIENT
from .delivery import Recipient


def recipient_of(entry: ConfigEntry, subentry: ConfigSubentry) -> Recipient:
    """Return whom a subentry of an account names."""
    return Recipient(
        number=subentry.data[CONF_PHONE],
        name=subentry.title,
        subentry_id=subentry.subentry_id,
        sms_fallback=subentry.data[CONF_SMS_FALLBACK],
        sms_sender=subentry.data.get(CONF_SMS_SENDER)
        or entry.options.get(CONF_SMS_SENDER),
    )


def recipients_of(entry: ConfigEntry) -> Iterator[Recipient]:
    """Return the recipients of an account."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT):
        yield recipient_of(entry, subentry)
