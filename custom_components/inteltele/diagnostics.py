"""Diagnostics: how an account stands, without a secret, a number or a text."""

from pathlib import Path
import sqlite3
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.util import dt as dt_util

from .account.account import IntelTeleConfigEntry
from .account.paths import pictures_path
from .alarms.alarm import Alarm
from .const import CONF_CURRENCY, CONF_SENDER, CONF_SMS_SENDER, DOMAIN
from .delivery import Recipient
from .gateway import mask
from .settings.recipients import recipients_of
from .storage.message import Message

SHOWN_MESSAGES: Final = 20


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
            "balance_known": money is not None and money.balance is not None,
        },
        "recipients": [
            _recipient(entry, recipient) for recipient in recipients_of(entry)
        ],
        "ledger": {
            "sent": ledger.counters.sent,
            "delivered": ledger.counters.delivered,
            "failed": ledger.counters.failed,
            "spent": str(ledger.counters.spent),
            "under_way": len(ledger.under_way),
            "queued": len(ledger.queued),
            "reported_by_webhook_at": delivery.receipts.reported_by_webhook_at,
        },
        "reports": {
            "public_url": not account.care.reports.url.startswith("/"),
            "reported_at": account.care.reports.reported_at,
        },
        "public": {
            "answer_links": len(account.answers),
            "picture_files": await hass.async_add_executor_job(
                _file_count, pictures_path(hass, entry.entry_id)
            ),
        },
        "poller": {
            "next_due": delivery.poller.next_due(),
            "followed": delivery.poller.followed,
        },
        "outbox": {
            "waiting": delivery.outbox.room.waiting,
            "interrupted": delivery.outbox.interrupted,
            "paused_until": delivery.outbox.pauses.until,
            "next_due": delivery.outbox.next_due(),
            "left_of_daily_limit": delivery.allowance.left,
            "left_of_sms_limit": delivery.allowance.sms_left,
        },
        "alarms": [_alarm(alarm) for alarm in account.alarms],
        "now": dt_util.utcnow(),
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return how a recipient stands; for the account's own device, how all does."""
    for recipient in recipients_of(entry):
        if (DOMAIN, recipient.subentry_id) in device.identifiers:
            return {
                "recipient": _recipient(entry, recipient),
                "messages": await _async_messages(entry, recipient),
                "now": dt_util.utcnow(),
            }
    return await async_get_config_entry_diagnostics(hass, entry)


async def _async_messages(
    entry: IntelTeleConfigEntry, recipient: Recipient
) -> list[dict[str, Any]] | None:
    """Return what became of the newest messages, None where that cannot be read."""
    try:
        messages = await entry.runtime_data.ledger.history(
            [recipient.number], None, SHOWN_MESSAGES
        )
    except sqlite3.Error:
        return None
    return [_message(message) for message in messages]


def _recipient(entry: IntelTeleConfigEntry, recipient: Recipient) -> dict[str, Any]:
    """Return how a recipient is set up, and where the newest message stands."""
    latest = entry.runtime_data.ledger.latest.get(recipient.number)
    return {
        "number": mask(recipient.number),
        "sms_fallback": recipient.sms_fallback,
        "sms_sender_set": recipient.sms_sender is not None,
        "last_message": None if latest is None else latest.status,
    }


def _message(message: Message) -> dict[str, Any]:
    """Return what became of a message, without what it said."""
    return {
        "message_id": message.message_id,
        "sent_at": message.sent_at,
        "ttl": message.ttl,
        "status": message.status,
        "reason": message.reason,
        "gateway_status": message.gateway_status,
        "reported_at": message.reported_at,
        "source": message.source,
        "answer_link": message.link is not None,
    }


def _alarm(alarm: Alarm) -> dict[str, Any]:
    """Return how an alarm stands, without what it said, its tag, or a name."""
    return {
        "alarm_id": alarm.id,
        "status": alarm.status,
        "raised_at": alarm.raised_at,
        "raised": alarm.raised,
        "people": len(alarm.people),
        "order": alarm.rules.order,
        "wait": alarm.rules.wait.total_seconds(),
        "rounds": alarm.rules.rounds,
        "sms": alarm.rules.sms,
        "cycle": alarm.cycle,
        "round": alarm.round,
        "blocked": alarm.blocked,
        "ended_at": alarm.ended_at,
        "source": alarm.source,
        "quiet_until": alarm.quiet_until,
        "untold": len(alarm.untold),
        "questions": [
            {
                "number": mask(question.number),
                "cycle": question.cycle,
                "round": question.round,
                "channel": question.channel,
                "asked_at": question.asked_at,
                "standing": question.standing,
                "since": question.since,
                "reason": question.reason,
            }
            for question in alarm.questions
        ],
    }


def _file_count(folder: Path) -> int:
    """Return how many files there are in a folder."""
    return sum(1 for _ in folder.glob("*"))
