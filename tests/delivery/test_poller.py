"""Asking for outcomes that nobody reports."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from custom_components.inteltele.delivery import (
    DeliveryService,
    MessageRequest,
    Recipient,
    plan,
)
from custom_components.inteltele.gateway import (
    FailureReason,
    GatewayClient,
    parse_receipt,
)
from custom_components.inteltele.storage.message import (
    Message,
    MessageStatus,
    ReceiptSource,
)
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import API_KEY, USERNAME

OLENA = Recipient(number="+380671112233", name="Olena")
PETRO = Recipient(number="+380671112244", name="Petro")


class House:
    """A house without a public address, with a clock that a test turns."""

    def __init__(
        self, path: Path, session: aiohttp.ClientSession, gateway: SimulatedGateway
    ) -> None:
        """Put the parts together."""
        self.start = self.time = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
        self.changes: list[Message] = []
        self.gateway = gateway
        client = GatewayClient(
            session, url=gateway.url, username=USERNAME, api_key=API_KEY
        )
        self.delivery = DeliveryService(
            client, path, now=self.now, on_change=self.changes.append
        )
        self.ledger = self.delivery.ledger
        self.poller = self.delivery.poller

    def now(self) -> datetime:
        """Return the time."""
        return self.time

    async def send(self, *recipients: Recipient, ttl: int = 3600) -> None:
        """Send a message whose outcome the gateway does not know yet."""
        request = MessageRequest(message="Water!", ttl=ttl)
        await self.delivery.send(plan(request, recipients or [OLENA]))
        await self.gateway.settle()
        self.all_become("enroute")
        self.gateway.requests.clear()

    def all_become(self, status: str) -> None:
        """Give every message a state at the gateway."""
        for message in self.gateway.messages:
            message.status = status
            message.reported_at = self.time

    async def pass_time(self) -> list[float]:
        """Let time pass to each moment when something is due, and return them all."""
        asked = []
        while (due := self.poller.next_due()) is not None:
            self.time = due
            asked.append((due - self.start).total_seconds())
            await self.poller.ask()
        return asked


@pytest.fixture
async def house(gateway: SimulatedGateway, tmp_path: Path) -> AsyncGenerator[House]:
    """Return a house that sent nothing yet."""
    async with aiohttp.ClientSession() as session:
        built = House(tmp_path / "ledger.db", session, gateway)
        await built.delivery.open()
        yield built
        await built.delivery.close()


async def test_nothing_is_asked_where_nothing_is_under_way(house: House) -> None:
    """The poller sleeps."""
    await house.poller.ask()
    assert house.poller.next_due() is None
    assert house.gateway.request_count() == 0


async def test_questions_become_rarer_until_a_day_after_the_time_to_live(
    house: House,
) -> None:
    """Then the message failed, for an unknown reason."""
    await house.send(ttl=3600)
    moments = await house.pass_time()
    assert moments[:7] == [30, 60, 120, 300, 900, 3615, 3615 + 3605]
    assert moments[-1] == 3600 + 86400
    assert len(moments) < 32
    [message] = house.changes
    assert (message.status, message.reason, message.source) == (
        MessageStatus.FAILED,
        FailureReason.UNKNOWN,
        ReceiptSource.HOUSE,
    )


async def test_an_outcome_is_learned_without_any_report(house: House) -> None:
    """The webhook is not needed."""
    await house.send(OLENA, PETRO)
    house.time += timedelta(seconds=30)
    house.all_become("delivrd")
    await house.poller.ask()
    assert house.poller.next_due() is None
    assert [message.status for message in house.changes] == ["delivered"] * 2
    assert house.changes[0].source is ReceiptSource.POLL
    assert house.changes[0].seconds == 30
    assert house.gateway.request_count("/im/status/") == 1


async def test_little_is_asked_while_receipts_come_in_by_themselves(
    house: House,
) -> None:
    """Only once the time to live is over."""
    await house.send(OLENA, PETRO, ttl=3600)
    first = house.gateway.messages[0].message_id
    await house.ledger.receive(
        parse_receipt({"msgid": first, "status": "delivrd"}), ReceiptSource.WEBHOOK
    )
    assert (await house.pass_time())[0] == 3615


async def test_messages_of_about_the_same_time_are_asked_about_together(
    house: House,
) -> None:
    """One question for all of them."""
    await house.send(OLENA)
    house.time += timedelta(seconds=4)
    await house.send(PETRO)
    house.time += timedelta(seconds=26)
    await house.poller.ask()
    assert house.gateway.request_count("/im/status/") == 1


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(server_error=500),
        Misbehaviour(html_body=True),
        Misbehaviour(cut_off="before_work"),
    ],
)
async def test_a_gateway_that_does_not_answer_is_asked_at_the_next_moment(
    house: House, misbehaviour: Misbehaviour
) -> None:
    """Not at once."""
    await house.send()
    house.gateway.settings.misbehaviour = misbehaviour
    house.time += timedelta(seconds=30)
    await house.poller.ask()
    assert house.poller.next_due() == house.start + timedelta(seconds=60)
    assert house.changes == []


async def test_a_lock_out_makes_the_poller_silent(house: House) -> None:
    """Every request would count against the house."""
    await house.send()
    house.gateway.settings.api_keys = ("other",)
    house.gateway.settings.lock_out_after = 1
    house.time += timedelta(seconds=30)
    for _ in range(3):
        await house.poller.ask()
        due = house.poller.next_due()
        assert due is not None
        house.time = due
    assert house.gateway.request_count() == 1
