"""Sensors: what is left on the account."""

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
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .account import IntelTeleConfigEntry
from .const import CONF_CURRENCY, DOMAIN
from .coordinator import Money, MoneyCoordinator

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


async def async_setup_entry(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of an account."""
    async_add_entities(MoneySensor(entry, description) for description in MONEY_SENSORS)


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
