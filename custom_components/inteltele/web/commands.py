"""What the cards' websocket commands share: whose messages they show, and refusals."""

from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..account.account import Account
from ..account.accounts import async_choose_account
from ..archive.permissions import may_read_history, readable_numbers
from ..const import DOMAIN
from ..exceptions import invalid_input
from ..settings.recipients import recipient_with_entity

ATTR_RECIPIENT: Final = "recipient"
MAX_RECIPIENTS: Final = 100

# A card shows an error by then, and asks again.
SET_UP_WITHIN: Final = 5.0

WHOSE: Final[VolDictType] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): str,
    # One notify entity or several, of one account.
    vol.Optional(ATTR_RECIPIENT): vol.All(
        cv.ensure_list, vol.Length(min=1, max=MAX_RECIPIENTS), [cv.entity_id]
    ),
}


class View:
    """What one connection may see of what goes to recipients, or to everybody.

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
        self.hass = hass
        self.connection = connection
        self._command_id: int = command["id"]
        self._entity_ids: list[str] | None = command.get(ATTR_RECIPIENT)
        self.account = account
        self.entry = account.entry
        if self._entity_ids is not None and not self._recipient_numbers():
            raise invalid_input("unknown_recipient", recipient=self._entity_ids[0])
        if not may_read_history(self.entry, connection.user) or (
            self._entity_ids is not None and not self.numbers()
        ):
            raise Unauthorized(
                entity_id=self._entity_ids and self._entity_ids[0],
                permission=POLICY_READ,
            )

    def numbers(self) -> list[str] | None:
        """Return the numbers whose messages may be seen now, None for all."""
        readable = readable_numbers(self.hass, self.entry, self.connection.user)
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
            recipient_with_entity(self.hass, self.entry, entity_id)
            for entity_id in self._entity_ids or ()
        )
        return [recipient.number for recipient in recipients if recipient]

    @callback
    def send(self, event: dict[str, Any]) -> None:
        """Send an event of the subscription."""
        self.connection.send_message(
            websocket_api.event_message(self._command_id, event)
        )


async def async_view[V: View](
    kind: type[V],
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> V | None:
    """Return what a command shows, None where it was answered why not.

    That is no error to log: a card asks while an account starts, and may be seen by
    somebody who may not see the messages.
    """
    try:
        account = await async_account_of(hass, msg)
        return kind(hass, connection, msg, account)
    except ServiceValidationError as err:
        refuse(connection, msg, err)
    except Unauthorized:
        forbid(connection, msg)
    return None


@callback
def forbid(connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer a command that this user may not give."""
    connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")


@callback
def refuse(
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


async def async_account_of(hass: HomeAssistant, msg: dict[str, Any]) -> Account:
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
