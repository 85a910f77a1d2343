"""The memory of an account: its messages, and the one place where they change."""

from datetime import timedelta
from decimal import Decimal

import pytest

from custom_components.inteltele.delivery import ledger as ledger_module
from custom_components.inteltele.storage import messages as table
from custom_components.inteltele.storage.counters import Counters
from demo.simulated_gateway import Misbehaviour

from .house import IRYNA, OLENA, OPTED_OUT, PETRO, House, crowd


async def test_a_message_is_remembered_with_its_text(house: House) -> None:
    """And with all that the gateway told of it."""
    await house.send()
    [message] = await house.ledger.history(None, None, 10)
    [sent] = house.gateway.messages
    assert (message.message_id, message.text) == (sent.message_id, "Water!")
    assert (message.cost, message.country, message.ttl) == (sent.cost, "ua", 86400)


async def test_texts_are_not_remembered_where_they_are_not_to_be_kept(
    house: House,
) -> None:
    """No message's that was sent, nor of one that waited once it has been."""
    await house.restart(keep_text=False)
    await house.send(message="Fire!")
    house.shut_out()
    await house.send()
    house.let_in()
    await house.wait()
    await house.restart()
    assert house.texts == ["Fire!", "Water!"]
    assert house.rows("SELECT text, submission FROM messages") == [(None, None)] * 2


async def test_a_text_that_is_not_to_be_kept_is_known_while_it_waits(
    house: House,
) -> None:
    """Over a restart as well."""
    await house.restart(keep_text=False)
    house.shut_out()
    await house.send()
    house.let_in()
    await house.restart()
    await house.wait()
    assert house.texts == ["Water!"]


async def test_a_message_is_kept_as_it_was(house: House) -> None:
    """To the last digit of its cost."""
    await house.send()
    await house.report("undeliv", 2)
    _, before = house.told[-1]
    await house.restart()
    assert await house.ledger.with_seq(before.seq) == before


async def test_counters_are_kept(house: House) -> None:
    """In the same breath as the messages."""
    await house.send(OLENA, PETRO, OPTED_OUT)
    [first, second] = house.gateway.messages
    await house.report("delivrd", 2, message_id=first.message_id)
    await house.report("rejectd", 2, message_id=second.message_id)
    expected = Counters(sent=2, delivered=1, failed=2, spent=first.cost + second.cost)
    assert house.ledger.counters == expected
    await house.restart()
    assert house.ledger.counters == expected


async def test_a_message_is_found_by_its_ids(house: House) -> None:
    """The house's own, and the gateway's, in whichever case."""
    [message] = await house.send()
    assert message.message_id is not None
    assert await house.ledger.with_id(message.id.lower()) == message
    assert await house.ledger.find(message.message_id.upper()) == message
    await house.report("delivrd", 1)
    found = await house.ledger.find(message.message_id.upper())
    assert found is not None
    assert found.status == "delivered"


async def test_an_id_that_only_looks_like_one_is_nobody_s(house: House) -> None:
    """Although its last bytes name a row, or it is none at all."""
    [message] = await house.send()
    forged = "0" * 10 + message.id[10:]
    assert await house.ledger.with_id(forged) is None
    assert await house.ledger.with_id("no id") is None
    assert await house.ledger.with_id("7" + "Z" * 25) is None


async def test_the_newest_message_to_a_number_is_shown(house: House) -> None:
    """Also where an older one changes later."""
    await house.send(message="Older")
    house.turn(61)
    [newer] = await house.send(message="Newer")
    older = house.gateway.messages[0].message_id
    await house.report("delivrd", 70, message_id=older)
    assert house.ledger.latest == {OLENA.number: newer}
    await house.restart()
    assert house.ledger.latest == {OLENA.number: newer}


async def test_a_message_is_shown_once_it_is_known_what_becomes_of_it(
    house: House,
) -> None:
    """Not while it is asked for the first time; that would blink."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.1, times=1)
    sending = house.begin()
    await house.asked()
    assert house.ledger.latest == {}
    [message] = await house.until(sending)
    assert house.ledger.latest == {OLENA.number: message}


async def test_a_message_that_waits_is_shown(waiting: House) -> None:
    """Somebody may want to know."""
    assert waiting.ledger.latest[OLENA.number].status == "queued"
    assert waiting.ledger.pending == 1


async def test_old_messages_are_forgotten_but_counted(house: House) -> None:
    """After ninety days; what waits is kept."""
    await house.send()
    house.shut_out()
    await house.send(PETRO, retry_for=timedelta(days=365))
    house.turn(table.KEPT_FOR.total_seconds() + 3600)
    await house.restart()
    assert await house.history() == [("queued", "ip_not_allowed")]
    assert house.ledger.counters.sent == 1
    assert house.ledger.counters.spent == house.gateway.messages[0].cost


async def test_the_oldest_of_too_many_messages_are_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest stay, and all are counted."""
    monkeypatch.setattr(table, "MAX_MESSAGES", 2)
    await house.send(OLENA, PETRO, IRYNA)
    await house.restart()
    assert house.ledger.pending == 2
    assert house.rows("SELECT seq FROM messages") == [(2,), (3,)]
    assert house.ledger.counters.sent == 3


async def test_numbers_go_on_after_a_restart(house: House) -> None:
    """Each is given once."""
    await house.send(OLENA)
    await house.restart()
    [message] = await house.send(PETRO)
    assert message.seq == 2


async def test_most_messages_are_counted_only_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start, only those after a certain one are counted anew."""
    monkeypatch.setattr(ledger_module, "COUNTED_FROM_ROWS", 10)
    await house.restart(daily_limit=1000)
    house.gateway.settings.balance = Decimal(1000)
    for batch in (crowd(25)[:12], crowd(25)[12:]):
        await house.send(*batch)
        for message in house.gateway.messages:
            await house.report("delivrd", 1, message_id=message.message_id)
    before = house.ledger.counters
    await house.restart()
    assert house.rows("SELECT value FROM counters WHERE name = 'until'") == [("13",)]
    assert house.ledger.counters == before


async def test_what_changes_is_told_as_it_was_and_as_it_is(house: House) -> None:
    """In the order in which it happened."""
    await house.send()
    await house.report("delivrd", 1)
    states = [(before and before.status, after.status) for before, after in house.told]
    assert states == [(None, "queued"), ("queued", "sent"), ("sent", "delivered")]
    assert [before for before, _ in house.told[1:]] == [
        after for _, after in house.told[:-1]
    ]


async def test_planning_costs_nothing_more_with_many_under_way(house: House) -> None:
    """What the gateway took is no matter of the outbox's."""
    house.gateway.settings.balance *= 10
    await house.send(*crowd(300))
    assert house.ledger.pending == 300
    assert house.ledger.queued == {}
    assert house.outbox.next_due() is None
