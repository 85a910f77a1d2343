"""Whether automations hear what entities of a recipient show."""

from typing import Final

from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN, KEY_DELIVERY, KEY_LAST_MESSAGE
from ..delivery import Recipient

_EVENT: Final = (Platform.EVENT, KEY_DELIVERY)
_LAST_MESSAGE: Final = (Platform.SENSOR, KEY_LAST_MESSAGE)


@callback
def has_entities(hass: HomeAssistant, recipient: Recipient) -> bool:
    """Return whether all that is told of a recipient is heard by now.

    Triggers pass over the first state of an entity. A bare number has no entities.
    """
    return recipient.subentry_id is None or all(
        _is_shown(hass, _entity(hass, recipient, *of)) for of in (_EVENT, _LAST_MESSAGE)
    )


@callback
def has_event_entity(hass: HomeAssistant, recipient: Recipient) -> bool:
    """Return whether a recipient has an event entity that is in use."""
    entity = _entity(hass, recipient, *_EVENT)
    return entity is not None and not entity.disabled


@callback
def _is_shown(hass: HomeAssistant, entity: er.RegistryEntry | None) -> bool:
    """Return whether an entity has written its first state, or never will.

    One that is not known yet is of a recipient who was just added.
    """
    if entity is None or entity.disabled:
        return entity is not None
    state = hass.states.get(entity.entity_id)
    return state is not None and state.state != STATE_UNAVAILABLE


@callback
def _entity(
    hass: HomeAssistant, recipient: Recipient, platform: Platform, key: str
) -> er.RegistryEntry | None:
    """Return what is registered of an entity of a recipient."""
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        platform, DOMAIN, f"{recipient.subentry_id}_{key}"
    )
    return registry.async_get(entity_id) if entity_id else None
