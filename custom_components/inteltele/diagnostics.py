"""Diagnostics: how an account stands, without a secret, a number or a text."""

from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .account import IntelTeleConfigEntry
from .const import CONF_CURRENCY, CONF_SENDER, CONF_SMS_SENDER
from .gateway import mask
from .recipients import recipients_of


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: IntelTeleConfigEntry
) -> dict[str, Any]:
    """Return how an account stands."""
    account = entry.runtime_data
    delivery, ledger = account.delivery, account.ledger
    money = account.coordinator.data
    return {
        "account": {
            "title": entry.title,
            "username": REDACTED,
            "currency": entry.data[CONF_CURRENCY],
            "options": async_redact_data(
                dict(entry.options), {CONF_SENDER, CONF_SMS_SENDER}
            ),
        },
        "gateway": {
            "encrypted": account.client.encrypted,
            "problem": account.problem,
            "locked_until": account.client.locked_until,
            "balance_known": money is not None,
        },
        "recipients": [
            {
                "number": mask(recipient.number),
                "sms_fallback": recipient.sms_fallback,
                "sms_sender_set": recipient.sms_sender is not None,
                "last_message": status_of(entry, recipient.number),
            }
            for recipient in recipients_of(entry)
        ],
        "ledger": {
            "sent": ledger.counters.sent,
            "delivered": ledger.counters.delivered,
            "failed": ledger.counters.failed,
            "spent": str(ledger.counters.spent),
            "under_way": len(ledger.under_way),
            "queued": len(ledger.queued),
            "reported_by_webhook_at": ledger.reported_by_webhook_at,
        },
        "poller": {
            "next_due": delivery.poller.next_due(),
            "followed": delivery.poller.followed,
        },
        "outbox": {
            "waiting": len(delivery.outbox),
            "interrupted": delivery.outbox.interrupted,
            "paused_until": delivery.outbox.paused_until,
            "next_due": delivery.outbox.next_due(),
            "left_of_daily_limit": delivery.allowance.left,
        },
        "now": dt_util.utcnow(),
    }


def status_of(entry: IntelTeleConfigEntry, number: str) -> str | None:
    """Return where the newest message to a number stands."""
    message = entry.runtime_data.ledger.latest.get(number)
    return None if message is None else message.status
