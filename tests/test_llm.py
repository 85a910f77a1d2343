"""What voice assistants and agents may do: write a text to somebody exposed to them."""

from decimal import Decimal
from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er, llm
from homeassistant.setup import async_setup_component
import probatio
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)

from custom_components.inteltele.llm import TOOL_NAME, async_get_tools
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, PETRO, stop

ASSISTANT = "conversation"
RECIPIENTS = ["notify.olena", "notify.petro"]


@pytest.fixture
async def house(home: HomeAssistant, account: MockConfigEntry) -> HomeAssistant:
    """Return a house that has assistants, to which nobody is exposed."""
    assert await async_setup_component(home, "homeassistant", {})
    assert await async_setup_component(home, "llm", {})
    return home


def _expose(house: HomeAssistant, *entity_ids: str, exposed: bool = True) -> None:
    """Let the assistant know of recipients, or hide them."""
    for entity_id in entity_ids:
        async_expose_entity(house, ASSISTANT, entity_id, exposed)


def _llm_context(context: Context | None = None) -> llm.LLMContext:
    """Return who asks."""
    return llm.LLMContext(
        platform="test",
        context=context,
        language="en",
        assistant=ASSISTANT,
        device_id=None,
    )


async def _tools(house: HomeAssistant) -> dict[str, llm.Tool]:
    """Return the tools that Home Assistant offers to an agent, by name."""
    api = await llm.async_get_api(house, llm.LLM_API_ASSIST, _llm_context())
    return {tool.name: tool for tool in api.tools}


async def _call(
    house: HomeAssistant,
    tool: llm.Tool,
    context: Context | None = None,
    **arguments: Any,
) -> llm.ToolResult:
    """Call the tool as an agent does."""
    result = await tool.async_call(
        house,
        llm.ToolInput(tool_name=tool.name, tool_args=arguments),
        _llm_context(context),
    )
    assert isinstance(result, llm.ToolResult)
    return result


async def test_nobody_is_exposed_unless_chosen(house: HomeAssistant) -> None:
    """So the tool is not offered."""
    assert TOOL_NAME not in await _tools(house)


async def test_the_tool_is_for_the_house_s_own_assist_api(house: HomeAssistant) -> None:
    """Another one has to ask for it."""
    _expose(house, *RECIPIENTS)
    assert async_get_tools(house, _llm_context(), "another") is None


async def test_a_recipient_and_a_message_are_all_it_takes(house: HomeAssistant) -> None:
    """No numbers, no pictures, no buttons."""
    _expose(house, "notify.olena")
    tool = (await _tools(house))[TOOL_NAME]
    schema: Any = probatio.to_openapi(
        tool.parameters, custom_serializer=llm.selector_serializer
    )
    assert set(schema["properties"]) == {"recipient", "message"}
    assert schema["properties"]["recipient"]["enum"] == ["Olena"]
    assert schema["properties"]["message"]["type"] == "string"
    assert schema["required"] == ["recipient", "message"]


@pytest.mark.parametrize(("name", "number"), [("Olena", OLENA), ("Petro", PETRO)])
async def test_a_message_goes_to_whom_it_is_for(
    house: HomeAssistant, gateway: SimulatedGateway, name: str, number: str
) -> None:
    """By name, and to nobody else."""
    _expose(house, *RECIPIENTS)
    tool = (await _tools(house))[TOOL_NAME]
    result = await _call(house, tool, recipient=name, message="Dinner!")
    assert (result.data["status"], result.error) == ("sent", False)
    [message] = gateway.messages
    assert (message.number, message.text) == (number, "Dinner!")


async def test_an_alias_is_a_name(
    house: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """As people call somebody."""
    _expose(house, *RECIPIENTS)
    er.async_get(house).async_update_entity("notify.olena", aliases=["Mum"])
    tool = (await _tools(house))[TOOL_NAME]
    await _call(house, tool, recipient="Mum", message="Dinner!")
    assert [message.number for message in gateway.messages] == [OLENA]


async def test_the_call_is_one_of_the_user_s(house: HomeAssistant) -> None:
    """The logbook shows by whom it was."""
    _expose(house, *RECIPIENTS)
    tool = (await _tools(house))[TOOL_NAME]
    calls = async_capture_events(house, "call_service")
    context = Context()
    await _call(house, tool, context, recipient="Olena", message="Dinner!")
    assert [call.context for call in calls] == [context]


@pytest.mark.parametrize(
    "arguments",
    [
        {"recipient": "Petro", "message": "Dinner!"},
        {"recipient": PETRO, "message": "Dinner!"},
        {"recipient": "notify.olena", "message": "Dinner!"},
        {"recipient": "Olena"},
        {"message": "Dinner!"},
        {"recipient": "Olena", "message": "Dinner!", "to": [PETRO]},
        {"recipient": "Olena", "message": "Dinner!", "media": "camera.porch"},
    ],
)
async def test_anything_else_is_refused(
    house: HomeAssistant, gateway: SimulatedGateway, arguments: dict[str, Any]
) -> None:
    """With a sentence that says what is possible."""
    _expose(house, "notify.olena")
    tool = (await _tools(house))[TOOL_NAME]
    result = await _call(house, tool, **arguments)
    assert result.error
    assert result.data == {
        "error": "This takes a recipient and a message, and nothing else. "
        "The recipient is one of: Olena."
    }
    assert gateway.requests == []


async def test_somebody_who_was_hidden_in_between_is_refused(
    house: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """An agent may keep its tools for long."""
    _expose(house, *RECIPIENTS)
    tool = (await _tools(house))[TOOL_NAME]
    _expose(house, "notify.petro", exposed=False)
    result = await _call(house, tool, recipient="Petro", message="Dinner!")
    assert result.error
    assert result.data == {"error": '"Petro" is no longer exposed to this assistant.'}
    assert gateway.requests == []


async def test_two_of_the_same_name_are_not_guessed_between(
    house: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """The wrong one must not read it."""
    _expose(house, *RECIPIENTS)
    registry = er.async_get(house)
    registry.async_update_entity("notify.petro", aliases=["Olena"])
    tool = (await _tools(house))[TOOL_NAME]
    result = await _call(house, tool, recipient="Olena", message="Dinner!")
    assert result.error
    assert 'several recipients named "Olena"' in result.data["error"]
    assert gateway.requests == []


async def test_notify_entities_of_others_are_none_of_ours(
    house: HomeAssistant,
) -> None:
    """Even where they are exposed."""
    entity = er.async_get(house).async_get_or_create("notify", "other", "1")
    house.states.async_set(entity.entity_id, "unknown")
    _expose(house, entity.entity_id)
    assert TOOL_NAME not in await _tools(house)


async def test_a_user_needs_control_permission(
    house: HomeAssistant, gateway: SimulatedGateway, hass_read_only_user: MockUser
) -> None:
    """On the one to whom it goes."""
    hass_read_only_user.mock_policy(
        {
            "entities": {
                "entity_ids": {
                    "notify.olena": {POLICY_READ: True, POLICY_CONTROL: True},
                    "notify.petro": {POLICY_READ: True},
                }
            }
        }
    )
    _expose(house, *RECIPIENTS)
    tool = (await _tools(house))[TOOL_NAME]
    context = Context(user_id=hass_read_only_user.id)
    refused = await _call(house, tool, context, recipient="Petro", message="Dinner!")
    assert refused.error
    assert refused.data == {"error": "You are not allowed to send messages to Petro."}
    sent = await _call(house, tool, context, recipient="Olena", message="Dinner!")
    assert not sent.error
    assert [message.number for message in gateway.messages] == [OLENA]


@pytest.mark.parametrize(
    ("message", "balance", "sentence"),
    [
        ("Dinner!", Decimal(0), "Not sent to Olena: the balance is too low."),
        (" ", Decimal(25), '"Message" is empty'),
        ("x" * 1001, Decimal(25), "The gateway takes at most 1000"),
    ],
)
async def test_a_failure_is_told_in_a_sentence(
    house: HomeAssistant,
    gateway: SimulatedGateway,
    message: str,
    balance: Decimal,
    sentence: str,
) -> None:
    """The one that a person would read."""
    gateway.settings.balance = balance
    _expose(house, *RECIPIENTS)
    tool = (await _tools(house))[TOOL_NAME]
    result = await _call(house, tool, recipient="Olena", message=message)
    assert result.error
    assert sentence in result.data["error"]
    assert gateway.messages == []


async def test_a_message_that_waits_is_told_so(
    house: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """It is not sent yet."""
    gateway.settings.allowed_ips = ("10.0.0.1",)
    _expose(house, *RECIPIENTS)
    tool = (await _tools(house))[TOOL_NAME]
    result = await _call(house, tool, recipient="Olena", message="Dinner!")
    assert (result.data["status"], result.error) == ("queued", False)


async def test_an_account_that_does_not_run_sends_nothing(
    house: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Its recipients are known all the same."""
    _expose(house, *RECIPIENTS)
    await stop(house, account)
    tool = (await _tools(house))[TOOL_NAME]
    result = await _call(house, tool, recipient="Olena", message="Dinner!")
    assert result.error
    assert "The account IntelTele is not running." in result.data["error"]
    assert gateway.requests == []
