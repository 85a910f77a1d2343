"""Messages of which the gateway's answer was lost."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from custom_components.inteltele.delivery import Recipient
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, START, House, ask_olena, stand

LOST = Misbehaviour(cut_off="after_work")
UNKNOWN = ("failed", "outcome_unknown")


@pytest.mark.parametrize("cut_off", ["before_work", "after_work"])
@pytest.mark.parametrize("times", [1, 2, 20])
async def test_a_lost_answer_is_asked_for_as_often_as_it_takes(
    house: House, cut_off: Any, times: int
) -> None:
    """Byte for byte, so that the gateway sees a repetition and takes it once."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off=cut_off, times=times)
    assert stand(await house.send()) == [("sent", None)]
    assert house.texts == ["Water!"]
    sent = {str(request.parameters) for request in house.gateway.requests}
    assert len(sent) == 1
    assert house.gateway.request_count() == times + 1
    assert house.time == START + timedelta(seconds=2 * times)


async def test_a_message_that_was_lost_is_sent_by_its_repetition(house: House) -> None:
    """With an id of its own, and in its own time."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    [message] = await house.send()
    assert message.message_id == house.gateway.messages[0].message_id
    assert message.sent_at == START


async def test_a_message_that_was_taken_without_an_answer_has_no_id(
    house: House,
) -> None:
    """It counts as sent, and what it cost is not known."""
    house.gateway.settings.misbehaviour = Misbehaviour(server_error=502, times=1)
    [message] = await house.send()
    assert stand([message]) == [("sent", None)]
    assert message.message_id is None
    assert house.ledger.counters.sent == 1
    assert house.ledger.pending == 0


async def test_a_message_whose_answer_was_lost_waits_as_one_that_may_have_arrived(
    house: House,
) -> None:
    """It is told so while it is being asked for."""
    house.gateway.settings.misbehaviour = LOST
    sending = house.begin()
    await house.asked()
    await house.rest()
    [message] = house.ledger.queued.values()
    assert (message.reason, message.attempted_at) == ("outcome_unknown", START)
    assert house.outbox.interrupted == 1
    assert not sending.done()
    await house.until(sending)


async def test_an_answer_that_stays_lost_leaves_the_outcome_unknown(
    house: House,
) -> None:
    """After fifty seconds nobody can tell, so nothing is pretended."""
    house.gateway.settings.misbehaviour = LOST
    assert stand(await house.send()) == [UNKNOWN]
    assert house.time == START + timedelta(seconds=50)
    assert house.ends == [UNKNOWN]
    assert await house.history() == [UNKNOWN]
    assert house.gateway.request_count() == 25


async def test_a_gateway_out_of_reach_is_asked_again_within_its_minute(
    house: House,
) -> None:
    """Until it tells what became of the message."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    sending = house.begin()
    await house.asked()
    await house.rest()
    await house.disconnect()
    while house.time < START + timedelta(seconds=20):
        await house.next()
    await house.connect()
    assert stand(await house.until(sending)) == [("sent", None)]
    assert house.texts == ["Water!"]


@pytest.mark.parametrize(
    "line_down",
    [
        Misbehaviour(server_error=502, times=5),
        Misbehaviour(cut_off="before_work", times=4),
        Misbehaviour(router_page=200, times=4),
        Misbehaviour(redirect_to="http://127.0.0.1:1", times=4),
    ],
)
async def test_a_line_that_fails_for_some_seconds_changes_nothing(
    house: House, line_down: Misbehaviour
) -> None:
    """Whatever stands in the gateway's place, the message arrives once and is known."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    sending = house.begin()
    await house.asked()
    await house.rest()
    house.gateway.settings.misbehaviour = line_down
    assert stand(await house.until(sending)) == [("sent", None)]
    assert house.texts == ["Water!"]
    assert house.time <= START + timedelta(seconds=12)


async def test_no_pause_keeps_a_lost_answer_from_being_asked_for(house: House) -> None:
    """It would be longer than the gateway remembers."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    sending = house.begin()
    await house.asked()
    await house.rest()
    house.shut_out()
    await house.send(PETRO)
    while house.time < START + timedelta(seconds=40):
        await house.next()
    house.let_in()
    assert stand(await house.until(sending)) == [("sent", None)]
    assert house.time == START + timedelta(seconds=42)


async def test_a_lock_out_does_keep_it_from_being_asked_for(house: House) -> None:
    """Each request would prolong it."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    sending = house.begin()
    await house.asked()
    await house.rest()
    await house.lock_out()
    assert stand(await house.until(sending)) == [UNKNOWN]
    assert house.gateway.request_count() == 1


async def test_a_rejected_key_ends_the_asking(house: House) -> None:
    """Nothing more can be learned."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    sending = house.begin()
    await house.asked()
    await house.rest()
    house.gateway.settings.api_keys = ("other",)
    assert stand(await house.until(sending)) == [UNKNOWN]
    assert house.gateway.request_count() == 2


async def test_lost_answers_are_made_up_for_where_that_is_wanted(house: House) -> None:
    """After 65 seconds, as long as there is time; it may arrive twice."""
    house.gateway.settings.misbehaviour = LOST
    messages = await house.send(retry_for=timedelta(minutes=4), resend_unknown=True)
    assert stand(messages) == [("queued", "outcome_unknown")]
    await house.wait()
    assert house.ends == [UNKNOWN]
    assert house.texts == ["Water!"] * 3
    assert house.time == START + timedelta(seconds=280)


async def test_an_answer_without_sense_may_be_made_up_for_as_well(house: House) -> None:
    """With a status of success, the message may have been taken."""
    house.gateway.settings.misbehaviour = Misbehaviour(html_body=True, times=1)
    assert stand(await house.send(resend_unknown=True)) == [
        ("queued", "outcome_unknown")
    ]
    assert await house.wait() == [65]
    assert house.texts == ["Water!"] * 2


@pytest.mark.parametrize("detection", ["same_text", "any_text"])
async def test_a_repetition_proves_nothing_where_another_message_went_before(
    house: House, detection: Any
) -> None:
    """It may be the other one that the gateway means."""
    house.gateway.settings.repeat_detection = detection
    await house.send(message="Fire!")
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    assert stand(await house.send()) == [UNKNOWN]


async def test_another_message_more_than_a_minute_ago_does_not_matter(
    house: House,
) -> None:
    """The gateway forgot it as well."""
    await house.send(message="Fire!")
    house.turn(61)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    assert stand(await house.send()) == [("sent", None)]


async def test_a_message_behind_one_that_may_have_arrived_did_certainly_not(
    house: House,
) -> None:
    """It waits, and says so."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    first = house.begin(message="Fire!")
    await house.asked()
    await house.rest()
    assert stand(await house.send()) == [("queued", "cannot_connect")]
    await house.until(first)
    await house.wait()
    assert house.texts == ["Fire!", "Water!"]


async def test_who_was_refused_before_an_answer_was_lost_stays_unknown(
    house: House,
) -> None:
    """Once a message may have arrived, no later refusal tells that it did not."""
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work", times=1)
    [message] = await house.send(Recipient(number="+380671112904"))
    assert stand([message]) == [UNKNOWN]


async def test_a_number_without_an_answer_of_its_own_is_unknown(house: House) -> None:
    """The others are known."""
    house.gateway.settings.misbehaviour.omit_results = 1
    assert stand(await house.send(OLENA, PETRO)) == [UNKNOWN, ("sent", None)]
    assert house.gateway.request_count() == 1


async def test_what_one_request_asked_for_is_repeated_by_one_request(
    house: House,
) -> None:
    """Also by a clock that goes on meanwhile."""
    house.ticks = timedelta(microseconds=1)
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    assert stand(await house.send(OLENA, PETRO)) == [("sent", None)] * 2
    first, second = house.gateway.requests
    assert first.parameters == second.parameters


async def test_what_the_outbox_asked_for_is_repeated_by_one_request_too(
    house: House,
) -> None:
    """Although both had waited."""
    house.ticks = timedelta(microseconds=1)
    house.shut_out()
    await house.send(OLENA, PETRO)
    house.let_in()
    house.gateway.requests.clear()
    house.gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work", times=1)
    await house.wait()
    assert house.gateway.request_count() == 2
    assert await house.history() == [("sent", None)] * 2


async def _press(house: House) -> None:
    """Let Olena answer the question that she was sent last."""
    [link] = house.delivery.answers._links.values()
    await house.delivery.answers.press(link, link.answers[0])


async def test_whoever_answered_has_got_the_message(house: House) -> None:
    """So it was sent, although the gateway's answer was lost."""
    house.gateway.settings.misbehaviour = LOST
    sending = asyncio.create_task(ask_olena(house, "question"))
    await house.asked()
    await house.rest()
    await _press(house)
    assert stand(await sending) == [("sent", None)]
    assert await house.history() == [("sent", None)]
    assert house.outbox.next_due() is None
    assert len(house.pressed) == 1


async def test_an_answer_while_the_gateway_is_asked_stands(house: House) -> None:
    """Whatever the gateway says after that."""
    house.gateway.settings.misbehaviour = Misbehaviour(delay=0.1, cut_off="after_work")
    sending = asyncio.create_task(ask_olena(house, "question"))
    await house.asked()
    await _press(house)
    await house.rest()
    assert stand(await sending) == [("sent", None)]
    assert house.ledger.queued == {}
    assert house.ledger.counters.sent == 1


async def test_an_answer_to_what_was_sent_changes_nothing_else(house: House) -> None:
    """It is followed to its end as before."""
    await ask_olena(house, "question")
    told = list(house.told)
    await _press(house)
    assert house.told == told
    assert house.delivery.poller.followed == 1
