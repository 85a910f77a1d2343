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
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import Account, IntelTeleConfigEntry
from .account.announcer import last_message_signal
from .const import CONF_CURRENCY, KEY_LAST_MESSAGE
from .coordinator import Money
from .delivery import Ledger
from .entity import (
    AccountEntity,
    AccountFollower,
    Listener,
    MoneyEntity,
    RecipientEntity,
    async_add_for_recipients,
)
from .storage.message import MessageStatus

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class MoneySensorDescription(SensorEntityDescription):
    """A sensor of the account's money."""

    value_fn: Callable[[Money], Decimal | None]


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
        entity_category=EntityCategory.DIAGNOSTIC,
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
        entity_category=EntityCategory.DIAGNOSTIC,
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
    account = entry.runtime_data
    async_add_entities(
        [
            *(MoneySensor(account, description) for description in MONEY_SENSORS),
            *(LedgerSensor(account, description) for description in LEDGER_SENSORS),
        ]
    )
    async_add_for_recipients(
        hass,
        entry,
        async_add_entities,
        lambda account, subentry: LastMessageSensor(
            account, subentry, KEY_LAST_MESSAGE
        ),
    )


class AccountSensor(AccountEntity, SensorEntity):
    """A sensor of an account, whose currency a person may change."""

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the account's currency for money."""
        if self.device_class is not SensorDeviceClass.MONETARY:
            return None
        currency: str = self._account.entry.data[CONF_CURRENCY]
        return currency


class MoneySensor(MoneyEntity, AccountSensor):
    """An amount of money on the account."""

    entity_description: MoneySensorDescription

    def __init__(self, account: Account, description: MoneySensorDescription) -> None:
        """Attach the sensor to the account's money."""
        super().__init__(account, description.key)
        self.entity_description = description

    @property
    @override
    def available(self) -> bool:
        """Return whether the amount is known."""
        return super().available and self.native_value is not None

    @property
    @override
    def native_value(self) -> Decimal | None:
        """Return the amount, in the account's currency."""
        return self.entity_description.value_fn(self.coordinator.data)


class LedgerSensor(AccountFollower, AccountSensor):
    """What the account did, from its ledger."""

    entity_description: LedgerSensorDescription

    def __init__(self, account: Account, description: LedgerSensorDescription) -> None:
        """Attach the sensor to the account's device."""
        super().__init__(account, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> int | Decimal:
        """Return the figure as the ledger has it now."""
        return self.entity_description.value_fn(self._account.ledger)


class LastMessageSensor(RecipientEntity, Listener, SensorEntity):
    """Where the newest message to a recipient stands."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_options = [  # noqa: RUF012 - as Home Assistant declares it
        status.value for status in MessageStatus
    ]

    @property
    @override
    def _signal(self) -> str:
        """Return the signal of what becomes of the newest message."""
        return last_message_signal(self._subentry.subentry_id)

    @property
    @override
    def native_value(self) -> MessageStatus | None:
        """Return the state of the newest message, None before the first.

        As far as it was told: what must wait is a change of state afterwards.
        """
        message = self._account.ledger.latest.get(self.number)
        if message is None:
            return None
        return self._account.delivery.untold.status_told(message)
