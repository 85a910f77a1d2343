"""What somebody outside the house posts: read with limits, never trusted."""

import asyncio
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesHeaderParser
import json
import re
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import ClientError, StreamReader
from aiohttp.hdrs import CONTENT_TYPE
from aiohttp.web import PayloadAccessError, Request, RequestPayloadError

from ..plain import one_line

MAX_PARAMETERS: Final = 32
READ_TIMEOUT: Final = 10.0
# One that is cut off, takes too long, or is not packed as its header says.
_UNREADABLE: Final = (
    *(ClientError, OSError, RecursionError, TimeoutError, ValueError),
    *(PayloadAccessError, RequestPayloadError),
)

_PARTS: Final = BytesHeaderParser()


class MalformedFormError(ValueError):
    """A request's body is too long, too slow, or no form."""


async def async_read_form(request: Request, max_bytes: int) -> dict[str, str]:
    """Return the form that a request holds, of so many bytes at most.

    In any encoding: the usual one of forms, in parts, or JSON. A field that is given
    twice and differently is left out.
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
        return unambiguous(_fields(body, request.headers.get(CONTENT_TYPE, "")))
    except _UNREADABLE as err:
        if isinstance(err, RequestPayloadError) and isinstance(content, StreamReader):
            # Nothing follows: aiohttp would read on, and log the error as its own.
            content.feed_eof()
            request.protocol.close()
        raise MalformedFormError from err


def unambiguous(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return fields by name, without those that are given twice and differently."""
    found: dict[str, set[str]] = {}
    for name, text in fields:
        found.setdefault(name, set()).add(text)
    return {name: min(texts) for name, texts in found.items() if len(texts) == 1}


def _fields(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """Return the fields that a body holds; raises ValueError for one that is none.

    What says nothing of itself, or something else, is taken for JSON where it begins
    as an object does, else for a form of the usual encoding.
    """
    if content_type.lower().startswith("multipart/"):
        fields = _multipart_fields(body, content_type)
    else:
        # By its first bytes, for it may say something else of itself.
        text = body.decode(json.detect_encoding(body), "replace")
        if not text.lstrip().startswith("{"):
            return parse_qsl(
                text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS
            )
        fields = _json_fields(text)
    if len(fields) > MAX_PARAMETERS:
        raise MalformedFormError
    return fields


def _json_fields(text: str) -> list[tuple[str, str]]:
    """Return the texts and numbers of a JSON object, each as often as it is there."""
    objects: list[list[tuple[str, Any]]] = []

    def read(pairs: list[tuple[str, Any]]) -> None:
        """Keep what an object holds; the outermost one is the last to end."""
        objects.append(pairs)

    json.loads(text, object_pairs_hook=read)
    return [
        (name, str(value))
        for name, value in objects[-1]
        if isinstance(value, str | int) and not isinstance(value, bool)
    ]


def _multipart_fields(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """Return the fields of a form that is sent in parts.

    Cut by hand: the standard library's parser goes into parts of parts, and a stranger
    could have it do so for seconds.
    """
    header = Message()
    header[CONTENT_TYPE] = one_line(content_type)
    boundary = re.escape((header.get_boundary() or "").encode())
    if not boundary:
        raise MalformedFormError
    line = rb"(?:\A|\r?\n)--" + boundary + rb"(?:--)?[ \t]*(?=\r?\n|\Z)"
    _, *parts = re.split(line, body, maxsplit=MAX_PARAMETERS + 2)
    fields = []
    for part in parts:
        parsed = _PARTS.parsebytes(part.lstrip(b"\r\n"))
        name = parsed.get_param("name", header="content-disposition")
        content = parsed.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields.append((name, content.decode("utf-8", "replace")))
    return fields


async def _async_read(content: StreamReader, max_bytes: int) -> bytes:
    """Return a body that is still coming in, not all of one that is too long."""
    body = bytearray()
    async with asyncio.timeout(READ_TIMEOUT):
        while len(body) <= max_bytes and (chunk := await content.read(max_bytes)):
            body += chunk
    return bytes(body)
