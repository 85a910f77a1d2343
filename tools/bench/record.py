"""What the record of a message costs: on the disk, in states, and to be found again."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.inteltele.storage.message import MessageStatus

from .configuration import add_account_at, give_history, house_of_comparison
from .disk import deletion, each_message
from .figures import Figure
from .filtering import pages, status_of
from .gateways import Gateway, gateway_process
from .remembering import MANY, fill
from .rounds import Comparison
from .states import state_changes

RECIPIENTS: Final = 10
# One of the numbers of a filled file.
SOMEBODY: Final = "+380630002500"


async def record(
    folder: Path, done: Callable[[Sequence[Comparison]], None]
) -> Sequence[Figure]:
    """Measure in a house of its own, without a recorder, and with a long history."""
    await asyncio.to_thread(folder.mkdir)
    figures: list[Figure] = []
    async with gateway_process() as url:
        gateway = Gateway(url=url)
        async with house_of_comparison(folder, gateway) as hass:
            statuses = status_of(MessageStatus.DELIVERED, MessageStatus.FAILED)
            entry = await _with_history(hass, gateway, statuses)
            done(await pages(hass, entry, MessageStatus.DELIVERED))
            figures += await deletion(hass, entry, SOMEBODY)
            names = [f"notify.recipient_{number}" for number in range(RECIPIENTS)]
            figures += await each_message(hass, entry, names)
            figures += await state_changes(hass, entry, names[0])
            await hass.config_entries.async_remove(entry.entry_id)
            statuses = status_of(MessageStatus.FAILED, MessageStatus.DELIVERED)
            entry = await _with_history(hass, gateway, statuses)
            done(await pages(hass, entry, MessageStatus.FAILED))
    return figures


async def _with_history(
    hass: HomeAssistant, gateway: Gateway, statuses: Sequence[MessageStatus]
) -> ConfigEntry[Any]:
    """Return an account that has sent a lot."""
    entry = await add_account_at(hass, gateway, recipients=RECIPIENTS)
    await give_history(hass, entry, partial(fill, count=MANY, statuses=statuses))
    return entry
