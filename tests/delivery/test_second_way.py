"""An SMS that goes out where Viber did not get through in time."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.inteltele.delivery import (
    MessageRequest,
    Recipient,
    RetryPolicy,
    plan,
)
from custom_components.inteltele.gateway import ContentError
from custom_components.inteltele.public import Pressed
from custom_components.inteltele.storage.answer_links import Answer, AnswerLink
from custom_components.inteltele.storage.message import Channel, Message, MessageStatus
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, RETRY_FOR, House, stand

AFTER = 180
BY_BOTH = MessageRequest(message="Water!", sms_after=AFTER, sms_sender="MyHouse")
NO_DATA = Recipient(number="+380671112912", name="Olena")
NO_ROUTE = Recipient(number="+380671112903", name="Abroad")
OPTED_OUT = Recipient(number="+380671112901")


async def _send(
    house: House,
    *recipients: Recipient,
    request: MessageRequest = BY_BOTH,
    retry_for: timedelta = RETRY_FOR,
    resend_unknown: bool = False,
) -> Message:
    """Send by both ways, and return how the first message stands then."""
    sending = asyncio.create_task(
        house.delivery.send(
            plan(request, recipients or [NO_DATA]),
            RetryPolicy(retry_for=retry_for, resend_unknown=resend_unknown),
        )
    )
    return (await house.until(sending))[0]


async def _wait_for_sms(house: House, seconds: float = AFTER) -> None:
    """Let the time on Viber go by, and do what is due."""
    house.turn(seconds)
    await house.delivery.second_ways.work()
    await house.work()


def _ways(house: House) -> Sequence[tuple[str, str]]:
    """Return by which way each text was taken."""
    return [(message.api, message.text) for message in house.gateway.messages]


async def _report(house: House, status: str, of: int = 0) -> None:
    """Report on one of the messages that the gateway took."""
    taken = house.gateway.messages[of]
    await house.report(status, message_id=taken.message_id)


async def _now(house: House) -> Message:
    """Return the newest message."""
    [message, *_] = await house.ledger.history(None, None, 1)
    return message


async def test_what_viber_does_not_deliver_in_time_goes_by_sms(house: House) -> None:
    """Viber's own time is over a little earlier; it is one message all the while."""
    sent = await _send(house)
    assert (sent.status, sent.channel, sent.ttl) == ("sent", "viber", AFTER - 10)
    due = house.delivery.second_ways.next_due()
    assert due == house.time + timedelta(seconds=AFTER)
    await _wait_for_sms(house)
    assert _ways(house) == [("viber", "Water!"), ("sms", "Water!")]
    now = await _now(house)
    assert (now.id, now.status, now.channel) == (sent.id, "sent", "sms")
    assert now.other_id == sent.message_id
    assert now.message_id == house.gateway.messages[1].message_id
    assert house.ledger.counters.sent == 1
    assert house.ledger.counters.spent == now.cost
    assert (now.cost or 0) > (sent.cost or 0) > 0


async def test_the_gateway_is_asked_once_vibers_time_is_over(house: House) -> None:
    """Which is a minute at least; before that it cannot tell."""
    await _send(house, request=replace(BY_BOTH, sms_after=60))
    due = house.delivery.second_ways.next_due()
    assert due == house.time + timedelta(seconds=70)


async def test_a_house_that_gets_no_reports_pays_once(house: House) -> None:
    """The gateway is asked before an SMS costs something."""
    await _send(house, OLENA)
    await _wait_for_sms(house)
    assert _ways(house) == [("viber", "Water!")]
    now = await _now(house)
    assert (now.status, now.source, now.sms_parts) == ("delivered", "poll", None)
    assert house.delivery.second_ways.next_due() is None


async def test_a_report_that_comes_first_spares_the_sms(house: House) -> None:
    """And gives back what was set aside for it."""
    await _send(house)
    assert house.delivery.allowance.left == 498
    await _report(house, "delivrd")
    assert house.delivery.allowance.left == 499
    await _wait_for_sms(house)
    assert _ways(house) == [("viber", "Water!")]


async def test_without_an_answer_the_sms_goes_out(house: House) -> None:
    """A gateway that cannot tell may still be able to send."""
    await _send(house)
    house.gateway.settings.misbehaviour = Misbehaviour(
        server_error=500, apply_to=("/im/status/",)
    )
    await _wait_for_sms(house)
    assert _ways(house)[-1] == ("sms", "Water!")


@pytest.mark.parametrize("status", ["expired", "undeliv", "rejectd", "unknown"])
async def test_where_viber_failed_the_sms_goes_at_once(
    house: House, status: str
) -> None:
    """Nothing is told of that but the SMS."""
    await _send(house)
    house.told.clear()
    await _report(house, status)
    await house.work()
    assert _ways(house)[-1] == ("sms", "Water!")
    assert house.ends == []
    assert (await _now(house)).status == "sent"


async def test_where_both_fail_that_is_told_once(house: House) -> None:
    """With what became of the SMS."""
    await _send(house)
    await _report(house, "expired")
    await house.work()
    await _report(house, "undeliv", of=1)
    assert house.ends == [("failed", "undeliverable")]
    await _report(house, "expired")
    assert house.ledger.counters.failed == 1


async def test_delivered_by_either_way_stands(house: House) -> None:
    """Viber may be late."""
    await _send(house)
    await _wait_for_sms(house)
    await _report(house, "expired")
    assert (await _now(house)).status == "sent"
    await _report(house, "delivrd")
    now = await _now(house)
    assert (now.status, now.channel) == ("delivered", "viber")
    await _report(house, "undeliv", of=1)
    assert house.ends == [("delivered", None)]


async def test_what_viber_cannot_reach_goes_by_sms_at_once(house: House) -> None:
    """It costs nothing by Viber."""
    sent = await _send(house, NO_ROUTE)
    assert (sent.status, sent.channel) == ("queued", "sms")
    await house.work()
    assert _ways(house) == [("sms", "Water!")]
    assert house.ledger.counters.sent == 1
    assert house.ends == []


async def test_who_opted_out_gets_no_sms_either(house: House) -> None:
    """A person said no."""
    assert (await _send(house, OPTED_OUT)).status == "failed"
    assert house.ends == [("failed", "blacklisted")]
    assert house.delivery.second_ways.next_due() is None
    assert house.delivery.allowance.left == 500


async def test_what_hits_everybody_waits_as_usual(house: House) -> None:
    """It then goes by Viber."""
    house.shut_out()
    assert stand([await _send(house)]) == [("queued", "ip_not_allowed")]
    house.let_in()
    await house.next()
    assert _ways(house) == [("viber", "Water!")]
    assert (await _now(house)).channel is Channel.VIBER


async def test_what_never_left_ends_where_its_time_is_over(house: House) -> None:
    """An SMS would fare no better."""
    house.shut_out()
    await _send(house)
    await house.wait()
    assert house.ends == [("failed", "ip_not_allowed")]
    assert house.delivery.allowance.left == 500


async def test_where_the_answer_was_lost_the_sms_waits_for_the_time(
    house: House,
) -> None:
    """The message may have arrived; nobody else waits for it."""
    house.gateway.settings.misbehaviour = Misbehaviour(
        cut_off="after_work", apply_to=("/im/send/",)
    )
    began = house.time
    sent = await _send(house)
    assert stand([sent]) == [("queued", "outcome_unknown")]
    house.gateway.settings.misbehaviour = Misbehaviour()
    await house.send(NO_DATA, message="Door!")
    assert [text for _, text in _ways(house)][-1] == "Door!"
    await house.next()
    assert house.time == began + timedelta(seconds=AFTER)
    assert _ways(house)[-1] == ("sms", "Water!")
    assert [way for way in _ways(house) if way[1] == "Water!"].count(
        ("sms", "Water!")
    ) == 1


async def test_an_answer_spares_the_sms(house: House) -> None:
    """Whoever answered has got it."""
    message = await _send(house)
    house.delivery._pressed(_press(message))
    assert house.delivery.second_ways.next_due() is None
    assert house.delivery.allowance.left == 499
    await _wait_for_sms(house)
    assert _ways(house) == [("viber", "Water!")]


async def test_an_answer_spares_an_sms_that_was_waiting(house: House) -> None:
    """The gateway's own answer was lost, that of the person was not."""
    house.gateway.settings.misbehaviour = Misbehaviour(
        cut_off="after_work", apply_to=("/im/send/",)
    )
    message = await _send(house)
    house.delivery._pressed(_press(message))
    now = await _now(house)
    assert (now.status, now.channel, now.sms_parts) == ("sent", "viber", None)
    assert house.outbox.next_due() is None
    assert house.ledger.counters.sent == 1


def _press(message: Message) -> Pressed:
    """Return a press of the button of a message."""
    link = AnswerLink(
        fingerprint="f",
        number=message.number,
        recipient=None,
        answers=(Answer(action="OPEN", text="Open"),),
        valid_until=message.sent_at,
        message=message.seq,
    )
    return Pressed(link=link, message=message, answer=link.answers[0], place=1)


async def test_it_outlives_a_restart(house: House) -> None:
    """And a time that was over meanwhile is made up for."""
    await _send(house)
    await house.restart(after=20)
    assert house.delivery.allowance.left == 498
    await _wait_for_sms(house)
    assert _ways(house)[-1] == ("sms", "Water!")
    await house.restart()
    assert house.delivery.second_ways.next_due() is None
    await house.work()
    assert len(_ways(house)) == 2
    await _report(house, "delivrd", of=1)
    assert (await _now(house)).status is MessageStatus.DELIVERED


async def test_an_sms_whose_answer_was_lost_is_known_by_its_repetition(
    house: House,
) -> None:
    """It is not sent twice."""
    await _send(house)
    house.gateway.settings.misbehaviour = Misbehaviour(
        cut_off="after_work", apply_to=("/message/send/",), times=1
    )
    await _wait_for_sms(house)
    while (await _now(house)).status == "queued":
        await house.next()
    assert _ways(house).count(("sms", "Water!")) == 1
    assert stand([await _now(house)]) == [("sent", None)]


async def test_where_the_minute_counts_for_both_the_sms_waits(house: House) -> None:
    """It is never dropped."""
    house.gateway.settings.repeat_across = True
    house.gateway.settings.repeat_detection = "any_text"
    await _send(house, request=replace(BY_BOTH, sms_after=60))
    await _report(house, "expired")
    await house.work()
    assert stand([await _now(house)]) == [("queued", "repeat_detected")]
    await house.next()
    assert _ways(house)[-1] == ("sms", "Water!")


async def test_a_clock_that_is_set_moves_the_second_way(house: House) -> None:
    """It neither goes early nor late."""
    await _send(house)
    house.turn(3600)
    house.delivery.move(timedelta(hours=1))
    due = house.delivery.second_ways.next_due()
    assert due == house.time + timedelta(seconds=AFTER)
    message = await _now(house)
    assert message.second_way is not None
    assert message.second_way.due_at == due


async def test_a_message_by_sms_alone(house: House) -> None:
    """It uses up no Viber message."""
    request = MessageRequest(
        message="Water!", title="Alarm", channel=Channel.SMS, sms_sender="MyHouse"
    )
    message = await _send(house, OLENA, request=request)
    assert (message.status, message.channel, message.ttl) == ("sent", "sms", None)
    assert _ways(house) == [("sms", "Alarm\nWater!")]
    assert house.delivery.allowance.left == 499


async def test_a_limit_with_no_room_for_an_sms_lets_viber_go_on(house: House) -> None:
    """What is for SMS alone is refused."""
    await house.restart(daily_limit=3)
    await _send(house)
    second = await _send(house, OLENA)
    assert (second.status, second.second_way) == ("sent", None)
    by_sms = MessageRequest(message="Fire!", channel=Channel.SMS, sms_sender="MyHouse")
    assert stand([await _send(house, request=by_sms)]) == [("failed", "limit_reached")]


async def test_an_sms_is_asked_about_by_its_own_way(house: House) -> None:
    """Where its report got lost."""
    by_sms = MessageRequest(message="Fire!", channel=Channel.SMS, sms_sender="MyHouse")
    await _send(house, OLENA, request=by_sms)
    await house.gateway.settle()
    house.turn(30)
    await house.delivery.poller.ask()
    assert house.gateway.request_count("/message/status/") == 1
    assert (await _now(house)).status is MessageStatus.DELIVERED


async def test_one_without_an_id_goes_its_second_way_too(house: House) -> None:
    """Nobody can be asked what became of it."""
    message = await _send(house)
    lost = replace(message, message_id=None)
    house.ledger.change([(message, lost)])
    await _wait_for_sms(house)
    now = await _now(house)
    assert (now.channel, now.other_id, now.status) == ("sms", "", "sent")
    assert house.ledger.counters.sent == 1


async def test_what_was_deleted_goes_no_second_way(house: House) -> None:
    """Its reason is gone."""
    await _send(house)
    await house.delivery.forget(NO_DATA.number)
    await _wait_for_sms(house)
    assert len(_ways(house)) == 1


async def test_an_early_report_on_viber_waits_for_the_answer_to_the_sms(
    house: House,
) -> None:
    """What the SMS cost is known first."""
    sent = await _send(house)
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=0.2, apply_to=("/message/send/",)
    )
    house.turn(AFTER)
    await house.delivery.second_ways.work()
    await house.outbox.work()
    await _report(house, "delivrd")
    assert house.ends == []
    await house.rest()
    now = await _now(house)
    assert (now.status, now.channel) == ("delivered", "viber")
    assert house.ledger.counters.spent == now.cost
    assert (now.cost or 0) > (sent.cost or 0)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"sms_sender": None}, "sms_sender_missing"),
        ({"sms_after": 59}, "sms_after_out_of_range"),
        ({"sms_after": 86401}, "sms_after_out_of_range"),
        ({"latest": 180}, "sms_after_beyond_button"),
        ({"sms_fallback": False}, "sms_after_without_fallback"),
        ({"channel": Channel.SMS}, "sms_after_sms"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, object], rule: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ContentError) as err:
        plan(replace(BY_BOTH, **fields), [NO_DATA])
    assert err.value.rule == rule
