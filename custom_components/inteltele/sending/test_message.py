"""The message by which a person tries a recipient."""

from dataclasses import replace

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from ..account.account import IntelTeleConfigEntry
from ..delivery import MessageRequest, Recipient, plan
from ..settings.options import options_of
from ..texts import async_common_texts


async def async_send_test_message(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, recipient: Recipient
) -> str | None:
    """Send a test message, and return why it was not sent, None where it was."""
    if entry.state is not ConfigEntryState.LOADED:
        return "account_not_loaded"
    [text] = await async_common_texts(hass, ["test_message"])
    options = options_of(entry)
    request = MessageRequest(
        message=text, sender=options.sender, sms_sender=options.sms_sender
    )
    if recipient.sms_sender:
        request = replace(request, sms_sender=recipient.sms_sender)
    [message] = await entry.runtime_data.async_send(plan(request, [recipient]))
    return message.reason if message.ended else None
