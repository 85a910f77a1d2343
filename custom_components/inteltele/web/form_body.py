"""What somebody outside the house posts: read with limits, never trusted."""

import asyncio
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import ClientError, StreamReader
from aiohttp.web import PayloadAccessError, Request, RequestPayloadError

MAX_PARAMETERS: Final = 32
READ_TIMEOUT: Final = 10.0
# One that is cut off, takes too long, or is not packed as its header says.
_UNREADABLE: Final = (
    *(ClientError, OSError, TimeoutError, ValueError),
    *(PayloadAccessError, RequestPayloadError),
)


class MalformedFormError(ValueError):
    """A request's body is too long, too slow, or no form."""


async def async_read_form(request: Request, max_bytes: int) -> dict[str, str]:
    """Return the form that a request holds, of so many bytes at most.

    A request that came through Home Assistant Cloud knows only these parts of what
    aiohttp offers. Raises MalformedFormError.
    """
    # Taken once: Home Assistant Cloud's request starts over at each access.
    content = request.content
    try:
        if isinstance(content, StreamReader) and content.is_eof():
            # It came with the header, as most do: nothing to wait for.
            body = content.read_nowait()
        else:
            body = await _async_read(content, max_bytes)
        if len(body) > max_bytes:
            raise MalformedFormError
        form = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MAX_PARAMETERS,
        )
    except _UNREADABLE as err:
        raise MalformedFormError from err
    return dict(form)


async def _async_read(content: StreamReader, max_bytes: int) -> bytes:
    """Return a body that is still coming in, not all of one that is too long."""
    body = bytearray()
    async with asyncio.timeout(READ_TIMEOUT):
        while len(body) <= max_bytes and (chunk := await content.read(max_bytes)):
            body += chunk
    return bytes(body)
