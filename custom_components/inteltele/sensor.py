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
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .account import IntelTeleConfigEntry, ledger_signal
from .const import CONF_CURRENCY, DOMAIN, KEY_LAST_MESSAGE, SUBENTRY_RECIPIENT
from .coordinator import Money, MoneyCoordinator
from .delivery import Ledger, MessageStatus
from .entity import RecipientEntity
from .recipients import recipient_of

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class MoneySensorDescription(SensorEntityDescription):
    """A sensor of the account's money."""

    value_fn: Callable[[Money], Decimal]


MONEY_SENSORS = (
    MoneySensorDescription(
        key="balance",
        translation_key="balance",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        value_fn=lambda money: money.balance,
    ),
    MoneySensorDescription(
        key="credit",
        translation_key="credit",
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
        translation_key="sent",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda ledger: ledger.counters.sent,
    ),
    LedgerSensorDescription(
        key="delivered",
        translation_key="delivered",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda ledger: ledger.counters.delivered,
    ),
    LedgerSensorDescription(
        key="failed",
        translation_key="failed",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda ledger: ledger.counters.failed,
    ),
    LedgerSensorDescription(
        key="pending",
        translation_key="pending",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda ledger: ledger.pending,
    ),
    LedgerSensorDescription(
        key="spent",
        translation_key="spent",
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


class MoneySensor(CoordinatorEntity[MoneyCoordinator], SensorEntity):
    """An amount of money on the account."""

    entity_description: MoneySensorDescription
    _attr_has_entity_name = True

    def __init__(
        self, entry: IntelTeleConfigEntry, description: MoneySensorDescription
    ) -> None:
        """Attach the sensor to the account's device."""
        super().__init__(entry.runtime_data.coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_native_unit_of_measurement = entry.data[CONF_CURRENCY]
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})

    @property
    @override
    def native_value(self) -> Decimal:
        """Return the amount, in the account's currency."""
        return self.entity_description.value_fn(self.coordinator.data)


class LedgerFollower(SensorEntity):
    """A sensor that follows the account's ledger."""

    _attr_should_poll = False
    _entry: IntelTeleConfigEntry

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the ledger."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                ledger_signal(self._entry.entry_id),
                self.async_write_ha_state,
            )
        )


class LedgerSensor(LedgerFollower):
    """What the account did, from its ledger."""

    entity_description: LedgerSensorDescription
    _attr_has_entity_name = True

    def __init__(
        self, entry: IntelTeleConfigEntry, description: LedgerSensorDescription
    ) -> None:
        """Attach the sensor to the account's device."""
        self._entry = entry
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})
        if description.device_class is SensorDeviceClass.MONETARY:
            self._attr_native_unit_of_measurement = entry.data[CONF_CURRENCY]

    @property
    @override
    def native_value(self) -> int | Decimal:
        """Return the figure as the ledger has it now."""
        return self.entity_description.value_fn(self._entry.runtime_data.ledger)


class LastMessageSensor(RecipientEntity, LedgerFollower):
    """Where the newest message to a recipient stands."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_options = [  # noqa: RUF012 - as Home Assistant declares it
        status.value for status in MessageStatus
    ]

    @property
    @override
    def native_value(self) -> MessageStatus | None:
        """Return the state of the newest message, None before the first."""
        latest = self._entry.runtime_data.ledger.latest
        message = latest.get(recipient_of(self._subentry).number)
        return None if message is None else message.status
