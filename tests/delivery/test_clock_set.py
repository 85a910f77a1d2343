"""Messages, links and plans, where the clock of the house is set meanwhile."""

import asyncio
from datetime import datetime, timedelta

import pytest

from custom_components.inteltele.storage.message import MessageStatus
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, START, House, ask_olena, stand

HOUR = 3600.0
JUMPS = [2 * HOUR, -HOUR, 30 * 24 * HOUR]


def _set(house: House, seconds: float) -> None:
    """Set the clock, as somebody sees who looks at it."""
    house.turn(seconds)
    house.delivery.move(timedelta(seconds=seconds))


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_waits_has_the_same_time_left(house: House, jump: float) -> None:
    """It is tried when it would have been tried, and on the disk it says so."""
    house.shut_out()
    await house.send()
    due = house.outbox.next_due()
    _set(house, jump)
    moved = house.outbox.next_due()
    assert due is not None
    assert moved == due + timedelta(seconds=jump)
    house.let_in()
    await house.wait()
    assert house.texts == ["Water!"]
    [message] = await house.ledger.history(None, None, 1)
    assert message.sent_at >= START + timedelta(seconds=jump)


async def test_what_waited_before_the_start_is_over_where_the_clock_was_behind(
    house: House,
) -> None:
    """Nothing old is sent once the right time is there."""
    house.shut_out()
    await house.send()
    await house.restart(10)
    _set(house, 2 * HOUR)
    house.let_in()
    await house.wait()
    assert house.ends == [("failed", "ip_not_allowed")]
    assert house.texts == []


async def test_what_waited_before_the_start_gets_no_more_time(house: House) -> None:
    """Where the clock was ahead."""
    house.shut_out()
    await house.send()
    [before] = house.ledger.queued.values()
    await house.restart(10)
    _set(house, -HOUR)
    [after] = house.ledger.queued.values()
    assert before.submission is not None
    assert after.submission is not None
    assert after.submission.until == before.submission.until - timedelta(hours=1)
    assert after.sent_at == before.sent_at


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_message_under_way_is_followed_as_before(
    house: House, jump: float
) -> None:
    """Neither given up, nor asked about much later; nothing new is told of it."""
    await house.send()
    due = house.delivery.poller.next_due()
    told = len(house.told)
    _set(house, jump)
    assert due is not None
    assert house.delivery.poller.next_due() == due + timedelta(seconds=jump)
    assert {after.status for _, after in house.told[told:]} == {MessageStatus.SENT}
    await house.delivery.poller.ask()
    assert house.ends == []
    await house.restart()
    [message] = house.ledger.under_way
    assert message.sent_at == START + timedelta(seconds=jump)


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_link_works_as_long_as_it_was_given_for(
    house: House, jump: float
) -> None:
    """Also after a restart."""
    await ask_olena(house, "Open?")
    [before] = house.delivery.answers._links.values()
    _set(house, jump)
    await house.restart()
    [after] = house.delivery.answers._links.values()
    assert after.valid_until == before.valid_until + timedelta(seconds=jump)


async def test_what_is_known_of_reports_and_of_the_limit_goes_along(
    house: House,
) -> None:
    """A report that comes early waits for its message, and reports still come in."""
    await house.send()
    await house.report("delivrd")
    reported_at = house.delivery.receipts.reported_by_webhook_at
    left = house.delivery.allowance.left
    assert not await house.report("delivrd", message_id="EARLY")
    _set(house, 2 * HOUR)
    [early] = house.delivery.receipts._early
    assert early.arrived_at == house.time
    assert reported_at is not None
    assert house.delivery.receipts.reported_by_webhook_at == house.time
    assert house.delivery.allowance.left == left
    house.turn(24 * HOUR)
    assert house.delivery.allowance.left == left + 1


async def test_a_repetition_is_made_when_it_would_have_been_made(house: House) -> None:
    """Within the gateway's minute, though the clock says otherwise."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=2)
    house.gateway.clock = lambda: START
    sending = house.begin()
    await house.asked()
    await house.rest()
    house.turn(2)
    await house.work()
    _set(house, 2 * HOUR)
    assert stand(await house.until(sending)) == [("sent", None)]
    assert house.texts == ["Water!"]


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_is_about_to_be_asked_for_moves_with_all(
    house: House, jump: float
) -> None:
    """The clock is set while the first question of a start is still open."""
    house.shut_out()
    house.delivery.begun.clear()
    sending = house.begin()
    await asyncio.sleep(0.01)
    _set(house, jump)
    house.delivery.begun.set()
    [message] = await sending
    assert message.waits
    assert message.sent_at >= START + timedelta(seconds=jump)
    house.let_in()
    await house.wait()
    assert house.texts == ["Water!"]


async def test_nobody_is_left_out_who_is_about_to_be_asked_for_with_somebody_else(
    house: House,
) -> None:
    """Only what was accepted in this run moves, and both go by one request."""
    house.shut_out()
    await house.send(OLENA)
    await house.restart(10)
    await house.send(PETRO)
    house.let_in()
    house.turn(60)
    working = asyncio.create_task(house.outbox.work())
    await asyncio.sleep(0)
    assert house.outbox.interrupted == 2
    _set(house, 2 * HOUR)
    await working
    await house.rest()
    assert house.texts == ["Water!", "Water!"]
    assert not house.ledger.queued


async def test_whoever_looks_at_a_link_sees_first_that_the_clock_was_set(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link that was found before that is the same one, and works on."""
    await ask_olena(house, "Open?")
    answers = house.delivery.answers
    [link] = answers._links.values()

    def look() -> datetime:
        """Notice it, once."""
        monkeypatch.setattr(answers, "_now", house.now)
        _set(house, 2 * HOUR)
        return house.now()

    monkeypatch.setattr(answers, "_now", look)
    assert answers.is_open(link)
    house.turn(HOUR)
    assert not answers.is_open(link)
