"""Messages that the gateway was asked for when the house was killed."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from custom_components.inteltele.delivery import Recipient
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, RETRY_FOR, SLOW, START, House, stand

UNKNOWN = ("failed", "outcome_unknown")


@pytest.fixture
async def interrupted(house: House) -> House:
    """Return a house that was killed after five seconds, while the gateway was asked.

    The gateway took the message.
    """
    house.shut_out()
    await house.send()
    house.let_in()
    house.gateway.requests.clear()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=SLOW, times=1)
    house.turn(5)
    await house.interrupt()
    return house


@pytest.mark.parametrize(
    ("cut_off", "message_id_known"), [("before_work", True), ("after_work", False)]
)
async def test_an_interrupted_attempt_is_repeated_within_fifty_seconds(
    waiting: House, cut_off: Any, message_id_known: bool
) -> None:
    """The gateway tells a repetition from a message that it did not get."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(
        delay=SLOW, cut_off=cut_off, times=1
    )
    waiting.turn(5)
    await waiting.interrupt()
    await waiting.start(after=49)
    assert waiting.outbox.interrupted == 1
    await waiting.wait()
    assert waiting.texts == ["Water!"]
    first, second = waiting.gateway.requests
    assert first.parameters == second.parameters
    _, message = waiting.told[-1]
    assert message.status == "sent"
    assert (message.message_id is not None) is message_id_known


async def test_a_first_attempt_that_was_interrupted_is_repeated_too(
    house: House,
) -> None:
    """Its row was there before the request left."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=SLOW, times=1)
    sending = house.begin()
    await house.asked()
    await house.delivery.close(within=0)
    assert stand(await sending) == [("queued", None)]
    await house.start(after=49)
    await house.wait()
    assert house.texts == ["Water!"]
    assert await house.history() == [("sent", None)]


@pytest.mark.parametrize("after", [50, 3600])
async def test_an_interrupted_attempt_is_not_repeated_later(
    interrupted: House, after: float
) -> None:
    """It would be a second message."""
    await interrupted.start(after=after)
    await interrupted.wait()
    assert interrupted.ends == [UNKNOWN]
    assert interrupted.gateway.request_count() == 1


async def test_an_interrupted_attempt_may_be_resent_where_that_is_wanted(
    house: House,
) -> None:
    """After 65 seconds, and it may arrive twice."""
    house.shut_out()
    await house.send(resend_unknown=True)
    house.let_in()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=SLOW, times=1)
    house.turn(5)
    await house.interrupt()
    await house.start(after=60)
    assert await house.wait() == [65, 130]
    assert house.texts == ["Water!", "Water!"]


@pytest.mark.parametrize("resend_unknown", [False, True])
async def test_an_attempt_whose_time_went_by_while_the_house_was_off_is_unknown(
    house: House, resend_unknown: bool
) -> None:
    """Whether it is to be resent or not."""
    house.shut_out()
    await house.send(resend_unknown=resend_unknown)
    house.let_in()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=SLOW, times=1)
    house.turn(5)
    await house.interrupt()
    await house.start(after=RETRY_FOR.total_seconds())
    await house.work()
    assert house.ends == [UNKNOWN]


@pytest.mark.parametrize("resend_unknown", [False, True])
async def test_an_interrupted_attempt_after_another_message_proves_nothing(
    house: House, resend_unknown: bool
) -> None:
    """Over a restart as well."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!", retry_for=timedelta(0))
    house.shut_out()
    await house.send(resend_unknown=resend_unknown)
    house.let_in()
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=SLOW, cut_off="before_work", times=1
    )
    house.turn(5)
    await house.interrupt()
    await house.start(after=3)
    await house.work()
    assert house.ends == [UNKNOWN] * (not resend_unknown)
    await house.wait()
    assert house.texts == ["Fire!"] + ["Water!"] * resend_unknown


async def test_an_interrupted_attempt_stays_one_while_the_gateway_is_away(
    interrupted: House,
) -> None:
    """Until nobody can tell any more what became of it."""
    interrupted.shut_out()
    await interrupted.start(after=10)
    await interrupted.work()
    assert interrupted.ends == []
    assert interrupted.outbox.interrupted == 1
    await interrupted.wait()
    assert interrupted.ends == [UNKNOWN]
    assert interrupted.time == START + timedelta(seconds=55)


async def test_an_interrupted_attempt_is_unknown_once_the_key_is_rejected(
    interrupted: House,
) -> None:
    """Nothing more can be learned."""
    interrupted.gateway.settings.api_keys = ("other",)
    await interrupted.start(after=10)
    await interrupted.work()
    assert interrupted.ends == [UNKNOWN]


async def test_an_attempt_of_the_future_is_not_repeated(interrupted: House) -> None:
    """Where the clock was set back, nobody can tell how long ago it was."""
    await interrupted.start(after=-3600)
    await interrupted.work()
    assert interrupted.ends == [UNKNOWN]
    assert interrupted.gateway.request_count() == 1


async def test_who_is_refused_after_an_interruption_stays_unknown_too(
    house: House,
) -> None:
    """Whatever the money is spent on now, the message may have been taken before."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=SLOW, times=1)
    house.begin(Recipient(number="+380671112904"))
    await house.asked()
    await house.delivery.close(within=0)
    await house.start(after=10)
    await house.wait()
    assert await house.history() == [UNKNOWN]


@pytest.mark.parametrize("cut_off", ["before_work", "after_work"])
async def test_an_interrupted_attempt_to_several_is_repeated_by_one_request(
    house: House, cut_off: Any
) -> None:
    """And proves as much of each of them."""
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=SLOW, cut_off=cut_off, times=1
    )
    house.begin(OLENA, PETRO)
    await house.asked()
    await house.delivery.close(within=0)
    await asyncio.sleep(0.1)
    await house.start(after=10)
    await house.wait()
    assert await house.history() == [("sent", None)] * 2
    assert house.gateway.request_count() == 2
    assert len(house.gateway.messages) == 2


async def test_a_message_after_an_interruption_keeps_the_order(house: House) -> None:
    """It waits until it is known what became of the earlier one."""
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=SLOW, cut_off="before_work", times=1
    )
    house.begin(message="Fire!")
    await house.asked()
    await house.delivery.close(within=0)
    await house.start(after=10)
    assert stand(await house.send()) == [("queued", "cannot_connect")]
    await house.wait()
    assert house.texts == ["Fire!", "Water!"]


async def test_a_message_after_an_interruption_makes_a_repetition_prove_nothing(
    house: House,
) -> None:
    """Over another restart as well, and although both came in one moment."""
    await house.restart(keep_text=False)
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=SLOW, cut_off="before_work", times=1
    )
    house.begin()
    await house.asked()
    await house.delivery.close(within=0)
    await asyncio.sleep(0.1)
    await house.start()
    await house.send(retry_for=timedelta(0))
    await house.restart()
    await house.wait()
    assert await house.history() == [UNKNOWN, ("sent", None)]
