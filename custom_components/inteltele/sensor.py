"""Sensors: what is left on the account, and what it did."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .account.announcer import last_message_signal
from .const import CONF_CURRENCY, KEY_LAST_MESSAGE, SUBENTRY_RECIPIENT
from .coordinator import Money
from .delivery import Ledger
from .entity import AccountFollower, MoneyEntity, RecipientEntity
from .settings.recipients import recipient_of
from .storage.message import MessageStatus

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class MoneySensorDescription(SensorEntityDescription):
    """A sensor of the account's money."""

    value_fn: Callable[[Money], Decimal]


MONEY_SENSORS = (
    MoneySensorDescription(
        key="balance",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        value_fn=lambda money: money.balance,
    ),
    MoneySensorDescription(
        key="credit",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        value_fn=lambda money: money.credit,
    ),
)


@dataclass(frozen=True, kw_only=True)
class LedgerSensorDescription(SensorEntityDescription):
    """A sensor of what the account did."""

    value_fn: Callable[[Ledger], int | Decimal]


LEDGER_SENSORS = (
    LedgerSensorDescription(
        key="sent",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda ledger: ledger.counters.sent,
    ),
    LedgerSensorDescription(
        key="delivered",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda ledger: ledger.counters.delivered,
    ),
    LedgerSensorDescription(
        key="failed",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda ledger: ledger.counters.failed,
    ),
    LedgerSensorDescription(
        key="pending",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda ledger: ledger.pending,
    ),
    LedgerSensorDescription(
        key="spent",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        value_fn=lambda ledger: ledger.counters.spent,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of an account and of its recipients."""
    async_add_entities(
        [
            *(MoneySensor(entry, description) for description in MONEY_SENSORS),
            *(LedgerSensor(entry, description) for description in LEDGER_SENSORS),
        ]
    )
    for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT):
        async_add_entities(
            [LastMessageSensor(entry, subentry, KEY_LAST_MESSAGE)],
            config_subentry_id=subentry.subentry_id,
        )


class MoneySensor(MoneyEntity, SensorEntity):
    """An amount of money on the account."""

    entity_description: MoneySensorDescription

    def __init__(
        self, entry: IntelTeleConfigEntry, description: MoneySensorDescription
    ) -> None:
        """Attach the sensor to the account's money."""
        super().__init__(entry, description.key)
        self.entity_description = description
        self._attr_native_unit_of_measurement = entry.data[CONF_CURRENCY]

    @property
    @override
    def native_value(self) -> Decimal:
        """Return the amount, in the account's currency."""
        return self.entity_description.value_fn(self.coordinator.data)


class LedgerSensor(AccountFollower, SensorEntity):
    """What the account did, from its ledger."""

    entity_description: LedgerSensorDescription

    def __init__(
        self, entry: IntelTeleConfigEntry, description: LedgerSensorDescription
    ) -> None:
        """Attach the sensor to the account's device."""
        super().__init__(entry, description.key)
        self.entity_description = description
        if description.device_class is SensorDeviceClass.MONETARY:
            self._attr_native_unit_of_measurement = entry.data[CONF_CURRENCY]

    @property
    @override
    def native_value(self) -> int | Decimal:
        """Return the figure as the ledger has it now."""
        return self.entity_description.value_fn(self._entry.runtime_data.ledger)


class LastMessageSensor(RecipientEntity, SensorEntity):
    """Where the newest message to a recipient stands."""

    _attr_should_poll = False
    _attr_device_class = SensorDeviceClass.ENUM
    _attr_options = [  # noqa: RUF012 - as Home Assistant declares it
        status.value for status in MessageStatus
    ]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what becomes of messages."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                last_message_signal(self._subentry.subentry_id),
                self.async_write_ha_state,
            )
        )

    @property
    @override
    def native_value(self) -> MessageStatus | None:
        """Return the state of the newest message, None before the first."""
        number = recipient_of(self._entry, self._subentry).number
        message = self._entry.runtime_data.ledger.latest.get(number)
        return None if message is None else message.status
