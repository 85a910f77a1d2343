"""From the fields of an action to messages: one path behind every way to send."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TITLE
from homeassistant.components.notify.const import DATA_COMPONENT
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from .account import IntelTeleConfigEntry
from .const import (
    ATTR_BUTTON_TEXT,
    ATTR_BUTTON_URL,
    ATTR_IMAGE,
    ATTR_RESEND_UNKNOWN,
    ATTR_RETRY_FOR,
    ATTR_SENDER,
    ATTR_SMS_FALLBACK,
    ATTR_SMS_MESSAGE,
    ATTR_SMS_SENDER,
    ATTR_TTL,
    DOMAIN,
    KEY_NOTIFY,
)
from .delivery import (
    MessageRequest,
    Outcome,
    Recipient,
    RetryPolicy,
    SendStatus,
    plan,
)
from .exceptions import async_common_texts, async_send_error, invalid_content
from .gateway import ContentError
from .options import AccountOptions, options_of

MESSAGE_FIELDS: Final[VolDictType] = {
    vol.Required(ATTR_MESSAGE): cv.string,
    vol.Optional(ATTR_TITLE): cv.string,
    vol.Optional(ATTR_IMAGE): cv.string,
    vol.Optional(ATTR_BUTTON_TEXT): cv.string,
    vol.Optional(ATTR_BUTTON_URL): cv.string,
    vol.Optional(ATTR_SENDER): cv.string,
    vol.Optional(ATTR_TTL): cv.time_period,
    vol.Optional(ATTR_SMS_FALLBACK): cv.boolean,
    vol.Optional(ATTR_SMS_MESSAGE): cv.string,
    vol.Optional(ATTR_SMS_SENDER): cv.string,
    vol.Optional(ATTR_RETRY_FOR): cv.positive_time_period,
    vol.Optional(ATTR_RESEND_UNKNOWN): cv.boolean,
}

type Addressees = Mapping[IntelTeleConfigEntry, Sequence[Recipient]]


async def async_send(
    hass: HomeAssistant, addressees: Addressees, fields: Mapping[str, Any]
) -> list[Outcome]:
    """Send to the recipients of each account and return what became of each, in order.

    `fields` are those of MESSAGE_FIELDS, validated. Everyone is tried. Raises
    ServiceValidationError, before anything is sent, for content that the gateway would
    refuse.
    """
    [open_button] = await async_common_texts(hass, ["open_button"])
    try:
        plans = {
            entry: plan(_request(fields, options_of(entry), open_button), recipients)
            for entry, recipients in addressees.items()
        }
    except ContentError as err:
        raise invalid_content(err) from err
    outcomes: list[Outcome] = []
    for entry, account_plan in plans.items():
        policy = RetryPolicy(
            retry_for=fields.get(ATTR_RETRY_FOR, options_of(entry).retry_for),
            resend_unknown=fields.get(ATTR_RESEND_UNKNOWN, False),
        )
        sent = await entry.runtime_data.async_send(account_plan, policy)
        by_number = {outcome.recipient.number: outcome for outcome in sent}
        asked_for = dict.fromkeys(known.number for known in addressees[entry])
        outcomes += [by_number[number] for number in asked_for]
    return outcomes


def _request(
    fields: Mapping[str, Any], options: AccountOptions, open_button: str
) -> MessageRequest:
    """Return what is asked for, with an account's options where nothing is said."""
    ttl = fields.get(ATTR_TTL)
    return MessageRequest(
        message=fields[ATTR_MESSAGE],
        title=fields.get(ATTR_TITLE),
        image=fields.get(ATTR_IMAGE),
        button_text=fields.get(ATTR_BUTTON_TEXT),
        button_url=fields.get(ATTR_BUTTON_URL),
        sender=fields.get(ATTR_SENDER, options.sender),
        ttl=options.ttl if ttl is None else int(ttl.total_seconds()),
        sms_fallback=fields.get(ATTR_SMS_FALLBACK),
        sms_message=fields.get(ATTR_SMS_MESSAGE),
        sms_sender=fields.get(ATTR_SMS_SENDER),
        open_button=open_button,
    )


async def async_raise_if_unsent(
    hass: HomeAssistant, outcomes: Sequence[Outcome]
) -> None:
    """Raise one error that names everyone who was not reached, if anyone was not."""
    if (error := await async_send_error(hass, outcomes)) is not None:
        raise error


@callback
def async_record_notifications(
    hass: HomeAssistant, outcomes: Sequence[Outcome]
) -> None:
    """Let the notify entities show when they last sent, as notify does for its own."""
    for outcome in outcomes:
        if outcome.status is not SendStatus.SENT:
            continue
        entity_id = notify_entity_id(hass, outcome.recipient)
        if entity_id and (entity := hass.data[DATA_COMPONENT].get_entity(entity_id)):
            entity._async_record_notification()  # noqa: SLF001


@callback
def notify_entity_id(hass: HomeAssistant, recipient: Recipient) -> str | None:
    """Return the notify entity of a recipient, None for a bare number."""
    if recipient.subentry_id is None:
        return None
    return er.async_get(hass).async_get_entity_id(
        Platform.NOTIFY, DOMAIN, f"{recipient.subentry_id}_{KEY_NOTIFY}"
    )
