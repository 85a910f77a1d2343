"""How much is asked for at the same time."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from custom_components.inteltele.delivery.line import MAX_AT_ONCE
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, START, House, crowd, stand


@pytest.fixture
async def patient(house: House) -> AsyncGenerator[House]:
    """Return a house with six different texts to Olena and to five others that wait.

    The gateway hangs.
    """
    house.shut_out()
    for number, somebody in enumerate([OLENA, *crowd(5)]):
        await house.send(somebody, message=f"Text {number}")
    house.let_in()
    house.gateway.requests.clear()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=10)
    yield house
    await house.gateway.stop()


async def _go_on(house: House) -> None:
    """Let the requests that were begun arrive."""
    async with asyncio.timeout(5):
        while len(house.outbox.line.retrying) > house.gateway.request_count():
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)


async def test_one_is_tried_while_the_gateway_fails(patient: House) -> None:
    """It most likely fails again."""
    patient.turn(5)
    await patient.outbox.work()
    await _go_on(patient)
    await patient.outbox.work()
    assert patient.gateway.request_count() == 1


async def test_a_try_that_is_wanted_soon_is_one_try(patient: House) -> None:
    """Somebody wants to send, but nothing says yet that the way is free."""
    await patient.send(message="Behind")
    patient.turn(5)
    await patient.outbox.work()
    await _go_on(patient)
    assert patient.gateway.request_count() == 1


async def test_four_are_tried_at_once_where_it_does_not(patient: House) -> None:
    """And no more, however often somebody looks."""
    patient.outbox.wake()
    await patient.outbox.work()
    await patient.outbox.work()
    await _go_on(patient)
    assert patient.gateway.request_count() == MAX_AT_ONCE


async def test_two_looks_at_the_same_time_try_no_more_than_one(patient: House) -> None:
    """Although the first is still writing down what it tries."""
    patient.outbox.wake()
    await asyncio.gather(patient.outbox.work(), patient.outbox.work())
    await _go_on(patient)
    assert patient.gateway.request_count() == MAX_AT_ONCE
    texts = [request.parameters["im_message"] for request in patient.gateway.requests]
    assert sorted(texts) == [f"Text {number}" for number in range(MAX_AT_ONCE)]


async def test_nothing_is_due_while_there_is_no_room(patient: House) -> None:
    """But the end of what waits; otherwise somebody would look all the time."""
    patient.outbox.wake()
    await patient.outbox.work()
    assert patient.outbox.next_due() == START + timedelta(minutes=15)


async def test_the_next_is_planned_when_one_has_ended(patient: House) -> None:
    """Whatever became of it."""
    plans: list[bool] = []
    patient.outbox.on_plan = lambda: plans.append(patient.outbox.line.at_once > 0)
    patient.turn(5)
    await patient.outbox.work()
    await _go_on(patient)
    await patient.disconnect()
    await patient.rest()
    assert plans[-1]


async def test_what_is_asked_for_the_first_time_takes_no_room(house: House) -> None:
    """A lost answer is asked for again, although all that is new hangs."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    lost = house.begin(message="Lost")
    await house.asked()
    await house.rest()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=10, times=5)
    hanging = [house.begin(somebody) for somebody in crowd(5)]
    await house.asked(6)
    house.turn(2)
    await house.outbox.work()
    assert stand(await lost) == [("sent", None)]
    await house.gateway.stop()
    await asyncio.gather(*map(house.until, hanging))


async def test_the_next_to_a_number_waits_for_the_one_that_is_asked_for(
    house: House,
) -> None:
    """The others do not."""
    house.shut_out()
    await house.send(OLENA, message="First")
    await house.send(OLENA, message="Second")
    await house.send(PETRO, message="Third")
    house.let_in()
    house.gateway.requests.clear()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.2, times=1)
    house.outbox.wake()
    await house.outbox.work()
    await house.asked(2)
    await house.outbox.work()
    assert {request.parameters["im_message"] for request in house.gateway.requests} == {
        "First",
        "Third",
    }
    await house.rest()
    await house.wait()
    assert house.texts == ["Third", "First", "Second"]
