"""A gateway with a clock that a test turns, and who asks it.

The demo knows nothing of Home Assistant's fixtures but that sockets work.
"""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
import json
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from demo.simulated_gateway import GatewaySettings, SimulatedGateway


@pytest.fixture(autouse=True)
def _sockets_work(socket_enabled: None) -> None:
    """Let tests speak over loopback."""


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        """Start at a fixed moment."""
        self.time = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
async def simulated(clock: Clock) -> AsyncGenerator[SimulatedGateway]:
    """Return a gateway with an account "demo" that has the key "right"."""
    gateway = SimulatedGateway(GatewaySettings(api_keys=("right",)), clock)
    async with gateway:
        yield gateway


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a client."""
    async with aiohttp.ClientSession() as client:
        yield client


class Asker:
    """Asks the gateway and returns what it answers."""

    def __init__(
        self, session: aiohttp.ClientSession, gateway: SimulatedGateway
    ) -> None:
        """Bind a client to a gateway."""
        self._session = session
        self._gateway = gateway

    async def __call__(
        self, path: str, method: str = "POST", key: str = "right", **parameters: Any
    ) -> Any:
        """Ask, with the credentials, and return what the body holds."""
        async with self._request(path, method, key, parameters) as response:
            return json.loads(await response.text())

    async def http_status(self, path: str, **parameters: Any) -> int:
        """Ask by POST and return the HTTP status alone."""
        async with self._request(path, "POST", "right", parameters) as response:
            return response.status

    def _request(
        self, path: str, method: str, key: str, parameters: dict[str, Any]
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Return a request with the credentials, which follows nobody elsewhere."""
        asked = {"username": "demo", "api_key": key} | parameters
        url = f"{self._gateway.url}{path}"
        if method == "GET":
            return self._session.get(url, params=asked, allow_redirects=False)
        return self._session.post(url, data=asked, allow_redirects=False)


@pytest.fixture
def ask(session: aiohttp.ClientSession, simulated: SimulatedGateway) -> Asker:
    """Return what asks the gateway."""
    return Asker(session, simulated)


@pytest.fixture
async def reports(
    simulated: SimulatedGateway,
) -> AsyncGenerator[list[tuple[str, dict[str, str]]]]:
    """Return the delivery reports that the gateway makes, as method and parameters."""
    received: list[tuple[str, dict[str, str]]] = []

    async def receive(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        received.append((request.method, dict(request.query) | form))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/report", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    simulated.settings.report_url = f"http://127.0.0.1:{runner.addresses[0][1]}/report"
    yield received
    await runner.cleanup()
