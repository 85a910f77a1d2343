"""A house that sends by the simulated gateway, with a clock that a test turns."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
from typing import Any

import aiohttp
from yarl import URL

from custom_components.inteltele.delivery import (
    DeliveryService,
    Ledger,
    MessageRequest,
    Recipient,
    RetryPolicy,
    plan,
)
from custom_components.inteltele.delivery.outbox import Outbox
from custom_components.inteltele.delivery.request import Link
from custom_components.inteltele.gateway import (
    AccessRegister,
    DeliveryReceipt,
    GatewayClient,
)
from custom_components.inteltele.public import Pressed
from custom_components.inteltele.storage.answer_links import Answer, AnswerLink
from custom_components.inteltele.storage.database import Damage
from custom_components.inteltele.storage.message import Message, ReceiptSource
from demo.simulated_gateway import SimulatedGateway
from demo.simulated_gateway.settings import DEFAULT_IPS

from ..conftest import API_KEY, USERNAME

OLENA = Recipient(number="+380671112233", name="Olena")
PETRO = Recipient(number="+380671112244", name="Petro")
IRYNA = Recipient(number="+380671112255", name="Iryna")
OPTED_OUT = Recipient(number="+380671112901")
START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
RETRY_FOR = timedelta(minutes=15)
# So many seconds a gateway takes that is to be interrupted, on a busy machine too.
SLOW = 0.4


def crowd(count: int) -> list[Recipient]:
    """Return many recipients."""
    return [Recipient(number=f"+3806700{number:05}") for number in range(count)]


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
        self.ticks = timedelta(0)
        self.told: list[tuple[Message | None, Message]] = []
        self.pressed: list[Pressed] = []
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
        """Return the time, which may go on with each look."""
        self.time += self.ticks
        return self.time

    def build(self) -> None:
        """Put the service together, as a start of the house does."""
        self.delivery = DeliveryService(
            self.client,
            self.path,
            now=self.now,
            monotonic=self._monotonic,
            on_change=lambda before, after: self.told.append((before, after)),
            on_press=self.pressed.append,
            on_written=self.errors.append,
            **self.features,
        )

    def _monotonic(self) -> float:
        """Return the time in seconds."""
        return self.time.timestamp()

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
    def ledger(self) -> Ledger:
        """Return the memory."""
        return self.delivery.ledger

    @property
    def outbox(self) -> Outbox:
        """Return what is not sent yet."""
        return self.delivery.outbox

    @property
    def ends(self) -> list[tuple[str, str | None]]:
        """Return how messages ended, with the reasons, as it was told."""
        return [(after.status, after.reason) for _, after in self.told if after.ended]

    @property
    def texts(self) -> list[str]:
        """Return the texts that the gateway took."""
        return [message.text for message in self.gateway.messages]

    def turn(self, seconds: float) -> None:
        """Turn the clock, forward or back."""
        self.time += timedelta(seconds=seconds)

    async def send(
        self, *recipients: Recipient, message: str = "Water!", **policy: Any
    ) -> list[Message]:
        """Send a message, to Olena where nobody is named, and let time pass for it."""
        return await self.until(self.begin(*recipients, message=message, **policy))

    def begin(
        self,
        *recipients: Recipient,
        message: str = "Water!",
        retry_for: timedelta = RETRY_FOR,
        resend_unknown: bool = False,
        urgent: bool = False,
        **content: Any,
    ) -> asyncio.Task[list[Message]]:
        """Begin to send a message; nothing is waited for."""
        request = MessageRequest(message=message, urgent=urgent, **content)
        policy = RetryPolicy(
            retry_for=retry_for, resend_unknown=resend_unknown, urgent=urgent
        )
        return asyncio.create_task(
            self.delivery.send(plan(request, recipients or [OLENA]), policy)
        )

    async def until(self, sending: asyncio.Task[list[Message]]) -> list[Message]:
        """Let time pass until a send is answered."""
        await asyncio.sleep(0)
        await self.rest()
        while not sending.done():
            await self.next()
            await asyncio.sleep(0)
        return await sending

    async def rest(self) -> None:
        """Wait until the gateway has answered what it is being asked."""
        while self.outbox.under_way.tasks:
            await asyncio.wait(self.outbox.under_way.tasks)
            await asyncio.sleep(0)

    async def work(self) -> None:
        """Do what is due now."""
        await self.outbox.work()
        await self.rest()

    async def next(self) -> None:
        """Turn the clock to when something is due, and do it."""
        due = self.outbox.next_due()
        assert due is not None
        self.time = max(self.time, due)
        await self.work()

    async def wait(self) -> list[float]:
        """Work whenever something is due, and return after how many seconds."""
        moments = []
        while self.outbox.next_due() is not None:
            await self.next()
            moments.append((self.time - START).total_seconds())
        return moments

    async def work_after(self, seconds: float) -> None:
        """Turn the clock and do what is due then."""
        self.turn(seconds)
        await self.work()

    async def asked(self, times: int = 1) -> None:
        """Wait until the gateway was asked so many times."""
        async with asyncio.timeout(5):
            while self.gateway.request_count() < times:
                await asyncio.sleep(0.001)

    async def interrupt(self) -> None:
        """Be killed while the gateway is asked for what is due."""
        before = self.gateway.request_count()
        await self.outbox.work()
        await self.asked(before + 1)
        await self.delivery.close(within=0)
        # The gateway does with the request what it would have done anyway.
        await asyncio.sleep(SLOW + 0.1)

    async def report(
        self,
        status: str,
        after: float | None = None,
        *,
        message_id: str | None = None,
        source: ReceiptSource = ReceiptSource.WEBHOOK,
    ) -> bool:
        """Report on the newest message, so many seconds after the start."""
        at = None if after is None else START + timedelta(seconds=after)
        return await self.delivery.receive(
            DeliveryReceipt(
                message_id=message_id or self.gateway.messages[-1].message_id,
                gateway_status=status,
                reported_at=at,
            ),
            source,
        )

    async def history(self) -> list[tuple[str, str | None]]:
        """Return how all messages stand in the file, oldest first."""
        rows = await self.ledger.history(None, None, 10_000)
        return [(message.status, message.reason) for message in reversed(rows)]

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

    async def damage(self, script: str) -> None:
        """Change the file behind the house's back."""
        await self.delivery.database.write(
            lambda connection: connection.executescript(script).close()
        )

    async def fill_disk(self) -> None:
        """Let the file grow no more, and have something that it must grow for."""
        await self._set("max_page_count = 1")
        self.delivery.database.submit(_add_ballast)
        await self.delivery.database.read(lambda _: None)

    async def empty_disk(self) -> None:
        """Let the file grow again."""
        await self._set("max_page_count = 1000000")

    async def protect_disk(self) -> None:
        """Let nothing be written any more."""
        await self._set("query_only = ON")

    async def free_disk(self) -> None:
        """Let the file be written again."""
        await self._set("query_only = OFF")

    async def _set(self, setting: str) -> None:
        """Set one of SQLite's own settings."""
        await self.delivery.database.read(
            lambda connection: connection.execute(f"PRAGMA {setting}").fetchall()
        )


def _add_ballast(connection: sqlite3.Connection) -> None:
    """Write something large."""
    connection.execute("INSERT INTO counters VALUES ('ballast', hex(zeroblob(50000)))")


def stand(messages: list[Message]) -> list[tuple[str, str | None]]:
    """Return status and reason of some messages."""
    return [(message.status, message.reason) for message in messages]


async def ask_olena(house: House, question: str) -> list[Message]:
    """Send Olena a question that she may answer within an hour, now or never."""
    valid_until = START + timedelta(hours=1)
    link = Link(url="https://e.org/a", fingerprint=question, valid_until=valid_until)
    answer_link = AnswerLink(
        fingerprint=question,
        number=OLENA.number,
        recipient=OLENA.name,
        answers=(Answer(action="OPEN", text="Open"),),
        valid_until=valid_until,
    )
    request = MessageRequest(
        message=question, button_text="Open", links={OLENA.number: link}
    )
    return await house.delivery.send(plan(request, [OLENA]), links=[answer_link])


@asynccontextmanager
async def open_house(
    path: Path, gateway: SimulatedGateway, at: datetime = START
) -> AsyncGenerator[House]:
    """Return a house that was just opened, at a time."""
    async with aiohttp.ClientSession() as session:
        house = House(path, session, gateway)
        house.time = at
        await house.delivery.open()
        yield house
        await house.delivery.close()
