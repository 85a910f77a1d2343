"""Triggers: somebody answers a message."""

from typing import Final, override

from homeassistant.components.event import ATTR_EVENT_TYPE, DOMAIN as EVENT_DOMAIN
from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerConfig,
)
import voluptuous as vol

from .const import ATTR_ACTION, ATTR_TEXT, DOMAIN
from .public import BUTTON_PRESSED

CONF_ANSWER: Final = "answer"

ANSWERED_SCHEMA: Final = ENTITY_STATE_TRIGGER_SCHEMA.extend(
    {
        vol.Required(CONF_OPTIONS, default={}): {
            vol.Optional(CONF_ANSWER): vol.All(cv.ensure_list, [cv.string])
        }
    }
)


class AnsweredTrigger(StatelessEntityTriggerBase):
    """Fires when a recipient answers, with any answer or with one of some.

    An answer is named by what the button says, or by its action.
    """

    _domain_specs = {EVENT_DOMAIN: DomainSpec()}  # noqa: RUF012 - as Home Assistant
    _schema = ANSWERED_SCHEMA

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Remember which answers are meant, all without one."""
        super().__init__(hass, config)
        self._answers = {_alike(text) for text in self._options.get(CONF_ANSWER, ())}

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the event entities of recipients, of all that is targeted."""
        registry = er.async_get(self._hass)
        return {
            entity_id
            for entity_id in super().entity_filter(entities)
            if (entity := registry.async_get(entity_id)) and entity.platform == DOMAIN
        }

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether a recipient answered just now, and what is meant."""
        told = state.attributes
        if told.get(ATTR_EVENT_TYPE) != BUTTON_PRESSED:
            return False
        given = {_alike(str(told.get(name))) for name in (ATTR_TEXT, ATTR_ACTION)}
        return not self._answers or not self._answers.isdisjoint(given)


def _alike(text: str) -> str:
    """Return an answer as it is compared: blanks and case are typed differently."""
    return " ".join(text.split()).casefold()


TRIGGERS: Final[dict[str, type[Trigger]]] = {"answered": AnsweredTrigger}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of the integration."""
    return TRIGGERS
