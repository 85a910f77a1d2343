"""The parts of an account's messages, put together."""

from datetime import timedelta
from functools import partial

import pytest

from custom_components.inteltele.delivery import DeliveryService, Recipient
from custom_components.inteltele.gateway import GatewayClient
from custom_components.inteltele.storage import answer_links, messages as table
from custom_components.inteltele.storage.answer_links import Answer, AnswerLink
from custom_components.inteltele.storage.database import Damage
from demo.simulated_gateway import Misbehaviour

from ..conftest import USERNAME
from .house import OLENA, PETRO, START, House, stand


def limits(daily: int) -> dict[str, int]:
    """Return limits that allow so many messages."""
    return {"daily_limit": daily, "sms_limit": 100}


async def test_other_settings_hold_from_the_next_message_on(house: House) -> None:
    """A text is kept no more, another key is used, another limit holds."""
    await house.send()
    other = GatewayClient(
        house.session, url=house.gateway.url, username=USERNAME, api_key="wrong"
    )
    house.delivery.configure(client=other, keep_text=False, **limits(1))
    assert stand(await house.send()) == [("failed", "limit_reached")]
    house.delivery.configure(client=other, keep_text=False, **limits(9))
    assert stand(await house.send()) == [("failed", "invalid_auth")]
    house.delivery.configure(client=house.client, keep_text=False, **limits(9))
    await house.send(PETRO)
    [_, message] = house.ledger.under_way
    assert (message.number, message.text) == (PETRO.number, None)


async def test_the_gateways_minute_outlives_a_restart(house: House) -> None:
    """A repetition of before proves nothing of the message after."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.restart(after=10)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    assert stand(await house.send()) == [("failed", "outcome_unknown")]


async def test_a_message_of_long_ago_is_forgotten_by_the_gateway(house: House) -> None:
    """What comes after it can be told from it."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.restart(after=58)
    house.turn(3)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    assert stand(await house.send()) == [("sent", None)]


@pytest.mark.parametrize("content", [b"This is a shopping list." * 100, b"SQLite"])
async def test_a_damaged_file_stops_no_message(house: House, content: bytes) -> None:
    """Neither one that is sent nor one that waits."""
    await house.delivery.close()
    house.path.write_bytes(content)
    assert await house.start() is Damage.UNREADABLE
    await house.send()
    house.shut_out()
    assert stand(await house.send(PETRO)) == [("queued", "ip_not_allowed")]
    await house.restart()
    assert house.outbox.room.waiting == 1


async def test_a_full_disk_at_the_start_stops_no_message(house: House) -> None:
    """What is too old is forgotten another time."""
    await house.send()
    await house.delivery.close()
    house.turn(100 * 86400)
    house.build()
    service: DeliveryService = house.delivery
    opening = service.database.open

    async def open_on_a_full_disk() -> Damage | None:
        damage = await opening()
        await house.protect_disk()
        return damage

    service.database.open = open_on_a_full_disk  # type: ignore[method-assign]
    assert await service.open() is None
    assert any(house.errors)
    assert stand(await house.send(PETRO)) == [("sent", None)]


async def test_what_is_too_old_is_deleted_while_the_house_runs(house: House) -> None:
    """Every night; messages, and links that nobody can use any more."""
    await house.send()
    link = AnswerLink(
        fingerprint="f",
        number=OLENA.number,
        recipient=None,
        answers=(Answer(action="OPEN", text="Open"),),
        valid_until=START + timedelta(days=1),
    )
    await house.delivery.database.write(partial(answer_links.write, links=[link]))
    house.turn(table.KEPT_FOR.total_seconds() + 1)
    await house.delivery.tidy_up()
    assert house.rows("SELECT * FROM messages") == []
    assert house.rows("SELECT * FROM answer_links") == []
    assert house.ledger.counters.sent == 1


async def test_what_was_counted_by_night_counts_the_same_by_day(house: House) -> None:
    """Nothing is counted twice, nor left out."""
    await house.send(OLENA, PETRO)
    await house.report("delivrd")
    await house.delivery.tidy_up()
    await house.report("delivrd", message_id=house.gateway.messages[0].message_id)
    await house.delivery.tidy_up()
    counters = house.ledger.counters
    await house.restart()
    assert house.ledger.counters == counters


async def test_an_empty_plan_changes_nothing(house: House) -> None:
    """Nobody was to be sent anything."""
    assert await house.delivery.send({}) == []
    assert house.told == []
    assert house.gateway.request_count() == 0


async def test_nothing_is_asked_before_a_first_question_was_answered(
    house: House,
) -> None:
    """A rejected key must make one request only."""
    house.delivery.begun.clear()
    sending = house.begin()
    await house.delivery.database.read(lambda _: None)
    assert house.gateway.request_count() == 0
    house.delivery.begun.set()
    assert stand(await house.until(sending)) == [("sent", None)]


async def test_a_reason_of_the_house_outlives_a_restart(house: House) -> None:
    """It is read like one of the gateway's."""
    await house.restart(daily_limit=0)
    await house.send()
    await house.restart()
    assert house.ledger.latest[OLENA.number].reason == "limit_reached"


async def test_a_balance_that_is_used_up_is_told_after_what_it_paid_for(
    house: House,
) -> None:
    """In whichever order the gateway answers."""
    poor = Recipient(number="+380671112904")
    assert stand(await house.send(poor, PETRO)) == [
        ("failed", "low_balance"),
        ("sent", None),
    ]
    assert [after.number for before, after in house.told if before] == [
        PETRO.number,
        poor.number,
    ]
