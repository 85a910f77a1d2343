"""What set-up and import cost."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
import subprocess
import sys
from typing import Final

from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from demo.house import REPOSITORY

from .rounds import SETTLED_AFTER, Comparison, Work, interleaved, seconds

ROUNDS: Final = 9

_LOADED: Final = (
    "homeassistant.bootstrap",
    "homeassistant.components.http",
    "homeassistant.components.webhook",
    "homeassistant.components.notify",
    "homeassistant.components.sensor",
    "homeassistant.components.binary_sensor",
    "homeassistant.components.event",
    "homeassistant.components.diagnostics",
    "homeassistant.components.repairs",
    "homeassistant.helpers.selector",
)
_OURS: Final = "custom_components.inteltele"
_THEIRS: Final = "homeassistant.components.ntfy"
_PLATFORMS: Final = ("config_flow", "event", "notify", "sensor", "diagnostics")
_SCRIPT: Final = """
import importlib, sys, time
for name in {loaded}: importlib.import_module(name)
began = time.perf_counter()
importlib.import_module({package!r})
for platform in {platforms}: importlib.import_module({package!r} + "." + platform)
print(time.perf_counter() - began)
"""


async def entities(hass: HomeAssistant, entry: ConfigEntry) -> Sequence[Comparison]:
    """Compare the set-up of an account, per entity, with that of bare entities."""
    registry = er.async_get(hass)
    ours = er.async_entries_for_config_entry(registry, entry.entry_id)
    recipients = len(entry.subentries)
    of_all = Counter(item.domain for item in ours)
    of_recipients = Counter(item.domain for item in ours if item.config_subentry_id)
    measured = {
        "ours": entry,
        "bare": await _bare_entry(hass, of_all, 0, {}),
        "furnished": await _bare_entry(
            hass,
            of_all - of_recipients,
            recipients,
            {kind: count // recipients for kind, count in of_recipients.items()},
        ),
    }

    def set_up(name: str) -> Work:
        """Return the set-up of an entry that is not set up."""

        async def work() -> None:
            await hass.config_entries.async_setup(measured[name].entry_id)

        return work

    times: dict[str, list[float]] = {name: [] for name in measured}
    names = list(measured)
    for turn in range(ROUNDS + 1):
        at = turn % len(names)
        for name in (*names[at:], *names[:at]):
            await hass.config_entries.async_unload(measured[name].entry_id)
            await asyncio.sleep(SETTLED_AFTER)
            times[name].append(await seconds(set_up(name), 1) / len(ours))
            await hass.async_block_till_done(wait_background_tasks=True)
    for name in ("bare", "furnished"):
        await hass.config_entries.async_remove(measured[name].entry_id)
    return [
        Comparison(
            measure=f"set-up with {recipients} recipients, per entity of {len(ours)}",
            against=against,
            at_most=1.3,
            # The first of each fills caches.
            ours=times["ours"][1:],
            theirs=times[name][1:],
        )
        for name, against in (
            ("bare", "as many bare entities of the same kinds"),
            ("furnished", "the same, with devices and subentries"),
        )
    ]


async def _bare_entry(
    hass: HomeAssistant,
    entities: Mapping[str, int],
    subentries: int,
    entities_of_each: Mapping[str, int],
) -> ConfigEntry:
    """Return an entry that adds so many entities of each kind and does nothing else."""
    flow = await hass.config_entries.flow.async_init(
        "bench_bare",
        context={"source": SOURCE_USER},
        data={
            "entities": {
                kind: entities.get(kind, 0)
                for kind in ("binary_sensor", "event", "notify", "sensor")
            },
            "subentries": subentries,
            "entities_of_each": dict(entities_of_each),
        },
    )
    await hass.async_block_till_done()
    created: ConfigEntry = flow["result"]
    return created


async def imports() -> Sequence[Comparison]:
    """Compare the import with that of ntfy and its library, each in a new process."""
    times: dict[str, list[float]] = {}

    def imported(package: str) -> None:
        """Import a package in a new process, and note what it took."""
        script = _SCRIPT.format(loaded=_LOADED, package=package, platforms=_PLATFORMS)
        done = subprocess.run(  # noqa: S603 - of our own words
            [sys.executable, "-c", script],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        times.setdefault(package, []).append(float(done.stdout.split()[-1]))

    async def ours() -> None:
        imported(_OURS)

    async def theirs() -> None:
        imported(_THEIRS)

    await interleaved({"ours": ours, "theirs": theirs}, rounds=ROUNDS, count=1)
    return [
        Comparison(
            measure="import of the integration",
            against="import of ntfy",
            at_most=0.7,
            # The first of each only fills the caches of the disk.
            ours=times[_OURS][1:],
            theirs=times[_THEIRS][1:],
        )
    ]
