"""What the entities of accounts and of recipients have in common."""

from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .account.account import IntelTeleConfigEntry
from .account.announcer import account_signal
from .coordinator import MoneyCoordinator


class AccountEntity(Entity):
    """An entity of one account."""

    _attr_has_entity_name = True

    def __init__(self, entry: IntelTeleConfigEntry, key: str) -> None:
        """Attach the entity to the account's device."""
        self._entry = entry
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = key
        self.device_entry = entry.runtime_data.device


class MoneyEntity(AccountEntity, CoordinatorEntity[MoneyCoordinator]):
    """An entity that follows an account's money."""

    def __init__(self, entry: IntelTeleConfigEntry, key: str) -> None:
        """Attach the entity to the account's device and its money."""
        AccountEntity.__init__(self, entry, key)
        CoordinatorEntity.__init__(self, entry.runtime_data.coordinator)

    @property
    @override
    def available(self) -> bool:
        """Return whether the money is known; before the first answer, it is not."""
        return super().available and self.coordinator.data is not None


class RecipientEntity(Entity):
    """An entity of one recipient."""

    _attr_has_entity_name = True

    def __init__(
        self, entry: IntelTeleConfigEntry, subentry: ConfigSubentry, key: str
    ) -> None:
        """Attach the entity to the recipient's device."""
        self._entry = entry
        self._subentry = subentry
        self._attr_unique_id = f"{subentry.subentry_id}_{key}"
        self._attr_translation_key = key
        self.device_entry = entry.runtime_data.async_device_of(subentry)


class Follower(Entity):
    """An entity that follows what an account knows."""

    _attr_should_poll = False
    _entry: IntelTeleConfigEntry

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the account."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                account_signal(self._entry.entry_id),
                self.async_write_ha_state,
            )
        )


class AccountFollower(AccountEntity, Follower):
    """An entity of an account that follows what it knows."""
