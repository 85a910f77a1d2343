"""The simulated gateway as a server."""

from functools import partial
import ssl
from typing import Self

from aiohttp import web

from . import control
from .delivery import is_loopback
from .exchange import PATHS, handle
from .state import GatewayState


class SimulatedGateway(GatewayState):
    """A gateway on this machine that speaks the provider's API strictly."""

    url = ""
    _runner: web.AppRunner | None = None

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
        self.stopping.clear()
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
        self.stopping.set()
        await self.delivery.stop()
        self.changed()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
