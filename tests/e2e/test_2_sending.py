"""All three ways to send, and what comes back."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from demo.house import House, HouseError
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, PATIENCE, PETRO, SetUpAccount, heard, until_event_type


async def test_a_notify_entity_sends(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """Message and title."""
    await house.act(
        "notify.send_message",
        entity_id="notify.olena",
        message="Water!",
        title="Alarm",
    )
    [message] = quiet_gateway.messages
    assert (message.number, message.text) == (OLENA, "*Alarm*\nWater!")
    assert (await house.state("notify.olena"))["state"] != "unknown"


async def test_the_full_action_sends_everything_and_answers(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """As a Viber message, or as SMS where there is no Viber."""
    response = await house.call(
        "inteltele.send_message",
        entity_id="notify.petro",
        message="Water!",
        title="Alarm",
        image="https://example.org/cellar.jpg",
        button_text="See",
        button_url="https://example.org/cellar",
        sender="MyHouse",
        ttl={"minutes": 5},
        sms_message="Wet",
        sms_sender="Cellar",
    )
    [message] = quiet_gateway.messages
    await quiet_gateway.settle()
    assert (message.channel, message.image, message.button_link) == (
        "sms",
        "https://example.org/cellar.jpg",
        "https://example.org/cellar",
    )
    assert (message.sender, message.ttl) == ("MyHouse", 300)
    assert (message.sms_source, message.sms_text) == ("Cellar", "Wet")
    assert len(response["messages"][0].pop("id")) == 26
    assert response == {
        "messages": [
            {
                "number": PETRO,
                "entity_id": "notify.petro",
                "status": "sent",
                "message_id": message.message_id,
                "channel": "viber",
                "cost": 0.45,
                "country": "ua",
                "sms_parts": 1,
                "error": None,
            }
        ],
        "warnings": [],
    }


async def test_the_legacy_action_sends(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """To everyone where nobody is named."""
    await house.act("notify.inteltele", message="Fire!")
    assert {message.number for message in quiet_gateway.messages} == {OLENA, PETRO}


async def test_a_hundred_numbers_take_one_request(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """In one action."""
    quiet_gateway.settings.balance = Decimal(100)
    response = await house.call(
        "inteltele.send_message",
        message="Storm!",
        to=[f"+38067111{number}" for number in range(1000, 1100)],
    )
    assert len(response["messages"]) == 100
    assert quiet_gateway.request_count("/im/send/") == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("before_reply", [False, True])
async def test_a_receipt_becomes_an_event(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    method: Any,
    before_reply: bool,
) -> None:
    """By either method, before or after the reply to the send."""
    quiet_gateway.settings.report_method = method
    quiet_gateway.settings.misbehaviour.report_before_reply = before_reply
    async with house.events("inteltele_delivery_status") as events:
        await house.act(
            "inteltele.send_message", entity_id="notify.olena", message="Water!"
        )
        event = await heard(events)
    [message] = quiet_gateway.messages
    assert event.pop("seconds") >= 0
    assert event.pop("reported_at").endswith("+00:00")
    assert event.pop("device_id")
    assert len(event.pop("id")) == 26
    assert event == {
        "entry_id": account.entry_id,
        "message_id": message.message_id,
        "channel": "viber",
        "number": OLENA,
        "recipient": "Olena",
        "status": "delivered",
        "reason": None,
        "gateway_status": "delivrd",
        "source": "webhook",
    }
    attributes = await until_event_type(house, "event.olena_delivery", "delivered")
    assert attributes["friendly_name"] == "Olena Delivery"
    quiet_gateway.settings.misbehaviour.report_before_reply = False


async def test_a_failure_becomes_an_event_with_its_reason(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """For a number that has no entity, too."""
    async with house.events("inteltele_delivery_status") as events:
        await house.act("inteltele.send_message", to="+380671112916", message="Water!")
        event = await heard(events)
    assert (event["status"], event["reason"]) == ("failed", "undeliverable")
    assert event["recipient"] is None


async def test_activity_tells_of_a_number_without_entities(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """In words, with the number masked, and once."""
    start = datetime.now(UTC).isoformat()
    async with house.events("inteltele_delivery_status") as events:
        await house.act("inteltele.send_message", to="+380671112299", message="Water!")
        await heard(events)
    lines: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while not lines:
            # The recorder writes every few seconds.
            await asyncio.sleep(0.5)
            shown = await house.command("logbook/get_events", start_time=start)
            lines = [
                line["message"] for line in shown if line.get("domain") == "inteltele"
            ]
    [line] = lines
    assert line.startswith("Message to +380…2299 was delivered after")


async def test_an_outcome_is_learned_without_a_report(
    house: House, account: SetUpAccount, quiet_gateway: SimulatedGateway
) -> None:
    """A house that nobody reaches asks for it, half a minute later."""
    quiet_gateway.settings.report_url = None
    # A house where reports come in asks later; this one starts anew.
    await house.kill()
    await house.start()
    await house.wait_until_running()
    async with house.events("inteltele_delivery_status") as events:
        await house.act(
            "inteltele.send_message", entity_id="notify.olena", message="Water!"
        )
        event = await heard(events, patience=60)
    quiet_gateway.settings.report_url = account.report_url
    assert (event["status"], event["source"]) == ("delivered", "poll")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"message": ""}, "Message.* is empty"),
        ({"message": "x" * 1001}, "have 1001 characters together"),
        ({"image": "ftp://example.org/a.jpg"}, "Picture URL"),
        ({"image": "https://example.org/a.JPG"}, "must end in .jpg, .jpeg or .png"),
        ({"button_text": "Go"}, "Button link.* is empty"),
        ({"button_url": "https://example.org"}, "Button text.* is empty"),
        ({"ttl": 59}, "Time to live.* is 59 seconds"),
        ({"ttl": 86401}, "Time to live.* is 86401 seconds"),
        ({"sms_sender": "ab"}, "SMS sender"),
        ({"sms_sender": "abcdefghijkl"}, "SMS sender"),
        ({"sms_message": "Wet"}, "An SMS needs a sender"),
        ({"to": ["12"]}, "is not a valid phone number"),
        ({"to": [671112233]}, "Put it in quotes"),
        ({"entity_id": "notify.nobody"}, "is not a recipient of IntelTele"),
        ({"entity_id": "none"}, "Nobody to send to"),
    ],
)
async def test_bad_input_is_told_in_a_sentence_and_nothing_is_sent(
    house: House, quiet_gateway: SimulatedGateway, fields: dict[str, Any], words: str
) -> None:
    """It names the field and the rule."""
    call = {"entity_id": "notify.olena", "message": "Water!", **fields}
    with pytest.raises(HouseError, match=words):
        await house.act("inteltele.send_message", **call)
    assert quiet_gateway.request_count() == 0


async def test_the_log_holds_no_trouble_of_ours(house: House) -> None:
    """After all that was sent, refused and reported so far."""
    ours = [line for line in house.log.splitlines() if "custom_components" in line]
    assert ours
    assert not [line for line in ours if " WARNING " in line or " ERROR " in line]
    assert not [line for line in ours if line.lstrip().startswith("File ")]
