"""An SMS of the house's own, by the action."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
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
    monkeypatch: pytest.MonkeyPatch,
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
    later = dt_util.utcnow() + timedelta(seconds=61)
    for part in (service.second_ways, service.outbox):
        monkeypatch.setattr(part, "_now", lambda: later)
    async_fire_time_changed(home, later)
    await home.async_block_till_done()
    await gateway.settle()
    while len(gateway.messages) < 2:
        await service.second_ways.work()
        await service.outbox.work()
        await home.async_block_till_done()
    async with asyncio.timeout(5):
        while service.ledger.queued:
            await asyncio.sleep(0.01)
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
    assert response["warnings"] == [
        "The daily limit leaves no room for an SMS: only Viber messages are sent."
    ]
