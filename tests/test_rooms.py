"""The layout: each room knows only those below it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "inteltele"
# What Home Assistant prescribes, and what every room uses.
BOTTOM: Final = {"const", "coordinator", "exceptions", "plain", "texts"}
TOP: Final = BOTTOM | {
    "__init__",
    "backup",
    "binary_sensor",
    "config_flow",
    "diagnostics",
    "entity",
    "event",
    "llm",
    "logbook",
    "notify",
    "repairs",
    "sensor",
    "services",
    "system_health",
    "trigger",
    "websocket_api",
}
# From the highest to the lowest.
ROOMS: Final = (
    "web",
    "archive",
    "sending",
    "account",
    "care",
    "settings",
    "alarms",
    "delivery",
    "public",
    "storage",
    "gateway",
)
PLATFORMS: Final = {"button", "conversation", "event", "notify", "repairs", "trigger"}
FILES: Final = sorted(
    path.relative_to(INTEGRATION) for path in INTEGRATION.rglob("*.py")
)
IN_ROOMS: Final = [path for path in FILES if len(path.parts) > 1]


def _imported(path: Path) -> Iterator[str]:
    """Yield what a file imports from the integration: a room, or a file at the top."""
    for node in ast.walk(ast.parse((INTEGRATION / path).read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == len(path.parts):
            module = node.module or ""
            names = [module] if module else [alias.name for alias in node.names]
            yield from (name.split(".")[0] for name in names)


def test_the_top_has_no_other_files() -> None:
    """A newcomer can tell which one to open."""
    assert {path.stem for path in FILES if len(path.parts) == 1} <= TOP


def test_there_are_no_other_rooms() -> None:
    """Each has its place in the order."""
    assert {path.parts[0] for path in IN_ROOMS} <= set(ROOMS)


@pytest.mark.parametrize("path", IN_ROOMS, ids=str)
def test_a_room_imports_none_above_it(path: Path) -> None:
    """What is above hears by callables and events."""
    below = set(ROOMS[ROOMS.index(path.parts[0]) + 1 :])
    assert set(_imported(path)) <= below | BOTTOM


@pytest.mark.parametrize("name", sorted(BOTTOM))
def test_the_bottom_imports_the_gateway_only(name: str) -> None:
    """Every room may use it."""
    assert set(_imported(Path(f"{name}.py"))) <= BOTTOM | {"gateway"}


@pytest.mark.parametrize("path", IN_ROOMS, ids=str)
def test_no_file_in_a_room_bears_the_name_of_a_platform(path: Path) -> None:
    """Home Assistant would look for it at the top."""
    assert path.stem not in PLATFORMS
