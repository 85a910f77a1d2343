"""Deleting what went to a number."""

import asyncio
from dataclasses import replace
from pathlib import Path
import sqlite3

import pytest

from custom_components.inteltele.storage.message import MessageStatus
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, START, House, ask_olena, stand


async def test_what_waits_is_deleted_with_the_rest(waiting: House) -> None:
    """It is not sent any more, and its place in the limit is free again."""
    left = waiting.delivery.allowance.left
    assert await waiting.delivery.forget(OLENA.number) == 1
    assert waiting.delivery.allowance.left == left + 1
    await waiting.wait()
    await waiting.restart()
    await waiting.wait()
    assert waiting.texts == []
    assert waiting.ledger.pending == 0
    assert waiting.rows("SELECT * FROM messages") == []


async def test_nobody_else_loses_anything(house: House) -> None:
    """Neither messages nor links."""
    await house.send(OLENA, PETRO)
    await ask_olena(house, "question")
    assert await house.delivery.forget(PETRO.number) == 1
    assert house.rows("SELECT number FROM messages") == [(OLENA.number,)] * 2
    assert len(house.delivery.answers) == 1
    assert set(house.ledger.latest) == {OLENA.number}


async def test_links_go_with_their_messages(house: House) -> None:
    """From the file and from memory."""
    await ask_olena(house, "question")
    await house.delivery.forget(OLENA.number)
    assert len(house.delivery.answers) == 0
    assert house.rows("SELECT * FROM answer_links") == []


async def test_what_is_just_being_asked_for_stays(waiting: House) -> None:
    """What becomes of it must still be known."""
    waiting.gateway.settings.misbehaviour = Misbehaviour(delay=0.1, times=1)
    waiting.turn(5)
    await waiting.outbox.work()
    await waiting.asked()
    assert await waiting.delivery.forget(OLENA.number) == 0
    await waiting.rest()
    [message] = waiting.ledger.under_way
    assert await waiting.history() == [("sent", None)]
    assert waiting.ledger.latest[OLENA.number] == message


async def test_what_waits_is_not_begun_while_it_is_deleted(waiting: House) -> None:
    """Otherwise it would arrive, and be remembered by nobody."""
    waiting.outbox.wake()
    deleting = asyncio.create_task(waiting.delivery.forget(OLENA.number))
    await asyncio.sleep(0)
    assert waiting.outbox.next_due() is None
    await waiting.work_after(86400)
    assert await deleting == 1
    assert waiting.texts == []
    assert waiting.ends == []


async def test_what_is_accepted_meanwhile_stays(house: House) -> None:
    """With its row, its place in memory and its link."""
    await house.send(message="Before")
    deleting = asyncio.create_task(house.delivery.forget(OLENA.number))
    await asyncio.sleep(0)
    await ask_olena(house, "meanwhile")
    assert await deleting == 1
    assert [message.text for message in house.ledger.under_way] == ["meanwhile"]
    assert house.rows("SELECT text FROM messages") == [("meanwhile",)]
    assert len(house.delivery.answers) == 1
    assert house.ledger.latest[OLENA.number].text == "meanwhile"


async def test_a_receipt_meanwhile_leaves_it_deleted(house: House) -> None:
    """It is told and counted, but the row does not come back."""
    await house.send()
    deleting = asyncio.create_task(house.delivery.forget(OLENA.number))
    await asyncio.sleep(0)
    assert await house.report("delivrd")
    assert await deleting == 1
    assert house.rows("SELECT * FROM messages") == []
    assert house.ledger.latest == {}
    assert house.ends == [("delivered", None)]


async def test_counters_agree_with_what_was_told_meanwhile(house: House) -> None:
    """Although no row tells of it any more."""
    await house.send()
    deleting = asyncio.create_task(house.delivery.forget(OLENA.number))
    await asyncio.sleep(0)
    await house.report("delivrd")
    await deleting
    counters = house.ledger.counters
    assert (counters.sent, counters.delivered) == (1, 1)
    await house.restart()
    assert house.ledger.counters == counters


async def test_a_delivery_after_a_failure_is_counted_without_a_row_as_well(
    house: House,
) -> None:
    """As both."""
    await house.send()
    await house.report("expired", 1)
    [message] = await house.ledger.history(None, None, 10)
    await house.delivery.forget(OLENA.number)
    delivered = replace(message, status=MessageStatus.DELIVERED)
    house.ledger.change([(message, delivered)])
    counters = house.ledger.counters
    assert (counters.sent, counters.delivered, counters.failed) == (1, 1, 1)
    await house.restart()
    assert house.ledger.counters == counters


async def test_a_receipt_that_comes_later_is_of_nobody_s(house: House) -> None:
    """The message is not known any more."""
    await house.send()
    await house.delivery.forget(OLENA.number)
    assert not await house.report("delivrd")
    assert house.ends == []


async def test_where_it_cannot_be_written_everything_stays(waiting: House) -> None:
    """Messages, links, what waits and what is followed."""
    await waiting.send(PETRO)
    await ask_olena(waiting, "question")
    before = (
        dict(waiting.ledger.queued),
        dict(waiting.ledger.latest),
        waiting.ledger.under_way,
        waiting.delivery.allowance.left,
    )
    await waiting.protect_disk()
    with pytest.raises(sqlite3.Error):
        await waiting.delivery.forget(OLENA.number)
    assert before == (
        waiting.ledger.queued,
        waiting.ledger.latest,
        waiting.ledger.under_way,
        waiting.delivery.allowance.left,
    )
    assert len(waiting.delivery.answers) == 1
    await waiting.free_disk()
    await waiting.wait()
    assert waiting.texts == ["Water!", "question", "Water!"]


async def test_nothing_is_deleted_by_halves(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the messages cannot be deleted, the links stay, too."""

    def fail(*_: object) -> int:
        """Fail as a disk may."""
        raise sqlite3.OperationalError

    monkeypatch.setattr(
        "custom_components.inteltele.delivery.service.table.delete", fail
    )
    await ask_olena(house, "question")
    with pytest.raises(sqlite3.Error):
        await house.delivery.forget(OLENA.number)
    assert len(house.rows("SELECT * FROM answer_links")) == 1


async def test_what_was_deleted_while_it_was_queued_does_not_come_back(
    waiting: House,
) -> None:
    """Whoever still has it in hand, and changes it."""
    [message] = waiting.ledger.queued.values()
    waiting.ledger.forget(OLENA.number, lambda _: False)
    waiting.told.clear()
    waiting.ledger.fail(message, message.reason, START)
    assert waiting.ledger.pending == 0
    assert waiting.ledger.latest == {}
    assert waiting.told == []


async def test_a_first_send_that_is_asked_for_stays(house: House) -> None:
    """It has a row of its own from its beginning."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.1, times=1)
    sending = house.begin()
    await house.asked()
    assert await house.delivery.forget(OLENA.number) == 0
    assert stand(await house.until(sending)) == [("sent", None)]
    assert await house.history() == [("sent", None)]


async def test_a_text_that_is_not_kept_is_gone_after_the_night(house: House) -> None:
    """Also what the file held of it while the message waited."""
    await house.restart(keep_text=False)
    house.shut_out()
    # Longer than a page of the file.
    await house.send(message=f"{'.' * 980} at the gate")
    held = b"".join(path.read_bytes() for path in _files(house))
    assert b"at the gate" in held
    house.let_in()
    await house.wait()
    assert len(house.texts) == 1
    await house.delivery.tidy_up()
    left = b"".join(path.read_bytes() for path in _files(house))
    assert b"at the gate" not in left


def _files(house: House) -> list[Path]:
    """Return the files of the account."""
    return list(house.path.parent.glob(f"{house.path.name}*"))
