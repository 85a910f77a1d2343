"""An SMS that could not leave when it was due, or whose reason went meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.inteltele.delivery import (
    MessageRequest,
    RetryPolicy,
    plan,
    second_way,
)
from custom_components.inteltele.delivery.request import Link
from custom_components.inteltele.gateway import ErrorReason
from custom_components.inteltele.storage.answer_links import Answer, AnswerLink
from custom_components.inteltele.storage.message import Message
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, House, stand
from .test_second_way import (
    AFTER,
    BY_BOTH,
    NO_DATA,
    NO_ROUTE,
    _now,
    _report,
    _send,
    _wait_for_sms,
    _ways,
)

AT_ONCE_OR_NEVER = timedelta(0)
DAY = 86400.0
BOTH = [("viber", "Water!"), ("sms", "Water!")]


async def _begin_sms(house: House, misbehaviour: Misbehaviour) -> None:
    """Let the SMS be asked for, by a gateway that takes its time."""
    house.gateway.settings.misbehaviour = misbehaviour
    house.turn(AFTER)
    await house.delivery.second_ways.work()
    await house.outbox.work()


def _stranger() -> Misbehaviour:
    """Let the request not reach the gateway, so that it is known not to."""
    return Misbehaviour(
        router_page=511, delay=0.2, apply_to=("/message/send/",), times=1
    )


async def test_what_is_to_fail_at_once_goes_its_second_way_all_the_same(
    house: House,
) -> None:
    """Each way is tried for itself."""
    await _send(house, retry_for=AT_ONCE_OR_NEVER)
    await _wait_for_sms(house)
    assert _ways(house) == BOTH


async def test_what_viber_cannot_reach_goes_by_sms_without_any_retrying(
    house: House,
) -> None:
    """As an option may say."""
    await _send(house, NO_ROUTE, retry_for=AT_ONCE_OR_NEVER)
    await house.work()
    assert _ways(house) == [("sms", "Water!")]


async def test_the_gateways_minute_never_drops_the_sms(house: House) -> None:
    """Where it counts both ways together, and nothing was to be tried again."""
    house.gateway.settings.repeat_across = True
    house.gateway.settings.repeat_detection = "any_text"
    await _send(house, retry_for=AT_ONCE_OR_NEVER)
    await _report(house, "expired")
    await house.wait()
    assert _ways(house) == BOTH


@pytest.mark.parametrize("told_by_poll", [False, True])
async def test_an_old_backup_sends_no_sms(house: House, *, told_by_poll: bool) -> None:
    """It may have gone out since, and what it was about is over."""
    await _send(house)
    await house.restart(after=2 * DAY)
    if told_by_poll:
        await house.delivery.poller.ask()
    await _wait_for_sms(house, 0)
    await house.wait()
    assert _ways(house) == BOTH[:1]
    now = await _now(house)
    assert (now.second_way, now.sms_parts) == (None, None)
    assert house.delivery.second_ways.next_due() is None


async def test_a_house_that_was_off_for_a_while_sends_it_late(house: House) -> None:
    """As long as anything else would be tried again."""
    await _send(house)
    await house.restart(after=AFTER + 14 * 60)
    await _wait_for_sms(house, 0)
    assert _ways(house) == BOTH
    await house.restart()


@pytest.mark.parametrize("restarted", [False, True])
async def test_viber_is_asked_about_again_once_the_line_is_back(
    house: House, *, restarted: bool
) -> None:
    """The line that was cut may have cut off the report, too."""
    await _send(house, OLENA)
    await house.gateway.settle()
    await house.disconnect()
    await _wait_for_sms(house)
    assert stand([await _now(house)]) == [("queued", "cannot_connect")]
    if restarted:
        await house.restart()
    await house.connect()
    await house.wait()
    assert _ways(house) == BOTH[:1]
    assert stand([await _now(house)]) == [("delivered", None)]


async def test_viber_is_asked_about_again_where_the_line_was_down_before(
    house: House,
) -> None:
    """The SMS is not even tried while everything waits."""
    await _send(house, OLENA)
    await house.gateway.settle()
    await house.disconnect()
    house.turn(AFTER - 1)
    await house.send(NO_DATA, message="Door!")
    await _wait_for_sms(house, 1)
    message = house.ledger.sent_with(house.gateway.messages[0].message_id)
    assert message is not None
    assert stand([message]) == [("queued", "cannot_connect")]
    await house.connect()
    house.outbox.wake()
    await house.wait()
    assert house.texts == ["Water!", "Door!"]


async def test_a_gateway_that_hangs_keeps_no_sms_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may still be able to send."""
    monkeypatch.setattr(second_way, "ASKED_WITHIN", 0.05)
    await _send(house)
    house.gateway.settings.misbehaviour = Misbehaviour(
        delay=1, apply_to=("/im/status/",)
    )
    await _wait_for_sms(house)
    assert _ways(house) == BOTH


async def test_what_viber_did_not_deliver_goes_by_sms_once_the_line_is_back(
    house: House,
) -> None:
    """Once."""
    await _send(house)
    await house.disconnect()
    await _wait_for_sms(house)
    await house.connect()
    await house.wait()
    assert _ways(house) == BOTH


async def test_an_sms_is_not_held_up_by_what_cannot_be_asked(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong with that."""

    async def fail(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(house.outbox, "_ask_again", fail)
    await _send(house)
    await house.disconnect()
    await _wait_for_sms(house)
    await house.connect()
    await house.wait()
    assert _ways(house) == BOTH
    assert "what became of messages" in caplog.text


async def test_a_delivery_while_the_sms_is_asked_for_spares_the_next_try(
    house: House,
) -> None:
    """The gateway did not take that one."""
    await _send(house)
    await _begin_sms(house, _stranger())
    await _report(house, "delivrd")
    await house.rest()
    await house.wait()
    assert _ways(house) == BOTH[:1]
    assert stand([await _now(house)]) == [("delivered", None)]


async def test_a_delivery_by_viber_stands_where_the_sms_gets_lost(
    house: House,
) -> None:
    """However long it took until that was given up."""
    await _send(house)
    await _begin_sms(
        house, Misbehaviour(cut_off="after_work", apply_to=("/message/send/",))
    )
    await _report(house, "delivrd")
    # Another message's answer comes meanwhile.
    house.turn(61)
    await house.send(OLENA, message="Door!")
    await house.wait()
    message = next(
        item
        for item in await house.ledger.history(None, None, 9)
        if item.number == NO_DATA.number
    )
    assert stand([message]) == [("delivered", None)]


async def test_a_delivery_by_viber_stands_against_an_older_word_on_the_sms(
    house: House,
) -> None:
    """They are two messages to the gateway."""
    await _send(house)
    await _wait_for_sms(house)
    viber, sms = (item.message_id for item in house.gateway.messages)
    await house.report("undeliv", after=400, message_id=sms)
    await house.report("delivrd", after=200, message_id=viber)
    now = await _now(house)
    assert (now.status, now.channel) == ("delivered", "viber")


async def _ask_with_link(house: House) -> tuple[Message, AnswerLink]:
    """Send a question by both ways, and return its link."""
    valid_until = house.time + timedelta(hours=1)
    kept = AnswerLink(
        fingerprint="water",
        number=NO_DATA.number,
        recipient=None,
        answers=(Answer(action="OPEN", text="Open"),),
        valid_until=valid_until,
    )
    url = "https://house.example.org/a"
    link = Link(url=url, fingerprint="water", valid_until=valid_until)
    request: MessageRequest = replace(
        BY_BOTH, button_text="Open", links={NO_DATA.number: link}
    )
    [message] = await house.delivery.send(
        plan(request, [NO_DATA]),
        RetryPolicy(retry_for=timedelta(minutes=15)),
        [kept],
    )
    return message, replace(kept, message=message.seq)


async def test_an_answer_while_the_sms_is_asked_for_spares_the_next_try(
    house: House,
) -> None:
    """Whoever answered has got it."""
    _, link = await _ask_with_link(house)
    await _begin_sms(house, _stranger())
    await house.delivery.answers.press(link, link.answers[0])
    assert (await _now(house)).reason is None
    await house.rest()
    assert stand([await _now(house)]) == [("sent", None)]
    assert house.outbox.next_due() is None
    await house.wait()
    assert len(house.gateway.messages) == 1
    assert house.delivery.allowance.left == 499


async def test_an_answer_spares_an_sms_that_waits_for_the_line(house: House) -> None:
    """It came by another one."""
    _, link = await _ask_with_link(house)
    await house.disconnect()
    await _wait_for_sms(house)
    assert (await _now(house)).reason is ErrorReason.CANNOT_CONNECT
    await house.delivery.answers.press(link, link.answers[0])
    assert stand([await _now(house)]) == [("sent", None)]
    await house.connect()
    await house.wait()
    assert len(house.gateway.messages) == 1
