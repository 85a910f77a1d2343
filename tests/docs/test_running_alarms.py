"""The examples of alarms do what they say."""

from datetime import timedelta
from time import sleep
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.inteltele.alarms.alarm import Alarm, Source
from custom_components.inteltele.const import DOMAIN
from demo.simulated_gateway import SimulatedGateway
from tests.alarms.calls import raise_alarm, sleep as let_time_go_by
from tests.conftest import OLENA, PETRO, settled

from .pages import yaml_blocks

AUTOMATIONS: Final = {
    block.content["alias"].removeprefix("Alarm: "): block.content
    for block in yaml_blocks()
    if str(block.content.get("alias")).startswith("Alarm: ")
}
MINUTE: Final = timedelta(minutes=1)
LEAK: Final = "binary_sensor.cellar_leak"


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let an automation wait for its next minute when the test is over."""
    return True


@pytest.fixture
def options() -> dict[str, Any]:
    """Return options with an SMS sender."""
    return {"sms_sender": "MyHouse"}


@pytest.fixture(autouse=True)
def _house_on_the_internet(home: HomeAssistant) -> None:
    """Give the house a public address."""
    home.config.external_url = "https://house.example.org"


async def _copy(home: HomeAssistant, *aliases: str) -> None:
    """Put automations into the house."""
    copied = [AUTOMATIONS[alias] for alias in aliases]
    assert await async_setup_component(home, "automation", {"automation": copied})
    await settled(home)


async def _turn(home: HomeAssistant, entity_id: str, state: str) -> None:
    """Let something of the house be so."""
    home.states.async_set(entity_id, state)
    await settled(home)


async def _answer(account: MockConfigEntry) -> None:
    """Let Petro take over, by the link that he was sent."""
    [alarm] = account.runtime_data.alarms
    await account.runtime_data.alarms.acknowledge(alarm.id, "Petro", PETRO, Source.LINK)


def _alarm(home: HomeAssistant, account: MockConfigEntry) -> Alarm:
    """Return the one alarm there is, which was raised without a fault."""
    issue = f"alarm_shortcomings_{account.entry_id}"
    assert not ir.async_get(home).async_get_issue(DOMAIN, issue)
    [alarm] = account.runtime_data.alarms
    assert isinstance(alarm, Alarm)
    return alarm


async def test_water_asks_until_the_cellar_is_dry(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Who was asked hears of that."""
    await _copy(home, "water in the cellar")
    await _turn(home, LEAK, "on")
    assert _alarm(home, account).is_open
    await _turn(home, LEAK, "off")
    await let_time_go_by(home, freezer, 4 * MINUTE)
    assert _alarm(home, account).status == "cleared"
    assert [message.number for message in gateway.messages] == [OLENA] * 2
    assert gateway.messages[1].text == "The cellar is dry again."


async def test_smoke_asks_everyone_at_once(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Five times, the last time by SMS."""
    await _copy(home, "smoke")
    await _turn(home, "binary_sensor.smoke", "on")
    assert [message.number for message in gateway.messages] == [OLENA, PETRO]
    assert "reports smoke. Leave the building" in gateway.messages[0].text
    await let_time_go_by(home, freezer, 11 * MINUTE)
    assert _alarm(home, account).status == "unanswered"
    ways = [message.api for message in gateway.messages]
    assert ways == ["viber"] * 8 + ["sms"] * 2


async def test_disarming_ends_a_burglary(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """And nobody is told; a camera that is not there costs the picture only."""
    await _copy(home, "burglary")
    await _turn(home, "alarm_control_panel.house", "triggered")
    assert gateway.messages[0].text.startswith("*Burglary*\nThe alarm panel")
    await _turn(home, "alarm_control_panel.house", "disarmed")
    await let_time_go_by(home, freezer, 4 * MINUTE)
    [alarm] = account.runtime_data.alarms
    assert alarm.status == "cleared"
    assert len(gateway.messages) == 1


async def test_a_warm_freezer_is_one_alarm(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Raised every five minutes, until it is cold."""
    home.states.async_set("sensor.freezer", "-9.5")
    await _copy(home, "the freezer is warm")
    await let_time_go_by(home, freezer, 13 * MINUTE)
    alarm = _alarm(home, account)
    assert alarm.is_open
    assert alarm.raised > 1
    assert [message.number for message in gateway.messages] == [OLENA]
    assert "The freezer has -9.5 °C." in gateway.messages[0].text
    await _turn(home, "sensor.freezer", "-18")
    await let_time_go_by(home, freezer, 8 * MINUTE)
    assert gateway.messages[-1].text == "The freezer is cold again."


async def test_the_phone_of_who_is_asked_rings(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """And not when another is asked."""
    rung = async_mock_service(home, "notify", "mobile_app_olena")
    await _copy(home, "ring Olena's phone")
    await raise_alarm(home)
    assert [ring.data["data"]["push"]["sound"]["critical"] for ring in rung] == [1]
    await let_time_go_by(home, freezer, 4 * MINUTE)
    assert [message.number for message in gateway.messages] == [OLENA, PETRO]
    assert len(rung) == 1


@pytest.fixture
async def alert(home: HomeAssistant) -> None:
    """Give the house an alert, on."""
    home.states.async_set(LEAK, "off")
    told = {
        "name": "Water in the cellar",
        "entity_id": LEAK,
        "repeat": 5,
        "notifiers": ["persistent_notification"],
    }
    assert await async_setup_component(home, "notify", {})
    assert await async_setup_component(home, "alert", {"alert": {"cellar_leak": told}})
    await _turn(home, LEAK, "on")
    assert home.states.is_state("alert.cellar_leak", "on")


@pytest.mark.usefixtures("alert")
async def test_an_answer_turns_the_alert_off(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The screen in the house says nothing any more."""
    await _copy(
        home,
        "whoever answers turns the alert off",
        "whoever turns the alert off takes care of it",
    )
    await raise_alarm(home)
    await _answer(account)
    await settled(home)
    assert home.states.is_state("alert.cellar_leak", "off")
    assert _alarm(home, account).by == "Petro"


@pytest.mark.usefixtures("alert")
async def test_whoever_turns_the_alert_off_takes_care_of_it(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody is asked any more."""
    await _copy(home, "whoever turns the alert off takes care of it")
    await raise_alarm(home)
    await home.services.async_call(
        "alert", "turn_off", {"entity_id": "alert.cellar_leak"}, blocking=True
    )
    await settled(home)
    alarm = _alarm(home, account)
    assert (alarm.status, alarm.by) == ("acknowledged", "Somebody at the screen")


@pytest.fixture
def valve(home: HomeAssistant) -> list[ServiceCall]:
    """Return how often the water was shut off."""
    return async_mock_service(home, "valve", "close_valve")


@pytest.fixture
async def _waits(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Let an automation wait for an alarm's end."""
    await _copy(home, "shut the water off if nobody answers")
    home.states.async_set(LEAK, "on")
    while not account.runtime_data.alarms.any_open:
        await home.async_add_executor_job(sleep, 0.01)


@pytest.mark.usefixtures("_waits")
async def test_who_answers_keeps_the_water_on(
    home: HomeAssistant, account: MockConfigEntry, valve: list[ServiceCall]
) -> None:
    """The action ends with the alarm."""
    await _answer(account)
    await settled(home)
    assert valve == []


@pytest.mark.usefixtures("_waits")
async def test_what_nobody_answers_shuts_the_water_off(
    home: HomeAssistant,
    account: MockConfigEntry,
    valve: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """After the last round."""
    while account.runtime_data.alarms.any_open:
        freezer.tick(20)
        async_fire_time_changed(home)
        # All that is under way includes what waits for the end; and time stands still.
        await home.async_add_executor_job(sleep, 0.02)
    await settled(home)
    assert _alarm(home, account).status == "unanswered"
    assert len(valve) == 1
