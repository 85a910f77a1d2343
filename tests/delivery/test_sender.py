"""Sending: everyone is tried, and nobody gets a message twice."""

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from custom_components.inteltele.delivery import (
    MessageRequest,
    Notice,
    Outcome,
    Recipient,
    Sender,
    SendStatus,
    plan,
)
from custom_components.inteltele.delivery.allowance import Allowance
from custom_components.inteltele.delivery.compose import Composed
from custom_components.inteltele.gateway import ErrorReason, GatewayClient
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from ..conftest import API_KEY, USERNAME

OLENA = Recipient(number="+380671112233", name="Olena")
PETRO = Recipient(
    number="+380671112244", name="Petro", sms_fallback=True, sms_sender="House"
)


class Clock:
    """A monotonic clock that sleeping moves on."""

    def __init__(self) -> None:
        """Start somewhere."""
        self.time = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
async def sender(gateway: SimulatedGateway, clock: Clock) -> AsyncGenerator[Sender]:
    """Return a sender to the simulated gateway."""
    async with aiohttp.ClientSession() as session:
        yield Sender(
            GatewayClient(session, url=gateway.url, username=USERNAME, api_key=API_KEY),
            Allowance(1000, now=lambda: datetime.now(UTC)),
            now=lambda: datetime.now(UTC),
            monotonic=lambda: clock.time,
            sleep=clock.sleep,
        )


async def _send(
    sender: Sender, *recipients: Recipient, message: str = "Water!"
) -> list[Outcome]:
    """Send a message and return the outcomes."""
    outcomes: list[Outcome] = []
    for composed, group in plan(MessageRequest(message=message), recipients).items():
        outcomes += await sender.send(composed, group, _ignore)
    return outcomes


def _ignore(_: Composed, __: Sequence[Outcome]) -> None:
    """Do nothing with what the gateway took."""


async def test_recipients_with_other_content_get_requests_of_their_own(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """One with a fallback and one without."""
    outcomes = await _send(sender, OLENA, PETRO)
    assert [outcome.status for outcome in outcomes] == [SendStatus.SENT] * 2
    assert [outcome.sms_parts for outcome in outcomes] == [None, 1]
    assert [(message.number, message.ttl) for message in gateway.messages] == [
        (OLENA.number, 86400),
        (PETRO.number, 180),
    ]
    assert gateway.request_count() == 2


async def test_what_the_gateway_took_is_told_in_the_same_step(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """And nothing else is."""
    told: list[tuple[Composed, Sequence[Outcome]]] = []
    opted_out = Recipient(number="+380671112901")
    [(composed, group)] = plan(
        MessageRequest(message="Water!"), [OLENA, opted_out]
    ).items()
    first, _ = await sender.send(composed, group, lambda *taken: told.append(taken))
    assert told == [(composed, [first])]
    assert first.message_id == gateway.messages[0].message_id


async def test_250_recipients_take_three_requests(
    sender: Sender, gateway: SimulatedGateway, settings: GatewaySettings
) -> None:
    """A hundred numbers fit into one."""
    settings.balance *= 10
    crowd = [Recipient(number=f"+38067111{number}") for number in range(1000, 1250)]
    outcomes = await _send(sender, *crowd)
    assert {outcome.status for outcome in outcomes} == {SendStatus.SENT}
    assert gateway.request_count() == 3


@pytest.mark.parametrize("misbehaviour", ["before_work", "after_work"])
async def test_a_lost_answer_is_asked_for_once_more_without_sending_twice(
    sender: Sender, gateway: SimulatedGateway, clock: Clock, misbehaviour: Any
) -> None:
    """Byte for byte, so that the gateway sees a repetition."""
    gateway.settings.misbehaviour = Misbehaviour(cut_off=misbehaviour, times=1)
    [outcome] = await _send(sender, OLENA)
    assert outcome.status is SendStatus.SENT
    assert len(gateway.messages) == 1
    [first, second] = gateway.requests
    assert first.parameters == second.parameters
    assert clock.slept == [2.0]


async def test_a_message_that_was_taken_without_an_answer_has_no_id(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """And says so."""
    gateway.settings.misbehaviour = Misbehaviour(server_error=502, times=1)
    [outcome] = await _send(sender, OLENA)
    assert outcome.status is SendStatus.SENT
    assert outcome.message_id is None
    assert outcome.error is None
    assert outcome.notices == {Notice.TAKEN_WITHOUT_ID}


async def test_a_message_that_was_lost_is_sent_by_the_repetition(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """With an id of its own."""
    gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    [outcome] = await _send(sender, OLENA)
    assert outcome.message_id == gateway.messages[0].message_id
    assert outcome.notices == frozenset()


@pytest.mark.parametrize("detection", ["same_text", "any_text"])
async def test_a_repetition_proves_nothing_where_another_message_went_before(
    sender: Sender, gateway: SimulatedGateway, detection: Any
) -> None:
    """It may be the other one that the gateway means."""
    gateway.settings.repeat_detection = detection
    await _send(sender, OLENA, message="Fire!")
    gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    [outcome] = await _send(sender, OLENA)
    assert outcome.status is SendStatus.UNKNOWN
    assert outcome.error is ErrorReason.OUTCOME_UNKNOWN


async def test_another_message_more_than_a_minute_ago_does_not_matter(
    sender: Sender, gateway: SimulatedGateway, clock: Clock
) -> None:
    """The gateway forgot it as well."""
    await _send(sender, OLENA, message="Fire!")
    clock.time += 61
    gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    [outcome] = await _send(sender, OLENA)
    assert outcome.status is SendStatus.SENT


@pytest.mark.parametrize(
    "misbehaviour",
    [Misbehaviour(cut_off="after_work"), Misbehaviour(server_error=500)],
)
async def test_an_answer_that_is_lost_twice_leaves_the_outcome_unknown(
    sender: Sender, gateway: SimulatedGateway, misbehaviour: Misbehaviour
) -> None:
    """Nobody can tell, so nothing is pretended."""
    gateway.settings.misbehaviour = misbehaviour
    [outcome] = await _send(sender, OLENA)
    assert (outcome.status, outcome.error) == (
        SendStatus.UNKNOWN,
        ErrorReason.OUTCOME_UNKNOWN,
    )
    assert gateway.request_count() == 2


async def test_a_repetition_that_would_come_too_late_is_left_out(
    gateway: SimulatedGateway, sender: Sender, clock: Clock
) -> None:
    """After the gateway's minute it would be a second message."""
    gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work")

    async def oversleep(_: float) -> None:
        clock.time += 51

    sender._sleep = oversleep
    [outcome] = await _send(sender, OLENA)
    assert outcome.status is SendStatus.UNKNOWN
    assert gateway.request_count() == 1


async def test_a_number_without_an_answer_of_its_own_is_unknown(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """The others are known."""
    gateway.settings.misbehaviour.omit_results = 1
    other = Recipient(number="+380671112255")
    outcomes = await _send(sender, OLENA, other)
    assert [outcome.status for outcome in outcomes] == [
        SendStatus.UNKNOWN,
        SendStatus.SENT,
    ]


@pytest.mark.parametrize(
    ("misbehaviour", "status"),
    [
        (Misbehaviour(html_body=True), SendStatus.UNKNOWN),
        (Misbehaviour(redirect_to="http://127.0.0.1:1/"), SendStatus.FAILED),
    ],
)
async def test_an_answer_without_sense_is_not_asked_for_again(
    sender: Sender,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
    status: SendStatus,
) -> None:
    """With a status of success, the message may have been taken."""
    gateway.settings.misbehaviour = misbehaviour
    [outcome] = await _send(sender, OLENA)
    assert (outcome.status, outcome.error) == (status, ErrorReason.INVALID_RESPONSE)
    assert outcome.words
    assert gateway.request_count() == 1


async def test_a_refused_request_does_not_keep_others_from_being_tried(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """Except where the gateway must not be asked again."""
    gateway.settings.misbehaviour = Misbehaviour(
        redirect_to="http://127.0.0.1:1/", times=1
    )
    outcomes = await _send(sender, OLENA, PETRO)
    assert [outcome.status for outcome in outcomes] == [
        SendStatus.FAILED,
        SendStatus.SENT,
    ]


async def test_a_wrong_key_makes_one_request_for_everyone(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """Whatever they get."""
    gateway.settings.api_keys = ("other",)
    outcomes = await _send(sender, OLENA, PETRO)
    assert {outcome.error for outcome in outcomes} == {ErrorReason.INVALID_AUTH}
    assert gateway.request_count() == 1


async def test_nobody_at_the_address_is_a_failure_not_an_unknown_outcome(
    sender: Sender, gateway: SimulatedGateway
) -> None:
    """Nothing left the house."""
    await gateway.stop()
    [outcome] = await _send(sender, OLENA)
    assert (outcome.status, outcome.error) == (
        SendStatus.FAILED,
        ErrorReason.CANNOT_CONNECT,
    )
