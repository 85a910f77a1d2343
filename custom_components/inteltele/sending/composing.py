"""From an action's fields to who gets what: for a send, and for its preview."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TITLE
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..account.account import Account
from ..const import (
    ATTR_BUTTON_TEXT,
    ATTR_BUTTON_URL,
    ATTR_CHANNEL,
    ATTR_IMAGE,
    ATTR_MEDIA,
    ATTR_SENDER,
    ATTR_SMS_AFTER,
    ATTR_SMS_FALLBACK,
    ATTR_SMS_MESSAGE,
    ATTR_SMS_SENDER,
    ATTR_TTL,
    ATTR_WAIT_FOR,
    ATTR_WAIT_TIMEOUT,
)
from ..delivery import MessageRequest, Notice, Plan, Recipient, plan
from ..exceptions import invalid_content, invalid_input
from ..gateway import ContentError
from ..plain import with_whole_characters, without_control_characters
from ..settings.options import AccountOptions
from ..settings.recipients import is_disabled
from ..storage.message import Channel
from ..texts import async_common_texts
from .answer_buttons import AnswerButton, answer_button
from .attachments import Attachments, async_attach
from .outcomes import label
from .picture_sources import check_may_see
from .waiting import DEFAULT_WAIT_TIMEOUT

# Marks that nobody sees, as they are copied with a text.
_MARKS: Final = (
    "\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff"
)

# Accounts, because an entry's may be another one by the time something was awaited.
type Addressees = Mapping[Account, Sequence[Recipient]]
type Attach = Callable[
    [HomeAssistant, Addressees, AnswerButton | None, str | None],
    Awaitable[tuple[Mapping[Account, Attachments], list[HomeAssistantError]]],
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Who gets what from which account, and what goes with it.

    `shortfalls` are why a picture or a button does not go with the text.
    """

    plans: Mapping[Account, Plan]
    attachments: Mapping[Account, Attachments]
    shortfalls: Sequence[HomeAssistantError]
    notices: frozenset[Notice]


async def async_prepare(
    hass: HomeAssistant,
    addressees: Addressees,
    fields: Mapping[str, Any],
    user: User | None = None,
    attach: Attach = async_attach,
) -> Prepared:
    """Return what a send with some fields is to send.

    `fields` are those of MESSAGE_FIELDS, validated; `attach` has pictures and links
    made. Raises ServiceValidationError for content that the gateway would refuse, and
    Unauthorized where the user may not see the picture.
    """
    if ATTR_MEDIA in fields:
        check_may_see(user, fields[ATTR_MEDIA])
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
        attachments, shortfalls = await attach(
            hass, addressees, button, fields.get(ATTR_MEDIA)
        )
    plans = _plans(
        addressees, fields, open_button, attachments, answers=button is not None
    )
    return Prepared(
        plans=plans,
        attachments=attachments,
        shortfalls=shortfalls,
        notices=frozenset(_notices_of_waiting(plans, fields)).union(
            *(item.notices for item in attachments.values())
        ),
    )


def _notices_of_waiting(
    plans: Mapping[Account, Plan], fields: Mapping[str, Any]
) -> Iterator[Notice]:
    """Yield what somebody should know who waits for what becomes of messages."""
    if ATTR_WAIT_FOR not in fields:
        return
    timeout = fields.get(ATTR_WAIT_TIMEOUT, DEFAULT_WAIT_TIMEOUT).total_seconds()
    if any((item.sms_after or 0) > timeout for plan in plans.values() for item in plan):
        yield Notice.WAIT_OVER_BEFORE_SMS


def check_fields(addressees: Addressees, fields: Mapping[str, Any]) -> None:
    """Raise ServiceValidationError where a message of some fields would be refused."""
    button = _button(fields)
    _plans(addressees, fields, "…", {}, answers=button is not None)


@callback
def without_disabled(
    hass: HomeAssistant, addressees: Addressees
) -> tuple[Addressees, Sequence[Recipient]]:
    """Return who gets messages, and those who get none: their entity is disabled."""
    left: dict[Account, list[Recipient]] = {}
    disabled: list[Recipient] = []
    for account, recipients in addressees.items():
        for recipient in recipients:
            if is_disabled(hass, recipient):
                disabled.append(recipient)
            else:
                left.setdefault(account, []).append(recipient)
    return left, disabled


def recipient_disabled(disabled: Sequence[Recipient]) -> ServiceValidationError:
    """Return the sentence about those who were named and get nothing."""
    names = dict.fromkeys(map(label, disabled))
    return invalid_input("recipient_disabled", recipients=", ".join(names))


def _button(fields: Mapping[str, Any]) -> AnswerButton | None:
    """Return the button that acts at home, None where none is asked for.

    Raises ServiceValidationError for what cannot be asked for together.
    """
    if ATTR_IMAGE in fields and ATTR_MEDIA in fields:
        raise invalid_input("image_and_media")
    return answer_button(fields)


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
    """Return one of the texts, as a phone can show it, None where it is not given."""
    text: str | None = fields.get(name)
    return None if text is None else text_of(text)


def text_of(text: str) -> str:
    """Return a text as a phone can show it.

    What a block of YAML or a clipboard leaves around a text costs an SMS part, or
    breaks an address.
    """
    text = with_whole_characters(text).strip().strip(_MARKS).strip()
    return without_control_characters(text)
