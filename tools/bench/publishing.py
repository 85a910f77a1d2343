"""What one send adds to its request, beside what ntfy adds to its own."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Final
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from .configuration import add_account_at
from .floor import written_rows
from .gateways import Gateway
from .rounds import Comparison, Work, interleaved, typical_seconds
from .sending import bare_post, our_action, plain_action

ROUNDS: Final = 21
SENDS: Final = 120
USERNAME: Final = "least"

_TEXTS = count()


async def added(hass: HomeAssistant, url: str) -> Sequence[Comparison]:
    """Compare what is added, each to a server that does as little as it can."""
    gateway = Gateway(url=url, username=USERNAME)
    account = await add_account_at(hass, gateway, recipients=1)
    phone = await _phone(hass, url)
    somebody = _notify_entity(hass, account)
    with written_rows(Path(hass.config.path("floor.db"))) as write_row:
        times = await interleaved(
            {
                "ours": our_action(hass, somebody),
                "our bare": bare_post(hass, gateway),
                "theirs": _publish(hass, _notify_entity(hass, phone)),
                "their bare": _bare_publish(hass, url),
                "floor": plain_action(hass, gateway, somebody, first=write_row),
            },
            rounds=ROUNDS,
            count=SENDS,
            timed=typical_seconds,
        )
    await hass.config_entries.async_remove(phone.entry_id)
    await hass.config_entries.async_remove(account.entry_id)
    return [
        Comparison(
            measure=measure,
            against="what ntfy.publish adds to its own",
            at_most=at_most,
            ours=_over(times[name], times["our bare"]),
            theirs=_over(times["theirs"], times["their bare"]),
        )
        for name, measure, at_most in (
            ("ours", "what send_message adds to the same POST, made directly", 1.0),
            ("floor", "what an action adds that only writes a row before it", None),
        )
    ]


def _over(whole: Sequence[float], bare: Sequence[float]) -> list[float]:
    """Return what was added in each round."""
    return [all_of - part for all_of, part in zip(whole, bare, strict=True)]


def _publish(hass: HomeAssistant, entity_id: str) -> Work:
    """Return a send by ntfy's own action, which returns no response."""

    async def work() -> None:
        await hass.services.async_call(
            "ntfy",
            "publish",
            {"entity_id": entity_id, "message": f"Water! {next(_TEXTS)}"},
            blocking=True,
        )

    return work


def _bare_publish(hass: HomeAssistant, url: str) -> Work:
    """Return the same request, made directly."""
    session = async_get_clientsession(hass)

    async def work() -> None:
        message = {"topic": "phone", "message": f"Water! {next(_TEXTS)}"}
        async with session.post(url, json=message) as response:
            await response.json()

    return work


async def _phone(hass: HomeAssistant, url: str) -> ConfigEntry:
    """Set ntfy up with one topic."""
    server = {"url": url, "verify_ssl": True, "auth": {}}
    # There it would ask for the newest version of its server.
    with patch("aiontfy.update.BASE_URL", URL(url)):
        flow = await hass.config_entries.flow.async_init(
            "ntfy", context={"source": SOURCE_USER}
        )
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], server)
        entry: ConfigEntry = flow["result"]
        await hass.async_block_till_done()
        topic = ConfigSubentry(
            data=MappingProxyType({"topic": "phone"}),
            subentry_type="topic",
            title="Phone",
            unique_id="phone",
        )
        hass.config_entries.async_add_subentry(entry, topic)
        await hass.async_block_till_done()
    return entry


def _notify_entity(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the only notify entity of an entry."""
    registry = er.async_get(hass)
    [entity_id] = [
        item.entity_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
        if item.domain == "notify"
    ]
    return entity_id
