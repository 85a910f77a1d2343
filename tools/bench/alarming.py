"""What an alarm costs through its whole life, against as many messages."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.inteltele.alarms import turns
from custom_components.inteltele.delivery import repeat_window

from ..house import call_action
from .configuration import add_account_at, house_of_comparison
from .gateways import Gateway, least_process
from .rounds import Row, Run, Work, interleaved, own_seconds, ratios

PEOPLE: Final = 5
# A question to each, and to each that an automation took over.
MESSAGES: Final = 2 * PEOPLE
ALARMS: Final = 4
# Instead of the gateway's minute, in which nobody gets a second message.
A_MINUTE: Final = 0.1
SENT_AFTER: Final = 0.5

_TURNS = count()


async def alarms(run: Run) -> Sequence[Row]:
    """Compare the house's own time: asked, acknowledged, and told to the others."""
    async with (
        least_process() as url,
        house_of_comparison(run.folder) as hass,
    ):
        entry = await add_account_at(hass, Gateway(url=url), recipients=1)
        with (
            patch.object(repeat_window, "REPEAT_WINDOW", A_MINUTE),
            patch.object(turns, "APART", timedelta(seconds=A_MINUTE)),
        ):
            times = await interleaved(
                {
                    "alarm": _alarm(hass, entry),
                    "messages": _messages(hass, entry),
                },
                rounds=run.rounds,
                count=ALARMS,
                timed=own_seconds,
            )
    return [
        Row(
            measure=f"an alarm of {PEOPLE} people through its whole life",
            against=f"its {MESSAGES} messages by send_message",
            found=ratios(times["alarm"], times["messages"]),
            limit=1.2,
        )
    ]


def _numbers(turn: int) -> list[str]:
    """Return people whom nobody has asked yet."""
    return [f"+38050{turn * PEOPLE + place:07d}" for place in range(PEOPLE)]


def _alarm(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Work:
    """Return an alarm that asks all, is taken over, and tells the others."""
    ledger = entry.runtime_data.delivery.ledger

    async def work() -> None:
        """Raise it, acknowledge it, and wait until all is sent."""
        turn, before = next(_TURNS), ledger.counters.sent
        raised = await call_action(
            hass,
            "inteltele.raise_alarm",
            config_entry_id=entry.entry_id,
            to=_numbers(turn),
            message=f"Water! {turn}",
            order="all_at_once",
            tag=f"bench {turn}",
        )
        await asyncio.sleep(SENT_AFTER)
        await call_action(
            hass,
            "inteltele.acknowledge_alarm",
            config_entry_id=entry.entry_id,
            alarm_id=raised["alarm_id"],
        )
        await asyncio.sleep(SENT_AFTER)
        sent = ledger.counters.sent - before
        assert sent == MESSAGES, sent  # noqa: S101 - else it is another life

    return work


def _messages(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Work:
    """Return as many messages, one by one."""

    async def work() -> None:
        """Send them."""
        turn = next(_TURNS)
        to = _numbers(turn)
        for place in range(MESSAGES):
            await call_action(
                hass,
                "inteltele.send_message",
                config_entry_id=entry.entry_id,
                to=[to[place % PEOPLE]],
                message=f"Water! {turn} {place}",
            )
        await asyncio.sleep(2 * SENT_AFTER)

    return work
