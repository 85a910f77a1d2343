"""The message by which a person tries a recipient."""

from dataclasses import replace

from homeassistant.core import HomeAssistant

from ..account.account import IntelTeleConfigEntry
from ..account.accounts import async_find_account
from ..delivery import MessageRequest, Recipient, plan
from ..texts import async_common_texts


async def async_send_test_message(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, recipient: Recipient
) -> str | None:
    """Send a test message, and return why it was not sent, None where it was."""
    account = async_find_account(hass, entry.entry_id)
    if account is None:
        return "account_not_loaded"
    [text] = await async_common_texts(hass, ["test_message"])
    options = account.options
    request = MessageRequest(
        message=text, sender=options.sender, sms_sender=options.sms_sender
    )
    if recipient.sms_sender:
        request = replace(request, sms_sender=recipient.sms_sender)
    [message] = await account.async_send(plan(request, [recipient]))
    return message.reason if message.ended else None
