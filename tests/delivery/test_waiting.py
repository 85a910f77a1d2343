"""Messages that wait until they can be sent."""

from datetime import timedelta
import shutil

import pytest

from custom_components.inteltele.delivery import Recipient
from custom_components.inteltele.delivery.pauses import AFTER_A_MINUTE
from custom_components.inteltele.gateway import ErrorReason
from custom_components.inteltele.storage.message import MessageStatus, ReceiptSource
from demo.simulated_gateway import Misbehaviour

from .house import OLENA, PETRO, RETRY_FOR, START, House, stand

REFUSED = ("failed", "ip_not_allowed")
UNKNOWN = ("failed", "outcome_unknown")
FULL = ("failed", "queue_full")


async def test_a_message_waits_for_a_gateway_that_is_off_the_net(house: House) -> None:
    """And is sent once it is there."""
    await house.disconnect()
    assert stand(await house.send()) == [("queued", "cannot_connect")]
    await house.connect()
    await house.wait()
    assert house.texts == ["Water!"]


async def test_a_message_waits_until_the_address_is_allowed(house: House) -> None:
    """A back-up line has another one."""
    house.shut_out()
    assert stand(await house.send()) == [("queued", "ip_not_allowed")]
    house.let_in()
    await house.wait()
    assert house.texts == ["Water!"]


async def test_another_text_within_a_minute_is_sent_after_it(house: House) -> None:
    """The gateway's page does not say whether any text counts as a repetition."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    assert stand(await house.send()) == [("queued", "repeat_detected")]
    assert await house.wait() == [65]
    assert house.texts == ["Fire!", "Water!"]


async def test_several_texts_go_out_in_order_one_a_minute(house: House) -> None:
    """Each with one request, once it is known that the gateway takes no more."""
    house.gateway.settings.repeat_detection = "any_text"
    for text in "abcd":
        await house.send(message=text)
    house.gateway.requests.clear()
    assert await house.wait() == [65, 130, 195]
    assert house.texts == ["a", "b", "c", "d"]
    assert house.gateway.request_count() == 3


async def test_what_has_no_chance_is_told_at_once(house: House) -> None:
    """Not when its time is over."""
    house.gateway.settings.repeat_detection = "any_text"
    enough = timedelta(seconds=100)
    for text in "ab":
        await house.send(message=text, retry_for=enough)
    assert stand(await house.send(message="c", retry_for=enough)) == [FULL]
    assert stand(await house.send(message="d", retry_for=2 * enough)) == [
        ("queued", "repeat_detected")
    ]
    await house.wait()
    assert house.texts == ["a", "b", "d"]


async def test_those_that_are_refused_together_are_told_at_once_as_well(
    house: House,
) -> None:
    """They were asked for before it was known."""
    house.gateway.settings.repeat_detection = "any_text"
    enough = timedelta(seconds=100)
    sends = [house.begin(message=text, retry_for=enough) for text in "abcd"]
    stands = [stand(await house.until(sending))[0] for sending in sends]
    assert stands == [("sent", None), ("queued", "repeat_detected"), FULL, FULL]
    await house.wait()
    assert house.texts == ["a", "b"]


async def test_a_clock_that_is_set_moves_the_minute(house: House) -> None:
    """Nobody waits longer for it."""
    house.gateway.settings.repeat_detection = "any_text"
    for text in "abc":
        await house.send(message=text)
    await house.next()
    house.turn(-30)
    assert (house.outbox.next_due() or house.time) - house.time == AFTER_A_MINUTE


async def test_the_same_text_within_a_minute_fails(house: House) -> None:
    """It arrived already."""
    await house.send()
    assert stand(await house.send()) == [("failed", "repeat_detected")]
    assert house.outbox.room.waiting == 0


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+380671112901", ErrorReason.BLACKLISTED),
        ("+380671112902", ErrorReason.UNKNOWN_COUNTRY),
        ("+380671112903", ErrorReason.NO_ROUTE),
        ("+380671112904", ErrorReason.LOW_BALANCE),
    ],
)
async def test_what_waiting_does_not_change_fails_at_once(
    house: House, number: str, reason: ErrorReason
) -> None:
    """The gateway refuses this very message."""
    assert stand(await house.send(Recipient(number=number))) == [("failed", reason)]
    assert house.outbox.room.waiting == 0


async def test_a_rejected_key_fails_at_once(house: House) -> None:
    """A person has to change it."""
    house.gateway.settings.api_keys = ("other",)
    assert stand(await house.send()) == [("failed", "invalid_auth")]
    assert house.outbox.next_due() is None


async def test_a_key_that_was_rejected_by_mistake_is_tried_again_by_a_send(
    house: House,
) -> None:
    """After six minutes; until then the gateway is not asked."""
    keys, house.gateway.settings.api_keys = house.gateway.settings.api_keys, ("other",)
    rejected = [("failed", "invalid_auth")]
    assert stand(await house.send()) == rejected
    house.gateway.settings.api_keys = keys
    house.turn(359)
    assert stand(await house.send()) == rejected
    house.turn(1)
    assert stand(await house.send()) == [("sent", None)]
    assert stand(await house.send(PETRO)) == [("sent", None)]
    assert house.gateway.request_count() == 3


async def test_an_answer_without_sense_fails_at_once(house: House) -> None:
    """Nobody knows what it means."""
    house.gateway.settings.misbehaviour = Misbehaviour(server_error=403)
    [message] = await house.send()
    assert stand([message]) == [("failed", "invalid_response")]
    assert message.gateway_status == "Internal error"


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(redirect_to="http://127.0.0.1:1", times=2),
        *(Misbehaviour(router_page=page, times=2) for page in (200, 403, 511)),
    ],
)
async def test_what_somebody_else_answers_lets_a_message_wait(
    house: House, misbehaviour: Misbehaviour
) -> None:
    """It did not reach the gateway, so it goes out when the way is free."""
    house.gateway.settings.misbehaviour = misbehaviour
    assert stand(await house.send()) == [("queued", "cannot_connect")]
    assert house.texts == []
    assert await house.wait() == [5, 15]
    assert house.texts == ["Water!"]
    assert house.ends == []


async def test_without_time_to_wait_a_message_fails_at_once(house: House) -> None:
    """As the one who sends it wants."""
    house.shut_out()
    assert stand(await house.send(retry_for=timedelta(0))) == [REFUSED]
    assert house.outbox.next_due() is None


async def test_a_message_whose_time_is_over_failed(house: House) -> None:
    """For the reason that it waited for, and at that very time."""
    await house.disconnect()
    await house.send()
    await house.wait()
    _, message = house.told[-1]
    assert (message.status, message.reason, message.source) == (
        MessageStatus.FAILED,
        ErrorReason.CANNOT_CONNECT,
        ReceiptSource.HOUSE,
    )
    assert message.reported_at == START + RETRY_FOR
    assert message.seconds is None
    assert house.ledger.counters.failed == 1
    assert house.ledger.counters.sent == 0


async def test_what_waits_is_on_disk_before_it_is_told(house: House) -> None:
    """Both that it waits, and what it says."""
    house.shut_out()
    await house.send()
    assert await house.history() == [("queued", "ip_not_allowed")]
    [[number, text, submission]] = house.rows(
        "SELECT number, text, submission FROM messages"
    )
    assert (number, text) == (OLENA.number, "Water!")
    assert '"until":' in submission


async def test_what_was_sent_is_on_disk_as_sent(waiting: House) -> None:
    """In the place that it had while it waited."""
    await waiting.wait()
    await waiting.restart()
    assert waiting.rows("SELECT seq, status, submission FROM messages") == [
        (1, "sent", None)
    ]


async def test_what_waited_is_told_like_any_other_message(waiting: House) -> None:
    """With the gateway's id and the time at which it was sent."""
    [(_, before), *_] = waiting.told
    await waiting.wait()
    _, message = waiting.told[-1]
    [taken] = waiting.gateway.messages
    assert message.id == before.id
    assert message.message_id == taken.message_id
    assert message.sent_at == START + timedelta(seconds=5)
    assert message.cost == taken.cost
    assert waiting.ledger.under_way == [message]


async def test_messages_to_one_number_keep_their_order(house: House) -> None:
    """A later one waits for an earlier one, even where it could be sent."""
    house.shut_out()
    await house.send(message="Fire!")
    house.let_in()
    assert stand(await house.send(message="Storm!")) == [("queued", "ip_not_allowed")]
    await house.wait()
    assert house.texts == ["Fire!", "Storm!"]


async def test_a_message_that_is_tried_in_vain_keeps_its_place(house: House) -> None:
    """Before those that came after it."""
    house.shut_out()
    await house.send(message="Fire!")
    await house.send(message="Storm!")
    while house.time < START + timedelta(seconds=60):
        await house.next()
    house.let_in()
    await house.wait()
    assert house.texts == ["Fire!", "Storm!"]


async def test_a_message_that_waits_holds_up_nobody_else(house: House) -> None:
    """Each number has an order of its own."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.send(message="Storm!")
    messages = await house.send(OLENA, PETRO)
    assert stand(messages) == [("queued", "repeat_detected"), ("sent", None)]
    await house.wait()
    assert [(message.number, message.text) for message in house.gateway.messages] == [
        (OLENA.number, "Fire!"),
        (PETRO.number, "Water!"),
        (OLENA.number, "Storm!"),
        (OLENA.number, "Water!"),
    ]


async def test_what_must_not_wait_overtakes_what_does(house: House) -> None:
    """With no time to wait, only now counts."""
    house.shut_out()
    await house.send(message="Fire!")
    house.let_in()
    assert stand(await house.send(retry_for=timedelta(0))) == [("sent", None)]


async def test_a_later_message_may_fail_before_an_earlier_one(house: House) -> None:
    """Its time is over first."""
    house.shut_out()
    await house.send(message="Fire!")
    await house.send(message="Storm!", retry_for=timedelta(seconds=7))
    await house.work_after(8)
    assert [after.text for _, after in house.told if after.ended] == ["Storm!"]
    house.let_in()
    await house.wait()
    assert house.texts == ["Fire!"]


async def test_one_request_sends_to_all_who_wait_for_the_same(house: House) -> None:
    """As it would have been without waiting."""
    house.shut_out()
    await house.send(OLENA, PETRO)
    house.let_in()
    house.gateway.requests.clear()
    await house.wait()
    assert house.gateway.request_count() == 1
    assert len(house.gateway.messages) == 2


async def test_what_keeps_its_minute_keeps_it_over_a_restart(house: House) -> None:
    """The gateway remembers it, too."""
    house.gateway.settings.repeat_detection = "any_text"
    await house.send(message="Fire!")
    await house.send()
    await house.restart(after=10)
    assert await house.wait() == [65]
    assert house.texts == ["Fire!", "Water!"]


async def test_a_message_whose_time_went_by_while_the_house_was_off_failed(
    waiting: House,
) -> None:
    """Nothing old is sent."""
    await waiting.restart(after=RETRY_FOR.total_seconds())
    await waiting.work()
    assert waiting.ends == [REFUSED]
    assert waiting.gateway.request_count() == 0


async def test_a_restored_backup_sends_nothing_old(waiting: House) -> None:
    """Although the messages wait in it."""
    await waiting.delivery.close()
    backup = waiting.path.with_name("backup")
    shutil.copy(waiting.path, backup)
    await waiting.start()
    await waiting.wait()
    await waiting.delivery.close()
    shutil.copy(backup, waiting.path)
    await waiting.start(after=86400)
    await waiting.wait()
    assert waiting.texts == ["Water!"]
    assert waiting.ends == [REFUSED]


async def test_after_the_end_nothing_is_tried(waiting: House) -> None:
    """It waits for the next start."""
    waiting.outbox.stop()
    await waiting.work_after(5)
    assert waiting.gateway.request_count() == 0
    assert waiting.outbox.room.waiting == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE messages SET submission = NULL",
        "UPDATE messages SET submission = '{}'",
        "UPDATE messages SET submission = 'nonsense'",
        "UPDATE messages SET submission = 'null'",
        """UPDATE messages SET submission = '{"until":"x","content":{}}'""",
        """UPDATE messages SET submission = '{"until":1,"content":{"message":""}}'""",
    ],
)
async def test_what_cannot_be_read_any_more_is_told_as_unknown(
    waiting: House, damage: str
) -> None:
    """It does not wait for ever."""
    await waiting.damage(damage)
    await waiting.restart()
    assert waiting.ends == [UNKNOWN]
    assert waiting.ledger.pending == 0
    assert waiting.outbox.next_due() is None


async def test_a_reason_of_a_later_version_keeps_nothing_back(waiting: House) -> None:
    """Whoever goes back to this version finds it unknown."""
    await waiting.damage("UPDATE messages SET reason = 'of a later version'")
    await waiting.restart()
    assert await waiting.history() == [("queued", "unknown")]
    await waiting.wait()
    assert waiting.texts == ["Water!"]
