"""The accounts that are at work in this house, each from one start to one end."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, service
from homeassistant.util.hass_dict import HassKey

from ..care.report_addresses import async_get_report_addresses
from ..const import DOMAIN
from ..exceptions import invalid_input
from ..plain import quoted
from ..settings.recipients import recipient_with_number
from .account import Account, IntelTeleConfigEntry
from .clients import async_get_access

# As long as the house may take to stop for requests that are under way.
STOPPED_WITHIN: Final = 10.0
# Less than Home Assistant waits for an account that is disabled or removed.
CLOSED_WITHIN: Final = 4.0
# As long as a call waits for an account that is being set up.
SET_UP_WITHIN: Final = 30.0

DATA_ACCOUNTS: HassKey[dict[str, Account]] = HassKey(f"{DOMAIN}_accounts")


async def async_open_account(
    hass: HomeAssistant, entry: IntelTeleConfigEntry
) -> Account:
    """Return the account of an entry: the one that is at work, or a new one.

    One whose file could only be opened in memory gives way to a new one, which may
    have more luck.
    """
    accounts = hass.data.setdefault(DATA_ACCOUNTS, {})
    account = accounts.get(entry.entry_id)
    if account is not None and account.delivery.database.durable:
        return account
    await async_close_account(hass, entry)
    account = Account(
        hass,
        entry,
        await async_get_access(hass),
        await async_get_report_addresses(hass),
    )
    try:
        await account.async_open()
    except BaseException:
        await account.async_close(CLOSED_WITHIN)
        raise
    accounts[entry.entry_id] = account
    return account


async def async_close_account(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """End the work of an entry's account, where it is at work."""
    if (account := hass.data.get(DATA_ACCOUNTS, {}).pop(entry.entry_id, None)) is None:
        return
    await account.async_close(CLOSED_WITHIN)


@callback
def async_end_with_house(hass: HomeAssistant) -> None:
    """Let all accounts end their work when Home Assistant stops.

    It would cut requests off, and what the gateway took be forgotten.
    """

    async def stop(_: Event) -> None:
        """Begin nothing any more, and let requests come to their end."""
        await asyncio.gather(
            *(account.async_stop(STOPPED_WITHIN) for account in async_accounts(hass))
        )

    async def close(_: Event) -> None:
        """Write what is left."""
        open_accounts = list(hass.data.get(DATA_ACCOUNTS, {}).values())
        await asyncio.gather(
            *(async_close_account(hass, account.entry) for account in open_accounts)
        )

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)


@callback
def async_accounts(hass: HomeAssistant) -> Iterator[Account]:
    """Yield the accounts that are at work, also those that are being reloaded."""
    for account in hass.data.get(DATA_ACCOUNTS, {}).values():
        if account.at_work:
            yield account


@callback
def async_find_account(hass: HomeAssistant, entry_id: str) -> Account | None:
    """Return the account of an entry, None while it is not at work."""
    account = hass.data.get(DATA_ACCOUNTS, {}).get(entry_id)
    return account if account is not None and account.at_work else None


@callback
def async_all_at_work(hass: HomeAssistant) -> bool:
    """Return whether no account is missing that should be at work."""
    return all(
        async_find_account(hass, entry.entry_id) is not None
        for entry in _enabled_entries(hass)
    )


async def async_get_account(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, within: float = SET_UP_WITHIN
) -> Account:
    """Return the account of an entry, which may be being set up.

    Raises ServiceValidationError where it is not at work then.
    """
    if (account := await _async_wait(hass, entry, within)) is None:
        raise invalid_input("account_not_loaded", account=entry.title)
    return account


async def async_choose_account(
    hass: HomeAssistant, entry_id: str | None, within: float = SET_UP_WITHIN
) -> Account:
    """Return the account that is named, or the only one, which may be being set up.

    Raises ServiceValidationError where there is none, more than one, or where it is
    not at work.
    """
    entries = _enabled_entries(hass)
    chosen = [
        entry for entry in entries if entry_id is None or entry.entry_id == entry_id
    ]
    if len(chosen) > 1:
        raise invalid_input("account_not_chosen")
    if chosen and (account := await _async_wait(hass, chosen[0], within)) is not None:
        return account
    # With the sentences that Home Assistant has for it, which quote it.
    entry = service.async_get_config_entry(hass, DOMAIN, entry_id and quoted(entry_id))
    raise invalid_input("account_not_loaded", account=entry.title)


@callback
def entry_id_of_entity(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the account that an entity belongs to.

    Raises ServiceValidationError for an entity of something else.
    """
    entity = er.async_get(hass).async_get(entity_id)
    if entity is None or entity.platform != DOMAIN:
        raise invalid_input("unknown_recipient", recipient=entity_id)
    return entity.config_entry_id


@callback
def entry_id_of_number(hass: HomeAssistant, number: str) -> str | None:
    """Return the only account that has a recipient with an E.164 number, or None."""
    having = [
        entry.entry_id
        for entry in _enabled_entries(hass)
        if recipient_with_number(entry, number) is not None
    ]
    return having[0] if len(having) == 1 else None


@callback
def has_one_account(hass: HomeAssistant) -> bool:
    """Return whether there is no choice of accounts."""
    return len(_enabled_entries(hass)) == 1


@callback
def _enabled_entries(hass: HomeAssistant) -> list[IntelTeleConfigEntry]:
    """Return the accounts that should be at work."""
    return hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )


async def _async_wait(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, within: float
) -> Account | None:
    """Return the account of an entry once it is set up, None where it is not."""
    if entry.disabled_by is not None:
        return None
    account = async_find_account(hass, entry.entry_id)
    if account is None and entry.setup_lock.locked():
        # It is held until a set-up has ended, in whatever way.
        with suppress(TimeoutError):
            async with asyncio.timeout(within), entry.setup_lock:
                account = async_find_account(hass, entry.entry_id)
    return account
