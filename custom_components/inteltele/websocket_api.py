"""The websocket commands behind the cards: conversations, alarms, what is written."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, override

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components import websocket_api
from homeassistant.components.notify import ATTR_MESSAGE
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from .account.account import Account
from .account.accounts import async_find_account
from .account.announcer import messages_signal
from .archive.conversations import (
    Page,
    account_as_json,
    async_read_answers,
    async_read_page,
    page_as_json,
)
from .const import DOMAIN
from .delivery import Notice
from .exceptions import invalid_input
from .sending.fields import MAX_TEXT
from .sending.preview import async_preview
from .settings.recipients import recipient_with_entity
from .storage.message import Message
from .web.alarm_commands import async_subscribe_alarms
from .web.commands import (
    ATTR_RECIPIENT,
    WHOSE,
    View,
    async_account_of,
    async_view,
    forbid,
    refuse,
)

ATTR_BEFORE: Final = "before"
ATTR_LIMIT: Final = "limit"

DEFAULT_LIMIT: Final = 30
MAX_LIMIT: Final = 100
# The greatest number that SQLite holds.
MAX_SEQ: Final = 2**63 - 1

_CONVERSATION: Final[VolDictType] = {
    **WHOSE,
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
    websocket_api.async_register_command(hass, async_subscribe_alarms)


class Conversation(View):
    """What one connection may see of the messages to recipients, or to everybody."""

    @override
    def __init__(
        self,
        hass: HomeAssistant,
        connection: websocket_api.ActiveConnection,
        command: dict[str, Any],
        account: Account,
    ) -> None:
        """Find whose messages a command is about."""
        super().__init__(hass, connection, command, account)
        self._limit: int = command[ATTR_LIMIT]

    async def async_page(self, before: int | None = None) -> dict[str, Any]:
        """Return the messages before one, the newest without one.

        Raises HomeAssistantError where the history cannot be read.
        """
        account = self.account
        page = await async_read_page(
            account, self.numbers(), self._limit, before=before
        )
        return self._as_json(account, page)

    @callback
    def async_follow(self, messages: Sequence[Message] | None) -> None:
        """Send messages that are new or changed, or everything anew."""
        account = async_find_account(self.hass, self.entry.entry_id)
        if account is None:
            return
        # Another one, where it was disabled and enabled in between.
        self.account = account
        self.hass.async_create_task(self._async_follow(messages))

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
        account = account_as_json(self.hass, self.entry, self.connection.user)
        self.send({"kind": "page", **account, **page})

    async def _async_send_changes(self, messages: Sequence[Message]) -> None:
        """Send those of some messages that belong to this conversation."""
        numbers = self.numbers()
        ours = [
            message
            for message in messages
            if numbers is None or message.number in numbers
        ]
        if ours:
            account = self.account
            page = await async_read_answers(account, ours)
            self.send({"kind": "change", **self._as_json(account, page)})

    def _as_json(self, account: Account, page: Page) -> dict[str, Any]:
        """Return a page for this connection."""
        return dict(
            page_as_json(self.hass, account, page, self.connection.refresh_token_id)
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
    if (conversation := await async_view(Conversation, hass, connection, msg)) is None:
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
        refuse(connection, msg, err)
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
    if (conversation := await async_view(Conversation, hass, connection, msg)) is None:
        return
    try:
        page = await conversation.async_page(msg[ATTR_BEFORE])
    except HomeAssistantError as err:
        refuse(connection, msg, err)
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
        forbid(connection, msg)
        return
    try:
        account = await async_account_of(hass, {ATTR_RECIPIENT: [entity_id]})
        recipient = recipient_with_entity(hass, account.entry, entity_id)
        if recipient is None:
            raise invalid_input("unknown_recipient", recipient=entity_id)
        fields = {ATTR_MESSAGE: msg[ATTR_MESSAGE]}
        preview = await async_preview(
            hass, {account: [recipient]}, fields, user, priced=False
        )
    except ServiceValidationError as err:
        refuse(connection, msg, err)
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
