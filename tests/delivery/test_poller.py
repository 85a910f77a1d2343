"""Asking for outcomes that nobody reports."""

from collections.abc import Sequence
from typing import Any

import pytest

from custom_components.inteltele.delivery import MessageRequest, Recipient, plan
from custom_components.inteltele.delivery.poller import MAX_AT_ONCE
from custom_components.inteltele.gateway import (
    CannotConnectError,
    DeliveryReceipt,
    FailureReason,
    InvalidResponseError,
)
from custom_components.inteltele.storage.message import MessageStatus, ReceiptSource
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, START, House, crowd


class Asking:
    """What asks about the messages of a house, and when."""

    def __init__(self, house: House) -> None:
        """Ask about nothing yet."""
        self.house = house

    async def send(self, *recipients: Recipient, ttl: int = 3600) -> None:
        """Send a message whose outcome the gateway does not know yet."""
        request = MessageRequest(message="Water!", ttl=ttl)
        await self.house.delivery.send(plan(request, recipients or [OLENA]))
        await self.house.gateway.settle()
        self.all_become("enroute")
        self.house.gateway.requests.clear()
        self.house.told.clear()

    def all_become(self, status: str) -> None:
        """Give every message a state at the gateway."""
        for message in self.house.gateway.messages:
            message.status = status
            message.reported_at = self.house.time

    async def ask_after(self, seconds: float) -> int:
        """Ask after some time, and return how many requests that took."""
        self.house.turn(seconds)
        before = self.house.gateway.request_count("/im/status/")
        await self.house.delivery.poller.ask()
        return self.house.gateway.request_count("/im/status/") - before

    def due_in(self) -> float:
        """Return in how many seconds something is to be asked."""
        due = self.house.delivery.poller.next_due()
        assert due is not None
        return (due - self.house.time).total_seconds()

    async def pass_time(self) -> list[float]:
        """Let time pass to each moment when something is due, and return them all."""
        asked = []
        while (due := self.house.delivery.poller.next_due()) is not None:
            self.house.time = max(self.house.time, due)
            asked.append((self.house.time - START).total_seconds())
            await self.house.delivery.poller.ask()
        return asked


@pytest.fixture
def asking(house: House) -> Asking:
    """Return what asks about messages."""
    return Asking(house)


async def test_nothing_is_asked_where_nothing_is_under_way(
    house: House, asking: Asking
) -> None:
    """The poller sleeps."""
    assert await asking.ask_after(0) == 0
    assert house.delivery.poller.next_due() is None


async def test_questions_become_rarer_until_a_day_after_the_time_to_live(
    house: House, asking: Asking
) -> None:
    """Then the message failed, for an unknown reason."""
    await asking.send(ttl=3600)
    moments = await asking.pass_time()
    assert moments[:7] == [30, 60, 120, 300, 900, 3615, 3615 + 3605]
    assert moments[-1] == 3600 + 86400
    assert len(moments) < 32
    [(_, message)] = house.told
    assert (message.status, message.reason, message.source) == (
        MessageStatus.FAILED,
        FailureReason.UNKNOWN,
        ReceiptSource.HOUSE,
    )


async def test_an_outcome_is_learned_without_any_report(
    house: House, asking: Asking
) -> None:
    """The webhook is not needed."""
    await asking.send(OLENA, PETRO)
    house.turn(30)
    asking.all_become("delivrd")
    assert await asking.ask_after(0) == 1
    assert house.delivery.poller.next_due() is None
    assert house.ends == [("delivered", None)] * 2
    _, message = house.told[0]
    assert (message.source, message.seconds) == (ReceiptSource.POLL, 30)


async def test_less_is_asked_while_reports_come_in_by_themselves(
    house: House, asking: Asking
) -> None:
    """One may get lost: after 2 and 15 minutes, an hour, and the time to live."""
    await asking.send(PETRO)
    await house.report("delivrd")
    await asking.send(OLENA, ttl=7200)
    assert (await asking.pass_time())[:5] == [120, 900, 3600, 7215, 7215 + 3605]


async def test_more_is_asked_once_no_reports_come_in_any_more(
    house: House, asking: Asking
) -> None:
    """After a day."""
    await asking.send(PETRO)
    await house.report("delivrd")
    house.turn(86400)
    await asking.send(OLENA)
    assert asking.due_in() == 30


async def test_a_report_ends_the_asking(house: House, asking: Asking) -> None:
    """There is nothing left to learn."""
    await asking.send()
    await house.report("delivrd", 1)
    assert house.delivery.poller.next_due() is None
    assert house.delivery.poller.followed == 0


async def test_what_was_deleted_is_asked_about_no_more(
    house: House, asking: Asking
) -> None:
    """The gateway is not told of it either."""
    await asking.send()
    await house.delivery.forget(OLENA.number)
    assert await asking.ask_after(30) == 0
    assert house.delivery.poller.next_due() is None


async def test_after_a_start_everything_is_asked_about_at_once(
    house: House, asking: Asking
) -> None:
    """What was reported meanwhile was lost."""
    await asking.send()
    asking.all_become("delivrd")
    await house.restart(after=7)
    assert asking.due_in() == 0
    assert await asking.ask_after(0) == 1
    assert await house.history() == [("delivered", None)]


async def test_messages_of_about_the_same_time_are_asked_about_together(
    house: House, asking: Asking
) -> None:
    """One question for all of them."""
    await asking.send(OLENA)
    house.turn(4)
    await asking.send(PETRO)
    assert await asking.ask_after(26) == 1


async def test_many_are_asked_about_in_turn(house: House, asking: Asking) -> None:
    """So many at once, and the others a little later."""
    house.gateway.settings.balance *= 10
    await asking.send(*crowd(MAX_AT_ONCE + 1))
    assert await asking.ask_after(30) == 1
    assert asking.due_in() == 5
    assert await asking.ask_after(5) == 1
    assert asking.due_in() == 25


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(server_error=500),
        Misbehaviour(html_body=True),
        Misbehaviour(cut_off="before_work"),
    ],
)
async def test_a_gateway_that_does_not_answer_is_asked_at_the_next_moment(
    house: House, asking: Asking, misbehaviour: Misbehaviour
) -> None:
    """Not at once."""
    await asking.send()
    house.gateway.settings.misbehaviour = misbehaviour
    await asking.ask_after(30)
    assert asking.due_in() == 30
    assert house.told == []


async def test_a_gateway_out_of_reach_is_asked_again_within_minutes(
    house: House, asking: Asking
) -> None:
    """Also where the next moment would be at the end of the time to live."""
    await asking.send(ttl=86400)
    await house.restart(after=7200)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work")
    assert await asking.ask_after(0) == 1
    assert asking.due_in() == 305
    assert await asking.ask_after(305) == 1
    assert asking.due_in() == 305
    house.gateway.settings.misbehaviour = Misbehaviour()
    asking.all_become("delivrd")
    assert await asking.ask_after(305) == 1
    assert house.ends == [("delivered", None)]


async def test_what_ended_while_it_was_asked_about_is_not_asked_about_again(
    house: House, asking: Asking
) -> None:
    """Its report came by itself."""
    await asking.send()

    class Late:
        """Does not answer before the report comes."""

        async def statuses(self, _: list[str]) -> dict[str, Any]:
            """Be out of reach."""
            await house.report("delivrd")
            raise CannotConnectError("late")

    house.delivery.poller.client = Late()  # type: ignore[assignment]
    await asking.ask_after(30)
    assert house.delivery.poller.followed == 0


@pytest.mark.parametrize("refused", [1, 2, 3, 4])
async def test_ids_that_the_gateway_refuses_spoil_no_other(
    house: House,
    asking: Asking,
    monkeypatch: pytest.MonkeyPatch,
    refused: int,
) -> None:
    """However many there are, and in whatever order they are asked about."""
    await asking.send(*crowd(5))
    asking.all_become("delivrd")
    bad = {message.message_id for message in house.gateway.messages[:refused]}
    statuses = house.delivery.poller.client._statuses
    ask = statuses._ask

    async def refuse(message_ids: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Answer with nonsense where a bad id is asked about."""
        if bad & set(message_ids):
            raise InvalidResponseError("nonsense")
        return await ask(message_ids)

    monkeypatch.setattr(statuses, "_ask", refuse)
    for seconds in (30, 30, 60, 180):
        await asking.ask_after(seconds)
    assert house.ends == [("delivered", None)] * (5 - refused)


async def test_a_lock_out_makes_the_poller_silent(house: House, asking: Asking) -> None:
    """Every request would count against the house."""
    await asking.send()
    house.gateway.settings.api_keys = ("other",)
    house.gateway.settings.lock_out_after = 1
    assert await asking.ask_after(30) == 1
    assert await asking.ask_after(30) == 0
    assert await asking.ask_after(60) == 0


async def test_another_client_is_asked_once_there_is_one(
    house: House, asking: Asking
) -> None:
    """The key or the address changed."""
    await asking.send()

    class Silent:
        """Knows nothing."""

        async def statuses(self, message_ids: list[str]) -> dict[str, Any]:
            """Answer that nothing is known."""
            asked.extend(message_ids)
            return {}

    asked: list[str] = []
    house.delivery.poller.client = Silent()  # type: ignore[assignment]
    assert await asking.ask_after(30) == 0
    assert asked == [house.gateway.messages[0].message_id]


async def test_planning_does_not_depend_on_how_many_are_under_way(
    house: House, asking: Asking
) -> None:
    """Neither what is due next, nor following and ending one more, looks at all."""
    house.gateway.settings.balance *= 10
    await asking.send(*crowd(200))
    looked_at: list[str] = []
    poller = house.delivery.poller

    class Messages(dict[int, Any]):
        """Tells when all are looked at."""

        def __iter__(self) -> Any:
            """Note that somebody looks at all."""
            looked_at.append("iter")
            return super().__iter__()

        def values(self) -> Any:
            """Note that somebody looks at all."""
            looked_at.append("values")
            return super().values()

    poller._due._due_of = Messages(poller._due._due_of)
    house.ledger._under_way = Messages(house.ledger._under_way)
    await asking.send(OLENA)
    poller.next_due()
    await house.report("delivrd")
    poller.next_due()
    assert looked_at == []
    assert house.ledger.pending == 200
