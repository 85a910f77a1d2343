"""What a send would be: to whom, by which way, as which text, and for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.json import JsonObjectType

from ..account.account import Account
from ..delivery import Notice
from ..gateway import ContentRule
from .attachments import async_pretend
from .composing import (
    Addressees,
    Prepared,
    async_prepare,
    recipient_disabled,
    without_disabled,
)
from .previewed import (
    Previewed,
    async_ask_prices,
    async_warnings,
    notices_of,
    shortfalls_of,
    within_limits,
)

DISABLED: Final = "disabled"
# Stands where no sender of SMS is known, so that all else can be shown.
_NO_SENDER: Final = "000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a send would be, of each recipient, in order, and what to know about it."""

    messages: Sequence[Previewed]
    notices: frozenset[Notice]
    shortfalls: Sequence[HomeAssistantError]

    async def async_as_json(self, hass: HomeAssistant) -> JsonObjectType:
        """Return it as an action's response holds it."""
        return {
            "messages": [
                item.as_json(hass, list(item.ways())) for item in self.messages
            ],
            "warnings": await async_warnings(hass, self.notices, self.shortfalls),
        }


async def async_preview(
    hass: HomeAssistant,
    addressees: Addressees,
    fields: Mapping[str, Any],
    user: User | None = None,
    *,
    priced: bool = True,
) -> Preview:
    """Return what a send with the same arguments would be; nothing leaves.

    With `priced`, the gateway is asked for prices where an SMS would go out, once a
    day. Raises what a send would raise for the same fields; where only a sender of SMS
    is missing, or nobody would get anything, that is told instead.
    """
    left, disabled = without_disabled(hass, addressees)
    shortfalls = list[HomeAssistantError]()
    if disabled:
        shortfalls.append(recipient_disabled(disabled))
    refused = None
    try:
        prepared = await async_prepare(hass, left, fields, user, async_pretend)
    except ServiceValidationError as err:
        if err.translation_key != ContentRule.SMS_SENDER_MISSING:
            raise
        refused = err.translation_key
        shortfalls.append(err)
        left = _with_senders(left)
        prepared = await async_prepare(hass, left, fields, user, async_pretend)
    rows = _rows(addressees, prepared, refused)
    if priced:
        shortfalls += await async_ask_prices(rows)
    return Preview(
        messages=rows,
        notices=notices_of(addressees, rows, prepared.notices),
        shortfalls=[
            *shortfalls,
            *shortfalls_of(addressees, rows),
            *prepared.shortfalls,
        ],
    )


def _rows(
    addressees: Addressees, prepared: Prepared, refused: str | None
) -> list[Previewed]:
    """Return what each number would get, once, in the order of the recipients.

    `refused` is why nobody would get anything.
    """
    rows: dict[tuple[Account, str], Previewed] = {}
    for account, plan in prepared.plans.items():
        planned = [
            Previewed(
                account=account,
                recipient=recipient,
                composed=composed,
                passed_over=refused,
            )
            for composed, recipients in plan.items()
            for recipient in recipients
        ]
        rows |= {
            (account, row.recipient.number): row
            for row in within_limits(account, planned)
        }
    asked_for = {
        (account, recipient.number): recipient
        for account, recipients in addressees.items()
        for recipient in reversed(recipients)
    }
    return [
        rows.get((account, number))
        or Previewed(
            account=account,
            recipient=asked_for[account, number],
            passed_over=DISABLED,
        )
        for account, recipients in addressees.items()
        for number in dict.fromkeys(recipient.number for recipient in recipients)
    ]


def _with_senders(addressees: Addressees) -> Addressees:
    """Return the same recipients, each with a sender of SMS."""
    return {
        account: [
            replace(recipient, sms_sender=recipient.sms_sender or _NO_SENDER)
            for recipient in recipients
        ]
        for account, recipients in addressees.items()
    }
