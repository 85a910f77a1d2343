"""Sending the messages of an account, and knowing what became of them."""

from collections import deque
from datetime import timedelta
from decimal import Decimal
import sqlite3

import pytest

from custom_components.inteltele.delivery import (
    DeliveryService,
    Outcome,
    Recipient,
    SendStatus,
)
from custom_components.inteltele.delivery.allowance import Allowance
from custom_components.inteltele.gateway import DeliveryReceipt, GatewayClient
from custom_components.inteltele.storage.database import Damage, nothing
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import Misbehaviour

from ..conftest import USERNAME
from .house import OLENA, PETRO, START, House


@pytest.fixture
def house(sending_house: House) -> House:
    """Return a house that sent nothing yet."""
    return sending_house


def _statuses(outcomes: list[Outcome]) -> list[tuple[str, str | None]]:
    """Return status and error of some outcomes."""
    return [(outcome.status, outcome.error) for outcome in outcomes]


async def test_a_message_is_remembered_with_its_text(house: House) -> None:
    """And with all that the gateway told of it."""
    await house.send()
    [message] = await house.delivery.ledger.history(None, None, 10)
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
    assert house.rows("SELECT text FROM messages") == [(None,), (None,)]
    assert house.rows("SELECT content FROM outbox") == []


async def test_a_limit_keeps_a_runaway_automation_from_emptying_the_account(
    house: House,
) -> None:
    """What goes beyond it is not sent."""
    await house.restart(daily_limit=2)
    opted_out = Recipient(number="+380671112901")
    third = Recipient(number="+380671112255")
    await house.send(opted_out)
    outcomes = await house.send(OLENA, PETRO, third)
    assert _statuses(outcomes) == [
        ("sent", None),
        ("sent", None),
        ("failed", "limit_reached"),
    ]
    assert len(house.gateway.messages) == 2
    assert house.gateway.request_count() == 2


async def test_a_limit_is_reached_without_asking_the_gateway(house: House) -> None:
    """It does not wait either: a person has to look."""
    await house.restart(daily_limit=1)
    await house.send()
    house.gateway.requests.clear()
    outcomes = await house.send(PETRO)
    assert _statuses(outcomes) == [("failed", "limit_reached")]
    assert house.gateway.request_count() == 0
    assert len(house.outbox) == 0


async def test_a_limit_holds_over_a_restart(house: House) -> None:
    """For the rest of its 24 hours."""
    await house.restart(daily_limit=1)
    await house.send()
    await house.restart(after=86399)
    assert _statuses(await house.send(PETRO)) == [("failed", "limit_reached")]
    await house.restart(after=1)
    assert _statuses(await house.send(PETRO)) == [("sent", None)]


async def test_what_was_never_sent_counts_not_against_the_limit(house: House) -> None:
    """Neither while it waits nor after it failed, also over a restart."""
    await house.restart(daily_limit=1)
    house.shut_out()
    await house.send()
    await house.restart()
    assert house.delivery.allowance.left == 1
    await house.wait()
    await house.restart()
    assert house.delivery.allowance.left == 1


async def test_the_gateways_minute_outlives_a_restart(house: House) -> None:
    """A repetition of before proves nothing of the message after."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.restart(after=10)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    assert _statuses(await house.send()) == [("unknown", "outcome_unknown")]


async def test_a_message_of_long_ago_is_forgotten_by_the_gateway(house: House) -> None:
    """What comes after it can be told from it."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.restart(after=58)
    house.turn(3)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    assert _statuses(await house.send()) == [("sent", None)]


async def test_outcomes_come_in_the_order_of_the_plan(house: House) -> None:
    """Those who were tried come before those who wait behind others."""
    house.shut_out()
    await house.send(OLENA)
    house.let_in()
    outcomes = await house.send(OLENA, PETRO, message="Fire!")
    assert [(outcome.recipient, outcome.status) for outcome in outcomes] == [
        (PETRO, SendStatus.SENT),
        (OLENA, SendStatus.QUEUED),
    ]


async def test_what_must_not_wait_overtakes_what_does(house: House) -> None:
    """With no time to wait, only now counts."""
    house.shut_out()
    await house.send(message="Fire!")
    house.let_in()
    outcomes = await house.send(retry_for=timedelta(0))
    assert _statuses(outcomes) == [("sent", None)]


async def test_other_settings_hold_from_the_next_message_on(
    house: House,
) -> None:
    """A text is kept no more, another key is used."""
    await house.send()
    other = GatewayClient(
        house.session, url=house.gateway.url, username=USERNAME, api_key="wrong"
    )
    house.delivery.configure(client=other, keep_text=False, daily_limit=1)
    assert _statuses(await house.send()) == [("failed", "limit_reached")]
    house.delivery.configure(client=other, keep_text=False, daily_limit=9)
    assert _statuses(await house.send()) == [("failed", "invalid_auth")]
    house.delivery.configure(client=house.client, keep_text=False, daily_limit=9)
    await house.send(PETRO)
    [_, message] = house.delivery.ledger.under_way
    assert (message.number, message.text) == (PETRO.number, None)


@pytest.mark.parametrize("content", [b"This is a shopping list." * 100, b"SQLite"])
async def test_a_damaged_file_stops_no_message(house: House, content: bytes) -> None:
    """Neither one that is sent nor one that waits."""
    await house.delivery.close()
    house.path.write_bytes(content)
    assert await house.start() is Damage.UNREADABLE
    await house.send()
    house.shut_out()
    assert _statuses(await house.send(PETRO)) == [("queued", "ip_not_allowed")]
    await house.restart()
    assert len(house.outbox) == 1


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
        await service.database.read(
            lambda connection: connection.execute("PRAGMA query_only = ON").fetchall()
        )
        return damage

    service.database.open = open_on_a_full_disk  # type: ignore[method-assign]
    assert await service.open() is None
    assert house.errors[-1] is not None
    assert _statuses(await house.send(PETRO)) == [("sent", None)]


def test_an_allowance_is_not_used_up_by_a_clock_that_was_wrong() -> None:
    """What was sent in the future was not."""
    time = START + timedelta(days=1)
    allowance = Allowance(2, now=lambda: time)
    allowance.take(2)
    time = START
    assert allowance.left == 2


def test_an_allowance_gives_no_more_back_than_was_taken() -> None:
    """Where its time ran out meanwhile."""
    time = START
    allowance = Allowance(2, now=lambda: time)
    allowance.take(1)
    time += timedelta(days=1)
    assert allowance.left == 2
    allowance.give_back(1)
    assert allowance.left == 2


async def test_a_reason_of_the_house_outlives_a_restart(house: House) -> None:
    """It is read like one of the gateway's."""
    house.shut_out()
    await house.send()
    house.let_in()
    await house.restart(daily_limit=1)
    await house.send(PETRO)
    await house.wait()
    await house.restart()
    assert house.delivery.ledger.latest[OLENA.number].reason == "limit_reached"


async def test_a_failed_send_takes_nothing_back_that_came_after_it(
    house: House,
) -> None:
    """What went out last still counts as the last."""
    recent = house.delivery.sender.recent
    first = recent.begin([OLENA.number], "Fire!")
    recent.begin([OLENA.number], "Water!")
    recent.undo([OLENA.number], first)
    assert recent.with_text([OLENA.number], "Water!") == {OLENA.number}


async def test_a_receipt_of_a_message_that_waited_is_recognised(house: House) -> None:
    """It is a message like any other."""
    house.shut_out()
    await house.send()
    house.let_in()
    await house.wait()
    await house.delivery.ledger.receive(
        DeliveryReceipt(
            message_id=house.gateway.messages[0].message_id,
            gateway_status="delivrd",
            reported_at=None,
        ),
        ReceiptSource.WEBHOOK,
    )
    assert house.ends == [("delivered", None)]


async def test_nothing_of_what_was_forgotten_is_left_in_the_file(house: House) -> None:
    """SQLite leaves copies behind where rows grow, as they do with each receipt."""
    await house.restart(daily_limit=1000)
    house.gateway.settings.balance = Decimal(1000)
    under_way: deque[str] = deque()
    for number in range(400):
        recipient = (OLENA, PETRO, PETRO)[number % 3]
        text = f"{recipient.name}'s message {number} " * (1, 2, 4, 12, 30)[number % 5]
        await house.send(recipient, message=text)
        await house.delivery.database.write(nothing)
        under_way.append(house.gateway.messages[-1].message_id)
        while len(under_way) > number % 7:
            await house.delivery.ledger.receive(
                DeliveryReceipt(
                    message_id=under_way.popleft(),
                    gateway_status="delivrd",
                    reported_at=None,
                ),
                ReceiptSource.WEBHOOK,
            )
            await house.delivery.database.write(nothing)
    house.shut_out()
    await house.send(OLENA, message="Olena's message that waits")
    await house.delivery.forget(OLENA.number)
    files = house.path.parent.glob(f"{house.path.name}*")
    left = b"".join(path.read_bytes() for path in files)
    assert b"Petro's message" in left
    assert b"Olena's message" not in left
    assert OLENA.number.encode() not in left


async def test_what_cannot_be_overwritten_is_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """It is forgotten all the same."""
    await house.send()
    reader = sqlite3.connect(house.path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM messages").fetchone()
    await house.delivery.database.read(
        lambda file: file.execute("PRAGMA busy_timeout = 1").fetchall()
    )
    assert await house.delivery.forget(OLENA.number) == 1
    assert "not overwritten yet" in caplog.text
    reader.close()
