"""What lies between this house and the gateway: lines, routers, certificates."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPMethod
import ssl

import aiohttp
import pytest
import trustme
from yarl import URL

from custom_components.inteltele.gateway import (
    CannotConnectError,
    CertificateError,
    GatewayClient,
    InvalidResponseError,
    MessageContent,
    NoAnswerError,
    TlsUnavailableError,
)
from custom_components.inteltele.gateway.bodies import is_page
from custom_components.inteltele.gateway.transport import exchange
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import API_KEY, OLENA, USERNAME

WATER = MessageContent(message="Water!")
ANSWER = (
    b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 20\r\n\r\n"
    b'{"balance": "25.00"}'
)


@asynccontextmanager
async def encrypted(
    gateway: SimulatedGateway, *, valid_in: timedelta = timedelta(0)
) -> AsyncGenerator[GatewayClient]:
    """Return a client that trusts a gateway's certificate, valid after some time."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    now = datetime.now(UTC)
    authority.issue_cert(
        "127.0.0.1",
        not_before=now + valid_in - timedelta(days=1),
        not_after=now + timedelta(days=30),
    ).configure_cert(context)
    await gateway.stop()
    await gateway.start(ssl_context=context)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trust)
    ) as session:
        yield GatewayClient(
            session, url=gateway.url, username=USERNAME, api_key=API_KEY
        )


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(redirect_to="http://127.0.0.1:1/"),
        *(Misbehaviour(router_page=page) for page in (200, 403, 404, 405, 407, 511)),
    ],
)
async def test_what_somebody_else_answers_did_not_reach_the_gateway(
    client: GatewayClient, gateway: SimulatedGateway, misbehaviour: Misbehaviour
) -> None:
    """So it can be sent once the way is free, by the same method as before."""
    gateway.settings.misbehaviour = misbehaviour
    with pytest.raises(CannotConnectError, match="somebody else answered"):
        await client.send(WATER, [OLENA])
    with pytest.raises(CannotConnectError, match="somebody else answered"):
        await client.balance()
    gateway.settings.misbehaviour = Misbehaviour()
    await client.send(WATER, [OLENA])
    assert gateway.requests[-1].method == "POST"
    assert len(gateway.messages) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_page_of_a_server_error_may_be_the_gateways(
    client: GatewayClient, gateway: SimulatedGateway, status: int
) -> None:
    """A server before it writes such a page when it has lost the answer."""
    gateway.settings.misbehaviour = Misbehaviour(router_page=status)
    with pytest.raises(NoAnswerError):
        await client.send(WATER, [OLENA])


async def test_behind_a_proven_certificate_a_page_is_the_gateways(
    gateway: SimulatedGateway,
) -> None:
    """With a status of success, the message may have been taken."""
    async with encrypted(gateway) as client:
        gateway.settings.misbehaviour = Misbehaviour(router_page=200)
        with pytest.raises(InvalidResponseError) as caught:
            await client.send(WATER, [OLENA])
    assert caught.value.accepted


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", True),
        (b"\xef\xbb\xbf\r\n<HTML><HEAD>", True),
        (b'<?xml version="1.0"?>\n<!-- (c) --><html lang="en">', True),
        (b"<script>location='/login'</script>", True),
        (b"<br />\n<b>Warning</b>: out of memory", False),
        (b"<headline>", False),
        (b'{"status": "<html>"}', False),
        (b"", False),
    ],
)
def test_a_page_is_told_from_the_warnings_of_a_program(body: bytes, page: bool) -> None:
    """The gateway's own may print those, whatever became of the message."""
    assert is_page(body) is page


@pytest.mark.usefixtures("handshakes_may_fail")
async def test_a_certificate_that_is_not_valid_yet_means_that_nothing_left(
    gateway: SimulatedGateway,
) -> None:
    """The clock of a house without a battery starts in the past."""
    async with encrypted(gateway, valid_in=timedelta(days=2)) as client:
        with pytest.raises(CertificateError) as caught:
            await client.send(WATER, [OLENA])
    assert caught.value.reason.retryable
    assert not isinstance(caught.value, TlsUnavailableError)
    assert gateway.request_count() == 0


async def test_a_fresh_request_goes_by_no_connection_that_may_be_dead(
    session: aiohttp.ClientSession,
) -> None:
    """A router on the way forgets idle ones, and tells nobody."""
    connections: list[bool] = []

    async def answer_once(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Offer to keep a connection, and never answer by it again."""
        number = len(connections)
        connections.append(True)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await reader.read()
        connections[number] = False
        writer.close()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = GatewayClient(
        session, url=f"http://127.0.0.1:{port}", username=USERNAME, api_key=API_KEY
    )
    # Several at once, so that several could be kept.
    await asyncio.gather(client.balance(), client.balance())
    url = URL(f"http://127.0.0.1:{port}/balance/")
    for _ in range(2):
        reply = await exchange(session, HTTPMethod.POST, url, {}, fresh=True)
        assert reply.ok
    await asyncio.sleep(0.01)
    # Neither is kept for another.
    assert connections == [True, True, False, False]
    server.close()
