"""Examples can be copied: Home Assistant and the integration take them."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any, Final

from homeassistant import components
from homeassistant.components.alert import CONFIG_SCHEMA as ALERT_SCHEMA
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol
import yaml

from custom_components.inteltele.archive.actions import (
    DELETE_MESSAGES_SCHEMA,
    GET_MESSAGES_SCHEMA,
    GET_RATES_SCHEMA,
    GET_STATUS_SCHEMA,
)
from custom_components.inteltele.const import (
    EVENT_ALARM,
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
)
from custom_components.inteltele.sending.alarm_actions import (
    ACKNOWLEDGE_SCHEMA,
    CLEAR_SCHEMA,
)
from custom_components.inteltele.sending.fields import MESSAGE_FIELDS
from custom_components.inteltele.sending.raising import KNOWN_FIELDS
from custom_components.inteltele.services import SEND_MESSAGE_SCHEMA

from ..translations import ENGLISH
from .pages import PAGES, Block, names, section, tables, yaml_blocks

SCHEMAS: Final = {
    "inteltele.send_message": SEND_MESSAGE_SCHEMA,
    "inteltele.preview_message": vol.Any(
        SEND_MESSAGE_SCHEMA, vol.Schema(dict.fromkeys(KNOWN_FIELDS, object))
    ),
    # It refuses nothing; another field would be left out.
    "inteltele.raise_alarm": vol.Schema(dict.fromkeys(KNOWN_FIELDS, object)),
    "inteltele.acknowledge_alarm": ACKNOWLEDGE_SCHEMA,
    "inteltele.clear_alarm": CLEAR_SCHEMA,
    "inteltele.get_status": GET_STATUS_SCHEMA,
    "inteltele.get_rates": GET_RATES_SCHEMA,
    "inteltele.get_messages": GET_MESSAGES_SCHEMA,
    "inteltele.delete_messages": DELETE_MESSAGES_SCHEMA,
    "notify.inteltele": vol.Schema(
        {
            vol.Required("message"): str,
            vol.Optional("title"): str,
            vol.Optional("target"): [str],
            vol.Optional("data"): lambda data: vol.Schema(MESSAGE_FIELDS)(
                {"message": "Water!", **data}
            ),
        }
    ),
}
BUILT_IN: Final = Path(components.__path__[0])

BLOCKS: Final = yaml_blocks()
ALERTS: Final = [block for block in BLOCKS if "alert" in block.content]
CARDS: Final = [block for block in BLOCKS if "type" in block.content]
AUTOMATIONS: Final = [
    block for block in BLOCKS if {"actions", "triggers"} & set(block.content)
]
CARD: Final = Path(__file__).parents[2] / "frontend" / "src" / "types.ts"
EXAMPLE: Final = {
    "triggers": [{"trigger": "homeassistant", "event": "start"}],
    "actions": [{"stop": "Nothing to do"}],
}


def _steps(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every dictionary in an example."""
    if isinstance(node, list):
        for item in node:
            yield from _steps(item)
    if isinstance(node, dict):
        yield node
        for item in node.values():
            yield from _steps(item)


CALLS: Final = [
    (block, step["action"], {**step.get("target", {}), **step.get("data", {})})
    for block in AUTOMATIONS
    for step in _steps(block.content)
    if "." in str(step.get("action", ""))
]
OURS: Final = [call for call in CALLS if call[1] in SCHEMAS]
OTHERS: Final = [call for call in CALLS if call[1] not in SCHEMAS]
HEARD: Final = [
    (step["event_type"], set(step.get("event_data", {})))
    for block in AUTOMATIONS
    for step in _steps(block.content)
    if step.get("trigger") == "event"
]
ENTITIES: Final = sorted(
    {
        entity_id
        for block in BLOCKS
        for step in _steps(block.content)
        for value in (step.get("entity_id", []), step.get("recipient", []))
        for entity_id in (value if isinstance(value, list) else [value])
        if entity_id.partition(".")[0] in {"notify", "event"}
        or "inteltele" in entity_id
    }
)


@pytest.mark.parametrize("block", AUTOMATIONS, ids=str)
async def test_home_assistant_takes_an_automation(
    home: HomeAssistant, account: MockConfigEntry, block: Block
) -> None:
    """As its editor would."""
    assert await async_setup_component(home, "automation", {})
    await async_validate_config_item(home, "example", EXAMPLE | block.content)


@pytest.mark.parametrize(
    "block",
    [block for block in AUTOMATIONS if block.page == "docs/automations.md"],
    ids=str,
)
def test_an_automation_to_copy_is_whole(block: Block) -> None:
    """It can be saved as it is."""
    assert {"alias", "mode", "triggers", "actions"} == set(block.content)


@pytest.mark.parametrize("block", ALERTS, ids=str)
def test_home_assistant_takes_an_alert(block: Block) -> None:
    """It tells by the action that is named after the account, or by a group."""
    [alert] = ALERT_SCHEMA(block.content)["alert"].values()
    groups = [group["name"] for group in block.content.get("notify", ())]
    assert alert["notifiers"] == (groups or ["inteltele"])


@pytest.mark.parametrize(("block", "action", "fields"), OURS, ids=str)
def test_the_integration_takes_the_fields_of_an_action(
    block: Block, action: str, fields: dict[str, Any]
) -> None:
    """Each has its schema."""
    SCHEMAS[action](fields)


@pytest.mark.parametrize(("block", "action", "fields"), OTHERS, ids=str)
def test_an_action_of_another_integration_exists(
    block: Block, action: str, fields: dict[str, Any]
) -> None:
    """With all of its fields."""
    domain, name = action.split(".")
    if name.startswith("mobile_app_"):
        # Each phone has its own.
        name = "notify"
    described = yaml.safe_load((BUILT_IN / domain / "services.yaml").read_text())
    known = set((described[name] or {}).get("fields", {}))
    assert set(fields) - {"entity_id"} <= known


@pytest.mark.parametrize("block", CARDS, ids=str)
def test_a_card_has_the_options_of_its_source(block: Block) -> None:
    """Another one would be passed over in silence."""
    [config] = re.findall(
        r"interface CardConfig \{(.*?)\}", CARD.read_text(), re.DOTALL
    )
    assert block.content["type"] in {
        "custom:inteltele-messages-card",
        "custom:inteltele-alarm-card",
    }
    assert set(block.content) <= set(re.findall(r"(\w+)\??:", config))


def test_an_option_of_a_card_is_called_what_its_editor_calls_it() -> None:
    """And every option is explained."""
    editor = (CARD.parent / "editor.ts").read_text()
    [labels] = re.findall(r"LABELS: \S+ \S+ = \{(.*?)\}", editor, re.DOTALL)
    [alarms] = re.findall(r"_labels = \{ \.\.\.LABELS, (.*?) \}", editor)
    called = re.findall(r'(\w+): "(\w+)"', labels + alarms)
    explained = {
        (row["key"].strip("`"), row["label"])
        for table in tables(PAGES["docs/card.md"])
        for row in table
        if "label" in row
    }
    assert explained == {
        (key, ENGLISH["common"][f"card_{name}"]) for key, name in called
    }


@pytest.mark.parametrize(("event_type", "fields"), HEARD)
def test_an_example_listens_to_what_is_told(event_type: str, fields: set[str]) -> None:
    """An event with another name would never come."""
    assert event_type in {EVENT_ALARM, EVENT_BUTTON_PRESSED, EVENT_DELIVERY_STATUS}
    assert fields <= set(names(section("docs/events.md", f"`{event_type}`")))


@pytest.mark.parametrize("entity_id", ENTITIES)
def test_an_entity_is_called_so(
    home: HomeAssistant, account: MockConfigEntry, entity_id: str
) -> None:
    """Where the account is called IntelTele, and a recipient Olena or Petro."""
    assert er.async_get(home).async_get(entity_id)
