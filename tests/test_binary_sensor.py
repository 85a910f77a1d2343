"""Binary sensors: whether the money runs out, and whether the gateway answers."""

import asyncio
from datetime import timedelta
from decimal import Decimal

from homeassistant.const import (
    EVENT_STATE_CHANGED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.inteltele.account import announcer, work as work_module
from demo.simulated_gateway import Misbehaviour, SimulatedGateway
from demo.simulated_gateway.settings import DEFAULT_IPS

from .conftest import settled

LOW_BALANCE = "binary_sensor.inteltele_low_balance"
GATEWAY = "binary_sensor.inteltele_gateway"


async def _refresh(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Ask the gateway, and let the sensors follow."""
    await account.runtime_data.coordinator.async_refresh()
    await asyncio.sleep(announcer.TELL_AFTER * 2)
    await home.async_block_till_done()


def _state(home: HomeAssistant, entity_id: str) -> str:
    """Return the state of a sensor."""
    state = home.states.get(entity_id)
    assert state is not None
    assert state.attributes["device_class"] == "problem"
    return state.state


@pytest.mark.parametrize(
    ("options", "balance", "state"),
    [
        ({}, "0.01", STATE_OFF),
        ({}, "0", STATE_ON),
        ({}, "-3", STATE_ON),
        ({"low_balance": 10.5}, "10.51", STATE_OFF),
        ({"low_balance": 10.5}, "10.5", STATE_ON),
    ],
)
async def test_a_balance_at_the_threshold_is_low(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    balance: str,
    state: str,
) -> None:
    """Nothing at all is, where none was set."""
    gateway.settings.balance = Decimal(balance)
    await _refresh(home, account)
    assert _state(home, LOW_BALANCE) == state


@pytest.mark.parametrize(
    ("options", "state"),
    [({}, STATE_ON), ({"low_balance": 0}, STATE_OFF), ({"low_balance": 5}, STATE_ON)],
)
async def test_a_balance_that_would_not_pay_for_another_such_day_is_low(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    state: str,
) -> None:
    """Unless a threshold was set; until the balance has grown or a day went by."""
    issues = ir.async_get(home)
    await _send(home, "+380671112233")
    [message] = gateway.messages
    gateway.settings.balance = message.cost
    await _refresh(home, account)
    at_first = _state(home, LOW_BALANCE)
    gateway.settings.balance = message.cost - Decimal("0.01")
    await _refresh(home, account)
    assert _state(home, LOW_BALANCE) == state
    assert bool(issues.issues) is (state == STATE_ON)
    account.runtime_data.delivery.move(-timedelta(hours=24))
    await _refresh(home, account)
    assert _state(home, LOW_BALANCE) == at_first


async def test_a_history_that_cannot_be_read_hides_no_balance(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nothing is known to have been spent then."""
    await account.runtime_data.delivery.database.write(
        lambda connection: connection.executescript(
            "ALTER TABLE messages RENAME TO elsewhere"
        ).close()
    )
    gateway.settings.balance = Decimal("0.01")
    await _refresh(home, account)
    assert _state(home, LOW_BALANCE) == STATE_OFF


async def test_whether_the_balance_is_low_is_not_known_without_a_balance(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody is alarmed for it."""
    await gateway.stop()
    await _refresh(home, account)
    assert home.states.get(LOW_BALANCE).state == STATE_UNAVAILABLE


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(server_error=500),
        Misbehaviour(html_body=True),
        Misbehaviour(cut_off="before_work"),
    ],
)
async def test_an_exchange_without_an_answer_is_a_problem(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
) -> None:
    """Until the next one that has one."""
    assert _state(home, GATEWAY) == STATE_OFF
    gateway.settings.misbehaviour = misbehaviour
    await _refresh(home, account)
    assert _state(home, GATEWAY) == STATE_ON
    gateway.settings.misbehaviour = Misbehaviour()
    await _refresh(home, account)
    assert _state(home, GATEWAY) == STATE_OFF


async def test_a_refused_address_is_a_problem(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Until it is allowed."""
    gateway.settings.allowed_ips = ()
    await _refresh(home, account)
    assert _state(home, GATEWAY) == STATE_ON
    gateway.settings.allowed_ips = DEFAULT_IPS
    await _refresh(home, account)
    assert _state(home, GATEWAY) == STATE_OFF


async def test_a_refused_message_is_no_problem_of_the_gateway(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """It says something about the message only."""
    with pytest.raises(Exception, match="opted out"):
        await home.services.async_call(
            "inteltele",
            "send_message",
            {"message": "Water!", "to": "+380671112901"},
            blocking=True,
        )
    await asyncio.sleep(announcer.TELL_AFTER * 2)
    assert _state(home, GATEWAY) == STATE_OFF


@pytest.mark.parametrize("wrong", ["gone", "slow", "key"])
async def test_a_reload_shows_no_gateway_in_order_that_is_not(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    wrong: str,
) -> None:
    """Whoever is told when it is back would be told too early."""
    monkeypatch.setattr(work_module, "ANSWERED_WITHIN", 0.01)
    if wrong == "gone":
        await gateway.stop()
    elif wrong == "slow":
        gateway.settings.misbehaviour = Misbehaviour(server_error=500, delay=0.2)
    else:
        gateway.settings.api_keys = ("another",)
    await _refresh(home, account)
    changes = async_capture_events(home, EVENT_STATE_CHANGED)
    await home.config_entries.async_reload(account.entry_id)
    await settled(home)
    await asyncio.sleep(announcer.TELL_AFTER * 2)
    await home.async_block_till_done()
    states = [
        change.data["new_state"].state
        for change in changes
        if change.data["entity_id"] == GATEWAY
    ]
    assert list(dict.fromkeys(states)) == [STATE_UNAVAILABLE, STATE_ON]


async def test_a_clock_that_is_set_fills_no_account(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """What was taken before the balance was used up is not taken again by it."""
    await _send(home, "+380671112233")
    with pytest.raises(HomeAssistantError, match="balance is too low"):
        await _send(home, "+380671112904")
    await asyncio.sleep(announcer.TELL_AFTER * 2)
    assert _state(home, LOW_BALANCE) == STATE_ON
    account.runtime_data.delivery.move(timedelta(hours=2))
    await asyncio.sleep(announcer.TELL_AFTER * 2)
    assert _state(home, LOW_BALANCE) == STATE_ON


async def _send(home: HomeAssistant, number: str) -> None:
    """Send a message to a number."""
    await home.services.async_call(
        "inteltele", "send_message", {"message": "Water!", "to": number}, blocking=True
    )
