"""Alarms in a house: asked, answered, cut off, and told."""

from datetime import timedelta
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)
from yarl import URL

from custom_components.inteltele.alarms.alarm import Source
from demo.simulated_gateway import SimulatedGateway
from tests.conftest import OLENA, PETRO, restart, settled

from .calls import call, raise_alarm, sleep, types_of

MINUTE: Final = timedelta(minutes=1)


def _asked(gateway: SimulatedGateway) -> list[tuple[str, str]]:
    """Return who got what way, in order."""
    return [(message.number, message.api) for message in gateway.messages]


async def test_an_alarm_through_its_life(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The first is asked, then the second, who takes over, and the others hear."""
    response = await raise_alarm(home, title="Water")
    assert response["status"] == "open"
    assert response["warnings"] == []
    assert home.states.get("binary_sensor.inteltele_alarm").state == "on"
    [first] = gateway.messages
    assert first.text.startswith("*Water*\nWater in the cellar!\n\nRaised at ")
    assert first.button_text == "Answer"
    await sleep(home, freezer, 3 * MINUTE + timedelta(seconds=5))
    assert [number for number, _ in _asked(gateway)] == [OLENA, PETRO]
    [alarm] = account.runtime_data.alarms
    await account.runtime_data.alarms.acknowledge(alarm.id, "Petro", PETRO, Source.LINK)
    await settled(home)
    assert types_of(told) == ["raised", "asked", "asked", "acknowledged"]
    assert told[-1].data["by"] == "Petro"
    assert home.states.get("binary_sensor.inteltele_alarm").state == "off"
    event = home.states.get("event.inteltele_alarm")
    assert event.attributes["event_type"] == "acknowledged"
    assert "Water in" not in str(event.as_dict())
    await sleep(home, freezer, 2 * MINUTE)
    assert _asked(gateway)[2:] == [(OLENA, "viber")]
    assert gateway.messages[2].text == "Petro takes care of it: Water"
    await sleep(home, freezer, 20 * MINUTE)
    assert len(gateway.messages) == 3


async def test_the_last_round_is_an_sms_with_the_link(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody answers, and that is told as well."""
    await raise_alarm(home)
    await sleep(home, freezer, 13 * MINUTE)
    assert _asked(gateway) == [
        (OLENA, "viber"),
        (PETRO, "viber"),
        (OLENA, "sms"),
        (PETRO, "sms"),
    ]
    assert "https://house.example.org/api/inteltele/a/" in gateway.messages[2].text
    assert types_of(told)[-1] == "unanswered"
    assert home.states.get("binary_sensor.inteltele_alarm").state == "off"


async def test_an_alarm_goes_on_after_a_restart(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Also where it was while the house was off, and nobody twice in a round."""
    response = await raise_alarm(home)
    await restart(home, account)
    await sleep(home, freezer, timedelta(seconds=20))
    assert [number for number, _ in _asked(gateway)] == [OLENA]
    await sleep(home, freezer, 3 * MINUTE)
    assert [number for number, _ in _asked(gateway)] == [OLENA, PETRO]
    [alarm] = account.runtime_data.alarms
    assert alarm.id == response["alarm_id"]
    assert len(alarm.questions) == 2


async def test_a_line_that_is_down_uses_up_nothing(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Twenty minutes later everyone is asked at once."""
    port = URL(gateway.url).port or 0
    await gateway.stop()
    await raise_alarm(home)
    await sleep(home, freezer, 20 * MINUTE)
    assert types_of(told) == ["raised", "asked", "blocked"]
    assert told[-1].data["reason"] == "cannot_connect"
    await gateway.start(port=port)
    await sleep(home, freezer, 2 * MINUTE)
    assert sorted(number for number, _ in _asked(gateway)) == [OLENA, PETRO]


async def test_nothing_leaves_after_the_end(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What waits for the line is withdrawn."""
    port = URL(gateway.url).port or 0
    await gateway.stop()
    response = await raise_alarm(home)
    await sleep(home, freezer, MINUTE)
    answer = await call(home, "acknowledge_alarm", tag="water", by="Olena")
    assert answer == {
        "alarm_id": response["alarm_id"],
        "status": "acknowledged",
        "acknowledged_by": "Olena",
        "asked": [],
    }
    await gateway.start(port=port)
    await sleep(home, freezer, 20 * MINUTE)
    assert gateway.messages == []
    assert account.runtime_data.ledger.queued == {}
    [withdrawn] = await account.runtime_data.ledger.history(None, None, 10)
    assert (withdrawn.status, withdrawn.reason) == ("failed", "withdrawn")


async def test_what_is_cleared_is_told(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Two minutes later, to those who were asked."""
    await raise_alarm(home)
    cleared = await call(home, "clear_alarm", tag="water", message="It is dry again.")
    assert cleared["status"] == "cleared"
    await sleep(home, freezer, 3 * MINUTE)
    assert [message.text for message in gateway.messages][1:] == ["It is dry again."]
    assert await call(home, "clear_alarm", tag="nothing") == {"alarm_id": None}
    assert await call(home, "acknowledge_alarm", tag="nothing") == {"alarm_id": None}


async def test_no_fault_in_the_call_costs_the_alarm(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """It goes to the rest, with a warning for each."""
    response = await raise_alarm(
        home,
        recipients=["notify.nobody", "notify.petro"],
        to=["12", OLENA],
        wait="no time",
        rounds=99,
        quiet_for={"days": 3},
        order="sideways",
        sms=7,
        message="x" * 5000,
        media={"media_content_id": "media-source://nowhere"},
        what_is_this="?",
    )
    assert response["asked"][0]["recipient"] == "Petro"
    assert len(response["warnings"]) == 9, response["warnings"]
    assert len(gateway.messages[0].text) <= 1000


async def test_who_has_nobody_to_ask_is_told(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """As an error, and as an alarm that nobody answers."""
    with pytest.raises(ServiceValidationError, match="nobody to ask"):
        await raise_alarm(home, recipients=["notify.nobody"])
    assert types_of(told) == ["raised", "unanswered"]


async def test_a_sensor_that_flaps_for_two_hours_asks_nobody_who_took_over(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Until the quiet time ends, which is twice as long each time."""
    await raise_alarm(home)
    await call(home, "acknowledge_alarm", tag="water", by="Olena")
    asked_at: list[int] = []
    for minute in range(120):
        await sleep(home, freezer, MINUTE)
        await call(home, "clear_alarm", tag="water", message="It is dry again.")
        await sleep(home, freezer, timedelta(seconds=5))
        await raise_alarm(home)
        [alarm] = account.runtime_data.alarms
        if alarm.is_open:
            asked_at.append(minute)
            await call(home, "acknowledge_alarm", tag="water", by="Olena")
    questions = [message for message in gateway.messages if message.button_link]
    assert len(questions) == 1 + len(asked_at)
    # Half an hour after the first answer, and an hour after the next.
    assert len(asked_at) == 2
    assert types_of(told).count("unanswered") == 0


async def test_a_flapping_sensor_asks_nobody_more_than_a_dozen_times(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Within an hour, news as well."""
    for place in range(14):
        await raise_alarm(home, tag=f"water {place}", recipients=["notify.olena"])
        await call(home, "acknowledge_alarm", tag=f"water {place}")
        await sleep(home, freezer, 2 * MINUTE)
    assert len(gateway.messages) == 12
    assert account.runtime_data.alarms.find("water 13").questions[0].reason == (
        "too_many_messages"
    )
