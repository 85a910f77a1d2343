"""What set-up and import cost."""

from collections.abc import Sequence
import subprocess
import sys
from typing import Final

from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from demo.house import REPOSITORY

from .rounds import Comparison, interleaved, seconds

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
    kinds = ("binary_sensor", "event", "notify", "sensor")
    counts = {kind: sum(item.domain == kind for item in ours) for kind in kinds}
    flow = await hass.config_entries.flow.async_init(
        "bench_bare", context={"source": SOURCE_USER}, data=counts
    )
    bare: ConfigEntry = flow["result"]
    await hass.async_block_till_done()
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    for turn in range(ROUNDS + 1):
        pair = [("ours", entry), ("theirs", bare)]
        for name, measured in pair if turn % 2 else reversed(pair):
            await hass.config_entries.async_unload(measured.entry_id)

            async def set_up(entry_id: str = measured.entry_id) -> None:
                await hass.config_entries.async_setup(entry_id)

            times[name].append(await seconds(set_up, 1) / len(ours))
            await hass.async_block_till_done()
    await hass.config_entries.async_remove(bare.entry_id)
    return [
        Comparison(
            measure=f"set-up with 50 recipients, per entity of {len(ours)}",
            against="as many bare entities of the same kinds",
            at_most=1.3,
            ours=times["ours"][1:],
            theirs=times["theirs"][1:],
        )
    ]


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
