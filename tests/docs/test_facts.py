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
from custom_components.inteltele.settings.recipient_flow import RECIPIENT_SCHEMA

from ..conftest import OLENA
from ..translations import ENGLISH
from .pages import json_block, names, rows, section

# In YAML only.
TARGETS: Final = {"device_id", "area_id", "floor_id", "label_id"}
MESSAGE_TABLES: Final = (
    "Whom it goes to",
    "What it says",
    "How it goes out",
    "What comes back",
)


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
        ("Add recipients", set(map(str, RECIPIENT_SCHEMA.schema))),
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
            ("docs/actions.md", f"`inteltele.{action}`", action)
            for action in ("get_status", "get_rates", "get_messages", "delete_messages")
        ),
        ("docs/alarms.md", "Raising it", "raise_alarm"),
        ("docs/alarms.md", "Somebody takes care of it", "acknowledge_alarm"),
        ("docs/alarms.md", "The cause is gone", "clear_alarm"),
    ],
)
def test_a_field_is_called_what_its_form_calls_it(
    page: str, heading: str, action: str
) -> None:
    """Errors call it so."""
    fields = ENGLISH["services"][action]["fields"]
    called = {row[0].strip("`"): row[1] for row in rows(section(page, heading))}
    assert called == {name: fields[name]["name"] for name in called}


def test_the_option_of_the_trigger_is_explained() -> None:
    """By its label as well."""
    explained = rows(section("docs/events.md", "The trigger *Message answered*"))
    trigger = ENGLISH["triggers"]["answered"]
    assert trigger["name"] == "Message answered"
    assert {row[0].strip("`"): row[1] for row in explained} == {
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
    page, heading = "docs/sending.md", "What it would be"
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
    shown = json_block("docs/actions.md", f"`inteltele.{action}`")
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
    explained = names(section("docs/actions.md", f"`inteltele.{action}`"))
    assert sorted(explained) == sorted(map(str, schema.schema))


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("Raising it", set(KNOWN_FIELDS)),
        ("Somebody takes care of it", set(map(str, ACKNOWLEDGE_SCHEMA.schema))),
        ("The cause is gone", set(map(str, CLEAR_SCHEMA.schema))),
    ],
)
def test_every_field_of_an_alarm_is_explained(heading: str, fields: set[str]) -> None:
    """And no other."""
    assert set(names(section("docs/alarms.md", heading))) == fields


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
