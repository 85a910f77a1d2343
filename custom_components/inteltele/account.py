"""One IntelTele account at work in this house."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, EVENT_DELIVERY_STATUS, NAME
from .coordinator import MoneyCoordinator
from .delivery import (
    Ledger,
    Outcome,
    Plan,
    Recipient,
    Sender,
    StatusChange,
)
from .gateway import ErrorReason, GatewayClient
from .recipients import recipients_of

type IntelTeleConfigEntry = ConfigEntry[Account]

# Kept beside the accounts, so that a reload does not forget messages under way.
DATA_LEDGERS: HassKey[dict[str, Ledger]] = HassKey(f"{DOMAIN}_ledgers")

EVENT_SENT: Final = "sent"


@callback
def delivery_signal(subentry_id: str) -> str:
    """Return the dispatcher signal of a recipient's delivery events."""
    return f"{DOMAIN}_delivery_{subentry_id}"


@callback
def async_forget_ledger(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Forget the messages of an account that is removed."""
    hass.data.get(DATA_LEDGERS, {}).pop(entry.entry_id, None)


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
        self.coordinator = MoneyCoordinator(hass, entry, client)
        ledgers = hass.data.setdefault(DATA_LEDGERS, {})
        if entry.entry_id not in ledgers:
            ledgers[entry.entry_id] = Ledger(now=dt_util.utcnow)
        self.ledger = ledgers[entry.entry_id]
        self.ledger.on_change = self._async_status_changed
        self._sender = Sender(
            client, self.ledger, now=dt_util.utcnow, on_sent=self._async_sent
        )

    async def async_send(self, plan: Plan) -> list[Outcome]:
        """Send to every recipient of a plan and return what became of it."""
        outcomes = await self._sender.send(plan)
        if any(outcome.error is ErrorReason.INVALID_AUTH for outcome in outcomes):
            self._entry.async_start_reauth(self._hass)
        else:
            await self.coordinator.async_request_refresh()
        return outcomes

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
    def _async_status_changed(self, change: StatusChange) -> None:
        """Tell the house what became of a message."""
        message = change.message
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
            "gateway_status": change.gateway_status,
            "reported_at": change.reported_at.isoformat(),
            "seconds": change.seconds,
            "source": change.source,
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
