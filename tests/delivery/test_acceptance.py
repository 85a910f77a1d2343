"""What is accepted, what is refused at once, and what of that is kept."""

import asyncio
from datetime import timedelta

import pytest

from custom_components.inteltele.delivery.outbox import MAX_WAITING
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, OPTED_OUT, PETRO, House, crowd, stand

LIMITED = ("failed", "limit_reached")
FULL = ("failed", "queue_full")


@pytest.fixture
async def full(house: House) -> House:
    """Return a house in which as many messages wait as may, and that is shut out."""
    await house.restart(daily_limit=1000)
    house.shut_out()
    await house.send(*crowd(MAX_WAITING))
    return house


async def test_what_is_accepted_has_an_id_a_place_and_a_row_before_it_leaves(
    house: House,
) -> None:
    """A kill at any moment after that loses nothing."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.1, times=1)
    sending = house.begin(OLENA, PETRO)
    await house.asked()
    rows = house.rows("SELECT seq, id, status, submission IS NULL FROM messages")
    assert [(seq, status, known) for seq, _, status, known in rows] == [
        (1, "queued", 0),
        (2, "queued", 0),
    ]
    assert [row[1] for row in rows] == [message.id for message in await sending]


async def test_a_new_message_is_told_before_it_is_asked_for(house: House) -> None:
    """And once more when the gateway has answered."""
    await house.send()
    assert [
        (before and before.status, after.status) for before, after in house.told
    ] == [(None, "queued"), ("queued", "sent")]


async def test_what_the_gateway_refuses_is_kept_and_told_as_failed(
    house: House,
) -> None:
    """With its reason, like every other end."""
    assert stand(await house.send(OPTED_OUT)) == [("failed", "blacklisted")]
    assert house.ends == [("failed", "blacklisted")]
    assert await house.history() == [("failed", "blacklisted")]
    assert house.ledger.counters.failed == 1
    assert house.ledger.latest[OPTED_OUT.number].status == "failed"


async def test_a_caller_who_gives_up_changes_nothing(house: House) -> None:
    """The message takes its course, and everybody hears of it."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, times=1)
    sending = house.begin()
    await house.asked()
    sending.cancel()
    await asyncio.sleep(0)
    assert sending.cancelled()
    await house.rest()
    assert await house.history() == [("sent", None)]
    assert [after.status for _, after in house.told] == ["queued", "sent"]


async def test_messages_come_back_in_the_order_of_the_plan(house: House) -> None:
    """Those who were tried and those who wait behind others."""
    house.shut_out()
    await house.send(OLENA)
    house.let_in()
    messages = await house.send(OLENA, PETRO, message="Fire!")
    assert [(message.recipient, message.status) for message in messages] == [
        ("Olena", "queued"),
        ("Petro", "sent"),
    ]


async def test_a_limit_keeps_a_runaway_automation_from_emptying_the_account(
    house: House,
) -> None:
    """What goes beyond it is not sent, and what was refused does not count."""
    await house.restart(daily_limit=2)
    await house.send(OPTED_OUT)
    messages = await house.send(OLENA, PETRO, *crowd(1))
    assert stand(messages) == [("sent", None), ("sent", None), LIMITED]
    assert len(house.gateway.messages) == 2
    assert house.gateway.request_count() == 2


async def test_a_limit_is_reached_without_asking_the_gateway(house: House) -> None:
    """It does not wait either: a person has to look."""
    await house.restart(daily_limit=1)
    await house.send()
    house.gateway.requests.clear()
    assert stand(await house.send(PETRO)) == [LIMITED]
    assert house.gateway.request_count() == 0
    assert house.ends == [LIMITED]


async def test_a_limit_holds_over_a_restart(house: House) -> None:
    """For the rest of its 24 hours."""
    await house.restart(daily_limit=1)
    await house.send()
    await house.restart(after=86399)
    assert stand(await house.send(PETRO)) == [LIMITED]
    await house.restart(after=1)
    assert stand(await house.send(PETRO)) == [("sent", None)]


async def test_what_waits_keeps_its_place_in_the_limit(house: House) -> None:
    """Over a restart as well; others cannot use it up meanwhile."""
    await house.restart(daily_limit=1)
    house.shut_out()
    await house.send()
    await house.restart()
    assert house.delivery.allowance.left == 0
    assert stand(await house.send(PETRO)) == [LIMITED]
    house.let_in()
    await house.wait()
    assert [message.number for message in house.gateway.messages] == [OLENA.number]


async def test_what_was_never_sent_gives_its_place_back(house: House) -> None:
    """Also for what comes after a restart."""
    await house.restart(daily_limit=1)
    house.shut_out()
    await house.send()
    await house.wait()
    assert house.delivery.allowance.left == 1
    await house.restart()
    assert house.delivery.allowance.left == 1


async def test_what_may_have_arrived_keeps_its_place(house: House) -> None:
    """It may have cost."""
    await house.restart(daily_limit=1)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work")
    await house.send()
    assert house.delivery.allowance.left == 0
    await house.restart()
    assert house.delivery.allowance.left == 0


async def test_what_may_have_arrived_and_waits_keeps_one_place(house: House) -> None:
    """Not two, after a restart."""
    await house.restart(daily_limit=3)
    house.gateway.settings.misbehaviour = Misbehaviour(html_body=True, times=1)
    await house.send(resend_unknown=True)
    assert house.delivery.allowance.left == 2
    await house.restart()
    assert house.delivery.allowance.left == 2


async def test_a_full_queue_takes_no_more(full: House) -> None:
    """And says so."""
    assert stand(await full.send(OLENA)) == [FULL]
    assert full.outbox.waiting == MAX_WAITING


async def test_a_request_to_several_fills_the_queue_and_no_more(house: House) -> None:
    """Although all of them come to wait at the same moment."""
    await house.restart(daily_limit=1000)
    house.shut_out()
    await house.send(*crowd(MAX_WAITING - 50))
    messages = await house.send(*crowd(MAX_WAITING + 50)[-100:])
    assert stand(messages) == [("queued", "ip_not_allowed")] * 50 + [FULL] * 50
    assert house.outbox.waiting == MAX_WAITING


async def test_what_would_wait_behind_others_finds_the_queue_full_as_well(
    full: House,
) -> None:
    """Without being asked for; what must not wait is asked for all the same."""
    full.gateway.requests.clear()
    [somebody] = crowd(1)
    assert stand(await full.send(somebody)) == [FULL]
    assert full.gateway.request_count() == 0
    now_or_never = timedelta(0)
    assert stand(await full.send(somebody, retry_for=now_or_never)) == [
        ("failed", "ip_not_allowed")
    ]


async def test_an_unknown_outcome_stays_one_where_the_queue_is_full(
    full: House,
) -> None:
    """It did not fail: it may have arrived."""
    full.let_in()
    full.gateway.settings.misbehaviour = Misbehaviour(html_body=True, times=1)
    messages = await full.send(OLENA, resend_unknown=True)
    assert stand(messages) == [("failed", "outcome_unknown")]


async def test_what_the_queue_refuses_gives_its_place_in_the_limit_back(
    full: House,
) -> None:
    """It was never sent."""
    await full.send(*crowd(1), OLENA)
    assert full.delivery.allowance.left == 1000 - MAX_WAITING
