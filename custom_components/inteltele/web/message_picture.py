"""The pictures of the history, for those who may read it."""

from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
import re
import sqlite3
from typing import Final

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.components.http import (
    KEY_HASS,
    KEY_HASS_USER,
    HomeAssistantView,
)
from homeassistant.core import HomeAssistant

from ..account.accounts import async_find_account
from ..archive.conversations import FULL_MESSAGE_PICTURE_URL, MESSAGE_PICTURE_URL
from ..archive.permissions import readable_numbers
from ..storage.message import Message

# As long as a number in SQLite may be.
_SEQ: Final = re.compile(r"[0-9]{1,18}")
_HEADERS: Final = {
    "Cache-Control": "private, max-age=3600, immutable",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


class MessagePictureView(HomeAssistantView):
    """The picture that a message was sent with; it needs a login."""

    url = MESSAGE_PICTURE_URL
    name = "api:inteltele:message_picture"
    full = False

    async def get(
        self, request: web.Request, entry_id: str, seq: str
    ) -> web.StreamResponse:
        """Serve a picture; what may not be seen is as unknown as what is gone."""
        hass, user = request.app[KEY_HASS], request[KEY_HASS_USER]
        path = await _async_path(hass, entry_id, seq, user, full=self.full)
        if path is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.FileResponse(path, headers=_HEADERS)


class FullMessagePictureView(MessagePictureView):
    """The same picture in its own size."""

    url = FULL_MESSAGE_PICTURE_URL
    name = "api:inteltele:full_message_picture"
    full = True


async def _async_path(
    hass: HomeAssistant, entry_id: str, seq: str, user: User, *, full: bool
) -> Path | None:
    """Return the file of a message's picture, None where there is none to see."""
    account = async_find_account(hass, entry_id)
    if account is None or _SEQ.fullmatch(seq) is None:
        return None
    message: Message | None = None
    # Why it cannot be read is logged where that is noticed.
    with suppress(sqlite3.Error):
        message = await account.ledger.with_seq(int(seq))
    numbers = readable_numbers(hass, account.entry, user)
    if message is None or message.picture is None:
        return None
    if numbers is not None and message.number not in numbers:
        return None
    return await hass.async_add_executor_job(
        partial(account.pictures.find_file, message.picture, full=full)
    )
