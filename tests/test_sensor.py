"""Sensors: what is left on the account."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.inteltele.account import announcer
from custom_components.inteltele.coordinator import REFRESH_COOLDOWN, UPDATE_INTERVAL
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from .conftest import OLENA, PETRO, settled

BALANCE = "sensor.inteltele_balance"
GATEWAY_PROBLEM = "binary_sensor.inteltele_gateway"


async def _wait(
    home: HomeAssistant, freezer: FrozenDateTimeFactory, time: timedelta
) -> None:
    """Let some time pass."""
    freezer.tick(time)
    async_fire_time_changed(home)
    await settled(home)


@pytest.mark.parametrize(
    ("sensor", "amount"), [("balance", "-0.42"), ("credit", "1.230000")]
)
async def test_money_is_shown_exactly(
    home: HomeAssistant,
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
    sensor: str,
    amount: str,
) -> None:
    """With the currency that the account is billed in."""
    setattr(gateway.settings, sensor, Decimal(amount))
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    state = home.states.get(f"sensor.inteltele_{sensor}")
    assert Decimal(state.state) == Decimal(amount)
    assert state.attributes["unit_of_measurement"] == "UAH"
    assert state.attributes["device_class"] == "monetary"
    assert state.attributes["state_class"] == "total"


async def test_money_is_asked_for_every_half_hour(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Not more often, where nothing is sent."""
    gateway.settings.balance = Decimal(7)
    await _wait(home, freezer, UPDATE_INTERVAL - timedelta(minutes=1))
    assert gateway.request_count() == 0
    await _wait(home, freezer, timedelta(minutes=2))
    assert Decimal(home.states.get(BALANCE).state) == 7


async def test_sends_refresh_the_balance_once(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """However many there were in a row."""
    for text in ("Water!", "Fire!", "Storm!"):
        await home.services.async_call(
            "notify",
            "send_message",
            {"entity_id": "notify.olena", "message": text},
            blocking=True,
        )
    await _wait(home, freezer, timedelta(seconds=REFRESH_COOLDOWN + 1))
    assert gateway.request_count("/balance/") == 1
    assert Decimal(home.states.get(BALANCE).state) == gateway.settings.balance


async def test_money_is_refreshed_on_demand(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """By homeassistant.update_entity."""
    await async_setup_component(home, "homeassistant", {})
    gateway.settings.balance = Decimal(9)
    await home.services.async_call(
        "homeassistant", "update_entity", {"entity_id": BALANCE}, blocking=True
    )
    await _wait(home, freezer, timedelta(seconds=REFRESH_COOLDOWN + 1))
    assert Decimal(home.states.get(BALANCE).state) == 9


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(html_body=True),
        Misbehaviour(server_error=500),
        Misbehaviour(cut_off="before_work"),
    ],
)
async def test_money_is_unavailable_while_the_gateway_does_not_tell(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
) -> None:
    """And comes back by itself."""
    gateway.settings.misbehaviour = misbehaviour
    await _wait(home, freezer, UPDATE_INTERVAL + timedelta(minutes=1))
    assert home.states.get(BALANCE).state == STATE_UNAVAILABLE
    gateway.settings.misbehaviour = Misbehaviour()
    await _wait(home, freezer, UPDATE_INTERVAL + timedelta(minutes=1))
    assert Decimal(home.states.get(BALANCE).state) == 25


@pytest.mark.parametrize(
    ("hidden", "shown", "amount"),
    [("credit", "balance", Decimal("25.00")), ("balance", "credit", Decimal(0))],
)
@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(amounts="null"),
        Misbehaviour(amounts="comma"),
        Misbehaviour(html_body=True),
        Misbehaviour(router_page=404),
        Misbehaviour(server_error=500),
    ],
)
async def test_an_amount_that_cannot_be_read_does_not_hide_the_other(
    home: HomeAssistant,
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
    hidden: str,
    shown: str,
    amount: Decimal,
) -> None:
    """And is shown again once it can."""
    gateway.settings.misbehaviour = replace(misbehaviour, apply_to=(f"/{hidden}/",))
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    state = home.states.get(f"sensor.inteltele_{hidden}")
    assert state.state == STATE_UNAVAILABLE
    assert Decimal(home.states.get(f"sensor.inteltele_{shown}").state) == amount
    low = home.states.get("binary_sensor.inteltele_low_balance").state
    assert low == (STATE_UNAVAILABLE if hidden == "balance" else STATE_OFF)
    gateway.settings.misbehaviour = Misbehaviour(amounts="number")
    await entry.runtime_data.coordinator.async_refresh()
    await settled(home)
    assert float(home.states.get(f"sensor.inteltele_{hidden}").state) >= 0


@pytest.mark.parametrize("amounts", ["null", "comma"])
async def test_an_amount_that_cannot_be_read_is_no_problem_of_the_gateway(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    amounts: Literal["null", "comma"],
) -> None:
    """It answers, and takes messages."""
    gateway.settings.misbehaviour = Misbehaviour(
        amounts=amounts, apply_to=("/credit/",)
    )
    await account.runtime_data.coordinator.async_refresh()
    await settled(home)
    assert home.states.get(GATEWAY_PROBLEM).state == STATE_OFF


def _figures(home: HomeAssistant) -> list[int]:
    """Return what the account did."""
    names = ("messages_sent", "messages_delivered", "messages_failed")
    return [
        int(home.states.get(f"sensor.inteltele_{name}").state)
        for name in (*names, "messages_pending")
    ]


async def _send(home: HomeAssistant, *numbers: str) -> None:
    """Send a message."""
    await home.services.async_call(
        "inteltele",
        "send_message",
        {"message": "Water!", "to": list(numbers)},
        blocking=True,
    )


async def _report(
    home: HomeAssistant, account: MockConfigEntry, message_id: str, status: str
) -> None:
    """Let the gateway report, and the sensors follow."""
    receipt = parse_receipt({"msgid": message_id, "status": status})
    await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)
    await _follow(home)


async def _follow(home: HomeAssistant) -> None:
    """Wait until the sensors have followed the ledger."""
    await asyncio.sleep(announcer.TELL_AFTER * 2)
    await home.async_block_till_done()


async def test_figures_follow_what_happens(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And outlive a reload."""
    assert _figures(home) == [0, 0, 0, 0]
    await _send(home, OLENA, PETRO, "+380671112255")
    await _follow(home)
    assert _figures(home) == [3, 0, 0, 3]
    assert Decimal(home.states.get("sensor.inteltele_spent").state) == Decimal("0.6")
    first, second, _ = (message.message_id for message in gateway.messages)
    await _report(home, account, first, "delivrd")
    await _report(home, account, second, "undeliv")
    assert _figures(home) == [3, 1, 1, 1]
    await home.config_entries.async_reload(account.entry_id)
    await home.async_block_till_done()
    assert _figures(home) == [3, 1, 1, 1]


async def test_the_last_message_of_a_recipient_is_the_newest(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """What becomes of an older one does not show."""
    gateway.settings.repeat_detection = "off"
    states = [home.states.get("sensor.olena_last_message").state]
    for _ in range(2):
        await _send(home, OLENA)
    await _follow(home)
    states.append(home.states.get("sensor.olena_last_message").state)
    first, second = (message.message_id for message in gateway.messages)
    for message_id, status in ((first, "undeliv"), (second, "delivrd")):
        await _report(home, account, message_id, status)
        states.append(home.states.get("sensor.olena_last_message").state)
    assert states == ["unknown", "sent", "sent", "delivered"]
    await home.config_entries.async_reload(account.entry_id)
    await home.async_block_till_done()
    assert home.states.get("sensor.olena_last_message").state == "delivered"
    assert home.states.get("sensor.petro_last_message").state == "unknown"
