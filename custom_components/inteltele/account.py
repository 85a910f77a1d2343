"""One IntelTele account at work in this house."""

from asyncio import TimerHandle
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util

from .const import DOMAIN, EVENT_DELIVERY_STATUS, NAME
from .coordinator import MoneyCoordinator
from .delivery import (
    Ledger,
    Outcome,
    Plan,
    Poller,
    Recipient,
    Sender,
    SentMessage,
)
from .gateway import ErrorReason, GatewayClient
from .issues import async_tell_of_damage
from .polling import OutcomePolling
from .recipients import recipients_of

type IntelTeleConfigEntry = ConfigEntry[Account]

EVENT_SENT: Final = "sent"
TELL_AFTER: Final = 0.1


@callback
def delivery_signal(subentry_id: str) -> str:
    """Return the dispatcher signal of a recipient's delivery events."""
    return f"{DOMAIN}_delivery_{subentry_id}"


@callback
def ledger_signal(entry_id: str) -> str:
    """Return the dispatcher signal of an account's ledger."""
    return f"{DOMAIN}_ledger_{entry_id}"


@callback
def ledger_path(hass: HomeAssistant, entry_id: str) -> Path:
    """Return where the messages of an account are kept."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}.db"))


@callback
def async_create_account_device(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Create the account's device and return its id; recipients are reached by it."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer=NAME,
        model="Viber and SMS gateway",
        name=entry.title,
    )
    return device.id


class Account:
    """What belongs to one account: its client, its sender, its messages."""

    def __init__(
        self, hass: HomeAssistant, entry: IntelTeleConfigEntry, client: GatewayClient
    ) -> None:
        """Put the account's parts together."""
        self._hass = hass
        self._entry = entry
        self.device_id = async_create_account_device(hass, entry)
        self.client = client
        self.coordinator = MoneyCoordinator(hass, entry, client)
        self.ledger = Ledger(
            ledger_path(hass, entry.entry_id),
            now=dt_util.utcnow,
            on_change=self._async_status_changed,
        )
        self._polling = OutcomePolling(
            hass, Poller(client, self.ledger, now=dt_util.utcnow)
        )
        self.ledger.on_record = self._async_recorded
        self._telling: TimerHandle | None = None
        self._sender = Sender(
            client,
            record=self._async_record,
            now=dt_util.utcnow,
            on_sent=self._async_sent,
        )

    async def async_open(self) -> None:
        """Take up the messages of before, until the account or the house stops."""
        await self.ledger.open()
        async_tell_of_damage(self._hass, self._entry, self.ledger.damage)
        closed = False

        async def close(_: Event | None = None) -> None:
            """Finish writing."""
            nonlocal closed
            if not closed:
                closed = True
                await self.ledger.close()

        self._entry.async_on_unload(close)
        self._entry.async_on_unload(
            self._hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
        )

    @callback
    def async_poll(self) -> None:
        """Ask for outcomes that nobody reports, as long as the account runs."""
        self._polling.async_plan()
        self._entry.async_on_unload(self._polling.async_stop)
        self._entry.async_on_unload(self._async_stop_telling)

    async def async_send(self, plan: Plan) -> list[Outcome]:
        """Send to every recipient of a plan and return what became of it."""
        outcomes = await self._sender.send(plan)
        if any(outcome.error is ErrorReason.INVALID_AUTH for outcome in outcomes):
            self._entry.async_start_reauth(self._hass)
        else:
            await self.coordinator.async_request_refresh()
        return outcomes

    @callback
    def _async_record(self, messages: Sequence[SentMessage]) -> None:
        """Remember what was sent, in the ledger of today.

        The account may have been reloaded while the gateway was asked.
        """
        self._entry.runtime_data.ledger.record(messages)

    @callback
    def _async_recorded(self) -> None:
        """Go on from what the ledger just recorded."""
        self._polling.async_plan()
        self._async_tell()

    @callback
    def _async_tell(self) -> None:
        """Let the ledger's sensors follow soon, once for all that happens until then.

        An action must not wait for states to be written.
        """
        if self._telling is None:
            self._telling = self._hass.loop.call_later(TELL_AFTER, self._async_told)

    @callback
    def _async_told(self) -> None:
        """Let the ledger's sensors follow now."""
        self._telling = None
        async_dispatcher_send(self._hass, ledger_signal(self._entry.entry_id))

    @callback
    def _async_stop_telling(self) -> None:
        """Leave the sensors as they are."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None

    @callback
    def _async_sent(self, outcome: Outcome) -> None:
        """Tell the recipient's event entity that a message is on its way."""
        if outcome.recipient.subentry_id:
            async_dispatcher_send(
                self._hass,
                delivery_signal(outcome.recipient.subentry_id),
                EVENT_SENT,
                {"message_id": outcome.message_id},
            )

    @callback
    def _async_status_changed(self, message: SentMessage) -> None:
        """Tell the house what became of a message."""
        self._async_tell()
        recipient = next(
            (
                recipient
                for recipient in recipients_of(self._entry)
                if recipient.number == message.number
            ),
            Recipient(number=message.number),
        )
        attributes: dict[str, Any] = {
            "message_id": message.message_id,
            "reason": message.reason,
            "gateway_status": message.gateway_status,
            "reported_at": message.reported_at and message.reported_at.isoformat(),
            "seconds": message.seconds,
            "source": message.source,
        }
        self._hass.bus.async_fire(
            EVENT_DELIVERY_STATUS,
            {
                "entry_id": self._entry.entry_id,
                "number": message.number,
                "recipient": recipient.name,
                "device_id": self._device_id(recipient),
                "status": message.status,
                **attributes,
            },
        )
        if recipient.subentry_id:
            async_dispatcher_send(
                self._hass,
                delivery_signal(recipient.subentry_id),
                message.status.value,
                attributes,
            )

    @callback
    def _device_id(self, recipient: Recipient) -> str | None:
        """Return the device of a recipient, None for a bare number."""
        if recipient.subentry_id is None:
            return None
        device = dr.async_get(self._hass).async_get_device_by_identifier(
            (DOMAIN, recipient.subentry_id), self._entry.entry_id
        )
        return device.id if device else None
