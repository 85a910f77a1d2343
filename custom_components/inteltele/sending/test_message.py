"""The message by which a person tries a recipient."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

from homeassistant.core import HomeAssistant

from ..account.account import Account, IntelTeleConfigEntry
from ..account.accounts import async_find_account
from ..delivery import MessageRequest, Recipient, Watch, plan
from ..exceptions import invalid_input
from ..gateway import GatewayError
from ..settings.first_steps import Ending, Tested
from ..settings.recipients import with_what_is_set
from ..storage.message import Message, MessageStatus, ReceiptSource
from ..texts import async_common_texts, async_sentences
from .outcomes import Sent, async_send_error

# A person looks at the form meanwhile. A phone that is at hand has the message after
# two or three seconds; a house that was just set up gets no reports yet, so it asks.
LOOKED_FOR: Final = timedelta(seconds=6)
ASKED_EVERY: Final = timedelta(seconds=2)


async def async_try_recipient(
    hass: HomeAssistant, entry: IntelTeleConfigEntry, recipient: Recipient
) -> Tested:
    """Send a test message, and return what became of it within a few seconds."""
    account = async_find_account(hass, entry.entry_id)
    if account is None:
        error = invalid_input("account_not_loaded", account=entry.title)
        [problem] = await async_sentences(hass, [error])
        return Tested(ending=Ending.FAILED, problem=problem)
    [text] = await async_common_texts(hass, ["test_message"])
    recipient = with_what_is_set(entry, recipient)
    request = MessageRequest(message=text, sender=account.options.sender)
    planned = plan(request, [recipient])
    watch = Watch()
    with account.watched_by(watch):
        [message] = await account.async_send(planned)
        message = await _async_learned(account, watch, message)
    [composed] = planned
    sent = Sent(recipient=recipient, composed=composed, message=message)
    if (failed := await async_send_error(hass, [sent])) is not None:
        [problem] = await async_sentences(hass, [failed])
        return Tested(ending=Ending.FAILED, problem=problem)
    arrived = message.status is MessageStatus.DELIVERED
    return Tested(ending=Ending.DELIVERED if arrived else Ending.SENT)


async def _async_learned(account: Account, watch: Watch, sent: Message) -> Message:
    """Return what is known of a message after some seconds, and after asking."""

    def over() -> bool:
        """Return whether nothing more will be heard soon."""
        known = watch.now(sent)
        return known.ended or known.message_id is None

    with suppress(GatewayError, TimeoutError):
        async with asyncio.timeout(LOOKED_FOR.total_seconds()):
            while not over():
                await watch.wait(over, ASKED_EVERY)
                await _async_ask(account, sent.message_id or "")
    return watch.now(sent)


async def _async_ask(account: Account, message_id: str) -> None:
    """Ask what became of a message."""
    receipts = await account.client.statuses([message_id])
    for receipt in receipts.values():
        await account.delivery.receive(receipt, ReceiptSource.POLL)
