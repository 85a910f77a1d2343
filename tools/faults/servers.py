"""Servers that are worse than a gateway: they break HTTP, or never end."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import re
import ssl
from typing import Final
from urllib.parse import unquote_plus

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_HANG_UP_WITHIN: Final = 3.0
_BLOCK: Final = b"8000\r\n" + b" " * 0x8000 + b"\r\n"


@dataclass(slots=True, kw_only=True)
class Heard:
    """What a server heard and said; `key_seen` counts requests that held a key."""

    url: str = ""
    connections: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    open: int = 0
    key_seen: int = 0

    async def all_closed(self) -> None:
        """Wait a while until nobody is connected."""
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
    """Run a server that treats every connection in the same way."""
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
    """Take in a request, its form too."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    body = await reader.readexactly(length)
    heard.bytes_in += len(head) + len(body)
    heard.key_seen += b"api_key=" in head + body


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
    while True:
        writer.write(_BLOCK)
        heard.bytes_out += len(_BLOCK)
        await writer.drain()
        await asyncio.sleep(0)


async def endless_head(
    heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer with headers without an end."""
    await _request(heard, reader)
    writer.write(_HEAD)
    while True:
        line = b"X-Filler: " + b"x" * 1000 + b"\r\n"
        writer.write(line)
        heard.bytes_out += len(line)
        await writer.drain()
        await asyncio.sleep(0)


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
    writer.write(_HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


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
        writer.write(_HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

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


_FOR_SIGNING: Final = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """A certificate authority of our own."""

    def __init__(self, folder: Path) -> None:
        """Create its key and its certificate."""
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name(
            [x509.NameAttribute(NameOID.COMMON_NAME, "Under fire authority")]
        )
        builder = self._builder(self._name, self._key, timedelta(days=1))
        self._certificate = (
            builder.add_extension(
                x509.BasicConstraints(ca=True, path_length=None), critical=True
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()),
                critical=False,
            )
            .add_extension(_FOR_SIGNING, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        """Return its certificate, for those who trust it."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def context(self, address: str, valid_for: timedelta) -> ssl.SSLContext:
        """Return what a server at an address shows; negative times are over."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        certificate = (
            self._builder(subject, key, valid_for)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]),
                critical=False,
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self._key.public_key()
                ),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / f"{certificate.serial_number}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, valid_for: timedelta
    ) -> x509.CertificateBuilder:
        """Return a certificate that is not signed yet."""
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + valid_for)
        )
