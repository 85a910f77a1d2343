"""What the gateway's answer to a request means for each number."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import aiohttp
import pytest

from custom_components.inteltele.delivery.repeat_window import RecentRequests
from custom_components.inteltele.delivery.sender import UNANSWERED, Retry, Sender
from custom_components.inteltele.gateway import (
    ErrorReason,
    GatewayClient,
    MessageContent,
)
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import API_KEY, OLENA, PETRO, USERNAME

OPTED_OUT = "+380671112901"
WATER = MessageContent(message="Water!", ttl=60)
FIRE = MessageContent(message="Fire!", ttl=60)


class House:
    """A house that asks the gateway, with a clock that a test turns."""

    def __init__(self, client: GatewayClient) -> None:
        """Start with nothing asked."""
        self.time = 1000.0
        self.recent = RecentRequests(lambda: self.time)
        self.sender = Sender(client, self.recent)


@pytest.fixture
async def house(gateway: SimulatedGateway) -> AsyncGenerator[House]:
    """Return a house that asks the simulated gateway."""
    async with aiohttp.ClientSession() as session:
        yield House(
            GatewayClient(session, url=gateway.url, username=USERNAME, api_key=API_KEY)
        )


async def test_what_was_taken_comes_with_its_id(
    house: House, gateway: SimulatedGateway
) -> None:
    """And with what it costs."""
    request = house.recent.begin([OLENA], "Water!")
    verdicts = await house.sender.send(WATER, [OLENA], request)
    [message] = gateway.messages
    result = verdicts[OLENA].result
    assert result is not None
    assert (result.message_id, result.cost) == (message.message_id, message.cost)


async def test_each_number_has_a_verdict_of_its_own(house: House) -> None:
    """One is taken, and one refused for good."""
    numbers = [OLENA, OPTED_OUT]
    request = house.recent.begin(numbers, "Water!")
    verdicts = await house.sender.send(WATER, numbers, request)
    assert verdicts[OLENA].result is not None
    assert (verdicts[OPTED_OUT].reason, verdicts[OPTED_OUT].retry) == (
        ErrorReason.BLACKLISTED,
        None,
    )


async def test_what_was_refused_is_no_request_of_the_last_minute(
    house: House,
) -> None:
    """The gateway remembers nothing of it either."""
    numbers = [OLENA, OPTED_OUT]
    request = house.recent.begin(numbers, "Water!")
    await house.sender.send(WATER, numbers, request)
    assert set(house.recent.begin(numbers, "Fire!").busy) == {OLENA}


@pytest.mark.parametrize(
    "misbehaviour",
    [Misbehaviour(cut_off="after_work"), Misbehaviour(server_error=502)],
)
async def test_without_an_answer_it_may_have_arrived(
    house: House, gateway: SimulatedGateway, misbehaviour: Misbehaviour
) -> None:
    """It is to be repeated, the first time and every other."""
    gateway.settings.misbehaviour = misbehaviour
    request = house.recent.begin([OLENA], "Water!")
    assert await house.sender.send(WATER, [OLENA], request) == {OLENA: UNANSWERED}
    assert await house.sender.repeat(WATER, [OLENA], request) == {OLENA: UNANSWERED}


async def test_a_repetition_of_what_was_taken_is_taken_without_an_id(
    house: House, gateway: SimulatedGateway
) -> None:
    """The gateway saw it before."""
    gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    request = house.recent.begin([OLENA], "Water!")
    await house.sender.send(WATER, [OLENA], request)
    verdicts = await house.sender.repeat(WATER, [OLENA], request)
    result = verdicts[OLENA].result
    assert result is not None
    assert result.message_id is None


async def test_a_repetition_proves_nothing_where_something_else_went_after(
    house: House, gateway: SimulatedGateway
) -> None:
    """It may be the other one that the gateway means."""
    gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    first = house.recent.begin([OLENA], "Water!")
    await house.sender.send(WATER, [OLENA], first)
    second = house.recent.begin([OLENA], "Fire!")
    await house.sender.send(FIRE, [OLENA], second)
    verdict = (await house.sender.repeat(WATER, [OLENA], first))[OLENA]
    assert (verdict.may_have_arrived, verdict.retry) == (True, Retry.AFTER_A_MINUTE)


async def test_a_slow_request_goes_on_counting_until_a_minute_after_its_end(
    house: House,
) -> None:
    """The gateway may have taken it at the last moment."""
    slow = house.recent.begin([OLENA], "Water!")
    house.time += 70
    assert OLENA in house.recent.begin([OLENA], "Fire!").busy
    house.recent.end(slow)
    house.time += 59
    assert OLENA in house.recent.begin([OLENA], "Fire!").busy


@pytest.mark.parametrize(
    ("text", "retry"), [("Water!", None), ("Fire!", Retry.AFTER_A_MINUTE)]
)
async def test_only_another_text_is_worth_another_try(
    house: House, gateway: SimulatedGateway, text: str, retry: Retry | None
) -> None:
    """The same one arrived already."""
    gateway.settings.repeat_detection = "any_text"
    first = house.recent.begin([OLENA], "Water!")
    await house.sender.send(WATER, [OLENA], first)
    second = house.recent.begin([OLENA], text)
    content = replace(WATER, message=text)
    verdict = (await house.sender.send(content, [OLENA], second))[OLENA]
    assert (verdict.reason, verdict.retry) == (ErrorReason.REPEAT_DETECTED, retry)


async def test_nobody_at_the_address_is_a_failure_not_an_unknown_outcome(
    house: House, gateway: SimulatedGateway
) -> None:
    """Nothing left the house; but a repetition tells nothing of what came before."""
    await gateway.stop()
    request = house.recent.begin([OLENA], "Water!")
    verdict = (await house.sender.send(WATER, [OLENA], request))[OLENA]
    assert (verdict.reason, verdict.may_have_arrived, verdict.retry) == (
        ErrorReason.CANNOT_CONNECT,
        False,
        Retry.WHEN_REACHABLE,
    )
    assert await house.sender.repeat(WATER, [OLENA], request) == {OLENA: UNANSWERED}


@pytest.mark.parametrize(
    ("misbehaviour", "may_have_arrived", "words"),
    [
        (Misbehaviour(html_body=True), True, None),
        (Misbehaviour(server_error=403), False, "Internal error"),
    ],
)
async def test_an_answer_without_sense_leaves_open_what_was_done(
    house: House,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
    may_have_arrived: bool,
    words: str | None,
) -> None:
    """With a status of success, the message may have been taken."""
    gateway.settings.misbehaviour = misbehaviour
    request = house.recent.begin([OLENA], "Water!")
    verdict = (await house.sender.send(WATER, [OLENA], request))[OLENA]
    assert verdict.may_have_arrived is may_have_arrived
    assert verdict.words
    assert words in {None, verdict.words}


async def test_a_repetition_that_is_answered_without_sense_tells_nothing(
    house: House, gateway: SimulatedGateway
) -> None:
    """It may be tried again when the gateway has forgotten it."""
    request = house.recent.begin([OLENA], "Water!")
    gateway.settings.misbehaviour = Misbehaviour(html_body=True)
    verdict = (await house.sender.repeat(WATER, [OLENA], request))[OLENA]
    assert (verdict.may_have_arrived, verdict.retry) == (True, Retry.AFTER_A_MINUTE)


async def test_a_number_that_an_answer_leaves_out_may_have_been_taken(
    house: House, gateway: SimulatedGateway
) -> None:
    """In the first answer and in one to a repetition."""
    gateway.settings.misbehaviour = Misbehaviour(omit_results=1)
    numbers = [OLENA, PETRO]
    request = house.recent.begin(numbers, "Water!")
    first = await house.sender.send(WATER, numbers, request)
    again = await house.sender.repeat(WATER, numbers, request)
    assert [verdicts[OLENA].may_have_arrived for verdicts in (first, again)] == [
        True,
        True,
    ]
    assert first[PETRO].result is not None


async def test_a_rejected_key_ends_the_repeating(
    house: House, gateway: SimulatedGateway
) -> None:
    """Nothing more can be learned."""
    request = house.recent.begin([OLENA], "Water!")
    gateway.settings.api_keys = ("other",)
    verdict = (await house.sender.repeat(WATER, [OLENA], request))[OLENA]
    assert (verdict.may_have_arrived, verdict.retry) == (True, None)


def test_a_refusal_takes_nothing_back_that_came_after_it() -> None:
    """What went out last still counts as the last."""
    recent = RecentRequests(lambda: 0.0)
    first = recent.begin([OLENA], "Fire!")
    recent.begin([OLENA], "Water!")
    recent.undo([OLENA], first)
    assert set(recent.begin([OLENA], "Water!").same_text) == {OLENA}


def test_a_refusal_that_is_told_twice_takes_nothing_else_back() -> None:
    """Nor one of which nothing is known any more."""
    recent = RecentRequests(lambda: 0.0)
    first = recent.begin([OLENA], "Fire!")
    recent.begin([OLENA], "Water!")
    recent.undo([OLENA, PETRO], first)
    recent.undo([OLENA, PETRO], first)
    assert OLENA in recent.begin([OLENA], "Storm!").busy


def test_numbers_that_nothing_went_to_for_a_minute_are_forgotten() -> None:
    """A year of messages to strangers takes no memory."""
    time = 0.0
    recent = RecentRequests(lambda: time)
    recent.end(recent.begin([OLENA], "Fire!"))
    recent.begin([PETRO], "Fire!")
    time = 61.0
    recent.begin(["+380671112255"], "Fire!")
    assert set(recent._requests) == {PETRO, "+380671112255"}


def test_a_request_of_before_a_restart_counts_for_the_rest_of_its_minute() -> None:
    """Whether its text is known or not."""
    time = 0.0
    recent = RecentRequests(lambda: time)
    recent.remember([OLENA], None, 30.0)
    recent.remember([PETRO], "Fire!", 30.0)
    time = 29.0
    request = recent.begin([OLENA, PETRO], "Fire!")
    assert (set(request.busy), set(request.same_text)) == ({OLENA, PETRO}, {PETRO})
    time = 91.0
    assert recent.begin([OLENA], "Fire!").busy == {OLENA}


def test_a_request_of_the_future_counts_as_one_of_now() -> None:
    """The clock was set back while the house was off."""
    time = 0.0
    recent = RecentRequests(lambda: time)
    recent.remember([OLENA], "Fire!", -3600.0)
    time = 60.0
    assert recent.begin([OLENA], "Fire!").busy == set()
