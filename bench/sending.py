"""What a send costs, against what people use today."""

from collections.abc import Sequence
from itertools import count
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

from .house import API_KEY, USERNAME, start_over
from .rounds import Comparison, Work, interleaved

ROUNDS: Final = 15
SENDS: Final = 120
MANY: Final = 1000

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


def bare_post(hass: HomeAssistant, gateway: str) -> Work:
    """Return the same request, made directly."""
    session = async_get_clientsession(hass)

    async def work() -> None:
        form = {
            "username": USERNAME,
            "api_key": API_KEY,
            "to": "380670000000",
            "im_message": f"Water! {next(_TEXTS)}",
            "im_ttl": "86400",
        }
        async with session.post(f"{gateway}/im/send/", data=form) as response:
            await response.json()

    return work


def plain_action(hass: HomeAssistant, gateway: str) -> Work:
    """Return the same request, made by an action that only finds whom it is for."""
    session = async_get_clientsession(hass)

    async def send(call: ServiceCall) -> ServiceResponse:
        """Send, and return what the gateway says."""
        selected = async_extract_referenced_entity_ids(hass, TargetSelection(call.data))
        form = {
            "username": USERNAME,
            "api_key": API_KEY,
            "to": f"38067000000{len(selected.referenced) - 1}",
            "im_message": call.data["message"],
            "im_ttl": "86400",
        }
        async with session.post(f"{gateway}/im/send/", data=form) as response:
            reply: ServiceResponse = await response.json()
            return reply

    hass.services.async_register(
        "bench",
        "send",
        send,
        vol.Schema({**cv.ENTITY_SERVICE_FIELDS, vol.Required("message"): cv.string}),
        SupportsResponse.OPTIONAL,
    )

    return _action(hass, "bench", "send", entity_id="notify.recipient_0")


def rest_command(hass: HomeAssistant) -> Work:
    """Return a send by Home Assistant's rest_command."""
    return _action(hass, "rest_command", "send", to="380670000000")


def notify_rest(hass: HomeAssistant) -> Work:
    """Return a send by Home Assistant's notify platform rest."""

    async def work() -> None:
        await hass.services.async_call(
            "notify",
            "rest_gateway",
            {"target": "380670000000", "message": f"Water! {next(_TEXTS)}"},
            blocking=True,
        )

    return work


async def one_recipient(
    hass: HomeAssistant, entry: ConfigEntry, gateway: str
) -> Sequence[Comparison]:
    """Compare a send to one recipient, with the ledger on."""
    times = await interleaved(
        {
            "ours": our_action(hass, "notify.recipient_0"),
            "bare": bare_post(hass, gateway),
            "rest_command": rest_command(hass),
            "notify": notify_rest(hass),
            "plain": plain_action(hass, gateway),
        },
        rounds=ROUNDS,
        count=SENDS,
    )
    await start_over(gateway)
    return [
        Comparison(
            measure="send_message, one recipient",
            against=against,
            at_most=at_most,
            ours=times["ours"],
            theirs=times[name],
        )
        for name, against, at_most in (
            ("bare", "the same POST, made directly", 1.25),
            ("rest_command", "rest_command", 1.15),
            ("notify", "notify platform rest", 0.75),
            ("plain", "an action that does nothing else", None),
        )
    ]


async def many_recipients(
    hass: HomeAssistant, entry: ConfigEntry, gateway: str
) -> Sequence[Comparison]:
    """Compare one action to a thousand numbers with a thousand actions."""
    numbers = [f"+38050{number:07d}" for number in range(MANY)]

    async def ours() -> None:
        await hass.services.async_call(
            "inteltele",
            "send_message",
            {"to": numbers, "message": f"Water! {next(_TEXTS)}"},
            blocking=True,
            return_response=True,
        )

    one = rest_command(hass)

    async def theirs() -> None:
        for _ in range(MANY):
            await one()

    times = await interleaved({"ours": ours, "theirs": theirs}, rounds=5, count=1)
    await start_over(gateway)
    return [
        Comparison(
            measure=f"one action, {MANY} recipients",
            against=f"{MANY} rest_command actions",
            at_most=0.04,
            **times,
        )
    ]
