"""Several requests of one action, each with a content of its own."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from custom_components.inteltele.delivery import Recipient, submissions
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, START, House, crowd, stand

# Each sender of a fallback makes a content of its own.
SEPARATE = [
    Recipient(number=f"+38067111{number}", sms_fallback=True, sms_sender=f"S{number}")
    for number in range(3000, 3010)
]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second request wait for the first for a moment only."""
    monkeypatch.setattr(submissions, "SIDE_BY_SIDE_AFTER", 0.05)


async def test_recipients_with_other_content_get_requests_of_their_own(
    house: House,
) -> None:
    """One with a fallback and one without."""
    messages = await house.send(OLENA, SEPARATE[0])
    assert stand(messages) == [("sent", None)] * 2
    assert [message.ttl for message in house.gateway.messages] == [86400, 180]
    assert house.gateway.request_count() == 2


async def test_250_recipients_take_three_requests(house: House) -> None:
    """A hundred numbers fit into one."""
    house.gateway.settings.balance *= 10
    messages = await house.send(*crowd(250))
    assert stand(messages) == [("sent", None)] * 250
    sizes = [
        request.parameters["to"].count(",") + 1 for request in house.gateway.requests
    ]
    assert sorted(sizes) == [50, 100, 100]


async def test_a_refused_request_does_not_keep_others_from_being_tried(
    house: House,
) -> None:
    """Whatever was wrong with it."""
    house.gateway.settings.misbehaviour = Misbehaviour(server_error=403, times=1)
    messages = await house.send(OLENA, SEPARATE[0])
    assert stand(messages) == [("failed", "invalid_response"), ("sent", None)]


async def test_a_wrong_key_makes_one_request_for_everyone(house: House) -> None:
    """Whatever they get: several would lock the house out."""
    house.gateway.settings.api_keys = ("other",)
    messages = await house.send(OLENA, *SEPARATE)
    assert stand(messages) == [("failed", "invalid_auth")] * 11
    assert house.gateway.request_count() == 1


async def test_two_begin_at_once_where_the_key_is_known(house: House) -> None:
    """Who lives in pairs is asked in the same moment; the others follow the first."""
    await house.send(message="Before")
    house.gateway.requests.clear()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.2, times=2)
    sending = house.begin(OLENA, *SEPARATE[:3])
    await house.asked(2)
    await asyncio.sleep(0.05)
    assert house.gateway.request_count() == 2
    assert stand(await house.until(sending)) == [("sent", None)] * 4


async def test_a_key_that_was_known_and_is_wrong_now_makes_two(house: House) -> None:
    """Five would lock the house out; once it is known, it is one again."""
    await house.send(message="Before")
    house.gateway.requests.clear()
    house.gateway.settings.api_keys = ("other",)
    messages = await house.send(OLENA, *SEPARATE)
    assert stand(messages) == [("failed", "invalid_auth")] * 11
    assert house.gateway.request_count() == 2
    assert not house.outbox.asking.key_was_taken


@pytest.mark.parametrize("refused_by", ["address", "lock_out"])
async def test_two_that_are_refused_together_pause_all_others_once(
    house: House, refused_by: str
) -> None:
    """The second tells nothing new, so the pause is as short as after one."""
    await house.send(message="Before")
    if refused_by == "address":
        house.shut_out()
        waits, pause = "ip_not_allowed", timedelta(seconds=5)
    else:
        await house.lock_out()
        waits, pause = "locked_out", timedelta(minutes=5)
    messages = await house.send(*SEPARATE[:4])
    assert stand(messages) == [("queued", waits)] * 4
    assert house.outbox.pauses.until == house.time + pause
    house.let_in()
    await house.wait()
    assert len(house.texts) == 5


async def test_the_second_is_asked_for_while_the_first_hangs(
    house: House, soon: None
) -> None:
    """Who waits for an alarm does not wait for somebody else's."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.5, times=1)
    sending = house.begin(*SEPARATE[:3])
    await house.asked(3)
    async with asyncio.timeout(0.3):
        while len(house.gateway.messages) < 2:
            await asyncio.sleep(0.001)
    assert house.gateway.messages[0].number == SEPARATE[1].number
    assert not sending.done()
    assert stand(await house.until(sending)) == [("sent", None)] * 3


async def test_no_more_than_some_are_asked_for_at_once(
    house: House, soon: None
) -> None:
    """And all of them in the end."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.8)
    sending = house.begin(*SEPARATE)
    await house.asked(submissions.SIDE_BY_SIDE)
    await asyncio.sleep(0.05)
    assert house.gateway.request_count() == submissions.SIDE_BY_SIDE
    assert stand(await house.until(sending)) == [("sent", None)] * len(SEPARATE)


@pytest.fixture
def one_by_one(soon: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one request wait for the other."""
    monkeypatch.setattr(submissions, "SIDE_BY_SIDE", 1)


@pytest.fixture
def held_up(house: House, one_by_one: None) -> Callable[..., Any]:
    """Return what sends a second message half a minute after it was accepted."""

    async def send(**misbehaviour: Any) -> list[Any]:
        """Let the first hang, and the gateway misbehave to the second."""
        house.gateway.settings.misbehaviour = Misbehaviour(delay=0.2, times=1)
        sending = house.begin(*SEPARATE[:2])
        await house.asked()
        house.turn(30)
        house.gateway.settings.misbehaviour = Misbehaviour(**misbehaviour)
        return await house.until(sending)

    return send


async def test_what_was_held_up_is_sent_when_it_is_asked_for(
    held_up: Callable[..., Any],
) -> None:
    """Not when it was accepted: its age counts from there."""
    first, second = await held_up()
    assert first.sent_at == START
    assert second.sent_at == START + timedelta(seconds=30)


async def test_what_was_held_up_has_its_fifty_seconds(
    held_up: Callable[..., Any], house: House
) -> None:
    """From its own request on."""
    messages = await held_up(cut_off="after_work", times=20)
    assert stand(messages) == [("sent", None)] * 2
    assert house.time == START + timedelta(seconds=70)


async def test_what_waited_and_was_sent_meanwhile_is_answered_as_sent(
    house: House,
) -> None:
    """Although the caller had to wait for somebody else's."""
    house.shut_out()
    await house.send(OLENA, message="Before")
    house.let_in()
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.2, times=1)
    sending = house.begin(OLENA, SEPARATE[0])
    await house.asked(2)
    house.outbox.wake()
    await house.outbox.work()
    async with asyncio.timeout(5):
        while len(house.ledger.under_way) < 1:
            await asyncio.sleep(0.001)
    await house.outbox.work()
    assert stand(await house.until(sending)) == [("sent", None)] * 2
    assert house.texts[:2] == ["Before", "Water!"]


async def test_what_is_withdrawn_before_its_request_begins_is_not_in_it(
    house: House,
) -> None:
    """The others are, it takes nothing of the limit, and the same may be sent again."""
    left = house.delivery.allowance.left
    house.delivery.begun.clear()
    sending = house.begin(OLENA, PETRO)
    await asyncio.sleep(0.02)
    house.delivery.withdraw([1])
    house.delivery.begun.set()
    assert stand(await sending) == [("failed", "withdrawn"), ("sent", None)]
    assert [message.number for message in house.gateway.messages] == [PETRO.number]
    assert house.delivery.allowance.left == left - 1
    assert await house.history() == [("failed", "withdrawn"), ("sent", None)]
    assert stand(await house.send(OLENA)) == [("sent", None)]
    assert house.outbox.next_due() is None


async def test_what_waits_and_is_withdrawn_before_its_next_try_is_not_tried(
    house: House,
) -> None:
    """While a slow disk writes that the gateway is about to be asked."""
    house.shut_out()
    await house.send()
    house.let_in()
    house.gateway.requests.clear()
    house.turn(60)
    trying = asyncio.create_task(house.outbox.work())
    await asyncio.sleep(0)
    assert house.outbox.line.asking == {1}
    house.delivery.withdraw([1])
    await trying
    await house.rest()
    assert house.ends == [("failed", "withdrawn")]
    assert house.gateway.requests == []
    assert house.outbox.line.at_once > 0
