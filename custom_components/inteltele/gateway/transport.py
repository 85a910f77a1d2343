"""One HTTP exchange with the gateway, and what its failures mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from errno import ECONNREFUSED
from http import HTTPMethod, HTTPStatus
import ssl
from typing import Final, override
from urllib.parse import urlencode

import aiohttp
from aiohttp.connector import Connection
from yarl import URL

from .errors import (
    CannotConnectError,
    CertificateError,
    GatewayError,
    InvalidResponseError,
    NoAnswerError,
    SomebodyElseError,
    TlsUnavailableError,
)

MAX_REPLY_BYTES: Final = 1024 * 1024
TIMEOUT: Final = aiohttp.ClientTimeout(total=20, connect=10, sock_connect=10)

_CHUNK_BYTES: Final = 64 * 1024
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
# By these, a proxy or a hotspot asks for a login before it lets anything through.
_LOGIN_FIRST: Final = frozenset(
    {
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED,
    }
)
# What OpenSSL says when the other side answers a TLS greeting with something else.
_NOT_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}
    | {"PACKET_LENGTH_TOO_LONG", "UNEXPECTED_EOF_WHILE_READING"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    """Status and body of one HTTP reply."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        """Return whether the HTTP status is one of success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


async def exchange(
    session: aiohttp.ClientSession,
    method: HTTPMethod,
    url: URL,
    parameters: Mapping[str, str],
    *,
    fresh: bool = False,
) -> HttpReply:
    """Ask once and return the reply, whatever its HTTP status.

    The parameters go into a form, and into the URL only where the method is GET.
    Redirects are not followed, so the key reaches nobody but the gateway. With `fresh`,
    the request has a connection of its own: those that were kept may all have died
    meanwhile, in a router that forgets them. Raises CannotConnectError when the request
    provably did not reach the gateway, which neither redirects nor asks for a login;
    NoAnswerError when it may have arrived; and InvalidResponseError for an oversized
    body.
    """
    get = method is HTTPMethod.GET
    try:
        async with session.request(
            method.value,
            url,
            params=parameters if get else None,
            # Written here, because aiohttp takes several times as long for a form.
            data=None if get else urlencode(parameters).encode("ascii"),
            headers=None if get else _FORM,
            allow_redirects=False,
            timeout=TIMEOUT,
            middlewares=(_OneAttempt(fresh=fresh),),
            # The same as without; but connections are kept apart by it.
            server_hostname=url.host if fresh else None,
        ) as response:
            status = response.status
            redirects = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
            if redirects or status in _LOGIN_FIRST:
                raise SomebodyElseError(f"somebody else answered: HTTP {status}")
            return HttpReply(status=status, body=await _read(response))
    except aiohttp.ClientConnectorError as err:
        raise _connection_failure(err, url) from err
    except aiohttp.ConnectionTimeoutError as err:
        raise CannotConnectError("the connection timed out") from err
    except (aiohttp.ClientError, TimeoutError) as err:
        # Named by its kind: the text of some of these quotes the URL.
        raise NoAnswerError(type(err).__name__) from None


class _LastReply(aiohttp.ClientResponse):
    """A reply whose connection is closed after it, whatever the server offers."""

    @override
    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Read the reply's header."""
        if connection.protocol is not None:
            connection.protocol.force_close()
        return await super().start(connection)


class _OneAttempt:
    """Lets one attempt through; keeps the connection of a fresh one for no other.

    aiohttp repeats a GET by itself when the connection is closed before the reply. A
    send must not be repeated behind our back, since it may cost and arrive twice.
    """

    def __init__(self, *, fresh: bool) -> None:
        """Start unused."""
        self._fresh = fresh
        self._used = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Pass the first attempt on and refuse the next."""
        if self._used:
            raise NoAnswerError("connection closed")
        self._used = True
        if self._fresh:
            request.response_class = _LastReply
        return await handler(request)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return a reply's body, refusing one that does not end."""
    if response.content.is_eof():
        # It came with the header, as most do.
        body = response.content.read_nowait()
    else:
        body = await _read_on(response.content)
    if len(body) > MAX_REPLY_BYTES:
        raise InvalidResponseError(
            "reply too large", accepted=response.status < HTTPStatus.BAD_REQUEST
        )
    return body


async def _read_on(content: aiohttp.StreamReader) -> bytes:
    """Return a body that is still coming in, not all of one that is too long."""
    body = bytearray()
    while len(body) <= MAX_REPLY_BYTES and (chunk := await content.read(_CHUNK_BYTES)):
        body += chunk
    return bytes(body)


def _connection_failure(err: aiohttp.ClientConnectorError, url: URL) -> GatewayError:
    """Return why no connection came about."""
    if isinstance(err, aiohttp.ClientConnectorCertificateError):
        return CertificateError("the certificate cannot be trusted")
    cause = err.os_error
    if isinstance(cause, ssl.SSLError) and cause.reason in _NOT_TLS:
        return TlsUnavailableError("TLS is not spoken here")
    if url.scheme == "https" and (
        isinstance(cause, ConnectionResetError)
        # A port that was named serves plain HTTP too: refused, it serves nothing.
        or (cause.errno == ECONNREFUSED and url.explicit_port is None)
    ):
        return TlsUnavailableError("nothing speaks TLS here")
    return CannotConnectError(type(cause).__name__)
