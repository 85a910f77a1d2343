"""What is left of messages that nothing can be done with."""

from collections import Counter
from datetime import timedelta

import pytest

from custom_components.inteltele.delivery import MessageRequest, Recipient, plan
from custom_components.inteltele.delivery.acceptance import MAX_REFUSED_NUMBERS
from custom_components.inteltele.delivery.request import Link
from custom_components.inteltele.storage.answer_links import Answer, AnswerLink
from custom_components.inteltele.storage.counters import Counters

from .house import OLENA, PETRO, House, crowd, stand

LIMITED = ("failed", "limit_reached")
FULL = ("failed", "queue_full")


@pytest.fixture
async def used_up(house: House) -> House:
    """Return a house whose limit one message to Olena used up."""
    await house.restart(daily_limit=1)
    await house.send()
    house.told.clear()
    return house


async def _flood(house: House, *recipients: Recipient, times: int = 5) -> None:
    """Send to each of some recipients, again and again."""
    for _ in range(times):
        for recipient in recipients:
            await house.send(recipient)


async def test_of_a_flood_the_first_refusal_to_a_number_is_kept(used_up: House) -> None:
    """The others are counted, and the caller hears of each."""
    await _flood(used_up, PETRO)
    assert stand(await used_up.send(PETRO)) == [LIMITED]
    assert await used_up.history() == [("sent", None), LIMITED]
    assert used_up.ends == [LIMITED]
    assert used_up.ledger.counters.failed == 6


async def test_what_was_only_counted_outlives_a_restart(used_up: House) -> None:
    """It is written in the end."""
    await _flood(used_up, PETRO)
    before = used_up.ledger.counters
    await used_up.restart()
    assert used_up.ledger.counters == before


async def test_what_was_only_counted_is_written_with_the_next_change(
    used_up: House,
) -> None:
    """A kill after that takes nothing of it away."""
    await _flood(used_up, PETRO)
    await used_up.report("delivrd")
    await used_up.delivery.database.read(lambda _: None)
    assert used_up.rows("SELECT value FROM counters WHERE name = 'failed'") == [("4",)]


async def test_a_flood_to_many_numbers_is_bounded_as_well(used_up: House) -> None:
    """By how many numbers are kept."""
    await used_up.send(*crowd(150))
    await used_up.send(*crowd(150))
    kept = Counter(await used_up.history())
    assert kept == {("sent", None): 1, LIMITED: MAX_REFUSED_NUMBERS}
    assert used_up.ledger.counters.failed == 300


async def test_a_flood_is_no_wider_where_single_places_get_free(house: House) -> None:
    """As many refusals are kept as messages are accepted, and one more a number."""
    await house.restart(daily_limit=2)
    people = [OLENA, PETRO, *crowd(3)]
    await house.send(OLENA)
    for _ in range(6):
        house.turn(43200)
        await _flood(house, *people)
    kept = Counter(await house.history())
    assert kept["sent", None] == 7
    assert kept[LIMITED] <= len(people) + 7


async def test_a_later_flood_is_kept_like_the_first(used_up: House) -> None:
    """Once there was room to spare."""
    await _flood(used_up, PETRO)
    await used_up.restart(after=86400, daily_limit=3)
    await used_up.send(OLENA)
    await used_up.restart(daily_limit=1)
    await _flood(used_up, PETRO)
    assert (await used_up.history()).count(LIMITED) == 2


async def test_room_to_spare_ends_a_flood(house: House) -> None:
    """What is refused after that is something new."""
    await house.restart(daily_limit=2)
    await house.send(OLENA, PETRO)
    await _flood(house, *crowd(1))
    house.turn(86400)
    await house.send(OLENA)
    await house.send(PETRO)
    await _flood(house, *crowd(1))
    assert (await house.history()).count(LIMITED) == 2


async def test_a_flood_into_a_full_queue_is_bounded_by_the_limit(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although each takes the place of the one before."""
    name = "custom_components.inteltele.delivery.waiting_room.MAX_WAITING"
    monkeypatch.setattr(name, 1)
    await house.restart(daily_limit=3)
    house.shut_out()
    await _flood(house, OLENA, times=7)
    assert (await house.history()).count(FULL) == 2
    assert (await house.history()).count(LIMITED) == 1
    assert house.ledger.counters == Counters(failed=6)


async def test_a_flood_that_has_no_chance_is_bounded(house: House) -> None:
    """The gateway takes one message a minute; the others use up no limit."""
    await house.restart(daily_limit=500)
    house.gateway.settings.repeat_detection = "any_text"
    for text in range(40):
        await house.send(message=str(text))
    stands = Counter(await house.history())
    assert stands["queued", "repeat_detected"] == 13
    assert stands[FULL] == 1
    assert house.ledger.counters.failed == 26
    assert house.delivery.allowance.left == 500 - 14


async def test_a_link_in_what_was_refused_is_not_valid(used_up: House) -> None:
    """Nobody was sent it."""
    request = MessageRequest(
        message="Open?",
        button_text="Open",
        links={
            PETRO.number: Link(
                url="https://example.com/a",
                fingerprint="f",
                valid_until=used_up.time + timedelta(hours=1),
            )
        },
    )
    link = AnswerLink(
        fingerprint="f",
        number=PETRO.number,
        recipient=PETRO.name,
        answers=(Answer(action="OPEN", text="Open"),),
        valid_until=used_up.time + timedelta(hours=1),
    )
    messages = await used_up.delivery.send(plan(request, [PETRO]), links=[link])
    assert stand(messages) == [LIMITED]
    assert len(used_up.delivery.answers) == 0
    assert used_up.rows("SELECT * FROM answer_links") == []
