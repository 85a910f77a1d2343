"""The webhook that delivery reports come in by."""

from http import HTTPMethod, HTTPStatus
from typing import Final

from aiohttp.web import Request, Response
from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..account.account import IntelTeleConfigEntry
from ..account.accounts import async_find_account
from ..const import DOMAIN
from ..gateway import MalformedReceiptError, parse_receipt
from ..storage.message import ReceiptSource
from .form_body import MalformedFormError, async_read_form, unambiguous

MAX_REPORT_BYTES: Final = 64 * 1024
# In seconds, for who asks while an account is not at work yet.
RETRY_AFTER: Final = 10

# Which webhook is listened to, by the account's entry.
DATA_WEBHOOKS: HassKey[dict[str, str]] = HassKey(f"{DOMAIN}_webhooks")


@callback
def async_register_webhook(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Listen to the delivery reports of an account, by the webhook that it has now.

    From before its set-up on, because what Home Assistant itself answers is lost.
    """
    webhook_id = entry.data[CONF_WEBHOOK_ID]
    webhooks = hass.data.setdefault(DATA_WEBHOOKS, {})
    if webhooks.get(entry.entry_id) == webhook_id:
        return
    async_unregister_webhook(hass, entry.entry_id)

    async def handle(
        hass: HomeAssistant, webhook_id: str, request: Request
    ) -> Response:
        """Take in a report; unknown messages are answered like known ones."""
        try:
            form = await async_read_form(request, MAX_REPORT_BYTES)
            if request.query_string:
                form = unambiguous([*request.query.items(), *form.items()])
            receipt = parse_receipt(form)
        except MalformedFormError, MalformedReceiptError:
            return Response(status=HTTPStatus.BAD_REQUEST)
        account = async_find_account(hass, entry.entry_id)
        if account is None:
            return Response(
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                headers={"Retry-After": str(RETRY_AFTER)},
            )
        if await account.delivery.receive(receipt, ReceiptSource.WEBHOOK):
            account.care.reports.async_came_in()
        return Response(status=HTTPStatus.OK)

    webhook.async_register(
        hass,
        DOMAIN,
        entry.title,
        webhook_id,
        handle,
        allowed_methods=(HTTPMethod.GET, HTTPMethod.POST),
    )

    webhooks[entry.entry_id] = webhook_id


@callback
def async_unregister_webhook(hass: HomeAssistant, entry_id: str) -> None:
    """Listen no more by the webhook that an account had."""
    webhook_id = hass.data.get(DATA_WEBHOOKS, {}).pop(entry_id, None)
    if webhook_id is not None:
        webhook.async_unregister(hass, webhook_id)
