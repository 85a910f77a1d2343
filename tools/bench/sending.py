"""What a send costs, against what people use today."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import count
from statistics import median
from time import process_time
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
import voluptuous as vol

from ..house import call_action
from .figures import Figure
from .gateways import API_KEY, Gateway, start_over
from .line import ROUND_TRIP
from .rounds import SETTLED_AFTER, Comparison, Work, interleaved

ROUNDS: Final = 15
SENDS: Final = 120
MANY: Final = 1000
OWN_ROUNDS: Final = 5
FAR_ROUNDS: Final = 7
FAR_SENDS: Final = 20
FAR_MANY: Final = 200
FAR_AWAY: Final = f", gateway {ROUND_TRIP * 1000:.0f} ms away"

_TEXTS = count()


def _action(hass: HomeAssistant, domain: str, name: str, **fields: str) -> Work:
    """Return a send by an action that answers."""

    async def work() -> None:
        await hass.services.async_call(
            domain,
            name,
            fields | {"message": f"Water! {next(_TEXTS)}"},
            blocking=True,
            return_response=True,
        )

    return work


def our_action(hass: HomeAssistant, entity_id: str) -> Work:
    """Return a send by the integration's action."""
    return _action(hass, "inteltele", "send_message", entity_id=entity_id)


def bare_post(hass: HomeAssistant, gateway: Gateway) -> Work:
    """Return the same request, made directly."""
    session = async_get_clientsession(hass)

    async def work() -> None:
        form = {
            "username": gateway.username,
            "api_key": API_KEY,
            "to": "380670000000",
            "im_message": f"Water! {next(_TEXTS)}",
            "im_ttl": "86400",
        }
        async with session.post(f"{gateway.url}/im/send/", data=form) as response:
            await response.json()

    return work


async def _nothing() -> None:
    """Do nothing."""


def plain_action(
    hass: HomeAssistant,
    gateway: Gateway,
    entity_id: str = "notify.recipient_0",
    *,
    first: Work = _nothing,
) -> Work:
    """Return the same request, made by an action that only finds whom it is for.

    With `first`, after something else was done.
    """
    session = async_get_clientsession(hass)

    async def send(call: ServiceCall) -> ServiceResponse:
        """Send, and return what the gateway says."""
        selected = async_extract_referenced_entity_ids(hass, TargetSelection(call.data))
        await first()
        form = {
            "username": gateway.username,
            "api_key": API_KEY,
            "to": f"38067000000{len(selected.referenced) - 1}",
            "im_message": call.data["message"],
            "im_ttl": "86400",
        }
        async with session.post(f"{gateway.url}/im/send/", data=form) as response:
            reply: ServiceResponse = await response.json()
            return reply

    hass.services.async_register(
        "bench",
        "send",
        send,
        vol.Schema({**cv.ENTITY_SERVICE_FIELDS, vol.Required("message"): cv.string}),
        SupportsResponse.OPTIONAL,
    )

    return _action(hass, "bench", "send", entity_id=entity_id)


def rest_command(hass: HomeAssistant, gateway: Gateway) -> Work:
    """Return a send by Home Assistant's rest_command."""
    return _action(hass, "rest_command", f"send{gateway.suffix}", to="380670000000")


def notify_rest(hass: HomeAssistant, gateway: Gateway) -> Work:
    """Return a send by Home Assistant's notify platform rest."""

    async def work() -> None:
        await hass.services.async_call(
            "notify",
            f"rest_gateway{gateway.suffix}",
            {"target": "380670000000", "message": f"Water! {next(_TEXTS)}"},
            blocking=True,
        )

    return work


async def one_recipient(hass: HomeAssistant, gateway: Gateway) -> Sequence[Comparison]:
    """Compare a send to one recipient, with the ledger on."""
    plain = plain_action(hass, gateway)
    ways = _ways(hass, gateway, "notify.recipient_0") | {"plain": plain}
    times = await interleaved(ways, rounds=ROUNDS, count=SENDS)
    await start_over(gateway.url)
    doing_nothing_else = Comparison(
        measure="send_message, one recipient",
        against="an action that does nothing else",
        at_most=None,
        ours=times["ours"],
        theirs=times["plain"],
    )
    return [*_one_recipient(times), doing_nothing_else]


async def one_recipient_far(
    hass: HomeAssistant, gateway: Gateway
) -> Sequence[Comparison]:
    """Compare the same where the gateway is at the end of a long line."""
    ways = _ways(hass, gateway, "notify.recipient_0_2")
    times = await interleaved(ways, rounds=FAR_ROUNDS, count=FAR_SENDS)
    await start_over(gateway.url)
    return _one_recipient(times, FAR_AWAY)


def _ways(hass: HomeAssistant, gateway: Gateway, entity_id: str) -> dict[str, Work]:
    """Return each way to send to one recipient."""
    return {
        "ours": our_action(hass, entity_id),
        "bare": bare_post(hass, gateway),
        "rest_command": rest_command(hass, gateway),
        "notify": notify_rest(hass, gateway),
    }


def _one_recipient(
    times: Mapping[str, list[float]], where: str = ""
) -> list[Comparison]:
    """Return what a send to one recipient costs, against the other ways."""
    return [
        Comparison(
            measure=f"send_message, one recipient{where}",
            against=against,
            # How it is in practice; what must be reached is measured near by.
            at_most=None if where else at_most,
            ours=times["ours"],
            theirs=times[name],
        )
        for name, against, at_most in (
            ("bare", "the same POST, made directly", 1.25),
            ("rest_command", "rest_command", 1.15),
            ("notify", "notify platform rest", 0.75),
        )
    ]


async def own_share(hass: HomeAssistant, entry: ConfigEntry) -> Sequence[Figure]:
    """Return what one action to many numbers takes of this process's own time.

    With what follows the response; the gateway is another process.
    """
    send = _to_many(hass, entry, MANY)
    shares = []
    for _ in range(OWN_ROUNDS):
        began = process_time()
        await send()
        await asyncio.sleep(SETTLED_AFTER)
        shares.append((process_time() - began) / MANY)
    return [
        Figure(
            measure=f"one action, {MANY} recipients: the house's own share",
            unit="µs a recipient",
            now=median(shares) * 1e6,
            limit=15,
        )
    ]


def _to_many(hass: HomeAssistant, entry: ConfigEntry, many: int) -> Work:
    """Return a send to many numbers by one action."""
    numbers = [f"+38050{number:07d}" for number in range(many)]

    async def work() -> None:
        await call_action(
            hass,
            "inteltele.send_message",
            config_entry_id=entry.entry_id,
            to=numbers,
            message=f"Water! {next(_TEXTS)}",
        )

    return work


async def many_recipients(
    hass: HomeAssistant,
    entry: ConfigEntry,
    gateway: Gateway,
    many: int = MANY,
    where: str = "",
) -> Sequence[Comparison]:
    """Compare one action to many numbers with as many actions."""
    ours = _to_many(hass, entry, many)
    one = rest_command(hass, gateway)

    async def theirs() -> None:
        for _ in range(many):
            await one()

    times = await interleaved({"ours": ours, "theirs": theirs}, rounds=5, count=1)
    await start_over(gateway.url)
    return [
        Comparison(
            measure=f"one action, {many} recipients{where}",
            against=f"{many} rest_command actions",
            at_most=None if where else 0.04,
            **times,
        )
    ]
