"""The websocket command behind the alarms of a card: how they stand, live."""

from collections.abc import Sequence
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
import voluptuous as vol

from ..account.accounts import async_find_account
from ..account.alarm_host import alarms_signal
from ..account.announcer import messages_signal
from ..archive.alarm_list import alarms_as_json
from ..const import DOMAIN
from ..storage.message import Message
from .commands import WHOSE, View, async_view


class AlarmsView(View):
    """What one connection may see of an account's alarms."""

    _sent: list[dict[str, Any]] | None = None

    @callback
    def async_anew(self, messages: Sequence[Message] | None) -> None:
        """Hear of messages, and of everything that may be seen otherwise now."""
        if messages is None:
            self.async_send()

    @callback
    def async_send(self) -> None:
        """Send how the alarms stand, where that is not what was sent last."""
        account = async_find_account(self.hass, self.entry.entry_id)
        if account is None:
            # It comes back, and says so.
            return
        alarms = alarms_as_json(
            self.hass, account, self.connection.user, self.numbers()
        )
        if alarms != self._sent:
            self._sent = alarms
            self.send({"alarms": alarms})

    @callback
    def async_follow(self) -> None:
        """Send what changes, until the subscription ends."""
        entry_id = self.entry.entry_id
        stops = (
            async_dispatcher_connect(
                self.hass, alarms_signal(entry_id), self.async_send
            ),
            async_dispatcher_connect(
                self.hass, messages_signal(entry_id), self.async_anew
            ),
        )
        self.connection.subscriptions[self._command_id] = lambda: [
            stop() for stop in stops
        ]


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/alarms/subscribe", **WHOSE}
)
@websocket_api.async_response
async def async_subscribe_alarms(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Send the alarms that may be seen, and from then on each time one changes."""
    if (view := await async_view(AlarmsView, hass, connection, msg)) is not None:
        view.async_follow()
        connection.send_result(msg["id"])
        view.async_send()
