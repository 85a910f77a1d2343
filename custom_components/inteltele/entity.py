"""What the entities of accounts and of recipients have in common."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .account.account import Account, IntelTeleConfigEntry
from .account.announcer import account_signal
from .account.devices import account_device, recipient_device
from .account.entry_state import recipients_signal
from .const import CONF_PHONE, SUBENTRY_RECIPIENT
from .coordinator import MoneyCoordinator
from .delivery import Recipient
from .settings.recipients import recipient_of


@callback
def async_add_for_recipients(
    hass: HomeAssistant,
    entry: IntelTeleConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    create: Callable[[Account, ConfigSubentry], Entity],
) -> None:
    """Add an entity for every recipient, and one for each that comes later.

    Home Assistant itself takes away what belongs to a recipient who was removed.
    """
    account = entry.runtime_data
    present: set[str] = set()

    @callback
    def add() -> None:
        """Add what is not there yet."""
        nonlocal present
        recipients = entry.get_subentries_of_type(SUBENTRY_RECIPIENT)
        for subentry in recipients:
            if subentry.subentry_id not in present:
                async_add_entities(
                    [create(account, subentry)], config_subentry_id=subentry.subentry_id
                )
        present = {subentry.subentry_id for subentry in recipients}

    add()
    entry.async_on_unload(
        async_dispatcher_connect(hass, recipients_signal(entry.entry_id), add)
    )


class AccountEntity(Entity):
    """An entity of one account."""

    _attr_has_entity_name = True

    def __init__(self, account: Account, key: str) -> None:
        """Attach the entity to the account's device."""
        self._account = account
        self._attr_unique_id = f"{account.entry.entry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = account_device(account.coordinator.hass, account.entry)


class MoneyEntity(AccountEntity, CoordinatorEntity[MoneyCoordinator]):
    """An entity that follows an account's money."""

    def __init__(self, account: Account, key: str) -> None:
        """Attach the entity to the account's device and its money."""
        AccountEntity.__init__(self, account, key)
        CoordinatorEntity.__init__(self, account.coordinator)

    @property
    @override
    def available(self) -> bool:
        """Return whether the money is known; before the first answer, it is not."""
        return super().available and self.coordinator.data is not None


class RecipientEntity(Entity):
    """An entity of one recipient."""

    _attr_has_entity_name = True

    def __init__(self, account: Account, subentry: ConfigSubentry, key: str) -> None:
        """Attach the entity to the recipient's device."""
        self._account = account
        self._subentry = subentry
        self._attr_unique_id = f"{subentry.subentry_id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = recipient_device(
            account.coordinator.hass, subentry, account.device_id
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Have told what waits for the entity, once its first state is written."""
        await super().async_added_to_hass()
        self.hass.loop.call_soon(self._account.async_tell_untold)

    @property
    def number(self) -> str:
        """Return the recipient's number as it is now."""
        number: str = self._subentry.data[CONF_PHONE]
        return number

    @property
    def recipient(self) -> Recipient:
        """Return whose entity this is, with what is set for them now."""
        return recipient_of(self._account.entry, self._subentry)


class Listener(Entity):
    """An entity that hears of what it shows by a dispatcher signal."""

    _attr_should_poll = False

    @property
    @abstractmethod
    def _signal(self) -> str:
        """Return the signal."""

    @callback
    def _async_hear(self, *_: Any) -> None:
        """Show what is so now."""
        self.async_write_ha_state()

    @override
    async def async_added_to_hass(self) -> None:
        """Listen."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(self.hass, self._signal, self._async_hear)
        )


class Follower(Listener):
    """An entity that follows what an account knows."""

    _account: Account

    @property
    @override
    def _signal(self) -> str:
        """Return the signal of what an account knows."""
        return account_signal(self._account.entry.entry_id)


class AccountFollower(AccountEntity, Follower):
    """An entity of an account that follows what it knows."""
