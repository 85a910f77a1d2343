"""Binary sensors: whether the money runs out, and whether the gateway answers."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .account.alarm_host import alarms_signal
from .const import KEY_ALARM
from .entity import AccountEntity, AccountFollower, Listener, MoneyEntity

PARALLEL_UPDATES = 0

KEY_GATEWAY_PROBLEM: Final = "gateway_problem"
KEY_LOW_BALANCE: Final = "low_balance"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of an account."""
    async_add_entities(
        [
            LowBalance(entry.runtime_data, KEY_LOW_BALANCE),
            GatewayProblem(entry.runtime_data, KEY_GATEWAY_PROBLEM),
            AlarmOpen(entry.runtime_data, KEY_ALARM),
        ]
    )


class LowBalance(MoneyEntity, BinarySensorEntity):
    """Whether the balance is down at a threshold, or refused as too low."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM

    @property
    @override
    def available(self) -> bool:
        """Return whether the gateway said how it stands with the money."""
        return self.coordinator.ran_out or (
            super().available and self.coordinator.data.balance is not None
        )

    @property
    @override
    def is_on(self) -> bool:
        """Return whether somebody should top the account up."""
        money = self.coordinator.data
        return self.coordinator.ran_out or (
            money.balance is not None
            and self._account.options.is_low(money.balance, money.spent)
        )


class GatewayProblem(AccountFollower, BinarySensorEntity):
    """Whether the last exchange with the gateway was refused or unanswered."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    @property
    @override
    def available(self) -> bool:
        """Return whether the gateway was asked anything yet."""
        return self._account.asked

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the gateway, or the way to it, is not in order."""
        return self._account.problem is not None


class AlarmOpen(AccountEntity, Listener, BinarySensorEntity):
    """Whether people are being asked about an alarm."""

    @property
    @override
    def _signal(self) -> str:
        """Return the signal of how the account's alarms stand."""
        return alarms_signal(self._account.entry.entry_id)

    @property
    @override
    def is_on(self) -> bool:
        """Return whether an alarm is open."""
        return self._account.alarms.any_open
