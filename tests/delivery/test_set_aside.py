"""What is set aside of the limits is used, or given back: in random sequences."""

import asyncio
from datetime import timedelta
import random

import pytest

from custom_components.inteltele.delivery import (
    MessageRequest,
    Recipient,
    RetryPolicy,
    plan,
)
from custom_components.inteltele.storage.message import Channel
from demo.simulated_gateway import Misbehaviour

from .house import House

REACHED = Recipient(number="+380671112233")
NO_DATA = Recipient(number="+380671112912")
NO_ROUTE = Recipient(number="+380671112903")
OPTED_OUT = Recipient(number="+380671112901")
UNDELIVERED = Recipient(number="+380671112916")
EVERYBODY = (REACHED, NO_DATA, NO_ROUTE, OPTED_OUT, UNDELIVERED)
STEPS = 25


class _Sequence:
    """What happens to a house, one after the other."""

    def __init__(self, house: House, seed: int) -> None:
        """Begin with nothing sent."""
        self.house = house
        self.random = random.Random(seed)  # noqa: S311 - a test
        self.texts = 0

    async def step(self) -> None:
        """Let one thing happen."""
        kinds = (self.send, self.send, self.send, self.wait, self.report, self.outage)
        await self.random.choice(kinds)()
        if self.random.random() < 0.1:
            await self.house.restart(after=5)

    async def send(self) -> None:
        """Send to somebody, by one way or two, and in up to three parts."""
        self.texts += 1
        request = MessageRequest(
            message=f"{self.texts} " + "x" * self.random.choice((1, 200, 400)),
            sms_sender="House",
            **self.random.choice(
                (
                    {},
                    {"sms_after": self.random.choice((60, 180, 900))},
                    {"sms_after": 60},
                    {"channel": Channel.SMS},
                )
            ),
        )
        policy = RetryPolicy(
            retry_for=timedelta(seconds=self.random.choice((0, 300))),
            urgent=self.random.random() < 0.2,
        )
        sending = asyncio.create_task(
            self.house.delivery.send(
                plan(request, [self.random.choice(EVERYBODY)]), policy
            )
        )
        await self.house.until(sending)

    async def wait(self) -> None:
        """Let time pass, and the house do what is due."""
        self.house.turn(self.random.choice((5, 70, 200, 1000)))
        await self.house.delivery.second_ways.work()
        await self.house.work()

    async def report(self) -> None:
        """Let the gateway report on something that it took."""
        if taken := self.house.gateway.messages:
            status = self.random.choice(("delivrd", "expired", "undeliv"))
            which = self.random.choice(taken)
            await self.house.report(status, message_id=which.message_id)
            await self.house.work()

    async def outage(self) -> None:
        """Let the gateway take nothing any more, or again."""
        self.random.choice((self.house.shut_out, self.house.let_in))()

    async def end(self) -> None:
        """Let all come to its end."""
        self.house.let_in()
        self.house.gateway.settings.misbehaviour = Misbehaviour()
        delivery = self.house.delivery
        while self.house.outbox.next_due() or delivery.second_ways.next_due():
            self.house.turn(60)
            await delivery.second_ways.work()
            await self.house.work()

    @property
    def used(self) -> tuple[int, int]:
        """Return what counts of both limits."""
        allowance = self.house.delivery.allowance
        return allowance.limit - allowance.left, allowance.sms_limit - (
            allowance.sms_left
        )

    @property
    def taken(self) -> tuple[int, int]:
        """Return how many Viber messages and SMS parts the gateway took, and parts."""
        messages = self.house.gateway.messages
        parts = sum(one.sms_parts or 0 for one in messages if one.api == "sms")
        return sum(one.api == "viber" for one in messages) + parts, parts


@pytest.mark.parametrize("seed", range(12))
async def test_what_counts_in_the_end_is_what_the_gateway_took(
    house: House, seed: int
) -> None:
    """And never less before."""
    await house.restart(daily_limit=1000, sms_limit=1000)
    house.gateway.settings.report_url = None
    sequence = _Sequence(house, seed)
    for _ in range(STEPS):
        await sequence.step()
        assert sequence.used >= sequence.taken
    await sequence.end()
    assert house.ledger.queued == {}
    assert sequence.used == sequence.taken
    await house.restart()
    assert sequence.used == sequence.taken


@pytest.mark.parametrize("seed", range(4))
async def test_no_limit_is_ever_exceeded(house: House, seed: int) -> None:
    """What is not urgent leaves a fifth."""
    await house.restart(daily_limit=10, sms_limit=5)
    house.gateway.settings.report_url = None
    sequence = _Sequence(house, seed)
    for _ in range(2 * STEPS):
        await sequence.step()
        total, parts = sequence.taken
        assert total <= 10
        assert parts <= 5


async def test_what_is_deleted_needs_no_sms_any_more(house: House) -> None:
    """What Viber took stays used."""
    request = MessageRequest(message="Water!", sms_after=180, sms_sender="House")
    await house.until(
        asyncio.create_task(house.delivery.send(plan(request, [NO_DATA])))
    )
    allowance = house.delivery.allowance
    assert (allowance.left, allowance.sms_left) == (498, 99)
    await house.delivery.forget(NO_DATA.number)
    assert (allowance.left, allowance.sms_left) == (499, 100)


async def test_what_is_deleted_before_its_sms_leaves_needs_none(house: House) -> None:
    """Its second way had begun, and the gateway was out of reach."""
    request = MessageRequest(message="Water!", sms_after=60, sms_sender="House")
    policy = RetryPolicy(retry_for=timedelta(minutes=15))
    await house.until(
        asyncio.create_task(house.delivery.send(plan(request, [NO_DATA]), policy))
    )
    house.shut_out()
    house.turn(70)
    await house.delivery.second_ways.work()
    await house.work()
    await house.delivery.forget(NO_DATA.number)
    assert house.delivery.allowance.left == 499


async def test_alarms_may_use_what_is_kept_for_them(house: House) -> None:
    """Of either limit, where others get no SMS, or nothing."""
    await house.restart(daily_limit=10, sms_limit=5)
    by_both = MessageRequest(message="Water!", sms_after=60, sms_sender="House")

    async def send(*, urgent: bool = False) -> tuple[str, int | None]:
        """Send to somebody new, and return how that stands, and with which SMS."""
        sent.append(1)
        number = f"+3806700{len(sent):05}"
        plans = plan(by_both, [Recipient(number=number)])
        policy = RetryPolicy(urgent=urgent)
        [message] = await house.until(
            asyncio.create_task(house.delivery.send(plans, policy))
        )
        return message.status, message.sms_parts

    sent: list[int] = []
    assert [await send() for _ in range(5)] == [("sent", 1)] * 4 + [("failed", None)]
    assert await send(urgent=True) == ("sent", 1)
    assert await send(urgent=True) == ("failed", None)
