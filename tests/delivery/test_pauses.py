"""How long a gateway that cannot be asked is left alone."""

import asyncio
from datetime import timedelta
import itertools

from custom_components.inteltele.delivery.pauses import PAUSES

from .house import PETRO, START, House, crowd, stand

REFUSED = ("failed", "ip_not_allowed")


async def test_a_message_waits_for_the_end_of_a_lock_out(house: House) -> None:
    """In silence: a request would prolong it."""
    await house.lock_out()
    assert stand(await house.send()) == [("queued", "locked_out")]
    house.gateway.requests.clear()
    assert await house.wait() == [300]
    assert house.gateway.request_count() == 1
    assert house.texts == ["Water!"]


async def test_pauses_grow(house: House) -> None:
    """A gateway that is down is not knocked at all the time."""
    house.shut_out()
    await house.send(retry_for=timedelta(minutes=30))
    await house.wait()
    moments = [request.received_at for request in house.gateway.requests]
    pauses = [
        (later - earlier).total_seconds()
        for earlier, later in itertools.pairwise(moments)
    ]
    assert pauses == [5, 10, 20, 40] + [60] * 28 + [30]


async def test_several_requests_that_fail_together_make_one_pause(
    house: House,
) -> None:
    """An alarm to three people is tried again as soon as one to a single one."""
    house.shut_out()
    await asyncio.gather(
        *(house.send(somebody, message=somebody.number) for somebody in crowd(5))
    )
    assert house.outbox.next_due() == START + PAUSES[0]


async def test_a_message_that_comes_during_a_long_pause_gets_its_last_try(
    house: House,
) -> None:
    """Its time is over before the pause is."""
    house.shut_out()
    await house.send(message="Patient", retry_for=timedelta(hours=1))
    while house.time < START + timedelta(seconds=75):
        await house.next()
    await house.send(PETRO, retry_for=timedelta(seconds=40))
    house.let_in()
    assert set(await house.wait()) == {100}
    assert house.texts == ["Patient", "Water!"]


async def test_a_message_is_tried_once_more_before_its_time_is_over(
    house: House,
) -> None:
    """A gateway that is back in the last minute still takes it."""
    house.shut_out()
    await house.send(retry_for=timedelta(seconds=170))
    while house.time < START + timedelta(seconds=135):
        await house.next()
    house.let_in()
    assert await house.wait() == [155]
    assert len(house.texts) == 1


async def test_a_message_to_somebody_who_is_waited_for_is_tried_soon(
    house: House,
) -> None:
    """The way may be free again."""
    house.shut_out()
    await house.send(message="Is anybody there?")
    while house.time < START + timedelta(seconds=135):
        await house.next()
    house.let_in()
    asked_at = house.time
    await house.send(message="Fire!")
    assert house.outbox.pauses.until == asked_at + PAUSES[0]
    await house.wait()
    assert house.texts == ["Is anybody there?", "Fire!"]


async def test_a_gateway_that_locked_the_house_out_is_not_tried_soon(
    house: House,
) -> None:
    """Each request would prolong it."""
    await house.lock_out()
    await house.send(message="Is anybody there?")
    house.turn(60)
    await house.send(message="Fire!")
    assert house.outbox.next_due() == START + timedelta(minutes=5)


async def test_after_a_start_what_waits_is_tried_at_once(waiting: House) -> None:
    """No pause is left of before."""
    await waiting.restart()
    await waiting.work()
    assert waiting.texts == ["Water!"]
    assert waiting.time == START


async def test_a_gateway_that_answers_somebody_else_is_asked_at_once(
    waiting: House,
) -> None:
    """Whatever the pause."""
    await waiting.work()
    assert waiting.texts == []
    waiting.outbox.wake()
    await waiting.work()
    assert waiting.texts == ["Water!"]


async def test_a_clock_that_is_set_back_prolongs_no_pause(house: House) -> None:
    """By more than the longest one."""
    house.shut_out()
    await house.send(retry_for=timedelta(days=1))
    house.let_in()
    await house.work_after(-3600)
    assert house.outbox.pauses.until == house.time + timedelta(minutes=5)


async def test_a_clock_that_is_set_back_prolongs_no_minute(house: House) -> None:
    """The gateway's own clock was not."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.send(retry_for=timedelta(days=1))
    await house.work_after(-3600)
    assert house.outbox.next_due() == house.time + timedelta(seconds=65)


async def test_a_clock_that_is_set_forward_ends_what_waits(waiting: House) -> None:
    """Its time is a point in time, not a length."""
    await waiting.work_after(86400)
    assert waiting.ends == [REFUSED]
    assert waiting.gateway.request_count() == 0
