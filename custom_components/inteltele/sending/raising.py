"""From the fields of a call to an alarm: no fault in them costs the alarm."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice
import re
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TITLE
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.account import Account
from ..account.accounts import (
    async_choose_account,
    entry_id_of_entity,
    entry_id_of_number,
)
from ..alarms.raised import (
    DEFAULT_QUIET_FOR,
    DEFAULT_ROUNDS,
    DEFAULT_WAIT,
    LONGEST_PLAN,
    LONGEST_QUIET,
    MAX_PEOPLE,
    MAX_ROUNDS,
    MAX_WAIT,
    MIN_WAIT,
    Content,
    Order,
    Person,
    Raised,
    Rules,
    Sms,
)
from ..const import (
    ATTR_IMAGE,
    ATTR_MEDIA,
    ATTR_SMS_MESSAGE,
    ATTR_TO,
    ATTR_WAIT_FOR,
    ATTR_WAIT_TIMEOUT,
)
from ..delivery import Recipient
from ..exceptions import failure
from ..gateway import ContentError, MessageContent
from ..settings.public_url import public_url
from ..settings.recipients import (
    bare_recipient,
    is_disabled,
    recipient_with_entity,
    recipients_by_number,
)
from ..texts import cached_text
from .fields import (
    MAX_ADDRESS,
    MAX_NAME,
    MAX_NUMBERS_AT_ONCE,
    MAX_TEXT,
    MAX_TITLE,
    limited,
    on_one_line,
)
from .lenient_fields import Call, Shortcomings
from .outcomes import label
from .picture_sources import check_may_see, media_content_id
from .targets import check_permissions, e164, listed_in

ATTR_ACKNOWLEDGE_TEXT: Final = "acknowledge_text"
ATTR_ORDER: Final = "order"
ATTR_QUIET_FOR: Final = "quiet_for"
ATTR_RECIPIENTS: Final = "recipients"
ATTR_ROUNDS: Final = "rounds"
ATTR_SMS: Final = "sms"
ATTR_TAG: Final = "tag"
ATTR_TELL_OTHERS: Final = "tell_others"
ATTR_WAIT: Final = "wait"

MAX_ACKNOWLEDGE_TEXT: Final = 40
# So many faults of a call are told.
MAX_WARNINGS: Final = 20
KNOWN_FIELDS: Final = frozenset(
    {
        ATTR_ACKNOWLEDGE_TEXT,
        ATTR_CONFIG_ENTRY_ID,
        ATTR_IMAGE,
        ATTR_MEDIA,
        ATTR_MESSAGE,
        ATTR_ORDER,
        ATTR_QUIET_FOR,
        ATTR_RECIPIENTS,
        ATTR_ROUNDS,
        ATTR_SMS,
        ATTR_SMS_MESSAGE,
        ATTR_TAG,
        ATTR_TELL_OTHERS,
        ATTR_TITLE,
        ATTR_TO,
        ATTR_WAIT,
        ATTR_WAIT_FOR,
        ATTR_WAIT_TIMEOUT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an alarm is raised with, by which account, and what is amiss.

    `media` is a picture of the house that is still to be fetched.
    """

    account: Account
    raised: Raised
    media: str | None
    shortcomings: Shortcomings


async def async_wanted(call: ServiceCall, user: User | None) -> Wanted:
    """Return what a call wants raised; nothing slow is done for it.

    Raises Unauthorized where the user may not send to somebody, or see the picture, and
    ServiceValidationError where there is no account.
    """
    shortcomings = Shortcomings()
    fields = Call(call.data, shortcomings)
    account = await _async_account(call, fields)
    people = _people(call, user, account, shortcomings)
    rules = _rules(fields, len(people), shortcomings)
    _warn_of_senders(call.hass, account, rules, people, shortcomings)
    title = fields.text(ATTR_TITLE, MAX_TITLE // 4)
    message = fields.text(ATTR_MESSAGE, MAX_TEXT)
    if message is None:
        shortcomings.add("alarm_without_message")
        message = title or cached_text(call.hass, "alarm_default_message")
    content = Content(
        message=message,
        title=title,
        sms_message=fields.text(ATTR_SMS_MESSAGE, MAX_TEXT),
    )
    media, image = _picture(fields, user)
    if image is not None:
        content = content.with_picture(None, image)
    tag = tag_of(fields)
    for name in islice(call.data.keys() - KNOWN_FIELDS, MAX_WARNINGS):
        shortcomings.add("alarm_field_left_out", field=str(name))
    people_asked = [person for person, _ in people]
    raised = Raised(content=content, people=people_asked, rules=rules, tag=tag)
    return Wanted(
        account=account, raised=raised, media=media, shortcomings=shortcomings
    )


def tag_of(fields: Call) -> str | None:
    """Return the tag that a call names, as alarms are known by it."""
    return fields.text(ATTR_TAG, MAX_NAME)


async def _async_account(call: ServiceCall, fields: Call) -> Account:
    """Return the account that is named, or that of the first who is one of ours."""
    chosen = fields.read(ATTR_CONFIG_ENTRY_ID, cv.string, None)
    if chosen is not None:
        try:
            return await async_choose_account(call.hass, chosen)
        except HomeAssistantError:
            fields.shortcomings.add("alarm_field_left_out", field=ATTR_CONFIG_ENTRY_ID)
    for named in chain(_listed(call, ATTR_RECIPIENTS), _listed(call, ATTR_TO)):
        entry_id: str | None = None
        with suppress(HomeAssistantError):
            entry_id = (
                entry_id_of_entity(call.hass, named)
                if str(named).startswith("notify.")
                else entry_id_of_number(call.hass, e164(call.hass, named))
            )
        if entry_id is not None:
            with suppress(HomeAssistantError):
                return await async_choose_account(call.hass, entry_id)
    return await async_choose_account(call.hass, None)


def _listed(
    call: ServiceCall, field: str, shortcomings: Shortcomings | None = None
) -> list[Any]:
    """Return what a field lists, as far as anybody would.

    An empty place costs nobody else theirs.
    """
    found: list[Any] = []
    for value in islice(cv.ensure_list(call.data.get(field)), MAX_NUMBERS_AT_ONCE):
        if not isinstance(value, str):
            found.append(value)
            continue
        try:
            found += list(listed_in(value))
        except HomeAssistantError as err:
            if shortcomings is not None:
                shortcomings.errors.append(err)
            parts = re.split("[,;\n]", value)
            found += [part.strip() for part in parts if part.strip()]
    return found[:MAX_NUMBERS_AT_ONCE]


@callback
def _people(
    call: ServiceCall,
    user: User | None,
    account: Account,
    shortcomings: Shortcomings,
) -> list[tuple[Person, Recipient]]:
    """Return whom to ask, in order, each number once."""
    found: dict[str, Recipient] = {}
    named: list[Recipient] = []
    for entity_id in map(str, _listed(call, ATTR_RECIPIENTS, shortcomings)):
        recipient = recipient_with_entity(call.hass, account.entry, entity_id)
        if recipient is None:
            shortcomings.add("alarm_unknown_recipient", recipient=entity_id)
            continue
        named.append(recipient)
        if is_disabled(call.hass, recipient):
            shortcomings.add("recipient_disabled", recipients=label(recipient))
        else:
            found.setdefault(recipient.number, recipient)
    known = recipients_by_number(account.entry)
    for text in _listed(call, ATTR_TO, shortcomings):
        try:
            number = e164(call.hass, text)
        except HomeAssistantError as err:
            shortcomings.errors.append(err)
            continue
        recipient = known.get(number) or bare_recipient(account.entry, number)
        found.setdefault(number, recipient)
    # An alarm with nobody to ask still stands on everybody's screen.
    check_permissions(call, user, [*named, *found.values()] or [Recipient(number="")])
    if len(found) > MAX_PEOPLE:
        shortcomings.add("alarm_too_many_people", limit=str(MAX_PEOPLE))
    return [
        (
            Person(
                number=recipient.number,
                name=recipient.name,
                subentry_id=recipient.subentry_id,
            ),
            recipient,
        )
        for recipient in list(found.values())[:MAX_PEOPLE]
    ]


def _rules(fields: Call, people: int, shortcomings: Shortcomings) -> Rules:
    """Return how to ask, within what is allowed."""
    order = fields.read(ATTR_ORDER, Order, Order.ONE_BY_ONE)
    wait = fields.duration(ATTR_WAIT, DEFAULT_WAIT, MIN_WAIT, MAX_WAIT)
    asked = fields.read(ATTR_ROUNDS, vol.Coerce(int), DEFAULT_ROUNDS)
    turns = people if order is Order.ONE_BY_ONE else 1
    fitting = int(LONGEST_PLAN / (wait * max(turns, 1)))
    rounds = max(1, min(asked, MAX_ROUNDS, fitting))
    if rounds != asked:
        shortcomings.add("alarm_out_of_range", field=ATTR_ROUNDS)
    return Rules(
        order=order,
        wait=wait,
        rounds=rounds,
        sms=fields.read(ATTR_SMS, Sms, Sms.LAST_ROUND),
        acknowledge_text=fields.text(ATTR_ACKNOWLEDGE_TEXT, MAX_ACKNOWLEDGE_TEXT),
        tell_others=fields.read(ATTR_TELL_OTHERS, cv.boolean, True),
        quiet_for=fields.duration(
            ATTR_QUIET_FOR, DEFAULT_QUIET_FOR, timedelta(0), LONGEST_QUIET
        ),
    )


def _warn_of_senders(
    hass: HomeAssistant,
    account: Account,
    rules: Rules,
    people: list[tuple[Person, Recipient]],
    shortcomings: Shortcomings,
) -> None:
    """Note who cannot get an SMS, and that nobody can answer by a link."""
    without = [label(each) for _, each in people if each.sms_sender is None]
    if rules.sms is not Sms.AS_SET and without:
        shortcomings.add("alarm_without_sms_sender", recipients=", ".join(without))
    if public_url(hass) is None:
        shortcomings.errors.append(failure("no_public_url"))


def _picture(fields: Call, user: User | None) -> tuple[str | None, str | None]:
    """Return a picture of the house, or the address of one on the web, or neither."""
    limit = limited(ATTR_MEDIA, MAX_ADDRESS)
    media = fields.read(ATTR_MEDIA, vol.All(media_content_id, limit), None)
    image = fields.read(ATTR_IMAGE, on_one_line(ATTR_IMAGE, MAX_ADDRESS), None)
    if media is not None:
        check_may_see(user, media)
        return media, None
    if image is None:
        return None, None
    try:
        MessageContent(message="…", image=image, button_text="…", button_url=image)
    except ContentError:
        fields.shortcomings.add("alarm_field_left_out", field=ATTR_IMAGE)
        return None, None
    return None, image
