"""What the simulated gateway keeps, and what can be done with it besides HTTP."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from .delivery import Delivery
from .messages import ReceivedRequest, SimulatedMessage
from .phones import Phones
from .refusals import Doorkeeper
from .settings import GatewaySettings


class GatewayState:
    """Settings, messages and requests; the server in front of it is a class above."""

    def __init__(
        self,
        settings: GatewaySettings | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Start with nothing sent; `clock` returns an aware time."""
        self.settings = settings or GatewaySettings()
        self.clock = clock
        self.requests: list[ReceivedRequest] = []
        self.messages: list[SimulatedMessage] = []
        self.listeners: set[asyncio.Event] = set()
        self.phones = Phones(self.changed)
        self.delivery = Delivery(self.settings, self.phones, clock, self.changed)
        self.doorkeeper = Doorkeeper(self.settings)
        self.stopping = asyncio.Event()
        self._first_balance = self.settings.balance

    async def pause(self, seconds: float) -> None:
        """Wait some seconds, or until the server stops."""
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.stopping.wait()

    def request_count(self, path: str | None = None) -> int:
        """Return how many API requests came in, to one path or to all."""
        return sum(path in (None, request.path) for request in self.requests)

    def reset(self) -> None:
        """Forget messages, requests, lock-outs and switches; restore the balance."""
        self.requests.clear()
        self.messages.clear()
        self.doorkeeper.reset()
        self.phones.reset()
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
