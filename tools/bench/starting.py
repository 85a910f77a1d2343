"""What set-up costs."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from homeassistant.helpers import entity_registry as er

from .configuration import add_account_at, bare_entry, house_of_comparison
from .gateways import Gateway, least_process
from .rounds import SETTLED_AFTER, Floor, Row, Run, in_turn, ratios, seconds

RECIPIENTS: Final = 50


async def set_up(run: Run) -> Sequence[Row]:
    """Compare the set-up of an account, per entity, with that of bare entities."""
    async with least_process() as url, house_of_comparison(run.folder) as hass:
        entry = await add_account_at(hass, Gateway(url=url), recipients=RECIPIENTS)
        registry = er.async_get(hass)
        ours = er.async_entries_for_config_entry(registry, entry.entry_id)
        of_all = Counter(item.domain for item in ours)
        of_recipients = Counter(item.domain for item in ours if item.config_subentry_id)
        furniture = (
            of_all - of_recipients,
            {kind: count // RECIPIENTS for kind, count in of_recipients.items()},
        )
        measured = {
            "ours": entry,
            "bare": await bare_entry(hass, *furniture, recipients=RECIPIENTS),
            "floor": await bare_entry(
                hass, *furniture, recipients=RECIPIENTS, asking=url
            ),
        }
        for entry in measured.values():
            added = er.async_entries_for_config_entry(registry, entry.entry_id)
            if len(added) != len(ours):
                raise RuntimeError(f"{entry.title} has {len(added)} entities")
        times: dict[str, list[float]] = {name: [] for name in measured}
        names = list(measured)
        for turn in range(run.rounds + 1):
            for name in in_turn(names, turn):
                entry_id = measured[name].entry_id
                await hass.config_entries.async_unload(entry_id)
                await asyncio.sleep(SETTLED_AFTER)
                work = partial(hass.config_entries.async_setup, entry_id)
                times[name].append(await seconds(work, 1) / len(ours))
                await hass.async_block_till_done(wait_background_tasks=True)
    # The first of each fills caches.
    theirs = times["bare"][1:]
    return [
        Row(
            measure=f"set-up, {RECIPIENTS} recipients, per entity of {len(ours)}",
            against="bare entities with devices and subentries",
            found=ratios(times["ours"][1:], theirs),
            limit=1.2,
            floor=Floor(
                what="the same with translated names and described devices, which ask "
                "two questions and open an empty file",
                found=ratios(times["floor"][1:], theirs),
            ),
        )
    ]
