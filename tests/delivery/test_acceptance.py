"""What is accepted, what is refused at once, and what of that is kept."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from custom_components.inteltele.delivery.waiting_room import MAX_WAITING
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


async def test_what_is_new_takes_the_place_of_the_oldest_to_the_same_number(
    full: House,
) -> None:
    """An alarm does not stand behind what was less important all night."""
    *_, somebody = crowd(7)
    old = full.ledger.latest[somebody.number]
    [new] = await full.send(somebody, message="Fire!")
    assert stand([new]) == [("queued", "ip_not_allowed")]
    assert full.outbox.room.waiting == MAX_WAITING
    assert [(after.seq, after.reason) for _, after in full.told if after.ended] == [
        (old.seq, "queue_full")
    ]


async def test_else_one_to_the_number_that_most_wait_for_goes(house: House) -> None:
    """Whoever sends too much loses a place first."""
    await house.restart(daily_limit=1000)
    house.shut_out()
    await house.send(*crowd(MAX_WAITING - 2))
    await house.send(PETRO, message="1")
    await house.send(PETRO, message="2")
    assert stand(await house.send(OLENA)) == [("queued", "ip_not_allowed")]
    [gone] = [after for _, after in house.told if after.ended]
    assert (gone.number, gone.text) == (PETRO.number, "1")


async def test_what_went_for_newer_ones_keeps_its_place_of_the_limit(
    full: House,
) -> None:
    """So that a flood ends somewhere."""
    await full.send(*crowd(1))
    assert full.delivery.allowance.left == 1000 - MAX_WAITING - 1


async def test_where_one_may_have_arrived_that_is_what_is_told(full: House) -> None:
    """Although it has to leave its place."""
    full.let_in()
    full.gateway.settings.misbehaviour = Misbehaviour(html_body=True, times=1)
    await full.send(OLENA, message="1", resend_unknown=True)
    full.shut_out()
    await full.send(OLENA, message="2")
    ends = [(after.text, after.reason) for _, after in full.told if after.ended]
    assert ("1", "outcome_unknown") in ends


async def test_a_request_to_several_fills_all_places_and_no_more(house: House) -> None:
    """Although all of them come to wait at the same moment."""
    await house.restart(daily_limit=1000)
    house.shut_out()
    messages = await house.send(*crowd(MAX_WAITING + 50))
    assert Counter(stand(messages)) == {
        ("queued", "ip_not_allowed"): MAX_WAITING,
        FULL: 50,
    }
    assert house.outbox.room.waiting == MAX_WAITING


async def test_what_must_not_wait_takes_no_place(full: House) -> None:
    """It is asked for at once."""
    [somebody] = crowd(1)
    now_or_never = timedelta(0)
    assert stand(await full.send(somebody, retry_for=now_or_never)) == [
        ("failed", "ip_not_allowed")
    ]
    assert full.outbox.room.waiting == MAX_WAITING
    assert len([after for _, after in full.told if after.ended]) == 1


async def test_without_any_place_nothing_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where all that wait are just being asked for."""
    name = "custom_components.inteltele.delivery.waiting_room.MAX_WAITING"
    monkeypatch.setattr(name, 0)
    house.shut_out()
    assert stand(await house.send()) == [FULL]
    assert await house.history() == [FULL]
