"""The websocket commands behind the card: a conversation, and what is being written."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.notify import ATTR_MESSAGE
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from .account.account import Account
from .account.accounts import async_choose_account, async_find_account
from .account.announcer import messages_signal
from .archive.conversations import (
    Page,
    account_as_json,
    async_read_answers,
    async_read_page,
    page_as_json,
)
from .archive.permissions import may_read_history, readable_numbers
from .const import DOMAIN
from .delivery import Notice
from .exceptions import invalid_input
from .sending.fields import MAX_TEXT
from .sending.preview import async_preview
from .settings.recipients import recipient_with_entity
from .storage.message import Message

ATTR_BEFORE: Final = "before"
ATTR_LIMIT: Final = "limit"
ATTR_RECIPIENT: Final = "recipient"

DEFAULT_LIMIT: Final = 30
MAX_LIMIT: Final = 100
MAX_RECIPIENTS: Final = 100
# The greatest number that SQLite holds.
MAX_SEQ: Final = 2**63 - 1

# A card shows an error by then, and asks again.
SET_UP_WITHIN: Final = 5.0

_CONVERSATION: Final[VolDictType] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): str,
    # One notify entity or several, of one account.
    vol.Optional(ATTR_RECIPIENT): vol.All(
        cv.ensure_list, vol.Length(min=1, max=MAX_RECIPIENTS), [cv.entity_id]
    ),
    vol.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): vol.All(
        int, vol.Range(min=1, max=MAX_LIMIT)
    ),
}


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register the commands."""
    websocket_api.async_register_command(hass, async_subscribe)
    websocket_api.async_register_command(hass, async_list)
    websocket_api.async_register_command(hass, async_count_parts)


class Conversation:
    """What one connection may see of the messages to recipients, or to everybody.

    Permissions are asked for each time, because they may be taken away.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        connection: websocket_api.ActiveConnection,
        command: dict[str, Any],
        account: Account,
    ) -> None:
        """Find whose messages of an account a command is about.

        Recipients that are not there, or may not be seen, are passed over. Raises
        Unauthorized where there is nothing to read, and ServiceValidationError where
        none of the recipients is there.
        """
        self._hass = hass
        self._connection = connection
        self._command_id: int = command["id"]
        self._limit: int = command[ATTR_LIMIT]
        self._entity_ids: list[str] | None = command.get(ATTR_RECIPIENT)
        self._account = account
        self.entry = account.entry
        if self._entity_ids is not None and not self._recipient_numbers():
            raise invalid_input("unknown_recipient", recipient=self._entity_ids[0])
        if not may_read_history(self.entry, connection.user) or (
            self._entity_ids is not None and not self._numbers()
        ):
            raise Unauthorized(
                entity_id=self._entity_ids and self._entity_ids[0],
                permission=POLICY_READ,
            )

    async def async_page(self, before: int | None = None) -> dict[str, Any]:
        """Return the messages before one, the newest without one.

        Raises HomeAssistantError where the history cannot be read.
        """
        account = self._account
        page = await async_read_page(
            account, self._numbers(), self._limit, before=before
        )
        return self._as_json(account, page)

    @callback
    def async_follow(self, messages: Sequence[Message] | None) -> None:
        """Send messages that are new or changed, or everything anew."""
        account = async_find_account(self._hass, self.entry.entry_id)
        if account is None:
            return
        # Another one, where it was disabled and enabled in between.
        self._account = account
        self._hass.async_create_task(self._async_follow(messages))

    async def _async_follow(self, messages: Sequence[Message] | None) -> None:
        """Send what changed, or nothing where the history cannot be read."""
        # That is logged where it is noticed; what comes next is sent all the same.
        with suppress(HomeAssistantError):
            if messages is None:
                self.send_page(await self.async_page())
            else:
                await self._async_send_changes(messages)

    @callback
    def send_page(self, page: dict[str, Any]) -> None:
        """Send the newest messages, with what a card shows of the account."""
        account = account_as_json(self._hass, self.entry, self._connection.user)
        self._send({"kind": "page", **account, **page})

    async def _async_send_changes(self, messages: Sequence[Message]) -> None:
        """Send those of some messages that belong to this conversation."""
        numbers = self._numbers()
        ours = [
            message
            for message in messages
            if numbers is None or message.number in numbers
        ]
        if ours:
            account = self._account
            page = await async_read_answers(account, ours)
            self._send({"kind": "change", **self._as_json(account, page)})

    def _numbers(self) -> list[str] | None:
        """Return the numbers whose messages may be seen now, None for all."""
        readable = readable_numbers(self._hass, self.entry, self._connection.user)
        if self._entity_ids is None:
            return readable
        return [
            number
            for number in self._recipient_numbers()
            if readable is None or number in readable
        ]

    def _recipient_numbers(self) -> list[str]:
        """Return the numbers of the recipients that this is about."""
        recipients = (
            recipient_with_entity(self._hass, self.entry, entity_id)
            for entity_id in self._entity_ids or ()
        )
        return [recipient.number for recipient in recipients if recipient]

    def _as_json(self, account: Account, page: Page) -> dict[str, Any]:
        """Return a page for this connection."""
        return dict(
            page_as_json(self._hass, account, page, self._connection.refresh_token_id)
        )

    def _send(self, event: dict[str, Any]) -> None:
        """Send an event of the subscription."""
        self._connection.send_message(
            websocket_api.event_message(self._command_id, event)
        )


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/messages/subscribe", **_CONVERSATION}
)
@websocket_api.async_response
async def async_subscribe(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Send the newest messages of a conversation, and from then on what changes."""
    if (conversation := await _async_conversation(hass, connection, msg)) is None:
        return
    # Followed first, because nothing that changes meanwhile may be missed.
    connection.subscriptions[msg["id"]] = async_dispatcher_connect(
        hass,
        messages_signal(conversation.entry.entry_id),
        conversation.async_follow,
    )
    try:
        page = await conversation.async_page()
    except HomeAssistantError as err:
        # Where the connection was closed meanwhile, that is done.
        with suppress(KeyError):
            connection.subscriptions.pop(msg["id"])()
        _refuse(connection, msg, err)
        return
    connection.send_result(msg["id"])
    conversation.send_page(page)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/messages/list",
        **_CONVERSATION,
        # The `seq` of a message; those before it are asked for.
        vol.Required(ATTR_BEFORE): vol.All(int, vol.Range(min=0, max=MAX_SEQ)),
    }
)
@websocket_api.async_response
async def async_list(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Return the messages of a conversation before one of them."""
    if (conversation := await _async_conversation(hass, connection, msg)) is None:
        return
    try:
        page = await conversation.async_page(msg[ATTR_BEFORE])
    except HomeAssistantError as err:
        _refuse(connection, msg, err)
        return
    connection.send_result(msg["id"], page)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/messages/preview",
        vol.Required(ATTR_RECIPIENT): cv.entity_id,
        vol.Required(ATTR_MESSAGE): vol.All(str, vol.Length(max=MAX_TEXT)),
    }
)
@websocket_api.async_response
async def async_count_parts(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Return how many SMS parts a text to a recipient may take, null without an SMS.

    And whether it is cut to that. It is asked for while somebody writes, so nobody else
    is asked for anything.
    """
    user, entity_id = connection.user, msg[ATTR_RECIPIENT]
    if not user.permissions.check_entity(entity_id, POLICY_CONTROL):
        _forbid(connection, msg)
        return
    try:
        account = await _async_account(hass, {ATTR_RECIPIENT: [entity_id]})
        recipient = recipient_with_entity(hass, account.entry, entity_id)
        if recipient is None:
            raise invalid_input("unknown_recipient", recipient=entity_id)
        fields = {ATTR_MESSAGE: msg[ATTR_MESSAGE]}
        preview = await async_preview(
            hass, {account: [recipient]}, fields, user, priced=False
        )
    except ServiceValidationError as err:
        _refuse(connection, msg, err)
        return
    [shown] = preview.messages
    goes = shown.composed if shown.passed_over is None else None
    connection.send_result(
        msg["id"],
        {
            "sms_parts": goes and goes.sms_parts,
            "shortened": Notice.SMS_SHORTENED in preview.notices,
        },
    )


async def _async_conversation(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> Conversation | None:
    """Return whose messages a command is about, None where it was answered why not.

    That is no error to log: a card asks while an account starts, and may be seen by
    somebody who may not see the messages.
    """
    try:
        account = await _async_account(hass, msg)
        return Conversation(hass, connection, msg, account)
    except ServiceValidationError as err:
        _refuse(connection, msg, err)
    except Unauthorized:
        _forbid(connection, msg)
    return None


@callback
def _forbid(connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer a command that this user may not give."""
    connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")


@callback
def _refuse(
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
    err: HomeAssistantError,
) -> None:
    """Answer a command with an error that a card can show, and that nobody logs."""
    connection.send_error(
        msg["id"],
        websocket_api.ERR_HOME_ASSISTANT_ERROR,
        str(err),
        translation_domain=err.translation_domain,
        translation_key=err.translation_key,
        translation_placeholders=err.translation_placeholders,
    )


async def _async_account(hass: HomeAssistant, msg: dict[str, Any]) -> Account:
    """Return the account that recipients belong to, that is named, or the only one.

    Raises ServiceValidationError where it is not there, or not at work.
    """
    entry_id = msg.get(ATTR_CONFIG_ENTRY_ID)
    if (entity_ids := msg.get(ATTR_RECIPIENT)) is not None:
        entities = map(er.async_get(hass).async_get, entity_ids)
        ours = [entity for entity in entities if entity and entity.platform == DOMAIN]
        if not ours:
            raise invalid_input("unknown_recipient", recipient=entity_ids[0])
        entry_id = ours[0].config_entry_id
    return await async_choose_account(hass, entry_id, SET_UP_WITHIN)
