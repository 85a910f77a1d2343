"""What an alarm tells at home, and with what it is raised."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.persistent_notification import (
    _async_get_or_create_notifications,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
)

from custom_components.inteltele.sending.alarm_rights import may_answer
from demo.simulated_gateway import SimulatedGateway
from tests.conftest import OLENA, PETRO, restart, settled

from .calls import call, raise_alarm, sleep

MINUTE: Final = timedelta(minutes=1)
SENSOR: Final = "binary_sensor.inteltele_alarm"
EVENT: Final = "event.inteltele_alarm"


pytestmark = pytest.mark.usefixtures("account")


@pytest.fixture
def options() -> dict[str, Any]:
    """Return options without an SMS sender."""
    return {}


async def test_the_event_entity_shows_what_the_bus_tells(
    home: HomeAssistant, told: list[Event]
) -> None:
    """But for what the entity is anyway."""
    raised = await raise_alarm(home, recipients=["notify.petro"])
    attributes = home.states.get(EVENT).attributes
    assert attributes["event_type"] == "asked"
    assert told[-1].data == {
        "entry_id": "account",
        "alarm_id": raised["alarm_id"],
        "tag": "water",
        "type": "asked",
        "recipient": "Petro",
        "number": PETRO,
        "round": 1,
        "by": None,
        "source": None,
        "reason": None,
        "at": told[-1].data["at"],
    }
    for name in told[-1].data.keys() - {"entry_id", "type"}:
        assert attributes[name] == told[-1].data[name]


async def test_the_sensor_is_on_while_one_of_several_is_open(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """Written only where it changes, and after a restart as it was."""
    assert home.states.get(SENSOR).state == "off"
    await raise_alarm(home)
    on = home.states.get(SENSOR)
    assert on.state == "on"
    await raise_alarm(home, tag="gas", recipients=["notify.petro"])
    await call(home, "acknowledge_alarm", tag="gas")
    assert home.states.get(SENSOR).last_reported == on.last_reported
    await restart(home, account)
    assert home.states.get(SENSOR).state == "on"
    await call(home, "acknowledge_alarm", tag="water")
    assert home.states.get(SENSOR).state == "off"


async def test_what_happens_before_the_start_is_told_after_it(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """In order, and once; automations hear nothing before."""
    home.set_state(CoreState.starting)
    await restart(home, account)
    await raise_alarm(home)
    assert told == []
    assert home.states.get(SENSOR).state == "on"
    home.set_state(CoreState.running)
    home.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await settled(home)
    assert [event.data["type"] for event in told] == ["raised", "asked"]
    await restart(home, account)
    assert len(told) == 2


async def test_a_notification_stays_until_somebody_takes_over(
    home: HomeAssistant, told: list[Event], freezer: FrozenDateTimeFactory
) -> None:
    """It says when the alarm was raised, with the day where that was another."""
    await home.config.async_set_time_zone("Europe/Kyiv")
    freezer.move_to("2026-11-26 21:58:00+00:00")
    await raise_alarm(home, title="*Water*", rounds=1)
    await sleep(home, freezer, 8 * MINUTE)
    [notification] = _async_get_or_create_notifications(home).values()
    assert notification["title"] == "Nobody answered an alarm"
    assert notification["message"] == (
        "\\*Water\\*\n\nRaised at 2026-11-26 23:58. Nobody answered."
    )
    await call(home, "acknowledge_alarm", tag="water", by="Olena")
    assert _async_get_or_create_notifications(home) == {}


async def test_who_is_disabled_later_is_asked_no_more(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The next one is, at once; who is disabled before is not even planned for."""
    disable = er.async_get(home).async_update_entity
    await raise_alarm(home)
    disable("notify.petro", disabled_by=er.RegistryEntryDisabler.USER)
    await sleep(home, freezer, 4 * MINUTE)
    assert {message.number for message in gateway.messages} == {OLENA}
    [alarm] = account.runtime_data.alarms
    assert alarm.questions[1].reason == "not_a_recipient"
    response = await raise_alarm(home, tag="gas")
    assert "Petro" in response["warnings"][0]
    assert {each["recipient"] for each in response["asked"]} == {"Olena"}


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"to": [f"+4860123{number}" for number in range(4560, 4570)]}, "at most"),
        ({"message": None}, "had no message"),
        ({"config_entry_id": "nowhere"}, "could not be used"),
        ({"sms": "always"}, "No SMS goes to Olena"),
        ({"media": {"media_content_id": "camera.none"}}, "camera"),
    ],
)
async def test_what_is_amiss_is_told_and_the_alarm_goes_out(
    home: HomeAssistant,
    told: list[Event],
    gateway: SimulatedGateway,
    fields: dict[str, Any],
    warning: str,
) -> None:
    """Each with a sentence."""
    data = {"recipients": ["notify.olena"], "sms": "as_set"} | fields
    response = await raise_alarm(home, **data)
    [said] = response["warnings"]
    assert warning in said
    assert response["status"] == "open"
    assert [message.number for message in gateway.messages] == [OLENA]


async def test_without_a_public_url_everyone_is_asked_at_once(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """To answer in Home Assistant."""
    home.config.external_url = None
    response = await raise_alarm(home, sms="as_set")
    assert len(response["warnings"]) == 1
    assert [message.number for message in gateway.messages] == [OLENA, PETRO]
    for message in gateway.messages:
        assert message.button_link is None
        assert message.text.endswith("Answer in Home Assistant.")


async def test_pictures_of_an_alarm(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    tmp_path: Path,
) -> None:
    """From an address, from the house, and from one whose disk takes none."""
    path = tmp_path / "porch.jpg"
    Image.new("RGB", (80, 60), "teal").save(path)
    home.config.allowlist_external_dirs = {str(tmp_path)}
    picture = {"media": {"media_content_id": str(path)}}
    for tag, fields, warnings in (
        ("address", {"image": " https://example.org/a.jpg\n"}, 0),
        ("house", picture, 0),
        ("none", picture, 1),
    ):
        if tag == "none":
            folder = account.runtime_data.pictures._folder
            folder.rename(tmp_path / "away")
            folder.write_text("no folder")
        number = f"+4860123456{warnings + len(gateway.messages)}"
        response = await raise_alarm(
            home, tag=tag, sms="as_set", recipients=[], to=number, **fields
        )
        assert len(response["warnings"]) == warnings, response
    images = [message.image for message in gateway.messages]
    assert images[0] == "https://example.org/a.jpg"
    assert (images[1] or "").startswith("https://house.example.org/api/inteltele/")
    assert not images[2]


async def test_without_a_tag_the_text_tells_causes_apart(
    home: HomeAssistant, told: list[Event], account: MockConfigEntry
) -> None:
    """Digits aside."""
    ids = [
        (await raise_alarm(home, tag=None, message=text))["alarm_id"]
        for text in ("Water: 5 cm", "Water: 10 cm", "Gas")
    ]
    assert ids[0] == ids[1] != ids[2]


async def test_rights_can_be_looked_at(
    home: HomeAssistant,
    told: list[Event],
    account: MockConfigEntry,
    hass_read_only_user: MockUser,
    hass_admin_user: MockUser,
) -> None:
    """By whoever shows an alarm."""
    await raise_alarm(home)
    [alarm] = account.runtime_data.alarms
    allowed = [
        may_answer(home, account.runtime_data, alarm, user)
        for user in (None, hass_admin_user, hass_read_only_user)
    ]
    assert allowed == [True, True, False]
