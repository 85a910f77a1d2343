"""Pages name every field of forms, actions and responses, and no other."""

from typing import Any, Final

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.inteltele.archive.actions import (
    DELETE_MESSAGES_SCHEMA,
    GET_MESSAGES_SCHEMA,
    GET_RATES_SCHEMA,
    GET_STATUS_SCHEMA,
)
from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.sending.alarm_actions import (
    ACKNOWLEDGE_SCHEMA,
    CLEAR_SCHEMA,
)
from custom_components.inteltele.sending.raising import KNOWN_FIELDS
from custom_components.inteltele.services import SEND_MESSAGE_SCHEMA
from custom_components.inteltele.settings.account_form import account_schema
from custom_components.inteltele.settings.options_flow import options_schema
from custom_components.inteltele.settings.recipient_flow import recipient_schema

from ..conftest import OLENA
from ..translations import ENGLISH
from .pages import PAGES, json_block, names, rows, section, tables

# In YAML only.
TARGETS: Final = {"device_id", "area_id", "floor_id", "label_id"}
MESSAGE_TABLES: Final = (
    "Whom it goes to",
    "What it says",
    "How it is sent",
    "What it waits for",
)


def _explained(page: str, heading: str) -> dict[str, dict[str, str]]:
    """Return the rows of tables of fields, by the key of each."""
    return {
        key: row for key, row in rows(section(page, heading)).items() if "label" in row
    }


def _shape(node: Any) -> Any:
    """Return the names of a response's fields, whatever is in them."""
    if isinstance(node, dict):
        # Message ids are the only keys with a hyphen, and each is another.
        return {
            "id" if "-" in key else key: _shape(value) for key, value in node.items()
        }
    if isinstance(node, list):
        return _shape(node[0]) if node else None
    return None


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("Add your account", {"username", "api_key", "currency", "url"}),
        ("Add recipients", set(map(str, recipient_schema(tested=False).schema))),
        ("Options", set(map(str, options_schema("UAH").schema))),
    ],
)
def test_every_field_of_a_form_is_explained(heading: str, fields: set[str]) -> None:
    """And no other."""
    assert set(names(section("docs/installation.md", heading))) == fields


def test_the_account_form_has_the_fields_that_are_explained() -> None:
    """The address stands in a section of its own."""
    assert set(map(str, account_schema(key_known=False).schema)) == {
        "username",
        "api_key",
        "currency",
        "connection",
    }


def test_every_field_of_a_message_is_explained() -> None:
    """In four tables."""
    explained = [
        name
        for heading in MESSAGE_TABLES
        for name in names(section("docs/sending.md", heading))
    ]
    fields = set(map(str, SEND_MESSAGE_SCHEMA.schema)) - TARGETS
    assert sorted(explained) == sorted(fields)


@pytest.mark.parametrize(
    ("page", "heading", "action"),
    [
        *(("docs/sending.md", heading, "send_message") for heading in MESSAGE_TABLES),
        *(
            ("docs/entities.md", f"`inteltele.{action}`", action)
            for action in ("get_status", "get_rates", "get_messages", "delete_messages")
        ),
        ("docs/alarms.md", "Raise an alarm", "raise_alarm"),
        ("docs/alarms.md", "Acknowledge an alarm", "acknowledge_alarm"),
        ("docs/alarms.md", "Clear an alarm", "clear_alarm"),
    ],
)
def test_a_field_is_called_what_its_form_calls_it(
    page: str, heading: str, action: str
) -> None:
    """Errors call it so."""
    fields = ENGLISH["services"][action]["fields"]
    found = _explained(page, heading)
    assert {key: row["label"] for key, row in found.items()} == {
        key: fields[key]["name"] for key in found
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_table_of_fields_says_what_is_required_and_what_holds_otherwise(
    page: str,
) -> None:
    """In the same columns, by the label first."""
    for table in tables(PAGES[page]):
        head = list(table[0])
        if "label" in head:
            assert head == ["label", "key", "required", "default", "meaning"]
            assert all(all(row.values()) for row in table)


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("Add your account", account_schema(key_known=False).schema),
        ("Add recipients", recipient_schema(tested=False).schema),
        ("Options", options_schema("UAH").schema),
    ],
)
def test_what_a_form_needs_is_marked(
    heading: str, fields: dict[vol.Marker, Any]
) -> None:
    """What has no default of its own; and what may be empty is not."""
    explained = _explained("docs/installation.md", heading)
    for field in fields:
        if (key := str(field)) in explained:
            empty = isinstance(field.default, vol.Undefined)
            if isinstance(field, vol.Required) and empty:
                assert explained[key]["required"] == "yes"
            if isinstance(field, vol.Optional):
                assert explained[key]["required"] != "yes"


@pytest.mark.parametrize(
    ("heading", "step"),
    [
        ("Add your account", ENGLISH["config"]["step"]["user"]),
        ("Add recipients", ENGLISH["config_subentries"]["recipient"]["step"]["user"]),
        ("Options", ENGLISH["options"]["step"]["init"]),
    ],
)
def test_a_field_is_called_what_its_form_in_settings_calls_it(
    heading: str, step: dict[str, Any]
) -> None:
    """Also in a folded section."""
    sections = step.get("sections", {}).values()
    labels = step["data"] | {
        key: label for part in sections for key, label in part["data"].items()
    }
    explained = _explained("docs/installation.md", heading)
    assert {key: row["label"] for key, row in explained.items()} == labels


def test_the_defaults_of_options_are_those_of_their_form() -> None:
    """As a person reads them."""
    explained = _explained("docs/installation.md", "Options")
    for field in options_schema("UAH").schema:
        if isinstance(field.default, vol.Undefined):
            assert explained[str(field)]["default"].startswith("empty")
        else:
            assert explained[str(field)]["default"] == _read(field.default())


def _read(value: Any) -> str:
    """Return a default as a page shows it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict):
        [(unit, amount)] = [(unit, n) for unit, n in value.items() if n]
        return f"{amount} {unit}"
    return f"{value:g}"


def test_the_option_of_the_trigger_is_explained() -> None:
    """By its label as well."""
    explained = _explained("docs/events.md", "The trigger *Message answered*")
    trigger = ENGLISH["triggers"]["answered"]
    assert trigger["name"] == "Message answered"
    assert {key: row["label"] for key, row in explained.items()} == {
        name: field["name"] for name, field in trigger["fields"].items()
    }


async def _respond(home: HomeAssistant, action: str, **fields: Any) -> Any:
    """Return an action's response."""
    return await home.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True
    )


async def test_the_response_of_a_send_is_as_it_is_shown(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With all of its fields."""
    response = await _respond(
        home, "send_message", message="Water!", entity_id="notify.olena"
    )
    page = "docs/sending.md"
    assert _shape(json_block(page, "The response")) == _shape(response)
    explained = names(section(page, "The response"))
    assert sorted(explained) == sorted([*response["messages"][0], "answer"])


async def test_the_response_of_a_preview_is_as_it_is_shown(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """To the letter: the example is what its fields make."""
    page, heading = "docs/sending.md", "Preview a message"
    response = await _respond(
        home,
        "preview_message",
        message="Water in the cellar!",
        title="Alarm",
        entity_id="notify.petro",
        sms_after={"minutes": 3},
    )
    # The tests' own gateway speaks plain HTTP.
    response["warnings"].clear()
    assert json_block(page, heading) == response
    [message] = response["messages"]
    assert sorted(names(section(page, heading))) == sorted(
        [*message, *(message["ways"][0])]
    )


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("get_status", {"message_ids": "{id}"}),
        ("get_rates", {"country": "ua"}),
        ("get_messages", {}),
        ("delete_messages", {"number": OLENA}),
    ],
)
async def test_the_response_of_an_action_is_as_it_is_shown(
    home: HomeAssistant, account: MockConfigEntry, action: str, fields: dict[str, str]
) -> None:
    """With all of its fields."""
    sent = await _respond(
        home, "send_message", message="Water!", entity_id="notify.olena"
    )
    message_id = sent["messages"][0]["message_id"]
    filled = {key: text.format(id=message_id) for key, text in fields.items()}
    response = await _respond(home, action, **filled)
    shown = json_block("docs/entities.md", f"`inteltele.{action}`")
    assert _shape(shown) == _shape(response)


@pytest.mark.parametrize(
    ("action", "schema"),
    [
        ("get_status", GET_STATUS_SCHEMA),
        ("get_rates", GET_RATES_SCHEMA),
        ("get_messages", GET_MESSAGES_SCHEMA),
        ("delete_messages", DELETE_MESSAGES_SCHEMA),
    ],
)
def test_every_field_of_an_action_is_explained(action: str, schema: vol.Schema) -> None:
    """And no other."""
    explained = names(section("docs/entities.md", f"`inteltele.{action}`"))
    assert sorted(explained) == sorted(map(str, schema.schema))


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("Raise an alarm", set(KNOWN_FIELDS)),
        ("Acknowledge an alarm", set(map(str, ACKNOWLEDGE_SCHEMA.schema))),
        ("Clear an alarm", set(map(str, CLEAR_SCHEMA.schema))),
    ],
)
def test_every_field_of_an_alarm_is_explained(heading: str, fields: set[str]) -> None:
    """And no other."""
    assert set(_explained("docs/alarms.md", heading)) == fields


async def test_the_response_of_an_alarm_is_as_it_is_shown(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With all of its fields."""
    home.config.external_url = "https://house.example.org"
    response = await _respond(
        home,
        "raise_alarm",
        message="Water!",
        recipients=["notify.olena"],
        sms="as_set",
    )
    page, heading = "docs/alarms.md", "The response"
    assert _shape(json_block(page, heading)) == _shape(response)
    assert names(section(page, heading)) == list(response)
