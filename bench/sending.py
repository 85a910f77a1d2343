"""What a send costs, against what people use today."""

from collections.abc import Sequence
from itertools import count
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .house import API_KEY, USERNAME, start_over
from .rounds import Comparison, Work, interleaved

ROUNDS: Final = 7
SENDS: Final = 120
MANY: Final = 1000

_TEXTS = count()


def our_action(hass: HomeAssistant, entity_id: str) -> Work:
    """Return a send by the integration's action."""

    async def work() -> None:
        await hass.services.async_call(
            "inteltele",
            "send_message",
            {"entity_id": entity_id, "message": f"Water! {next(_TEXTS)}"},
            blocking=True,
            return_response=True,
        )

    return work


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


def rest_command(hass: HomeAssistant) -> Work:
    """Return a send by Home Assistant's rest_command."""

    async def work() -> None:
        await hass.services.async_call(
            "rest_command",
            "send",
            {"to": "380670000000", "message": f"Water! {next(_TEXTS)}"},
            blocking=True,
            return_response=True,
        )

    return work


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
