"""The trigger inteltele.answered, in automations."""

from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    trigger as trigger_helper,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
import yaml

from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.trigger import ANSWERED_SCHEMA, CONF_ANSWER, TRIGGERS

from .conftest import OLENA, PETRO, settled, stop
from .translations import ENGLISH, INTEGRATION

TARGET = {"entity_id": ["event.olena_delivery"]}
ANSWERS = {
    "button_text": "Answer",
    "answers": [
        {"action": "open_gate", "text": "Open gate"},
        {"action": "ignore", "text": "Ignore"},
    ],
}
DESCRIBED: dict[str, Any] = yaml.safe_load((INTEGRATION / "triggers.yaml").read_text())


@pytest.fixture
def acted(home: HomeAssistant) -> list[ServiceCall]:
    """Return what the automation did."""
    home.config.external_url = "https://house.example.org"
    return async_mock_service(home, "test", "act")


async def _automate(
    home: HomeAssistant, target: dict[str, Any], **options: Any
) -> None:
    """Add an automation that acts on an answer."""
    assert await async_setup_component(
        home,
        "automation",
        {
            "automation": {
                "alias": "Answered",
                "triggers": {
                    "trigger": "inteltele.answered",
                    "target": target,
                    "options": options,
                },
                "actions": {
                    "action": "test.act",
                    "data": {
                        "action": "{{ trigger.to_state.attributes.action }}",
                        "entity_id": "{{ trigger.entity_id }}",
                    },
                },
            }
        },
    )
    assert home.states.get("automation.answered").state == "on"


async def _ask(home: HomeAssistant, **fields: Any) -> None:
    """Ask something, and let the report come in."""
    await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Somebody is at the gate.", "to": [OLENA, PETRO]}
        | ANSWERS
        | fields,
        blocking=True,
    )
    await settled(home)


async def _answer(
    home: HomeAssistant, account: MockConfigEntry, number: str, position: int = 0
) -> None:
    """Press one of the answers to a question to a number that is open."""
    answers = account.runtime_data.answers
    link = next(
        link
        for link in answers._links.values()
        if link.number == number and link.given is None
    )
    await answers.press(link, link.answers[position])
    await settled(home)


@pytest.mark.parametrize(
    ("options", "position"),
    [
        ({}, 1),
        ({"answer": []}, 0),
        ({"answer": "Open gate"}, 0),
        ({"answer": ["open_gate"]}, 0),
        ({"answer": [" ignore ", "Open gate"]}, 1),
    ],
)
async def test_an_answer_runs_the_automation(
    home: HomeAssistant,
    account: MockConfigEntry,
    acted: list[ServiceCall],
    options: dict[str, Any],
    position: int,
) -> None:
    """Any, or one that is named by its text or by its action."""
    await _automate(home, TARGET, **options)
    await _ask(home)
    assert acted == []
    await _answer(home, account, OLENA, position)
    assert [dict(call.data) for call in acted] == [
        {
            "action": ANSWERS["answers"][position]["action"],
            "entity_id": "event.olena_delivery",
        }
    ]


async def test_another_answer_does_not_run_it(
    home: HomeAssistant, account: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Only those that are named."""
    await _automate(home, TARGET, answer="Open gate")
    await _ask(home)
    await _answer(home, account, OLENA, 1)
    assert acted == []


async def test_the_answer_of_somebody_else_does_not_run_it(
    home: HomeAssistant, account: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Each recipient has an event entity."""
    await _automate(home, TARGET)
    await _ask(home)
    await _answer(home, account, PETRO)
    assert acted == []
    await _answer(home, account, OLENA)
    assert len(acted) == 1


async def test_two_answers_at_once_run_it_twice(
    home: HomeAssistant, account: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """None is lost in the same millisecond."""
    await _automate(home, {"entity_id": ["event.olena_delivery"]})
    await _ask(home)
    await _ask(home, message="And again.")
    answers = account.runtime_data.answers
    for link in [link for link in answers._links.values() if link.number == OLENA]:
        await answers.press(link, link.answers[0])
    await settled(home)
    assert len(acted) == 2


async def test_a_device_is_a_target_and_what_is_not_ours_is_passed_over(
    home: HomeAssistant, account: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Others have event entities with such types, too."""
    device = dr.async_get(home).async_get_device_by_identifier(
        (DOMAIN, "olena"), "account"
    )
    assert device is not None
    other = er.async_get(home).async_get_or_create("event", "other", "x")
    await _automate(
        home, {"device_id": [device.id], "entity_id": ["event.none", other.entity_id]}
    )
    pressed = {"event_type": "button_pressed", "action": "open_gate", "text": "Open"}
    home.states.async_set(other.entity_id, "2026-11-24T08:15:00.000+00:00")
    home.states.async_set(other.entity_id, "2026-11-24T08:15:01.000+00:00", pressed)
    await settled(home)
    assert acted == []
    await _ask(home)
    await _answer(home, account, OLENA)
    assert len(acted) == 1


async def test_an_answer_that_is_held_back_runs_it_once_after_the_start(
    home: HomeAssistant, account: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Not for what the entity showed before, and not again."""
    await _ask(home)
    await _answer(home, account, OLENA, 1)
    await _ask(home, message="And again.")
    await stop(home, account)
    home.set_state(CoreState.starting)
    await _automate(home, TARGET)
    await home.config_entries.async_setup(account.entry_id)
    await settled(home)
    await _answer(home, account, OLENA)
    assert acted == []
    home.set_state(CoreState.running)
    home.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await settled(home)
    assert [call.data["action"] for call in acted] == ["open_gate"]
    await home.config_entries.async_reload(account.entry_id)
    await settled(home)
    assert len(acted) == 1


async def test_home_assistant_describes_every_trigger(home: HomeAssistant) -> None:
    """It leaves one out where its target or a selector is not right."""
    assert await async_setup_component(home, DOMAIN, {})
    assert await async_setup_component(home, "automation", {})
    described = await trigger_helper.async_get_all_descriptions(home)
    answered = described["inteltele.answered"]
    assert answered is not None
    assert set(answered["fields"]) == set(DESCRIBED["answered"]["fields"])
    assert answered["target"]["entity"] == [
        {"domain": ["event"], "integration": DOMAIN}
    ]


def test_the_words_of_a_trigger_are_those_of_the_code() -> None:
    """Its description, its schema and its translations."""
    assert set(DESCRIBED) == set(ENGLISH["triggers"]) == set(TRIGGERS)
    assert set(DESCRIBED["answered"]["fields"]) == {CONF_ANSWER}
    assert set(ENGLISH["triggers"]["answered"]["fields"]) == {CONF_ANSWER}
    assert set(map(str, ANSWERED_SCHEMA.schema["options"])) == {CONF_ANSWER}
