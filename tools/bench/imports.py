"""What the import costs, each time in a new process that has compiled all before."""

import ast
from collections.abc import Sequence
import os
from pathlib import Path
import subprocess
import sys
from typing import Final

from demo.house import REPOSITORY

from .rounds import Floor, Row, Run, Work, interleaved, ratios

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
_PLATFORMS: Final = ("config_flow", "event", "notify", "sensor", "diagnostics")
_SCRIPT: Final = """
import importlib, sys, time
for name in {loaded}: importlib.import_module(name)
began = time.perf_counter()
importlib.import_module({package!r})
for platform in {platforms}: importlib.import_module({package!r} + "." + platform)
print(time.perf_counter() - began)
"""


async def imports(run: Run) -> Sequence[Row]:
    """Compare the import with that of ntfy and its library."""
    emptied = run.folder / "emptied"
    _empty(REPOSITORY / "custom_components" / "inteltele", emptied / "inteltele")
    times: dict[str, list[float]] = {}

    def imported(package: str, path: Path) -> Work:
        """Return the import of a package in a new process, which notes its time."""
        script = _SCRIPT.format(loaded=_LOADED, package=package, platforms=_PLATFORMS)
        environment = os.environ | {
            "PYTHONPATH": str(path),
            # Home Assistant keeps what was compiled, too.
            "PYTHONPYCACHEPREFIX": str(run.folder / "compiled"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        async def work() -> None:
            """Import."""
            done = subprocess.run(  # noqa: ASYNC221, S603 - of our own words
                [sys.executable, "-c", script],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            times.setdefault(package, []).append(float(done.stdout.split()[-1]))

        return work

    packages = {
        "custom_components.inteltele": REPOSITORY,
        "homeassistant.components.ntfy": REPOSITORY,
        "inteltele": emptied,
    }
    await interleaved(
        {package: imported(package, path) for package, path in packages.items()},
        rounds=run.rounds,
        count=1,
    )
    # The first of each only compiles.
    ours, theirs, floor = (times[package][1:] for package in packages)
    return [
        Row(
            measure="import",
            against="ntfy with aiontfy",
            found=ratios(ours, theirs),
            limit=0.5,
            floor=Floor(
                what="the same imports and dataclasses, and nothing else",
                found=ratios(floor, theirs),
            ),
        )
    ]


def _empty(package: Path, to: Path) -> None:
    """Write a package whose modules only import, and declare their dataclasses."""
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text())
        kept: list[ast.stmt] = ast.parse("import dataclasses").body
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                kept.append(ast.Import([ast.alias(_absolute(path, package, node))]))
            elif isinstance(node, ast.Import):
                kept.append(node)
            elif isinstance(node, ast.ClassDef):
                kept += _dataclass(node)
        target = to / path.relative_to(package)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(ast.unparse(ast.Module(kept, [])))


def _absolute(path: Path, package: Path, node: ast.ImportFrom) -> str:
    """Return the whole name of what a module imports from."""
    if not node.level:
        return node.module or ""
    room = path.parents[node.level - 1].relative_to(package.parent)
    return ".".join([*room.parts, *filter(None, [node.module])])


def _dataclass(node: ast.ClassDef) -> Sequence[ast.stmt]:
    """Return a dataclass with nothing but its fields; nothing for another class."""
    decorators: list[ast.expr] = [
        ast.Name(f"dataclasses.{written}")
        for written in map(ast.unparse, node.decorator_list)
        if written.startswith("dataclass(")
    ]
    if not decorators:
        return []
    fields: list[ast.stmt] = [ast.Pass()]
    for each in node.body:
        if isinstance(each, ast.AnnAssign):
            value = each.value and ast.Constant(None)
            fields.append(ast.AnnAssign(each.target, each.annotation, value, 1))
    return [ast.ClassDef(node.name, body=fields, decorator_list=decorators)]
