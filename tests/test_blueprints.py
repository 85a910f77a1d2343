"""Blueprints: each is valid, and does at the gateway what it says."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
import re
import shutil
from typing import Any
from urllib.parse import quote

from freezegun.api import FrozenDateTimeFactory, freeze_time
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.inteltele.alarms.alarm import Source
from custom_components.inteltele.const import NAME
from custom_components.inteltele.storage.answer_links import AnswerLink
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, PETRO
from .test_manifest import MANIFEST, ROOT

FOLDER = ROOT / "blueprints" / "automation" / "inteltele"
BLUEPRINTS = sorted(path.name for path in FOLDER.glob("*.yaml"))
SHORT = {"milliseconds": 300}
LONG = {"minutes": 5}

type Automate = Callable[..., Awaitable[None]]


def _blueprint(name: str) -> Blueprint:
    """Return a blueprint as Home Assistant reads it."""
    return Blueprint(
        load_yaml_dict(str(FOLDER / name)),
        path=f"inteltele/{name}",
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


@pytest.fixture
async def automate(home: HomeAssistant, tmp_path: Path) -> AsyncGenerator[Automate]:
    """Return what makes an automation of a blueprint, as a user does."""
    home.config.external_url = "https://house.example.org"
    # What every house has.
    assert await async_setup_component(home, "persistent_notification", {})
    shutil.copytree(FOLDER, tmp_path / "blueprints" / "automation" / "inteltele")

    async def make(name: str, **inputs: Any) -> None:
        """Make the automation, which must be sound."""
        automation = {
            "id": "made",
            "alias": "Made",
            "use_blueprint": {"path": f"inteltele/{name}.yaml", "input": inputs},
        }
        assert await async_setup_component(
            home, "automation", {"automation": automation}
        )
        assert home.states.get("automation.made").state == "on"

    yield make
    await home.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


@pytest.fixture
async def camera(
    home: HomeAssistant, account: MockConfigEntry, tmp_path: Path
) -> AsyncGenerator[str]:
    """Return a camera of the house."""
    picture = tmp_path / "porch.jpg"
    Image.new("RGB", (640, 360), "teal").save(picture)
    home.config.allowlist_external_dirs = {str(tmp_path)}
    porch = MockConfigEntry(
        domain="local_file",
        title="Porch",
        options={"name": "Porch", "file_path": str(picture)},
    )
    porch.add_to_hass(home)
    assert await home.config_entries.async_setup(porch.entry_id)
    await home.async_block_till_done()
    yield "camera.porch"
    await home.config_entries.async_unload(porch.entry_id)


@pytest.fixture
def endings(home: HomeAssistant) -> list[Event]:
    """Return what automations did in the end."""
    return async_capture_events(home, "ending")


@pytest.fixture
def notifications(home: HomeAssistant) -> list[Event]:
    """Return the calls of Home Assistant's other actions."""
    return async_capture_events(home, "call_service")


def _end(**fields: str) -> list[dict[str, Any]]:
    """Return actions that tell what they know."""
    return [{"event": "ending", "event_data": fields}]


async def _until(happened: Callable[[], object]) -> None:
    """Wait until something happened."""
    async with asyncio.timeout(10):
        while not happened():
            await asyncio.sleep(0.01)


async def _until_sent(gateway: SimulatedGateway, count: int) -> None:
    """Wait until the gateway took so many messages, and the house knows it."""
    await _until(lambda: len(gateway.messages) >= count)
    await asyncio.sleep(0.05)


async def _answer(account: MockConfigEntry, number: str, choice: int = 0) -> None:
    """Let somebody answer the first message that can be answered."""
    links: dict[str, AnswerLink] = account.runtime_data.answers._links
    link = next(item for item in links.values() if item.number == number)
    await account.runtime_data.answers.press(link, link.answers[choice])


async def _take_over(account: MockConfigEntry) -> None:
    """Let the first who was asked take over."""
    alarms = account.runtime_data.alarms
    [alarm] = alarms
    asked = alarm.person(alarm.questions[0].number)
    await alarms.acknowledge(alarm.id, asked.name, asked.number, Source.LINK)


def _timeless(text: str) -> str:
    """Return a text without the time, which it must have."""
    timeless, count = re.subn(r" \(\d\d:\d\d:\d\d\)", "", text)
    assert count == 1
    return timeless


def _told(notifications: list[Event]) -> list[str]:
    """Return what Home Assistant's own notifications say."""
    return [
        call.data["service_data"]["message"]
        for call in notifications
        if call.data["domain"] == "persistent_notification"
    ]


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_a_blueprint_is_valid(name: str) -> None:
    """By Home Assistant's own schema, on the version it asks for."""
    blueprint = _blueprint(name)
    assert blueprint.validate() is None
    assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"
    assert blueprint.metadata["author"] == NAME
    assert blueprint.metadata["description"]


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_a_blueprint_says_where_it_comes_from(name: str) -> None:
    """So that it can be imported again."""
    path = f"blueprints/automation/inteltele/{name}"
    address = f"{MANIFEST['documentation']}/blob/main/{path}"
    assert _blueprint(name).metadata["source_url"] == address
    link = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
    page = (ROOT / "docs" / "automations.md").read_text()
    assert f"({link}{quote(address, safe='')})" in page


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_every_input_is_explained_and_has_a_selector(name: str) -> None:
    """And all but those that nobody could guess have a default."""
    inputs = _blueprint(name).inputs
    for field in inputs.values():
        assert {"name", "description", "selector"} <= set(field)
    required = [field for field, says in inputs.items() if "default" not in says]
    assert len(required) <= 3


@pytest.fixture
def bell_camera(camera: str) -> dict[str, Any]:
    """Return what every doorbell needs: a camera and somebody to tell."""
    return {"camera": camera, "recipients": ["notify.olena"]}


def _now() -> str:
    """Return a state as buttons and events show when they were last used."""
    return dt_util.utcnow().isoformat(timespec="milliseconds")


async def test_a_doorbell_sends_a_picture_with_answers(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    camera: str,
    endings: list[Event],
) -> None:
    """And the house does what the answer stands for."""
    home.states.async_set("binary_sensor.doorbell", "off")
    await automate(
        "doorbell_snapshot",
        doorbell="binary_sensor.doorbell",
        camera=camera,
        recipients=["notify.olena", "notify.petro"],
        answer_1_actions=_end(chosen="first", by="{{ answered_by }}"),
        answer_2_text="",
        answer_3_text='The "back" door',
        answer_3_actions=_end(chosen="third", by="{{ answered_by }}"),
        wait=LONG,
    )
    home.states.async_set("binary_sensor.doorbell", "on")
    await _until_sent(gateway, 2)
    message = gateway.messages[0]
    assert re.fullmatch(
        r"\*Doorbell\*\nSomebody rang at \d\d:\d\d:\d\d\.", message.text
    )
    assert message.button_text == "Answer"
    assert (message.image or "").endswith(".jpg")
    await _answer(account, PETRO, choice=1)
    await _until(lambda: endings)
    assert endings[0].data == {"chosen": "third", "by": "Petro"}


@pytest.mark.parametrize(
    ("doorbell", "before", "count"),
    [
        ("event.doorbell", "unknown", 1),
        ("event.doorbell", "2026-11-24T10:00:00.000+00:00", 1),
        ("button.doorbell", "unknown", 1),
        ("button.doorbell", "unavailable", 1),
        ("input_button.doorbell", "2026-11-24T10:00:00.000+00:00", 1),
    ],
)
async def test_every_kind_of_doorbell_rings(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    bell_camera: dict[str, Any],
    doorbell: str,
    before: str,
    count: int,
) -> None:
    """A new one, and one that wakes up to ring, as well."""
    home.states.async_set(doorbell, before)
    await automate("doorbell_snapshot", doorbell=doorbell, **bell_camera)
    home.states.async_set(doorbell, _now(), {"event_type": "ring"})
    await _until_sent(gateway, count)
    assert "rang at" in gateway.messages[0].text


async def test_a_real_button_rings(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    bell_camera: dict[str, Any],
) -> None:
    """One that was made by a form, with its first press."""
    assert await async_setup_component(
        home, "input_button", {"input_button": {"bell": {"name": "Bell"}}}
    )
    await automate("doorbell_snapshot", doorbell="input_button.bell", **bell_camera)
    await home.services.async_call(
        "input_button", "press", {"entity_id": "input_button.bell"}
    )
    await _until_sent(gateway, 1)
    assert "rang at" in gateway.messages[0].text


async def test_a_doorbell_can_do_without_a_camera(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
) -> None:
    """Its message has the answers all the same."""
    home.states.async_set("button.doorbell", "unknown")
    await automate(
        "doorbell_snapshot", doorbell="button.doorbell", recipients="notify.olena"
    )
    home.states.async_set("button.doorbell", _now())
    await _until_sent(gateway, 1)
    [message] = gateway.messages
    assert (message.image, message.button_text) == (None, "Answer")


@pytest.mark.parametrize(
    ("event_type", "count"), [("ring", 1), ("press_long", 1), ("release", 0)]
)
async def test_only_a_chosen_type_of_event_rings(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    bell_camera: dict[str, Any],
    event_type: str,
    count: int,
) -> None:
    """A button on the wall tells when it is let go as well."""
    home.states.async_set("event.doorbell", "unknown")
    await automate(
        "doorbell_snapshot",
        doorbell="event.doorbell",
        event_types=["ring", "press_long"],
        **bell_camera,
    )
    home.states.async_set("event.doorbell", _now(), {"event_type": event_type})
    await _until_sent(gateway, count)
    await asyncio.sleep(0.2)
    assert len(gateway.messages) == count


@pytest.mark.parametrize("options", [{"sms_sender": "House"}])
@pytest.mark.parametrize(
    ("sms", "source", "seconds"),
    [
        ({}, None, 86400),
        ({"sms_fallback": True}, "House", 180),
        ({"sms_after": {"minutes": 5}}, None, 290),
        ({"sms_after": {"minutes": 5}, "sms_fallback": True}, None, 290),
    ],
    ids=["by itself", "where there is no Viber", "later", "later, not at once"],
)
async def test_an_sms_for_the_doorbell_is_a_choice(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    sms: dict[str, Any],
    source: str | None,
    seconds: int,
) -> None:
    """The gateway is told of one that it sends, and gets less time for Viber."""
    home.states.async_set("button.doorbell", "unknown")
    await automate(
        "doorbell_snapshot",
        doorbell="button.doorbell",
        recipients="notify.olena",
        wait={"days": 1},
        **sms,
    )
    home.states.async_set("button.doorbell", _now())
    await _until_sent(gateway, 1)
    [message] = gateway.messages
    assert (message.sms_source, message.ttl) == (source, seconds)


async def test_a_doorbell_that_nobody_answers(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    camera: str,
    endings: list[Event],
) -> None:
    """The house does what is chosen for that."""
    home.states.async_set("binary_sensor.doorbell", "off")
    await automate(
        "doorbell_snapshot",
        doorbell="binary_sensor.doorbell",
        camera=camera,
        recipients="notify.olena",
        answer_1_actions=_end(chosen="first"),
        no_answer_actions=_end(chosen="none", by="{{ answered_by }}"),
        wait=SHORT,
    )
    home.states.async_set("binary_sensor.doorbell", "on")
    await _until(lambda: endings)
    assert [ending.data for ending in endings] == [{"chosen": "none", "by": ""}]


@pytest.mark.parametrize(
    ("cooldown", "pause", "rings"),
    [({}, 64, 1), ({}, 65, 2), ({"cooldown": {"seconds": 0}}, 1, 2)],
)
async def test_ringing_again_within_the_pause_sends_nothing_more(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    cooldown: dict[str, Any],
    pause: int,
    rings: int,
) -> None:
    """After it, also while the first answer is still open; no text is sent twice."""
    home.states.async_set("button.doorbell", "unknown")
    gateway.settings.repeat_detection = "off"
    await automate(
        "doorbell_snapshot",
        doorbell="button.doorbell",
        recipients="notify.olena",
        wait=LONG,
        **cooldown,
    )
    home.states.async_set("button.doorbell", _now())
    await _until_sent(gateway, 1)
    later = dt_util.utcnow() + timedelta(seconds=pause)
    with freeze_time(later, tick=True, real_asyncio=True):
        home.states.async_set("button.doorbell", _now())
        await _until_sent(gateway, rings)
        await asyncio.sleep(0.2)
    assert len(gateway.messages) == rings
    assert len({message.text for message in gateway.messages}) == rings


ALARM = {"alarm": "binary_sensor.leak", "people": ["notify.olena", "notify.petro"]}


@pytest.fixture
async def leak(home: HomeAssistant, account: MockConfigEntry) -> Callable[[], None]:
    """Return what makes the cellar wet."""
    home.states.async_set("binary_sensor.leak", "off", {"friendly_name": "Leak"})

    def wet() -> None:
        """Make it wet."""
        home.states.async_set("binary_sensor.leak", "on", {"friendly_name": "Leak"})

    return wet


async def test_an_alarm_stops_when_the_first_answers(
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    leak: Callable[[], None],
    endings: list[Event],
) -> None:
    """Nobody else is asked, and whoever is chosen learns of it."""
    await automate(
        "alarm_escalation",
        **ALARM,
        report_to=["notify.petro"],
        taken_actions=_end(by="{{ answered_by }}"),
        lost_actions=_end(by="nobody"),
        final_actions=_end(outcome="{{ outcome }}"),
    )
    leak()
    await _until_sent(gateway, 1)
    [message] = gateway.messages
    assert message.number == OLENA
    assert message.text.startswith("*Alarm*\nLeak\n\nRaised at ")
    await _take_over(account)
    await _until(lambda: len(endings) == 2)
    outcome = "Olena takes care of it."
    assert [event.data for event in endings] == [{"by": "Olena"}, {"outcome": outcome}]
    assert [(message.number, message.text) for message in gateway.messages[1:]] == [
        (PETRO, f"Alarm: {outcome}")
    ]


async def test_an_alarm_names_all_that_are_on_and_stays_one(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    leak: Callable[[], None],
) -> None:
    """Raised again while it is open, nobody is asked because of it."""
    home.states.async_set("binary_sensor.attic", "off", {"friendly_name": "Attic"})
    sensors = ["binary_sensor.leak", "binary_sensor.attic"]
    await automate("alarm_escalation", **ALARM | {"alarm": sensors})
    leak()
    await _until_sent(gateway, 1)
    home.states.async_set("binary_sensor.attic", "on", {"friendly_name": "Attic"})
    await _until(lambda: [a.raised for a in account.runtime_data.alarms] == [2])
    [alarm] = account.runtime_data.alarms
    assert alarm.content.message == "Leak, Attic"
    assert (alarm.tag, len(gateway.messages)) == ("automation.made", 1)


@pytest.mark.parametrize(
    ("with_sms", "options", "sms"),
    [(True, {"sms_sender": "House"}, "last_round"), (False, {}, "as_set")],
)
async def test_an_alarm_asks_as_it_is_set(
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    leak: Callable[[], None],
    with_sms: bool,
    sms: str,
) -> None:
    """Inputs are the rules of the alarm."""
    await automate(
        "alarm_escalation",
        **ALARM,
        order="all_at_once",
        wait={"minutes": 7},
        with_sms=with_sms,
        button_text="On my way",
    )
    leak()
    await _until_sent(gateway, 2)
    [alarm] = account.runtime_data.alarms
    rules = alarm.rules
    assert (rules.order, rules.sms, rules.wait) == (
        "all_at_once",
        sms,
        timedelta(minutes=7),
    )
    assert rules.acknowledge_text == "On my way"


@pytest.mark.parametrize("over", [True, False])
async def test_an_alarm_is_over_when_all_are_off_for_a_minute(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    leak: Callable[[], None],
    over: bool,
) -> None:
    """Only where that is wanted; what is unavailable is never over."""
    home.states.async_set("binary_sensor.attic", "unavailable")
    sensors = ["binary_sensor.leak", "binary_sensor.attic"]
    await automate("alarm_escalation", **ALARM | {"alarm": sensors}, over=over)
    leak()
    await _until_sent(gateway, 1)
    for others, cleared in (("unavailable", False), ("off", over)):
        home.states.async_set("binary_sensor.attic", others)
        home.states.async_set("binary_sensor.leak", "on")
        home.states.async_set("binary_sensor.leak", "off")
        await home.async_block_till_done()
        later = dt_util.utcnow() + timedelta(seconds=62)
        with freeze_time(later, tick=True, real_asyncio=True):
            async_fire_time_changed(home, later)
            await home.async_block_till_done()
            await asyncio.sleep(0.2)
            [alarm] = account.runtime_data.alarms
            assert (alarm.status == "cleared") is cleared


async def test_an_alarm_that_nobody_answers_is_told(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    endings: list[Event],
) -> None:
    """By the event, whatever became of the run that raised it; others' are passed."""
    await automate(
        "alarm_escalation",
        **ALARM,
        lost_actions=_end(outcome="{{ outcome }}"),
        final_actions=_end(by="{{ answered_by }}"),
    )
    for tag, kind in (
        ("automation.other", "unanswered"),
        ("automation.made", "blocked"),
        ("automation.made", "unanswered"),
    ):
        home.bus.async_fire("inteltele_alarm", {"tag": tag, "type": kind, "by": None})
    await _until(lambda: len(endings) == 3)
    assert [event.data for event in endings] == [
        {"outcome": "Nobody can be asked at the moment."},
        {"outcome": "Nobody has answered."},
        {"by": ""},
    ]


async def test_an_alarm_can_be_tried_by_hand(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
) -> None:
    """Nothing has triggered it then."""
    await automate("alarm_escalation", **ALARM)
    await home.services.async_call(
        "automation", "trigger", {"entity_id": "automation.made"}
    )
    await _until_sent(gateway, 1)
    assert gateway.messages[0].text.startswith("*Alarm*\nTest\n\nRaised at ")


@pytest.mark.parametrize("options", [{"low_balance": 2}])
async def test_a_low_balance_is_told_by_another_way(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    notifications: list[Event],
) -> None:
    """With the amount, and without a message that would cost."""
    await automate(
        "low_balance",
        low_balance="binary_sensor.inteltele_low_balance",
        balance="sensor.inteltele_balance",
    )
    gateway.settings.balance = Decimal("1.50")
    await account.runtime_data.coordinator.async_refresh()
    await _until(lambda: _told(notifications))
    [told] = _told(notifications)
    assert told.startswith("The balance of IntelTele is low: 1.50 UAH. Top up the")
    assert gateway.messages == []


async def test_a_low_balance_is_told_in_your_own_way(
    home: HomeAssistant,
    automate: Automate,
    endings: list[Event],
) -> None:
    """With the text as a variable."""
    home.states.async_set("binary_sensor.low", "off")
    await automate(
        "low_balance",
        low_balance="binary_sensor.low",
        warn=_end(text="{{ warning }}"),
    )
    home.states.async_set("binary_sensor.low", "on")
    await _until(lambda: endings)
    assert endings[0].data["text"].startswith("The balance of IntelTele is low. Top up")


async def test_a_low_balance_is_told_again_once_a_day(
    home: HomeAssistant,
    automate: Automate,
    endings: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A gateway that comes and goes is no news; to fall low again is."""
    home.states.async_set("binary_sensor.low", "off")
    await automate(
        "low_balance",
        low_balance="binary_sensor.low",
        warn=_end(before="{{ trigger.from_state.state }}"),
    )
    for state in ("on", "unavailable", "on", "off", "on", "unavailable"):
        home.states.async_set("binary_sensor.low", state)
        await home.async_block_till_done()
    freezer.tick(timedelta(days=1, seconds=1))
    home.states.async_set("binary_sensor.low", "on")
    await home.async_block_till_done()
    assert [ending.data["before"] for ending in endings] == [
        "off",
        "off",
        "unavailable",
    ]


async def test_a_person_is_shown_once_in_a_while(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    camera: str,
    freezer: FrozenDateTimeFactory,
) -> None:
    """With the camera's picture and a text."""
    home.states.async_set("binary_sensor.person", "off")
    gateway.settings.repeat_detection = "off"
    await automate(
        "camera_person",
        detection="binary_sensor.person",
        camera=camera,
        recipients="notify.olena",
    )
    for pause in (0, 60, 241):
        freezer.tick(timedelta(seconds=pause))
        home.states.async_set("binary_sensor.person", "on")
        await home.async_block_till_done()
        home.states.async_set("binary_sensor.person", "off")
        await home.async_block_till_done()
    first, second = [message.text for message in gateway.messages]
    assert re.fullmatch(r"Porch: a person at \d\d:\d\d:\d\d\.", first)
    assert first != second
    assert all((message.image or "").endswith(".jpg") for message in gateway.messages)


@pytest.mark.parametrize(
    ("event_type", "at_home", "count"),
    [("person", "off", 1), ("vehicle", "off", 0), ("person", "on", 0)],
)
async def test_what_is_no_person_is_not_shown(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    camera: str,
    event_type: str,
    at_home: str,
    count: int,
) -> None:
    """Nor what the user's own conditions leave out."""
    home.states.async_set("event.detection", "unknown")
    home.states.async_set("binary_sensor.at_home", at_home)
    await automate(
        "camera_person",
        detection=["event.detection"],
        camera=camera,
        recipients=["notify.olena"],
        event_types=["person"],
        only_when=[
            {
                "condition": "state",
                "entity_id": "binary_sensor.at_home",
                "state": "off",
            }
        ],
    )
    home.states.async_set("event.detection", _now(), {"event_type": event_type})
    await home.async_block_till_done()
    assert len(gateway.messages) == count


@pytest.mark.parametrize(
    ("name", "field", "entity_id"),
    [
        ("doorbell_snapshot", "doorbell", "event.it"),
        ("doorbell_snapshot", "doorbell", "button.it"),
        ("doorbell_snapshot", "doorbell", "input_button.it"),
        ("doorbell_snapshot", "doorbell", "binary_sensor.it"),
        ("camera_person", "detection", "event.it"),
        ("camera_person", "detection", "binary_sensor.it"),
    ],
)
@pytest.mark.parametrize("before", [None, "unknown", "unavailable"])
async def test_coming_back_is_nothing_that_happened(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    automate: Automate,
    camera: str,
    name: str,
    field: str,
    entity_id: str,
    before: str | None,
) -> None:
    """After a restart, events and buttons show their last time again."""
    again = "on" if entity_id.startswith("binary") else "2026-11-24T10:00:00"
    inputs = {field: entity_id, "camera": camera, "recipients": "notify.olena"}
    await automate(name, **inputs)
    for state in filter(None, (before, again, "unavailable")):
        home.states.async_set(entity_id, state, {"event_type": "ring"})
        await home.async_block_till_done()
    await asyncio.sleep(0.1)
    assert gateway.messages == []
    assert "last_triggered" in home.states.get("automation.made").attributes
    assert home.states.get("automation.made").attributes["last_triggered"] is None
