"""What an alarm sends waits for money, and is tried rarely until there is some."""

from datetime import timedelta
from decimal import Decimal

import pytest

from custom_components.inteltele.delivery import Recipient
from custom_components.inteltele.storage.message import Channel
from demo.simulated_gateway.settings import Misbehaviour

from .house import OLENA, PETRO, START, House, stand

TOO_DEAR = ("queued", "low_balance")
REFUSED = ("failed", "low_balance")


@pytest.fixture
def poor(house: House) -> House:
    """Return a house without money."""
    house.gateway.settings.balance = Decimal(0)
    return house


async def test_an_alarm_waits_for_money_in_one_row(poor: House) -> None:
    """However often it is tried: once a minute, and in its last seconds."""
    sent = await poor.send(urgent=True, retry_for=timedelta(minutes=4))
    assert stand(sent) == [TOO_DEAR]
    assert await poor.wait() == [60, 120, 180, 225, 240]
    assert await poor.history() == [REFUSED]
    assert poor.gateway.request_count() == 5
    assert poor.ends == [REFUSED]


async def test_one_of_several_is_tried_until_there_is_money(poor: House) -> None:
    """One is enough to see; then they all leave."""
    for somebody in (OLENA, PETRO):
        await poor.send(somebody, urgent=True, message=f"To {somebody.name}")
    for _ in range(3):
        await poor.next()
    assert (poor.gateway.request_count(), poor.time) == (
        5,
        START + timedelta(minutes=3),
    )
    poor.gateway.settings.balance = Decimal(100)
    assert set(await poor.wait()) == {240}
    assert sorted(poor.texts) == ["To Olena", "To Petro"]


async def test_more_money_ends_the_pause(poor: House) -> None:
    """Nobody waits for the minute."""
    await poor.send(urgent=True)
    poor.outbox.wake()
    await poor.work_after(1)
    assert poor.gateway.request_count() == 1
    poor.gateway.settings.balance = Decimal(100)
    poor.outbox.afford()
    await poor.work()
    assert poor.texts == ["Water!"]
    assert poor.time == START + timedelta(seconds=1)
    # There is no pause left to end.
    poor.outbox.afford()


async def test_what_is_no_alarm_is_told_at_once_and_waits_behind_none(
    poor: House,
) -> None:
    """Also to somebody whom an alarm waits for."""
    await poor.send(urgent=True)
    assert stand(await poor.send(message="The post is here")) == [REFUSED]
    assert poor.outbox.room.waiting == 1


async def test_an_sms_of_an_alarm_does_not_wait_for_money(poor: House) -> None:
    """Viber is tried instead, by whoever asks."""
    by_sms = Recipient(number=OLENA.number, sms_sender="Home")
    sent = await poor.send(by_sms, urgent=True, channel=Channel.SMS)
    assert stand(sent) == [REFUSED]
    assert poor.outbox.next_due() is None


async def test_what_may_have_arrived_does_not_wait_for_money(poor: House) -> None:
    """It would arrive twice: only what may is sent again, after the minute."""
    poor.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    sending = poor.begin(urgent=True)
    assert stand(await poor.until(sending)) == [("failed", "outcome_unknown")]


async def test_what_may_arrive_twice_is_tried_again_without_haste(
    poor: House,
) -> None:
    """As all of which nobody knows, whatever a repetition says of the balance."""
    poor.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    sending = poor.begin(urgent=True, resend_unknown=True)
    assert stand(await poor.until(sending)) == [("queued", "outcome_unknown")]
    due = poor.outbox.next_due()
    assert due is not None
    assert due - poor.time == timedelta(seconds=65)


async def test_a_clock_that_is_set_prolongs_no_pause(poor: House) -> None:
    """Neither by a move that is noticed, nor by one that is not."""
    await poor.send(urgent=True, retry_for=timedelta(days=1))
    poor.turn(3600)
    poor.delivery.move(timedelta(hours=1))
    assert poor.outbox.next_due() == poor.time + timedelta(minutes=1)
    await poor.work_after(-3600)
    assert poor.outbox.next_due() == poor.time + timedelta(minutes=1)


async def test_after_a_start_it_is_tried_at_once(poor: House) -> None:
    """Somebody may have paid meanwhile."""
    await poor.send(urgent=True)
    poor.gateway.settings.balance = Decimal(100)
    await poor.restart()
    await poor.work()
    assert poor.texts == ["Water!"]
