"""What is being asked for is let go of again, whatever comes between."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
import sqlite3
from typing import Any

import pytest

from custom_components.inteltele.delivery import (
    MessageRequest,
    Recipient,
    RetryPolicy,
    asking,
    outbox,
    plan,
    submissions,
)
from custom_components.inteltele.delivery.outbox import Outbox
from custom_components.inteltele.storage import messages as table
from custom_components.inteltele.storage.database import Work
from custom_components.inteltele.storage.message import Message
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, RETRY_FOR, SLOW, House, stand

# A second way of their own.
BY_BOTH = Recipient(number=OLENA.number, sms_after=60, sms_sender="House")
SEPARATE = [
    Recipient(number=f"+38067111{number}", sms_fallback=True, sms_sender=f"S{number}")
    for number in range(3000, 3006)
]


class _Fault:
    """What fails as nobody foresaw, so many times, and then does its work."""

    def __init__(self, works: Any, times: int = 1) -> None:
        """Stand for something."""
        self.left = times
        self._works = works

    def __call__(self, *args: Any, **how: Any) -> Any:
        """Fail, or work."""
        if self.left:
            self.left -= 1
            raise RuntimeError("unforeseen")
        return self._works(*args, **how)


def _is_free(box: Outbox) -> bool:
    """Return whether nothing is held on to."""
    line = box.line
    return not (
        line.asking
        or line.held
        or line.retrying
        or line.repeat_at
        or box.asking._unwanted
        or box.asking._requests
    )


@pytest.mark.parametrize("part", ["poller.end", "second_ways.follow", "poller.follow"])
@pytest.mark.parametrize("shut_out", [False, True])
async def test_who_follows_a_message_and_fails_holds_nobody_up(
    house: House, monkeypatch: pytest.MonkeyPatch, part: str, shut_out: bool
) -> None:
    """Neither the message, nor those beside it, nor the caller."""
    owner, name = part.split(".")
    follower = getattr(house.delivery, owner)
    monkeypatch.setattr(follower, name, _Fault(getattr(follower, name), times=2))
    if shut_out:
        house.shut_out()
    async with asyncio.timeout(5):
        messages = await house.send(OLENA, PETRO, *SEPARATE[:2])
    house.let_in()
    assert {message.status for message in messages} == {
        "queued" if shut_out else "sent"
    }
    await house.wait()
    assert sorted(message.number for message in house.gateway.messages) == sorted(
        each.number for each in (OLENA, PETRO, *SEPARATE[:2])
    )
    assert _is_free(house.outbox)


async def test_a_fault_in_what_is_kept_with_a_message_keeps_it_not_back(
    house: House,
) -> None:
    """An alarm that asks goes on: it would wait for that message for ever."""

    def also(messages: Sequence[Message]) -> Work:
        """Fail as nobody foresaw."""
        raise RuntimeError("unforeseen")

    asked = plan(MessageRequest(message="Water!", urgent=True), [OLENA])
    with pytest.raises(RuntimeError):
        house.delivery.begin(asked, RetryPolicy(retry_for=RETRY_FOR), (), also)
    await house.rest()
    assert house.texts == ["Water!"]
    assert await house.history() == [("sent", None)]
    assert _is_free(house.outbox)


@pytest.mark.parametrize("waits", [False, True])
async def test_a_fault_in_telling_of_new_messages_holds_nobody_up(
    house: House, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    """The caller is answered, and the message goes out all the same."""
    if waits:
        house.shut_out()
        await house.send(message="Before")
    with monkeypatch.context() as patch:
        patch.setattr(house.ledger, "tell_new", _Fault(house.ledger.tell_new))
        async with asyncio.timeout(5):
            [message] = await house.begin()
    assert message.status == "queued"
    house.let_in()
    await house.wait()
    assert house.texts == ["Before", "Water!"][not waits :]
    assert _is_free(house.outbox)


async def test_a_fault_before_the_mark_lets_all_go_that_were_to_be_tried(
    waiting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are tried again, with what is to be repeated."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    repeated = waiting.begin(PETRO, message="Smoke!")
    await waiting.asked()
    await asyncio.sleep(0.1)
    waiting.turn(5)
    waiting.outbox.wake()
    assert len(waiting.outbox.line.due(waiting.now())) == 2
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "marked", _Fault(outbox.marked))
        with pytest.raises(RuntimeError):
            await waiting.outbox.work()
    assert not waiting.outbox.line.asking
    assert waiting.outbox.line.at_once > 0
    assert waiting.outbox.interrupted == 1
    await waiting.wait()
    assert stand(await repeated) == [("sent", None)]
    assert sorted(waiting.texts) == ["Smoke!", "Water!"]
    assert _is_free(waiting.outbox)


async def test_an_answer_that_cannot_be_taken_in_is_not_asked_for_in_haste(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway would be asked as fast as it answers, and lock the house out."""
    monkeypatch.setattr(asking, "after_answer", _Fault(asking.after_answer, times=3))
    before = house.time
    assert stand(await house.send()) == [("sent", None)]
    assert house.gateway.request_count() == 4
    assert house.time - before >= timedelta(seconds=6)
    assert house.texts == ["Water!"]
    assert _is_free(house.outbox)


async def test_what_is_withdrawn_while_it_is_refused_is_not_tried_again(
    house: House,
) -> None:
    """Whoever withdrew it need not do so twice."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=SLOW)
    house.shut_out()
    sending = house.begin()
    await house.asked()
    house.delivery.withdraw([1])
    assert stand(await sending) == [("failed", "withdrawn")]
    assert house.ends == [("failed", "withdrawn")]
    assert await house.history() == [("failed", "withdrawn")]
    assert _is_free(house.outbox)


async def test_what_is_withdrawn_while_it_is_taken_goes_no_second_way(
    house: House,
) -> None:
    """Nothing of it may leave any more."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=SLOW)
    sending = house.begin(BY_BOTH)
    await house.asked()
    house.delivery.withdraw([1])
    assert stand(await sending) == [("sent", None)]
    await house.rest()
    assert house.delivery.second_ways.next_due() is None


async def test_what_is_withdrawn_while_its_answer_is_lost_is_not_repeated(
    house: House,
) -> None:
    """Nobody knows whether it arrived; the other one is repeated."""
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=SLOW, cut_off="after_work", times=1
    )
    sending = house.begin(OLENA, PETRO)
    await house.asked()
    house.delivery.withdraw([1])
    assert stand(await house.until(sending)) == [
        ("failed", "outcome_unknown"),
        ("sent", None),
    ]
    assert house.gateway.requests[-1].parameters["to"].lstrip("+") == PETRO.number[1:]
    assert _is_free(house.outbox)


@pytest.mark.parametrize("recipients", [[OLENA], SEPARATE])
async def test_what_is_accepted_while_the_account_stops_is_sent_after_any_time(
    house: House, recipients: list[Recipient]
) -> None:
    """It never left, and Home Assistant may take minutes to come back."""
    house.outbox.stop()
    async with asyncio.timeout(5):
        messages = await house.begin(*recipients)
    assert {message.status for message in messages} == {"queued"}
    await house.restart(after=300)
    await house.wait()
    assert house.texts == ["Water!"] * len(recipients)


async def test_what_is_accepted_while_the_account_stops_and_may_not_wait_has_an_end(
    house: House,
) -> None:
    """Where the account is back in time, it is sent."""
    house.outbox.stop()
    await house.begin(retry_for=timedelta(0))
    await house.restart(after=10)
    await house.wait()
    assert house.texts == ["Water!"]
    house.outbox.stop()
    await house.begin(PETRO, retry_for=timedelta(0))
    await house.restart(after=300)
    await house.wait()
    assert (await house.history())[-1] == ("failed", "outcome_unknown")


async def test_what_had_no_place_when_the_account_stopped_is_sent_after_any_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the gateway was asked for may have arrived."""
    monkeypatch.setattr(submissions, "SIDE_BY_SIDE_AFTER", 0.05)
    house.gateway.settings.misbehaviour = Misbehaviour(delay=10)
    sending = house.begin(*SEPARATE)
    await house.asked(submissions.SIDE_BY_SIDE)
    await house.delivery.close(within=0)
    await sending
    await house.gateway.stop()
    house.gateway.settings.misbehaviour = Misbehaviour()
    await house.connect()
    house.gateway.messages.clear()
    await house.start(after=300)
    await house.wait()
    assert [message.number for message in house.gateway.messages] == [
        each.number for each in SEPARATE[submissions.SIDE_BY_SIDE :]
    ]


async def test_what_a_slow_disk_held_up_is_sent_after_any_time(
    waiting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was marked, and the account stopped before it was asked for."""
    synced, writes = asyncio.Event(), waiting.ledger.write

    async def write(*work: Any, **how: Any) -> None:
        """Write, and let nobody know for long."""
        await writes(*work, **how)
        await synced.wait()

    monkeypatch.setattr(waiting.ledger, "write", write)
    waiting.turn(60)
    working = asyncio.create_task(waiting.outbox.work())
    await asyncio.sleep(0)
    assert waiting.outbox.interrupted == 1
    [row] = await waiting.delivery.database.read(table.open_messages)
    assert row.attempted_at is not None
    working.cancel()
    await asyncio.wait([working])
    await waiting.restart(after=300)
    await waiting.wait()
    assert waiting.texts == ["Water!"]


async def test_who_hears_of_the_disk_and_fails_holds_nobody_up(house: House) -> None:
    """What waits for the disk goes on."""

    def fail(_: sqlite3.Error | None) -> None:
        """Fail as nobody foresaw."""
        raise RuntimeError("unforeseen")

    house.delivery.database._on_written = fail
    async with asyncio.timeout(5):
        assert stand(await house.send()) == [("sent", None)]
    house.shut_out()
    async with asyncio.timeout(5):
        assert stand(await house.send(PETRO)) == [("queued", "ip_not_allowed")]
        assert stand(await house.send(PETRO, message="Again")) == [
            ("queued", "ip_not_allowed")
        ]
