"""A house that sends by the simulated gateway, with a clock that a test turns."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
from typing import Any

import aiohttp
from yarl import URL

from custom_components.inteltele.delivery import (
    DeliveryService,
    MessageRequest,
    Outbox,
    Outcome,
    Recipient,
    RetryPolicy,
    plan,
)
from custom_components.inteltele.gateway import AccessRegister, GatewayClient
from custom_components.inteltele.storage.database import Damage
from custom_components.inteltele.storage.message import Message
from demo.simulated_gateway import SimulatedGateway
from demo.simulated_gateway.settings import DEFAULT_IPS

from ..conftest import API_KEY, USERNAME

OLENA = Recipient(number="+380671112233", name="Olena")
PETRO = Recipient(number="+380671112244", name="Petro")
START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
RETRY_FOR = timedelta(minutes=15)


class House:
    """A house whose time, and whose gateway's time, stands still until it is turned."""

    def __init__(
        self, path: Path, session: aiohttp.ClientSession, gateway: SimulatedGateway
    ) -> None:
        """Put the parts together; nothing is read yet."""
        self.path = path
        self.session = session
        self.gateway = gateway
        self.time = START
        self.sent: list[Outcome] = []
        self.changes: list[Message] = []
        self.errors: list[sqlite3.Error | None] = []
        self.features: dict[str, Any] = {}
        gateway.clock = self.now
        self.client = GatewayClient(
            session,
            url=gateway.url,
            username=USERNAME,
            api_key=API_KEY,
            access=AccessRegister(now=self.now),
        )
        self.build()

    def now(self) -> datetime:
        """Return the time."""
        return self.time

    def build(self) -> None:
        """Put the service together, as a start of the house does."""
        self.delivery = DeliveryService(
            self.client,
            self.path,
            now=self.now,
            on_sent=self.sent.append,
            on_change=self.changes.append,
            on_written=self.errors.append,
            **self.features,
        )
        sender = self.delivery.sender
        sender._sleep = self._sleep
        sender._monotonic = sender.recent._monotonic = self._monotonic

    async def restart(self, after: float = 0, **features: Any) -> Damage | None:
        """Stop, and start again so many seconds later, with other features."""
        await self.delivery.close()
        return await self.start(after, **features)

    async def start(self, after: float = 0, **features: Any) -> Damage | None:
        """Start, so many seconds later, with other features."""
        self.turn(after)
        self.features |= features
        self.build()
        return await self.delivery.open()

    @property
    def outbox(self) -> Outbox:
        """Return what waits."""
        return self.delivery.outbox

    @property
    def ends(self) -> list[tuple[str, str | None]]:
        """Return how messages ended, with the reasons."""
        return [(message.status, message.reason) for message in self.changes]

    @property
    def texts(self) -> list[str]:
        """Return the texts that the gateway took."""
        return [message.text for message in self.gateway.messages]

    def turn(self, seconds: float) -> None:
        """Turn the clock, forward or back."""
        self.time += timedelta(seconds=seconds)

    async def send(
        self,
        *recipients: Recipient,
        message: str = "Water!",
        retry_for: timedelta = RETRY_FOR,
        resend_unknown: bool = False,
    ) -> list[Outcome]:
        """Send a message, to Olena where nobody is named."""
        return await self.delivery.send(
            plan(MessageRequest(message=message), recipients or [OLENA]),
            RetryPolicy(retry_for=retry_for, resend_unknown=resend_unknown),
        )

    def _monotonic(self) -> float:
        """Return the time in seconds."""
        return self.time.timestamp()

    async def _sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.turn(seconds)

    async def wait(self) -> list[float]:
        """Work whenever something is due, and return after how many seconds."""
        moments = []
        while (due := self.outbox.next_due()) is not None:
            self.time = max(self.time, due)
            moments.append((self.time - START).total_seconds())
            await self.outbox.work()
        return moments

    async def work_after(self, seconds: float) -> None:
        """Turn the clock and do what is due then."""
        self.turn(seconds)
        await self.outbox.work()

    async def interrupt(self) -> None:
        """Stop in the middle of what the outbox is sending."""
        before = self.gateway.request_count()
        working = asyncio.create_task(self.outbox.work())
        async with asyncio.timeout(5):
            while self.gateway.request_count() == before:
                await asyncio.sleep(0.001)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        # The gateway does with the request what it would have done anyway.
        await asyncio.sleep(0.1)

    def shut_out(self) -> None:
        """Let the gateway refuse the house's address."""
        self.gateway.settings.allowed_ips = ()

    def let_in(self) -> None:
        """Let the gateway take the house's address."""
        self.gateway.settings.allowed_ips = DEFAULT_IPS

    async def lock_out(self) -> None:
        """Let the gateway lock the house out."""
        self.gateway.settings.lock_out_after = 1
        async with aiohttp.ClientSession() as session:
            await session.get(
                f"{self.gateway.url}/balance/?username={USERNAME}&api_key=wrong"
            )
        self.gateway.requests.clear()

    async def disconnect(self) -> None:
        """Take the gateway off the net."""
        await self.gateway.stop()
        # The house notices the closed connection before it would use it again.
        await asyncio.sleep(0.01)

    async def connect(self) -> None:
        """Put the gateway on the net again."""
        await self.gateway.start(port=URL(self.gateway.url).port or 0)

    def rows(self, query: str) -> list[Any]:
        """Return what the file answers to somebody else."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    async def fill_disk(self) -> None:
        """Let the file grow no more, and have something that it must grow for."""
        await self._limit_pages(1)
        self.delivery.database._unwritten.append(_add_ballast)

    async def empty_disk(self) -> None:
        """Let the file grow again."""
        await self._limit_pages(1_000_000)

    async def _limit_pages(self, count: int) -> None:
        """Let the file have no more pages than it has, or than a number."""
        await self.delivery.database.read(
            lambda connection: connection.execute(
                f"PRAGMA max_page_count = {count}"
            ).fetchall()
        )


def _add_ballast(connection: sqlite3.Connection) -> None:
    """Write something large."""
    connection.execute("INSERT INTO counters VALUES ('ballast', hex(zeroblob(50000)))")


@asynccontextmanager
async def open_house(path: Path, gateway: SimulatedGateway) -> AsyncGenerator[House]:
    """Return a house that sent nothing yet."""
    async with aiohttp.ClientSession() as session:
        house = House(path, session, gateway)
        await house.delivery.open()
        yield house
        await house.delivery.close()
