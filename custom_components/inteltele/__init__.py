"""The IntelTele integration: Viber messages and SMS from the house to its people."""

from homeassistant.const import (
    CONF_API_KEY,
    CONF_URL,
    CONF_USERNAME,
    CONF_WEBHOOK_ID,
    Platform,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.typing import ConfigType

from .account.account import Account, IntelTeleConfigEntry, ledger_path, pictures_path
from .account.clients import async_create_client
from .archive.actions import async_setup_history_services
from .care.issues import async_end_issues_of_account, async_tell_of_no_public_url
from .care.public_url_watch import async_watch_public_url
from .care.report_addresses import async_get_report_addresses
from .const import DOMAIN
from .gateway import NUMBERS_LIBRARY
from .public import remove as remove_pictures
from .sending.legacy_notify import async_load_legacy_notify
from .services import async_setup_services
from .storage.schema import remove as remove_file
from .web.card import async_serve_card
from .web.message_picture import MessagePictureView
from .web.public_views import async_register_views
from .web.receipts import async_register_webhook
from .websocket_api import async_register_commands

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.NOTIFY, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions, the card, and what phones may open."""
    async_register_commands(hass)
    await async_register_views(hass)
    hass.http.register_view(MessagePictureView())
    await async_serve_card(hass)
    async_setup_services(hass)
    async_setup_history_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> bool:
    """Set up an account.

    A gateway that is out of reach does not fail the set-up: receipts that come in
    meanwhile would be answered by Home Assistant, and lost.
    """
    # What changes while this is under way is taken up afterwards.
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    # Not while a message is sent, and not in the event loop.
    await async_import_module(hass, NUMBERS_LIBRARY)
    client = await async_create_client(
        hass,
        url=entry.data[CONF_URL],
        username=entry.data[CONF_USERNAME],
        api_key=entry.data[CONF_API_KEY],
    )
    addresses = await async_get_report_addresses(hass)
    addresses.keep_only(_webhook_ids(hass))
    account = entry.runtime_data = Account(hass, entry, client, addresses)
    await account.async_open()
    async_register_webhook(hass, entry)
    entry.async_on_unload(async_watch_public_url(hass))
    asking = account.async_ask()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_load_legacy_notify(hass, entry)
    await account.async_start(asking)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> bool:
    """Unload an account."""
    if entry.disabled_by is not None:
        # Nobody sees any more whether they are cured.
        async_end_issues_of_account(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Forget what was kept for an account."""
    async_end_issues_of_account(hass, entry)
    if not (webhook_ids := _webhook_ids(hass)):
        async_tell_of_no_public_url(hass, missing=False)
    (await async_get_report_addresses(hass)).keep_only(webhook_ids)
    await hass.async_add_executor_job(remove_file, ledger_path(hass, entry.entry_id))
    await hass.async_add_executor_job(
        remove_pictures, pictures_path(hass, entry.entry_id)
    )


@callback
def _webhook_ids(hass: HomeAssistant) -> set[str]:
    """Return the webhooks of all accounts of the house."""
    return {
        entry.data[CONF_WEBHOOK_ID]
        for entry in hass.config_entries.async_entries(DOMAIN)
    }


async def _async_reload(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Take up changed recipients, which are entities of their own."""
    hass.config_entries.async_schedule_reload(entry.entry_id)
