"""What an account takes up of its entry, to be compared with what it knew before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_WEBHOOK_ID
from homeassistant.core import callback

from ..const import CONF_CURRENCY, DOMAIN
from ..coordinator import AccountEntry
from ..delivery import Recipient
from ..settings.options import AccountOptions, options_of
from ..settings.recipients import recipients_of


@callback
def recipients_signal(entry_id: str) -> str:
    """Return the dispatcher signal of an account whose recipients may have changed."""
    return f"{DOMAIN}_recipients_{entry_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryState:
    """What a person entered for an account, as it is at one moment.

    `credentials` are gateway address, username and API key; `recipients` are by the
    ids of their subentries.
    """

    title: str
    credentials: tuple[str, str, str] = field(repr=False)
    currency: str
    webhook_id: str = field(repr=False)
    options: AccountOptions
    recipients: Mapping[str, Recipient]

    @classmethod
    def of(cls, entry: AccountEntry) -> Self:
        """Return what an entry holds now."""
        data = entry.data
        return cls(
            title=entry.title,
            credentials=(data[CONF_URL], data[CONF_USERNAME], data[CONF_API_KEY]),
            currency=data[CONF_CURRENCY],
            webhook_id=data[CONF_WEBHOOK_ID],
            options=options_of(entry),
            recipients={
                recipient.subentry_id or "": recipient
                for recipient in recipients_of(entry)
            },
        )

    def changed_recipients(self, before: Self) -> list[Recipient]:
        """Return the recipients who are new, or other than they were before."""
        return [
            recipient
            for subentry_id, recipient in self.recipients.items()
            if before.recipients.get(subentry_id) != recipient
        ]
