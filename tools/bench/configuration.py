"""A house in which ways to send are compared."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
import logging
from pathlib import Path
from typing import Any, Final

from homeassistant.components.event import DATA_COMPONENT as EVENTS
from homeassistant.components.sensor import DATA_COMPONENT as SENSORS
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import EntityComponent

import custom_components
from custom_components.inteltele.account.paths import ledger_path
from demo.ports import free_port

from ..house import add_account, running_house
from .gateways import API_KEY, Gateway

COMPONENTS: Final = Path(__file__).parent / "components"

_CONFIGURATION: Final = """
homeassistant:
  name: Bench
  country: UA
  currency: UAH
  internal_url: http://127.0.0.1:{port}
  external_url: http://127.0.0.1:{port}
http:
{more}"""
_REST_COMMAND: Final = """
rest_command:
  send:
    url: {url}/im/send/
    method: post
    content_type: application/x-www-form-urlencoded
    payload: >-
      username={username}&api_key={api_key}&to={{{{ to }}}}&im_ttl=86400&im_message={{{{
      message | urlencode }}}}
"""
RECORDER: Final = """
recorder:
"""


@asynccontextmanager
async def house_of_comparison(
    folder: Path, rest_command: Gateway | None = None, more: str = ""
) -> AsyncGenerator[HomeAssistant]:
    """Run a house, with a rest_command that sends to a gateway, and more that is YAML.

    Home Assistant has no recorder here, unless it is in what is more.
    """
    port = free_port()
    if rest_command is not None:
        more += _REST_COMMAND.format(
            url=rest_command.url, username=rest_command.username, api_key=API_KEY
        )
    configuration = _CONFIGURATION.format(port=port, more=more)
    if str(COMPONENTS) not in custom_components.__path__:
        custom_components.__path__.append(str(COMPONENTS))
    async with running_house(folder, port, configuration, _log_errors_only) as hass:
        yield hass


async def add_account_at(
    hass: HomeAssistant, gateway: Gateway, recipients: int
) -> ConfigEntry[Any]:
    """Set up an account with so many recipients."""
    return await add_account(
        hass,
        gateway.url,
        username=gateway.username,
        api_key=API_KEY,
        recipients={
            f"Recipient {number}": f"+38067{number:07d}" for number in range(recipients)
        },
    )


async def bare_entry(
    hass: HomeAssistant,
    entities: Mapping[str, int],
    entities_of_each: Mapping[str, int] | None = None,
    *,
    recipients: int = 0,
    asking: str | None = None,
) -> ConfigEntry[Any]:
    """Return an entry that adds so many entities of each kind, and of each recipient.

    It does nothing else, but where it is to ask a gateway.
    """
    flow = await hass.config_entries.flow.async_init(
        "bench_bare",
        context={"source": SOURCE_USER},
        data={
            "entities": {
                kind: entities.get(kind, 0)
                for kind in ("binary_sensor", "event", "notify", "sensor")
            },
            "subentries": recipients,
            "asking": asking,
            "entities_of_each": dict(entities_of_each or {}),
        },
    )
    await hass.async_block_till_done()
    created: ConfigEntry[Any] = flow["result"]
    return created


async def bare_entities(hass: HomeAssistant) -> list[Any]:
    """Return an event entity and a sensor that do nothing by themselves."""
    entry = await bare_entry(hass, {"event": 1, "sensor": 1})
    components: dict[str, EntityComponent[Any]] = {
        "event": hass.data[EVENTS],
        "sensor": hass.data[SENSORS],
    }
    registry = er.async_get(hass)
    return [
        components[item.domain].get_entity(item.entity_id)
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    ]


async def give_history(
    hass: HomeAssistant, entry: ConfigEntry[Any], write: Callable[[Path], None]
) -> None:
    """Have the file of an account written while the account does not use it.

    An account that is only unloaded goes on working; one that is disabled does not.
    """
    entry_id = entry.entry_id
    await hass.config_entries.async_set_disabled_by(entry_id, ConfigEntryDisabler.USER)
    await hass.async_add_executor_job(write, ledger_path(hass, entry_id))
    await hass.config_entries.async_set_disabled_by(entry_id, None)
    await hass.async_block_till_done()


def _log_errors_only() -> None:
    """Keep Home Assistant's logging out of what is measured."""
    logging.getLogger().setLevel(logging.ERROR)
