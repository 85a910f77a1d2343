"""What was not foreseen keeps no message from its end, and no caller waiting."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.inteltele.delivery import asking, submissions
from custom_components.inteltele.gateway import GatewayClient, MessageContent
from custom_components.inteltele.storage import messages as table
from demo.simulated_gateway import Misbehaviour

from .house import IRYNA, OLENA, PETRO, House, stand


def _fail(*_: Any) -> None:
    """Fail as nobody foresaw."""
    raise RuntimeError("unforeseen")


async def test_a_listener_that_fails_keeps_no_message_from_its_course(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor from being followed to its end."""
    house.delivery._on_change = _fail
    assert stand(await house.send(OLENA, PETRO)) == [("sent", None)] * 2
    assert house.delivery.poller.followed == 2
    assert await house.report("delivrd")
    assert await house.history() == [("sent", None), ("delivered", None)]
    assert "could not be told" in caplog.text


async def test_a_request_that_fails_unforeseen_counts_as_one_that_may_have_arrived(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is repeated, not in haste, and the message is sent once."""
    sends = GatewayClient.send
    left = [_fail, _fail]

    async def send(
        client: GatewayClient, content: MessageContent, numbers: list[str], **how: Any
    ) -> Mapping[str, Any]:
        """Fail twice."""
        results = await sends(client, content, numbers, **how)
        for fail in left[:1]:
            left.remove(fail)
            fail()
        return results

    monkeypatch.setattr(GatewayClient, "send", send)
    assert stand(await house.send()) == [("sent", None)]
    assert house.gateway.request_count() == 3
    assert house.texts == ["Water!"]
    assert caplog.text.count("could not be asked") == 2


async def test_a_fault_before_a_request_holds_nothing_up(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The message is asked for again, and is sent."""
    with monkeypatch.context() as patch:
        patch.setattr(asking, "begun_now", _fail)
        sending = house.begin()
        await asyncio.sleep(0)
        await house.rest()
        assert house.gateway.request_count() == 0
    assert stand(await house.until(sending)) == [("sent", None)]
    assert house.texts == ["Water!"]
    assert "could not be carried on" in caplog.text


async def test_what_cannot_be_written_for_its_own_content_is_sent_from_memory(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller hears of it like of any other."""
    monkeypatch.setattr(table, "insert", _fail)
    assert stand(await house.send()) == [("sent", None)]
    assert house.texts == ["Water!"]
    assert await house.history() == []


async def test_an_error_of_a_task_is_logged_and_what_waits_goes_on(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The next is planned all the same."""
    plans: list[None] = []
    house.outbox.on_plan = lambda: plans.append(None)

    async def fail() -> None:
        """Fail as nobody foresaw."""
        _fail()

    house.outbox.under_way.run(fail())
    await house.rest()
    assert plans == [None]
    assert "could not be carried on" in caplog.text
    assert "unforeseen" in caplog.text


async def test_a_caller_is_answered_although_the_account_stops(house: House) -> None:
    """The message is asked for again after the next start."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=10)
    sending = house.begin()
    await house.asked()
    await house.delivery.close(within=0)
    assert stand(await sending) == [("queued", None)]
    await house.gateway.stop()
    await house.start()


async def test_a_caller_is_answered_although_nothing_is_repeated_any_more(
    house: House,
) -> None:
    """The answer was lost while the account stopped."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.05, cut_off="after_work")
    sending = house.begin()
    await house.asked()
    house.outbox.stop()
    async with asyncio.timeout(5):
        assert stand(await sending) == [("queued", "outcome_unknown")]


async def test_a_caller_is_answered_although_nothing_is_asked_any_more(
    house: House,
) -> None:
    """The message is kept for the next start."""
    house.outbox.stop()
    async with asyncio.timeout(5):
        assert stand(await house.begin()) == [("queued", None)]
    await house.restart(after=10)
    await house.wait()
    assert house.texts == ["Water!"]


async def test_what_takes_too_long_is_cut_off_when_the_account_stops(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what was begun only while it stopped; its rows tell of it."""
    monkeypatch.setattr(submissions, "SIDE_BY_SIDE_AFTER", 0.05)
    house.gateway.settings.misbehaviour = Misbehaviour(delay=10)
    sms = [
        IRYNA,
        *(
            type(IRYNA)(number=f"+38067111224{digit}", sms_fallback=True, sms_sender=s)
            for digit, s in enumerate(("House", "Door", "Alarm"))
        ),
    ]
    sending = house.begin(*sms)
    await house.asked()
    await house.outbox.under_way.finish(within=0.2)
    assert house.gateway.request_count() == 4
    assert not house.outbox.under_way.tasks
    await house.delivery.close(within=0)
    assert stand(await sending) == [("queued", None)] * 4
    await house.gateway.stop()
    await house.start()
    assert house.outbox.interrupted == 4


async def test_what_is_accepted_first_is_written_first(house: House) -> None:
    """Whatever else is asked of the file in the same moment."""
    sending = house.begin()
    await asyncio.sleep(0)
    rows = await house.delivery.database.read(table.open_messages)
    assert [message.number for message in rows] == [OLENA.number]
    await house.until(sending)


async def test_a_message_that_cannot_be_written_waits_in_memory(house: House) -> None:
    """An alarm goes out all the same, when the gateway is there again."""
    await house.fill_disk()
    house.shut_out()
    assert stand(await house.send()) == [("queued", "ip_not_allowed")]
    assert any(house.errors)
    house.let_in()
    await house.wait()
    assert house.texts == ["Water!"]


async def test_a_full_disk_keeps_no_message_back(waiting: House) -> None:
    """An alarm goes out, even where nobody can note that it does."""
    await waiting.fill_disk()
    await waiting.wait()
    assert waiting.texts == ["Water!"]
    assert any(waiting.errors)
    assert waiting.rows("SELECT status FROM messages") == [("queued",)]


async def test_what_a_full_disk_did_not_take_is_written_later(waiting: House) -> None:
    """So that a restart sends nothing once more."""
    await waiting.fill_disk()
    await waiting.wait()
    await waiting.send(PETRO)
    await waiting.empty_disk()
    await waiting.restart()
    assert await waiting.history() == [("sent", None)] * 2
    await waiting.wait()
    assert len(waiting.texts) == 2
