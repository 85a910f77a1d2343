"""An SMS of the house's own, by the action."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, recipient, settled

NO_DATA = "+380671112912"


async def _send(home: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Send, and return the response."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", "to": [NO_DATA], "sms_sender": "MyHouse"} | fields,
        blocking=True,
        return_response=True,
    )
    return dict(response)


async def test_an_sms_from_the_beginning(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The response says by which way it went, and how many parts it took."""
    response = await _send(home, channel="sms", title="Alarm")
    [message] = response["messages"]
    assert (message["status"], message["channel"], message["sms_parts"]) == (
        "sent",
        "sms",
        1,
    )
    [taken] = gateway.messages
    assert (taken.api, taken.text, taken.sender) == ("sms", "Alarm\nWater!", "MyHouse")


async def test_a_picture_stays_behind(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And that is said."""
    response = await _send(
        home, channel="sms", image="https://house.example.org/porch.jpg"
    )
    assert response["warnings"] == ["An SMS has no picture: it was sent without."]
    assert gateway.messages[0].text == "Water!"


async def test_where_viber_is_late_an_sms_follows(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """One message, with one id and one end."""
    events: list[Event] = async_capture_events(home, "inteltele_delivery_status")
    response = await _send(home, sms_after={"seconds": 60})
    [message] = response["messages"]
    assert (message["channel"], gateway.messages[0].ttl) == ("viber", 60)
    service = account.runtime_data.delivery
    due = service.second_ways.next_due()
    assert due is not None
    assert due - dt_util.utcnow() > timedelta(seconds=50)
    for _ in range(4):
        # It is first seen whether Viber has delivered after all.
        freezer.tick(61)
        async_fire_time_changed(home)
        await settled(home)
    assert [taken.api for taken in gateway.messages] == ["viber", "sms"]
    report = {"msgid": gateway.messages[1].message_id, "status": "delivrd"}
    await service.receive(parse_receipt(report), ReceiptSource.WEBHOOK)
    await home.async_block_till_done()
    [event] = events
    assert (event.data["id"], event.data["channel"]) == (message["id"], "sms")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"sms_after": {"seconds": 30}}, "sms_after_out_of_range"),
        ({"sms_after": {"hours": 25}}, "sms_after_out_of_range"),
        ({"sms_after": 180, "sms_fallback": False}, "sms_after_without_fallback"),
        ({"sms_after": 180, "channel": "sms"}, "sms_after_sms"),
        ({"sms_after": 180, "sms_sender": None}, "sms_sender_missing"),
        ({"channel": "sms", "sms_message": "x" * 700}, "sms_message_too_long"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
    key: str,
) -> None:
    """Before anything leaves."""
    given = {"sms_sender": "MyHouse"} | fields
    given = {name: value for name, value in given.items() if value is not None}
    with pytest.raises(ServiceValidationError) as err:
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "to": [NO_DATA]} | given,
            blocking=True,
        )
    assert err.value.translation_key == key
    assert gateway.messages == []


async def test_a_daily_limit_without_room_sends_by_viber_alone(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And says so."""
    home.config_entries.async_update_entry(account, options={"daily_limit": 1})
    await home.async_block_till_done()
    response = await _send(home, sms_after=180)
    assert response["messages"][0]["status"] == "sent"
    [warning] = response["warnings"]
    assert warning.startswith("The daily limit or the SMS limit leaves no room for an")


@pytest.mark.parametrize(
    "options", [{"sms_sender": "MyHouse", "sms_after": {"minutes": 3}}]
)
async def test_a_time_that_is_set_for_all_holds_for_every_way_to_send(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Also for a bare number; a call may say otherwise."""
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("notify", "send_message", {"entity_id": "notify.olena"}),
        ("notify", "inteltele", {"target": "Olena"}),
        (DOMAIN, "send_message", {"entity_id": "notify.olena"}),
        (DOMAIN, "send_message", {"to": NO_DATA}),
        (DOMAIN, "send_message", {"to": NO_DATA, "sms_after": 600}),
        (DOMAIN, "send_message", {"to": NO_DATA, "sms_fallback": False}),
    ]
    for number, (domain, action, fields) in enumerate(calls):
        await home.services.async_call(
            domain, action, {"message": f"Water {number}!"} | fields, blocking=True
        )
    assert [message.ttl for message in gateway.messages] == [170] * 4 + [590, 86400]
    history = await account.runtime_data.ledger.history(None, None, 10)
    assert [message.sms_parts for message in reversed(history)] == [1] * 5 + [None]


@pytest.mark.parametrize(
    "recipients",
    [
        [
            recipient(
                "olena",
                "Olena",
                OLENA,
                sms_after={"minutes": 2},
                sms_sender="MyHouse",
            ),
            recipient("petro", "Petro", PETRO),
        ]
    ],
)
@pytest.mark.parametrize(
    "options", [{"sms_sender": "House", "sms_after": {"minutes": 3}}]
)
async def test_a_recipients_time_goes_before_that_for_all(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """One without takes that."""
    await home.services.async_call(
        "notify", "inteltele", {"message": "Water!"}, blocking=True
    )
    assert {message.number: message.ttl for message in gateway.messages} == {
        OLENA: 110,
        PETRO: 170,
    }


@pytest.mark.parametrize("options", [{"sms_after": {"minutes": 3}}])
async def test_without_a_sender_an_alarm_goes_by_viber(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The forms do not let it come to that, but nobody is to miss it."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", "to": [NO_DATA]},
        blocking=True,
        return_response=True,
    )
    assert response["messages"][0]["status"] == "sent"
    assert response["warnings"] == [
        (
            "An SMS is set, but no SMS sender: only Viber messages are sent. "
            "Set one in the account's options."
        )
    ]


@pytest.mark.parametrize(
    "options", [{"sms_sender": "House", "sms_after": {"minutes": 3}}]
)
async def test_a_question_leaves_time_for_the_answer_by_sms(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The time that is set gives way; a call that knows better is told."""
    await home.config.async_update(external_url="https://house.example.org")
    question = {"button_text": "Open", "button_action": "OPEN"}
    response = await _send(home, **question, button_valid={"minutes": 12})
    assert any("expires before the SMS" in one for one in response["warnings"])
    assert gateway.messages[-1].ttl == 110
    with pytest.raises(ServiceValidationError) as err:
        await _send(home, **question, button_valid={"minutes": 12}, sms_after=180)
    assert err.value.translation_key == "sms_after_beyond_button"
    # As long as is needed, where nobody says for how long.
    await _send(home, **question, sms_after={"hours": 24}, message="Fire!")
    assert gateway.messages[-1].text == "Fire!"


async def test_who_does_not_wait_for_the_sms_is_told(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The action ends before it is known what became of it."""
    response = await _send(
        home, sms_after=180, wait_for="delivered", wait_timeout={"milliseconds": 1}
    )
    [warning] = response["warnings"]
    assert warning.startswith("The action stops waiting before the SMS is sent")


@pytest.mark.parametrize(
    ("number", "fields", "text"),
    [
        (
            "+881612345678",
            {},
            '"Send by" is SMS, but no SMS goes to +881…5678: premium rate, shared',
        ),
        (
            NO_DATA,
            {"button_text": "Open", "button_url": "ftp://e.org"},
            '"Button link" is "ftp://e.org". It must be a web address',
        ),
    ],
)
async def test_what_cannot_go_by_sms_is_refused_by_the_fields_name(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    number: str,
    fields: dict[str, str],
    text: str,
) -> None:
    """Before anything is sent to anybody."""
    with pytest.raises(ServiceValidationError) as err:
        await _send(home, to=[NO_DATA, number], channel="sms", **fields)
    assert str(err.value).startswith(text)
    assert gateway.messages == []


@pytest.mark.parametrize("options", [{"sms_limit": 1}])
async def test_a_reached_sms_limit_is_told_once_and_viber_goes_on(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Until there is room again."""
    issues = ir.async_get(home).issues
    issue = (DOMAIN, "limit_reached_account")
    await _send(home, sms_after=180)
    assert issue not in issues
    response = await _send(home, sms_after=180, message="Fire!")
    assert response["messages"][0]["status"] == "sent"
    assert "SMS limit leaves no room" in response["warnings"][0]
    assert issue in issues
    with pytest.raises(HomeAssistantError) as err:
        await _send(home, channel="sms", message="Gas!")
    assert err.value.translation_key == "limit_reached"
    assert [message.api for message in gateway.messages] == ["viber", "viber"]
    home.config_entries.async_update_entry(account, options={"sms_limit": 2})
    await home.async_block_till_done()
    assert issue not in issues


@pytest.mark.parametrize("options", [{"sms_limit": 0}])
async def test_who_wants_no_sms_gets_none(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody needs to look after that."""
    response = await _send(home, sms_after=180)
    assert response["messages"][0]["sms_parts"] is None
    assert (DOMAIN, "limit_reached_account") not in ir.async_get(home).issues
