"""From what was composed to messages: one path behind every way to send."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..account.account import Account
from ..const import (
    ATTR_RESEND_UNKNOWN,
    ATTR_RETRY_FOR,
    ATTR_WAIT_FOR,
    ATTR_WAIT_TIMEOUT,
    DOMAIN,
)
from ..delivery import (
    Notice,
    Plan,
    Recipient,
    RetryPolicy,
    Watch,
)
from ..exceptions import invalid_input
from ..storage.message import Message
from .attachments import Attachments
from .composing import (
    Addressees,
    async_prepare,
    recipient_disabled,
    without_disabled,
)
from .outcomes import Sent, async_send_error
from .waiting import DEFAULT_WAIT_TIMEOUT, async_wait


@callback
def notified_signal(subentry_id: str) -> str:
    """Return the dispatcher signal of what was just sent to a recipient."""
    return f"{DOMAIN}_notified_{subentry_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What became of a send: of each message, in order, and of what went with it.

    `shortfalls` are why a picture or a button did not go with the text, or the text
    not to somebody who was named.
    """

    sent: list[Sent]
    shortfalls: Sequence[HomeAssistantError] = ()
    notices: frozenset[Notice] = field(default_factory=frozenset)


async def async_send(
    hass: HomeAssistant,
    addressees: Addressees,
    fields: Mapping[str, Any],
    user: User | None = None,
) -> Dispatch:
    """Send to the recipients of each account and return what became of it.

    `fields` are those of MESSAGE_FIELDS, validated. Whose notify entity is disabled
    gets nothing, and is named among the shortfalls. Everyone else is tried. Raises
    ServiceValidationError, before anything is sent, for content that the gateway would
    refuse, and Unauthorized where the user may not see the picture. A picture or a
    button that cannot be had does not keep the text back.
    """
    left, disabled = without_disabled(hass, addressees)
    passed_over: list[HomeAssistantError] = []
    if disabled:
        passed_over.append(recipient_disabled(disabled))
    if not left:
        [error] = passed_over
        raise error
    prepared = await async_prepare(hass, left, fields, user)
    plans, attachments = prepared.plans, prepared.attachments
    notices = prepared.notices
    wait_for = fields.get(ATTR_WAIT_FOR)
    if wait_for is None:
        sent, closed = await _async_send_plans(left, plans, attachments, fields)
    else:
        watch = Watch()
        with ExitStack() as watching:
            for account in plans:
                watching.enter_context(account.watched_by(watch))
            sent, closed = await _async_send_plans(left, plans, attachments, fields)
            timeout = fields.get(ATTR_WAIT_TIMEOUT, DEFAULT_WAIT_TIMEOUT)
            sent = await async_wait(watch, sent, wait_for, timeout)
    if not sent:
        [error, *_] = closed
        raise error
    if any(item.message.waits for item in sent) and not all(
        account.keeps_what_waits for account in plans
    ):
        notices |= {Notice.KEPT_IN_MEMORY}
    return Dispatch(
        sent=sent,
        shortfalls=[
            *closed,
            *passed_over,
            *prepared.shortfalls,
        ],
        notices=notices,
    )


async def _async_send_plans(
    addressees: Addressees,
    plans: Mapping[Account, Plan],
    attachments: Mapping[Account, Attachments],
    fields: Mapping[str, Any],
) -> tuple[list[Sent], list[HomeAssistantError]]:
    """Send from one account after the other, and return what became of it.

    One that was disabled since it was found sends nothing, and spoils nothing of the
    others: why not is returned, too.
    """
    sent: list[Sent] = []
    closed: list[HomeAssistantError] = []
    for account, account_plan in plans.items():
        if account.closed:
            title = account.entry.title
            closed.append(invalid_input("account_not_loaded", account=title))
            continue
        attached = attachments.get(account)
        messages = await account.async_send(
            account_plan,
            _policy(fields, account),
            attached.answer_links if attached else (),
        )
        sent += _in_order(addressees[account], account_plan, messages)
    return sent, closed


def _in_order(
    recipients: Sequence[Recipient], account_plan: Plan, messages: Sequence[Message]
) -> list[Sent]:
    """Return what became of each number, once, in the order of the recipients."""
    planned = [
        (recipient, composed)
        for composed, planned_for in account_plan.items()
        for recipient in planned_for
    ]
    by_number = {
        message.number: Sent(
            recipient=recipient,
            composed=composed,
            message=message,
            without_sms=bool(
                composed.sms_parts and not message.sms_parts and not message.ended
            ),
        )
        for (recipient, composed), message in zip(planned, messages, strict=True)
    }
    asked_for = dict.fromkeys(recipient.number for recipient in recipients)
    return [by_number[number] for number in asked_for]


def _policy(fields: Mapping[str, Any], account: Account) -> RetryPolicy:
    """Return for how long a message is tried again."""
    return RetryPolicy(
        retry_for=fields.get(ATTR_RETRY_FOR, account.options.retry_for),
        resend_unknown=fields.get(ATTR_RESEND_UNKNOWN, False),
    )


async def async_raise_shortcomings(hass: HomeAssistant, dispatch: Dispatch) -> None:
    """Raise one error that names everyone who was not reached, and what was left out.

    Nothing is raised where all went as asked for.
    """
    error = await async_send_error(hass, dispatch.sent, dispatch.shortfalls)
    if error is not None:
        raise error


@callback
def async_record_notifications(hass: HomeAssistant, sent: Sequence[Sent]) -> None:
    """Let the notify entities show when they last sent, as notify does for its own.

    Not at once: an action must not wait for states to be written.
    """
    subentry_ids = [
        item.recipient.subentry_id
        for item in sent
        if item.message.taken and item.recipient.subentry_id
    ]
    if subentry_ids:
        hass.loop.call_soon(_async_record_notifications, hass, subentry_ids)


@callback
def _async_record_notifications(hass: HomeAssistant, subentry_ids: list[str]) -> None:
    """Tell notify entities that something was sent."""
    for subentry_id in subentry_ids:
        async_dispatcher_send(hass, notified_signal(subentry_id))
