"""Automations to copy do what they say."""

import asyncio
from copy import deepcopy
from typing import Any, Final

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
from yarl import URL

from custom_components.inteltele.const import (
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
)
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO
from .pages import yaml_blocks

AUTOMATIONS: Final = {
    block.content["alias"]: block.content
    for block in yaml_blocks()
    if "alias" in block.content
}
CHECK: Final = "Messages get through"


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let an automation wait for its hour when the test is over."""
    return True


@pytest.fixture(autouse=True)
def _house_on_the_internet(home: HomeAssistant) -> None:
    """Give the house a public address."""
    home.config.external_url = "https://house.example.org"


async def _copy(home: HomeAssistant, alias: str, **changed: Any) -> None:
    """Put an automation into the house, its first action changed where asked for."""
    automation = deepcopy(AUTOMATIONS[alias])
    for field, value in changed.items():
        automation["actions"][0]["data"][field] = value
    assert await async_setup_component(home, "automation", {"automation": automation})
    await home.async_block_till_done()


def _texts(gateway: SimulatedGateway) -> list[tuple[str, str]]:
    """Return to whom what was sent."""
    return [(message.number, message.text) for message in gateway.messages]


@pytest.fixture
def told(home: HomeAssistant) -> list[ServiceCall]:
    """Return what the dashboard shows."""
    return async_mock_service(home, "persistent_notification", "create")


async def test_a_visitor_is_shown_to_everyone_with_answers(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Also without the camera, which this house does not have."""
    await _copy(home, "Somebody is at the gate")
    home.states.async_set("binary_sensor.doorbell", "on")
    await home.async_block_till_done()
    assert [message.number for message in gateway.messages] == [OLENA, PETRO]
    assert [message.button_text for message in gateway.messages] == ["Answer"] * 2


async def test_an_answer_opens_the_gate(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And everyone learns of it."""
    opened = async_mock_service(home, "cover", "open_cover")
    await _copy(home, "Open the gate from a message")
    home.bus.async_fire(
        EVENT_BUTTON_PRESSED, {"action": "open_gate", "recipient": "Olena"}
    )
    await home.async_block_till_done()
    assert [call.data["entity_id"] for call in opened] == [["cover.gate"]]
    text = "The gate opens. Olena was asked."
    assert _texts(gateway) == [(OLENA, text), (PETRO, text)]


@pytest.mark.parametrize(
    ("position", "gates"), [(0, [["cover.gate"]]), (1, [])], ids=["open", "ignore"]
)
async def test_the_answer_of_somebody_opens_the_gate(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    position: int,
    gates: list[list[str]],
) -> None:
    """Given to the question of the first automation; another answer does not."""
    opened = async_mock_service(home, "cover", "open_cover")
    alias = "Open the gate when Olena says so"
    question = AUTOMATIONS["Somebody is at the gate"]["actions"][0]["data"]
    asked = {name: question[name] for name in ("entity_id", "button_text", "answers")}
    await _copy(home, alias)
    await home.services.async_call(
        "inteltele",
        "send_message",
        {"message": "Somebody is at the gate.", **asked},
        blocking=True,
    )
    answers = account.runtime_data.answers
    link = answers.find(URL(gateway.messages[0].button_link or "").name)
    await answers.press(link, link.answers[position])
    await home.async_block_till_done()
    assert [call.data["entity_id"] for call in opened] == gates


async def test_an_alert_reaches_a_group_of_different_services(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """With what is meant for one of them only."""
    [config] = [block.content for block in yaml_blocks() if "notify" in block.content]
    home.states.async_set("binary_sensor.cellar_leak", "off")
    assert await async_setup_component(home, "notify", config)
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    assert await async_setup_component(home, "alert", config)
    await home.async_block_till_done()
    home.states.async_set("binary_sensor.cellar_leak", "on")
    await home.async_block_till_done()
    text = "*Alarm*\nWater in the cellar!"
    assert _texts(gateway) == [(OLENA, text), (PETRO, text)]
    assert {message.sms_source for message in gateway.messages} == {"MyHouse"}
    shown = persistent_notification._async_get_or_create_notifications(home)
    assert {name: item["message"] for name, item in shown.items()} == {
        "cellar_leak": "Water in the cellar!"
    }


async def test_another_answer_leaves_the_gate_alone(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody is written to."""
    await _copy(home, "Open the gate from a message")
    home.bus.async_fire(
        EVENT_BUTTON_PRESSED, {"action": "ignore_visitor", "recipient": "Olena"}
    )
    await home.async_block_till_done()
    assert gateway.messages == []


@pytest.mark.parametrize(
    ("name", "numbers"), [("Olena", [PETRO]), ("Petro", []), (None, [])]
)
async def test_a_failed_message_is_told_to_another(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    name: str | None,
    numbers: list[str],
) -> None:
    """And a failure of that one to nobody, so that it does not go round."""
    await _copy(home, "Olena did not get a message")
    home.bus.async_fire(
        EVENT_DELIVERY_STATUS,
        {"status": "failed", "recipient": name, "reason": "expired"},
    )
    await home.async_block_till_done()
    assert [message.number for message in gateway.messages] == numbers


async def test_a_low_balance_is_told_on_the_dashboard(
    home: HomeAssistant, account: MockConfigEntry, told: list[ServiceCall]
) -> None:
    """With what is left."""
    await _copy(home, "The balance at IntelTele is low")
    home.states.async_set("binary_sensor.inteltele_low_balance", "on")
    await home.async_block_till_done()
    [call] = told
    assert call.data["message"] == "The balance is 25.00 UAH. Top up the account."


@pytest.mark.parametrize(("status", "count"), [("delivrd", 0), ("rejectd", 1)])
async def test_a_daily_message_that_does_not_arrive_is_noticed(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    told: list[ServiceCall],
    status: str,
    count: int,
) -> None:
    """And one that does is not."""
    await _copy(home, CHECK)
    home.async_create_task(
        home.services.async_call(
            "automation", "trigger", {"entity_id": "automation.messages_get_through"}
        )
    )
    delivery = account.runtime_data.delivery
    while not delivery.ledger.under_way:
        await asyncio.sleep(0.01)
    [message] = delivery.ledger.under_way
    await delivery.receive(
        parse_receipt({"msgid": message.message_id, "status": status}),
        ReceiptSource.WEBHOOK,
    )
    await home.async_block_till_done()
    assert len(told) == count


async def test_a_daily_message_that_cannot_be_sent_is_noticed(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    told: list[ServiceCall],
) -> None:
    """The automation goes on after the error."""
    await gateway.stop()
    await _copy(home, CHECK)
    await home.services.async_call(
        "automation", "trigger", {"entity_id": "automation.messages_get_through"}
    )
    await home.async_block_till_done()
    assert len(told) == 1
