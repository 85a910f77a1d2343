"""A tool for voice assistants and agents: a text to somebody exposed to them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.components.notify import ATTR_MESSAGE, DOMAIN as NOTIFY_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import config_validation as cv, entity_registry as er, intent
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolInput,
    ToolResult,
)
import voluptuous as vol

from .archive.actions import ATTR_RECIPIENT
from .const import DOMAIN
from .services import SERVICE_SEND_MESSAGE

# What an agent reads may make it write to people, so it can do no more than this: no
# numbers, no pictures, no buttons, nothing of what was sent before.
TOOL_NAME: Final = f"{DOMAIN}__send_message"


class SendMessageTool(Tool):
    """Sends a text to a recipient, found by name among those exposed."""

    name = TOOL_NAME
    title = "Send message"
    description = (
        "Send a text message to the phone of a person, by Viber or SMS. "
        "A message costs money and cannot be taken back: send it only when the user "
        "asks for it, and only once."
    )
    integration = DOMAIN

    def __init__(self, names: list[str]) -> None:
        """Offer recipients by their names."""
        self._names = names
        self.parameters = vol.Schema(
            {
                vol.Required(ATTR_RECIPIENT, description="Who gets it"): vol.In(names),
                vol.Required(ATTR_MESSAGE, description="The text"): cv.string,
            }
        )

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Send, and tell in a sentence why not."""
        try:
            arguments = self.parameters(tool_input.tool_args)
        except vol.Invalid:
            return _error(
                "This takes a recipient and a message, and nothing else. The recipient "
                f"is one of: {', '.join(self._names)}."
            )
        name = arguments[ATTR_RECIPIENT]
        # Somebody may have been hidden from the assistant since the tool was offered.
        entity_ids = _exposed(hass, llm_context).get(name, [])
        if not entity_ids:
            return _error(f'"{name}" is no longer exposed to this assistant.')
        if len(entity_ids) > 1:
            return _error(
                f'There are several recipients named "{name}". Give each an alias of '
                "its own in the settings of voice assistants."
            )
        try:
            response: Any = await hass.services.async_call(
                DOMAIN,
                SERVICE_SEND_MESSAGE,
                {ATTR_ENTITY_ID: entity_ids, ATTR_MESSAGE: arguments[ATTR_MESSAGE]},
                context=llm_context.context,
                blocking=True,
                return_response=True,
            )
        except Unauthorized:
            return _error(f"You are not allowed to send messages to {name}.")
        except HomeAssistantError as err:
            return _error(str(err))
        [message] = response["messages"]
        return ToolResult(
            data={"status": message["status"], "warnings": response["warnings"]}
        )


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tool, where a recipient is exposed to the assistant."""
    if api_id != LLM_API_ASSIST:
        return None
    names = sorted(_exposed(hass, llm_context))
    return LLMTools(tools=[SendMessageTool(names)]) if names else None


@callback
def _exposed(hass: HomeAssistant, llm_context: LLMContext) -> Mapping[str, list[str]]:
    """Return the notify entities exposed to an assistant, by each of their names."""
    registry = er.async_get(hass)
    exposed: defaultdict[str, list[str]] = defaultdict(list)
    for state in hass.states.async_all(NOTIFY_DOMAIN):
        entity = registry.async_get(state.entity_id)
        if (
            entity is None
            or entity.platform != DOMAIN
            or not async_should_expose(hass, llm_context.assistant, state.entity_id)
        ):
            continue
        for name in dict.fromkeys(
            intent.async_get_entity_aliases(hass, entity, state=state)
        ):
            exposed[name].append(state.entity_id)
    return exposed


def _error(sentence: str) -> ToolResult:
    """Return what went wrong, for the assistant to tell."""
    return ToolResult(data={"error": sentence}, error=True)
