"""The simulated gateway as a server."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
import ssl
from typing import Self

from aiohttp import web

from . import control
from .delivery import Delivery, is_loopback
from .exchange import PATHS, handle
from .messages import ReceivedRequest, SimulatedMessage
from .refusals import Doorkeeper
from .settings import GatewaySettings


class SimulatedGateway:
    """A gateway on this machine that speaks the provider's API strictly."""

    def __init__(
        self,
        settings: GatewaySettings | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare a gateway; `clock` returns an aware time."""
        self.settings = settings or GatewaySettings()
        self.clock = clock
        self.requests: list[ReceivedRequest] = []
        self.messages: list[SimulatedMessage] = []
        self.listeners: set[asyncio.Event] = set()
        self.delivery = Delivery(self.settings, clock, self.changed)
        self.doorkeeper = Doorkeeper(self.settings)
        self.url = ""
        self._first_balance = self.settings.balance
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Start on any free port."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def start(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Listen; port 0 takes a free one. Raises ValueError off this machine."""
        if not is_loopback(host):
            raise ValueError(
                f"The simulated gateway listens on this machine only, not on {host}."
            )
        self._stopping.clear()
        app = web.Application(middlewares=[control.refuse_foreign_hosts])
        for path in PATHS:
            for method in ("GET", "POST"):
                app.router.add_route(method, path, partial(handle, self))
        control.add_routes(app, self)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, ssl_context=ssl_context)
        await site.start()
        scheme = "http" if ssl_context is None else "https"
        bracketed = f"[{host}]" if ":" in host else host
        self.url = f"{scheme}://{bracketed}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening and abandon what is under way."""
        self._stopping.set()
        await self.delivery.stop()
        self.changed()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def pause(self, seconds: float) -> None:
        """Let some time pass, but none while this stops."""
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()

    def request_count(self, path: str | None = None) -> int:
        """Return how many API requests came in, to one path or to all."""
        return sum(path in (None, request.path) for request in self.requests)

    def reset(self) -> None:
        """Forget messages, requests and lock-outs, and restore the balance."""
        self.requests.clear()
        self.messages.clear()
        self.doorkeeper.reset()
        self.settings.balance = self._first_balance
        self.changed()

    async def report(
        self, message_id: str, status: str, reported_at: datetime | None = None
    ) -> int | None:
        """Report a state now; return the HTTP status answered, None for no answer."""
        return await self.delivery.report(message_id, status, reported_at)

    async def settle(self) -> None:
        """Wait until every message came to its end and was reported."""
        await self.delivery.settle()

    def changed(self) -> None:
        """Wake those who watch."""
        for listener in self.listeners:
            listener.set()
