"""Servers that break HTTP, or whose reply never ends."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
import re
import ssl
from typing import Final
from urllib.parse import unquote_plus

_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_HANG_UP_WITHIN: Final = 3.0
_BODY_BLOCK: Final = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
_HEADER_LINE: Final = b"X-Filler: " + b"x" * 1000 + b"\r\n"


@dataclass(slots=True, kw_only=True)
class Heard:
    """Counts of one server; `key_seen` counts requests that held an API key."""

    url: str = ""
    connections: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    open: int = 0
    key_seen: int = 0

    async def all_closed(self) -> None:
        """Wait until all connections are closed, a few seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_HANG_UP_WITHIN):
                while self.open:
                    await asyncio.sleep(0.01)


type Behaviour = Callable[
    [Heard, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]
]


@asynccontextmanager
async def server(
    behaviour: Behaviour, context: ssl.SSLContext | None = None
) -> AsyncGenerator[Heard]:
    """Run a server with one behaviour for every connection."""
    heard = Heard()
    talking: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.connections += 1
        heard.open += 1
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - it runs
        talking.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await behaviour(heard, reader, writer)
        finally:
            heard.open -= 1
            talking.discard(task)
            writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    scheme = "http" if context is None else "https"
    heard.url = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield heard
    finally:
        listening.close()
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        listening.abort_clients()
        await listening.wait_closed()


async def _request(heard: Heard, reader: asyncio.StreamReader) -> None:
    """Read a request with its body, and count it."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    body = await reader.readexactly(length)
    heard.bytes_in += len(head) + len(body)
    heard.key_seen += b"api_key=" in head + body


async def _reply(writer: asyncio.StreamWriter, body: bytes) -> None:
    """Write a complete JSON reply."""
    writer.write(_HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


async def _write_for_ever(
    heard: Heard, writer: asyncio.StreamWriter, block: bytes
) -> None:
    """Write a block again and again, as fast as the client reads."""
    while True:
        writer.write(block)
        heard.bytes_out += len(block)
        await writer.drain()
        await asyncio.sleep(0)


async def cut_while_asked(
    _: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Hang up in the middle of a request."""
    await reader.read(40)
    writer.transport.abort()


async def cut_while_answering(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Hang up in the middle of a reply."""
    await _request(heard, reader)
    writer.write(_HEAD + b'Content-Length: 500\r\n\r\n{"reply": [{"status"')
    await writer.drain()
    await asyncio.sleep(0.01)
    writer.transport.abort()


async def silent(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Take a request and say nothing."""
    await _request(heard, reader)
    await reader.read()


async def no_http(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer with something that is no HTTP."""
    await _request(heard, reader)
    writer.write(b"\x00\x15\x03\x01 220 mail.example.org ESMTP\r\n\r\n" * 50)
    await writer.drain()


async def endless_body(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer without an end."""
    await _request(heard, reader)
    writer.write(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    await _write_for_ever(heard, writer, _BODY_BLOCK)


async def endless_head(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer with headers without an end."""
    await _request(heard, reader)
    writer.write(_HEAD)
    await _write_for_ever(heard, writer, _HEADER_LINE)


async def a_byte_a_second(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer a byte a second, and end in some hours."""
    await _request(heard, reader)
    writer.write(_HEAD + b"Content-Length: 10000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        heard.bytes_out += 1
        await writer.drain()
        await asyncio.sleep(1)


async def well(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer as a gateway does to a balance, and count whom the key reached."""
    await _request(heard, reader)
    body = b'{"balance": "1.00", "credit": "0.00"}'
    await _reply(writer, body)


def reflecting(reply: Callable[[str], bytes]) -> Behaviour:
    """Return a server that makes its reply of what it was asked."""

    async def reflect(
        heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer with the request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        [length] = re.findall(r"(?i)content-length: (\d+)", head) or [0]
        asked = (await reader.readexactly(int(length))).decode()
        body = reply(unquote_plus(asked or head))
        heard.key_seen += 1
        await _reply(writer, body)

    return reflect


def redirecting(to: str, status: int) -> Behaviour:
    """Return a server that sends everybody elsewhere."""

    async def redirect(
        heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Send a client elsewhere."""
        await _request(heard, reader)
        writer.write(
            f"HTTP/1.1 {status} Elsewhere\r\nLocation: {to}\r\n"
            "Content-Length: 0\r\n\r\n".encode()
        )
        await writer.drain()

    return redirect
