"""What a house still does while the gateway takes its time to answer."""

import asyncio
from collections.abc import AsyncGenerator
from decimal import Decimal

import pytest

from demo.house import House
from demo.simulated_gateway import Misbehaviour, SimulatedGateway
from demo.simulated_gateway.settings import DEFAULT_IPS

from .conftest import ANSWERS, PATIENCE, SetUpAccount, heard, until_state

SLOW = 2.0
# Within so many seconds, the house asks once what is left.
ASKED_ONCE_WITHIN = 10.0
WATER = {"title": "Water", "message": "There is water in the cellar."}


@pytest.fixture
async def slow_gateway(
    quiet_gateway: SimulatedGateway,
) -> AsyncGenerator[SimulatedGateway]:
    """Return a gateway that is slow to send, and is left as it was found."""
    balance = quiet_gateway.settings.balance
    quiet_gateway.settings.misbehaviour = Misbehaviour(
        delay=SLOW, apply_to=("/im/send/",)
    )
    yield quiet_gateway
    quiet_gateway.settings.misbehaviour = Misbehaviour()
    quiet_gateway.settings.allowed_ips = DEFAULT_IPS
    quiet_gateway.settings.balance = balance


async def _asked(gateway: SimulatedGateway, times: int) -> None:
    """Wait until the gateway was asked to send so many times."""
    async with asyncio.timeout(PATIENCE):
        while gateway.request_count("/im/send/") < times:
            await asyncio.sleep(0.01)


async def test_a_question_that_is_over_while_it_is_refused_is_never_sent(
    house: House, account: SetUpAccount, slow_gateway: SimulatedGateway
) -> None:
    """The alarm was cleared before the gateway said that it does not take it."""
    slow_gateway.settings.allowed_ips = ()
    async with house.events("inteltele_delivery_status") as events:
        raising = house.begin(
            "inteltele.raise_alarm", **WATER, recipients=["notify.olena"], tag="over"
        )
        await _asked(slow_gateway, 1)
        await house.call("inteltele.clear_alarm", tag="over")
        told = await heard(events)
        await raising
    assert (told["status"], told["reason"]) == ("failed", "withdrawn")
    slow_gateway.settings.misbehaviour = Misbehaviour()
    slow_gateway.settings.allowed_ips = DEFAULT_IPS
    await house.act(
        "notify.send_message", entity_id="notify.olena", message="Dry again"
    )
    await asyncio.sleep(1)
    assert [taken.text for taken in slow_gateway.messages] == ["Dry again"]


async def test_two_people_are_asked_in_the_same_moment(
    house: House, account: SetUpAccount, slow_gateway: SimulatedGateway
) -> None:
    """Although each gets a link of their own, and the gateway has answered neither."""
    sending = house.begin(
        "inteltele.send_message",
        entity_id=["notify.olena", "notify.petro"],
        message="Somebody is at the gate.",
        button_text="Answer",
        answers=ANSWERS,
    )
    await _asked(slow_gateway, 2)
    first, second = slow_gateway.requests[-2:]
    assert {first.parameters["to"], second.parameters["to"]} == {
        "380671112233",
        "380671112911",
    }
    assert not sending.done()
    assert slow_gateway.messages == []
    assert [item["status"] for item in (await sending)["messages"]] == ["sent"] * 2


async def test_what_a_question_costs_is_seen(
    house: House, account: SetUpAccount, slow_gateway: SimulatedGateway
) -> None:
    """The balance is asked for soon after, and not only every half hour."""
    # What was sent before is asked about by then.
    await asyncio.sleep(ASKED_ONCE_WITHIN)
    slow_gateway.settings.balance = Decimal("77.00")
    await house.call(
        "inteltele.raise_alarm", **WATER, recipients=["notify.olena"], tag="costs"
    )
    async with asyncio.timeout(PATIENCE):
        while not slow_gateway.messages:
            await asyncio.sleep(0.05)
    await house.call("inteltele.clear_alarm", tag="costs")
    left = slow_gateway.settings.balance
    assert left < Decimal("77.00")
    await until_state(house, "sensor.inteltele_balance", f"{left:.2f}", str(left))
