"""Conversations: messages with their pictures and answers, as a card shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
import sqlite3
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..account.account import Account, IntelTeleConfigEntry
from ..const import CONF_CURRENCY
from ..exceptions import reading_history
from ..settings.recipients import notify_entity_id, recipients_of
from ..storage.answer_links import GivenAnswer, given as given_answers
from ..storage.message import ELSEWHERE, Message
from ..storage.messages import history
from .permissions import readable_recipients
from .responses import iso

MESSAGE_PICTURE_URL: Final = "/api/inteltele/messages/{entry_id}/{seq}/picture"
FULL_MESSAGE_PICTURE_URL: Final = f"{MESSAGE_PICTURE_URL}/full"
# A page that stays open for longer shows a picture that was loaded before.
_SIGNED_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of a conversation, newest first, and whether there is an older one.

    `answers` are by the fingerprints of the links that messages were sent with.
    """

    messages: Sequence[Message]
    answers: Mapping[str, GivenAnswer]
    has_older: bool = False


async def async_read_page(
    account: Account,
    numbers: Sequence[str] | None,
    limit: int,
    before: int | None = None,
) -> Page:
    """Return messages to some numbers, None for all; raises HomeAssistantError."""
    with reading_history():
        return await account.delivery.database.read(
            partial(_read_page, numbers=numbers, limit=limit, before=before)
        )


async def async_read_answers(account: Account, messages: Sequence[Message]) -> Page:
    """Return messages with the answers to them; raises HomeAssistantError.

    The file is asked in turn, so this comes after whatever was asked for before.
    """
    with reading_history():
        answers = await account.delivery.database.read(
            partial(given_answers, fingerprints=_links(messages))
        )
    return Page(messages=messages, answers=answers)


def _read_page(
    connection: sqlite3.Connection,
    numbers: Sequence[str] | None,
    limit: int,
    before: int | None,
) -> Page:
    """Read one message more than asked for, to see whether there is one."""
    found = history(connection, numbers, None, limit + 1, before)
    messages = found[:limit]
    return Page(
        messages=messages,
        answers=given_answers(connection, _links(messages)),
        has_older=len(found) > limit,
    )


def _links(messages: Sequence[Message]) -> list[str]:
    """Return the fingerprints of the links that messages were sent with."""
    return [message.link for message in messages if message.link is not None]


@callback
def page_as_json(
    hass: HomeAssistant,
    account: Account,
    page: Page,
    refresh_token_id: str | None,
) -> JsonObjectType:
    """Return a page for a card; its pictures open for one session only."""
    names = {
        recipient.number: recipient.name for recipient in recipients_of(account.entry)
    }
    return {
        "messages": [
            {
                "id": message.id,
                "seq": message.seq,
                "message_id": message.message_id,
                "channel": message.channel,
                "number": message.number,
                "recipient": names.get(message.number) or message.recipient,
                "status": message.status,
                "reason": message.reason,
                "sent_at": message.sent_at.isoformat(),
                "reported_at": iso(message.reported_at),
                "cost": None if message.cost is None else float(message.cost),
                "text": message.text,
                "button": message.button,
                "answer": _answer(page.answers.get(message.link or "")),
                "has_picture": message.picture is not None,
                "picture_url": _picture_url(hass, account, message, refresh_token_id),
                "full_picture_url": _picture_url(
                    hass, account, message, refresh_token_id, FULL_MESSAGE_PICTURE_URL
                ),
            }
            for message in page.messages
        ],
        "has_older": page.has_older,
    }


@callback
def account_as_json(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, user: User
) -> JsonObjectType:
    """Return what a card shows of an account, and whom a user may write to."""
    return {
        "entry_id": entry.entry_id,
        "currency": entry.data[CONF_CURRENCY],
        "recipients": [
            {"entity_id": entity_id, "name": recipient.name, "number": recipient.number}
            for recipient in readable_recipients(hass, entry, user)
            if (entity_id := notify_entity_id(hass, recipient)) is not None
            and user.permissions.check_entity(entity_id, POLICY_CONTROL)
        ],
    }


def _answer(given: GivenAnswer | None) -> dict[str, Any] | None:
    """Return an answer that was given, for a card."""
    if given is None:
        return None
    return {"text": given.answer.text, "given_at": given.given_at.isoformat()}


@callback
def _picture_url(
    hass: HomeAssistant,
    account: Account,
    message: Message,
    refresh_token_id: str | None,
    url: str = MESSAGE_PICTURE_URL,
) -> str | None:
    """Return where a session may see a picture, None where it is not kept any more."""
    if message.picture in {None, ELSEWHERE}:
        return None
    if dt_util.utcnow() >= message.sent_at + account.options.picture_valid:
        return None
    path = url.format(entry_id=account.entry.entry_id, seq=message.seq)
    return async_sign_path(hass, path, _SIGNED_FOR, refresh_token_id=refresh_token_id)
