"""Binary sensors: whether the money runs out, and whether the gateway answers."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import STATE_ON, EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.account import IntelTeleConfigEntry
from .account.alarm_host import alarms_signal
from .const import KEY_ALARM
from .entity import AccountEntity, AccountFollower, MoneyEntity

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
    """Whether the balance is down at the account's threshold, or refused as too low."""

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
            money.balance is not None and self._account.options.is_low(money.balance)
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


class AlarmOpen(AccountEntity, BinarySensorEntity):
    """Whether people are being asked about an alarm."""

    _attr_should_poll = False

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the account's alarms."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                alarms_signal(self._account.entry.entry_id),
                self._async_follow,
            )
        )

    @callback
    def _async_follow(self) -> None:
        """Show it where it is news."""
        if self.is_on is not self._shown:
            self.async_write_ha_state()

    @property
    def _shown(self) -> bool:
        """Return what is shown now."""
        return self.hass.states.is_state(self.entity_id, STATE_ON)

    @property
    @override
    def is_on(self) -> bool:
        """Return whether an alarm is open."""
        return self._account.alarms.any_open
