"""From the fields of an action to messages: one path behind every way to send."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TITLE
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..account.account import Account
from ..const import (
    ATTR_BUTTON_TEXT,
    ATTR_BUTTON_URL,
    ATTR_CHANNEL,
    ATTR_IMAGE,
    ATTR_MEDIA,
    ATTR_RESEND_UNKNOWN,
    ATTR_RETRY_FOR,
    ATTR_SENDER,
    ATTR_SMS_AFTER,
    ATTR_SMS_FALLBACK,
    ATTR_SMS_MESSAGE,
    ATTR_SMS_SENDER,
    ATTR_TTL,
    ATTR_WAIT_FOR,
    ATTR_WAIT_TIMEOUT,
    DOMAIN,
)
from ..delivery import (
    MessageRequest,
    Notice,
    Plan,
    Recipient,
    RetryPolicy,
    Watch,
    plan,
)
from ..exceptions import (
    invalid_content,
    invalid_input,
)
from ..gateway import ContentError
from ..plain import without_control_characters
from ..settings.options import AccountOptions
from ..settings.recipients import is_disabled
from ..storage.message import Channel, Message
from ..texts import async_common_texts
from .answer_buttons import AnswerButton, answer_button
from .attachments import Attachments, async_attach
from .outcomes import Sent, async_send_error, label
from .picture_sources import check_may_see
from .waiting import async_wait

# Marks that nobody sees, as they are copied with a text.
_MARKS: Final = (
    "\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff"
)

# Accounts, because an entry's may be another one by the time something was awaited.
type Addressees = Mapping[Account, Sequence[Recipient]]


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
    if ATTR_MEDIA in fields:
        check_may_see(user, fields[ATTR_MEDIA])
    addressees, passed_over = _without_disabled(hass, addressees)
    button = _button(fields)
    open_button = ""
    if ATTR_IMAGE in fields or ATTR_MEDIA in fields:
        [open_button] = await async_common_texts(hass, ["open_button"])
    attachments: Mapping[Account, Attachments] = {}
    shortfalls: list[HomeAssistantError] = []
    if ATTR_MEDIA in fields:
        # No picture is taken for a text that would be refused.
        _plans(addressees, fields, open_button, {}, answers=button is not None)
    if button is not None or ATTR_MEDIA in fields:
        attachments, shortfalls = await async_attach(
            hass, addressees, button, fields.get(ATTR_MEDIA)
        )
    plans = _plans(
        addressees, fields, open_button, attachments, answers=button is not None
    )
    notices = frozenset[Notice]().union(
        *(item.notices for item in attachments.values())
    )
    wait_for = fields.get(ATTR_WAIT_FOR)
    if wait_for is None:
        sent, closed = await _async_send_plans(addressees, plans, attachments, fields)
    else:
        watch = Watch()
        with ExitStack() as watching:
            for account in plans:
                watching.enter_context(account.watched_by(watch))
            sent, closed = await _async_send_plans(
                addressees, plans, attachments, fields
            )
            sent = await async_wait(
                watch, sent, wait_for, fields.get(ATTR_WAIT_TIMEOUT)
            )
    if not sent:
        [error, *_] = closed
        raise error
    if any(item.message.waits for item in sent) and not all(
        account.keeps_what_waits for account in plans
    ):
        notices |= {Notice.KEPT_IN_MEMORY}
    return Dispatch(
        sent=sent, shortfalls=[*closed, *passed_over, *shortfalls], notices=notices
    )


def check_fields(addressees: Addressees, fields: Mapping[str, Any]) -> None:
    """Raise ServiceValidationError where a message of some fields would be refused."""
    button = _button(fields)
    _plans(addressees, fields, "…", {}, answers=button is not None)


def _button(fields: Mapping[str, Any]) -> AnswerButton | None:
    """Return the button that acts at home, None where none is asked for.

    Raises ServiceValidationError for what cannot be asked for together.
    """
    if ATTR_IMAGE in fields and ATTR_MEDIA in fields:
        raise invalid_input("image_and_media")
    return answer_button(fields)


def _without_disabled(
    hass: HomeAssistant, addressees: Addressees
) -> tuple[Addressees, list[HomeAssistantError]]:
    """Return who gets messages, and the sentence about who was named and gets none.

    Raises ServiceValidationError where nobody is left.
    """
    left: dict[Account, list[Recipient]] = {}
    disabled: dict[str, None] = {}
    for account, recipients in addressees.items():
        for recipient in recipients:
            if is_disabled(hass, recipient):
                disabled[label(recipient)] = None
            else:
                left.setdefault(account, []).append(recipient)
    if not disabled:
        return addressees, []
    error = invalid_input("recipient_disabled", recipients=", ".join(disabled))
    if not left:
        raise error
    return left, [error]


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
        message.number: Sent(recipient=recipient, composed=composed, message=message)
        for (recipient, composed), message in zip(planned, messages, strict=True)
    }
    asked_for = dict.fromkeys(recipient.number for recipient in recipients)
    return [by_number[number] for number in asked_for]


def _plans(
    addressees: Addressees,
    fields: Mapping[str, Any],
    open_button: str,
    attachments: Mapping[Account, Attachments],
    *,
    answers: bool,
) -> dict[Account, Plan]:
    """Return who gets what from which account."""
    plans: dict[Account, Plan] = {}
    try:
        for account, recipients in addressees.items():
            request = _request(fields, account.options, open_button)
            if answers:
                # A button that acts at home is attached, or left out.
                request = replace(request, button_text=None)
            if (attached := attachments.get(account)) is not None:
                request = attached.put_into(request)
            plans[account] = plan(request, recipients)
    except ContentError as err:
        raise invalid_content(err) from err
    return plans


def _policy(fields: Mapping[str, Any], account: Account) -> RetryPolicy:
    """Return for how long a message is tried again."""
    return RetryPolicy(
        retry_for=fields.get(ATTR_RETRY_FOR, account.options.retry_for),
        resend_unknown=fields.get(ATTR_RESEND_UNKNOWN, False),
    )


def _request(
    fields: Mapping[str, Any], options: AccountOptions, open_button: str
) -> MessageRequest:
    """Return what is asked for, with an account's options where nothing is said."""
    ttl, after = fields.get(ATTR_TTL), fields.get(ATTR_SMS_AFTER)
    return MessageRequest(
        message=_text(fields, ATTR_MESSAGE) or "",
        title=_text(fields, ATTR_TITLE),
        image=_text(fields, ATTR_IMAGE),
        button_text=_text(fields, ATTR_BUTTON_TEXT),
        button_url=_text(fields, ATTR_BUTTON_URL),
        sender=(
            _text(fields, ATTR_SENDER) if ATTR_SENDER in fields else options.sender
        ),
        ttl=options.ttl if ttl is None else int(ttl.total_seconds()),
        channel=fields.get(ATTR_CHANNEL, Channel.VIBER),
        sms_after=None if after is None else int(after.total_seconds()),
        sms_fallback=fields.get(ATTR_SMS_FALLBACK),
        sms_message=_text(fields, ATTR_SMS_MESSAGE),
        sms_sender=_text(fields, ATTR_SMS_SENDER),
        open_button=open_button,
    )


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    r"""Return one of the texts, as a phone can show it, None where it is not given.

    YAML reads an emoji that is written "\ud83d\ude00", as JSON and JavaScript do, as
    two halves, which nothing can send or keep. What a block of YAML or a clipboard
    leaves around a text costs an SMS part, or breaks an address.
    """
    text: str | None = fields.get(name)
    if text is None:
        return None
    text = text.strip().strip(_MARKS).strip()
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return without_control_characters(text)


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
