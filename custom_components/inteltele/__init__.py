"""The IntelTele integration: Viber messages and SMS from the house to its people."""

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
)
from homeassistant.const import CONF_WEBHOOK_ID, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import ConfigType

from .account.account import IntelTeleConfigEntry
from .account.accounts import (
    async_close_account,
    async_end_with_house,
    async_find_account,
    async_open_account,
)
from .account.devices import async_create_account_device
from .account.paths import ledger_path, pictures_path
from .archive.actions import async_setup_history_services
from .care.issues import async_end_issues_of_account, async_tell_of_no_public_url
from .care.public_url_watch import async_watch_public_url
from .care.report_addresses import async_get_report_addresses
from .const import DOMAIN
from .public import remove as remove_pictures
from .sending.alarm_actions import async_setup_alarm_services
from .sending.legacy_notify import (
    async_register_legacy_notify,
    async_remove_legacy_notify,
)
from .services import async_setup_services
from .storage.schema import remove as remove_file
from .web.card import async_serve_card
from .web.message_picture import FullMessagePictureView, MessagePictureView
from .web.public_views import async_register_views
from .web.receipts import async_register_webhook, async_unregister_webhook
from .websocket_api import async_register_commands

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.NOTIFY, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions, the card, and what phones and the gateway may open."""
    async_register_commands(hass)
    await async_register_views(hass)
    for view in (MessagePictureView, FullMessagePictureView):
        hass.http.register_view(view())
    await async_serve_card(hass)
    async_setup_services(hass)
    async_setup_alarm_services(hass)
    async_setup_history_services(hass)
    _async_keep_doors(hass)
    async_end_with_house(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> bool:
    """Set up an account, or add its entities again where it is at work already.

    A gateway that is out of reach does not fail the set-up: receipts that come in
    meanwhile would be answered by Home Assistant, and lost.
    """
    # What changes while this is under way is taken up afterwards.
    entry.async_on_unload(entry.add_update_listener(_async_take_up))
    account = entry.runtime_data = await async_open_account(hass, entry)
    account.device_id = async_create_account_device(hass, entry)
    entry.async_on_unload(async_watch_public_url(hass))
    account.async_attach()
    try:
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    except BaseException:
        # Nobody would end its work, where it is disabled later.
        await async_close_account(hass, entry)
        raise
    return True


async def async_unload_entry(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> bool:
    """Take an account's entities away; it goes on unless it is disabled."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if entry.disabled_by is not None:
        await async_close_account(hass, entry)
        # Nobody sees any more whether they are cured.
        async_end_issues_of_account(hass, entry)
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Forget what was kept for an account."""
    await async_close_account(hass, entry)
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


async def _async_take_up(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Take up what changed in an entry, recipients as well, without a reload."""
    (await async_get_report_addresses(hass)).keep_only(_webhook_ids(hass))
    # An account that is not opened yet takes up what there is then.
    if (account := async_find_account(hass, entry.entry_id)) is not None:
        account.async_take_up()


@callback
def _async_keep_doors(hass: HomeAssistant) -> None:
    """Let each account's webhook and notify action be there as long as it is enabled.

    Also while it is not set up: whoever comes by them then is told to come again, or
    waits.
    """

    @callback
    def changed(change: ConfigEntryChange, entry: IntelTeleConfigEntry) -> None:
        """Open or close an account's doors."""
        if entry.domain != DOMAIN:
            return
        if change is ConfigEntryChange.REMOVED or entry.disabled_by is not None:
            async_unregister_webhook(hass, entry.entry_id)
            async_remove_legacy_notify(hass, entry.entry_id)
        else:
            async_register_webhook(hass, entry)
            async_register_legacy_notify(hass, entry)

    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        changed(ConfigEntryChange.UPDATED, entry)
    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed)
