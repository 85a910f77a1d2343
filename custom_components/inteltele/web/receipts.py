"""The webhook that delivery reports come in by."""

from http import HTTPMethod, HTTPStatus
from typing import Final

from aiohttp.web import Request, Response
from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback

from ..account.account import IntelTeleConfigEntry
from ..const import DOMAIN
from ..gateway import MalformedReceiptError, parse_receipt
from ..storage.message import ReceiptSource
from .form_body import MalformedFormError, async_read_form

MAX_REPORT_BYTES: Final = 64 * 1024


@callback
def async_register_webhook(hass: HomeAssistant, entry: IntelTeleConfigEntry) -> None:
    """Listen to the delivery reports of an account."""

    async def handle(
        hass: HomeAssistant, webhook_id: str, request: Request
    ) -> Response:
        """Take in a report; unknown messages are answered like known ones."""
        try:
            form = await async_read_form(request, MAX_REPORT_BYTES)
            if request.query_string:
                form = dict(request.query) | form
            receipt = parse_receipt(form)
        except MalformedFormError, MalformedReceiptError:
            return Response(status=HTTPStatus.BAD_REQUEST)
        account = entry.runtime_data
        if await account.delivery.receive(receipt, ReceiptSource.WEBHOOK):
            account.care.reports.async_came_in()
        return Response(status=HTTPStatus.OK)

    webhook_id = entry.data[CONF_WEBHOOK_ID]
    webhook.async_register(
        hass,
        DOMAIN,
        entry.title,
        webhook_id,
        handle,
        allowed_methods=(HTTPMethod.GET, HTTPMethod.POST),
    )

    @callback
    def unregister() -> None:
        """Stop listening."""
        webhook.async_unregister(hass, webhook_id)

    entry.async_on_unload(unregister)
