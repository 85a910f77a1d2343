"""Rules of the Integration Quality Scale that show in the code."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
import re
import tomllib
from typing import Final

import pytest

from custom_components.inteltele import PLATFORMS

ROOT: Final = Path(__file__).parents[1]
INTEGRATION: Final = ROOT / "custom_components" / "inteltele"
TREES: Final = {
    str(path.relative_to(INTEGRATION)): ast.parse(path.read_text())
    for path in sorted(INTEGRATION.rglob("*.py"))
}
TRANSLATED: Final = {
    "ConfigEntryAuthFailed",
    "ConfigEntryError",
    "ConfigEntryNotReady",
    "HomeAssistantError",
    "ServiceValidationError",
    "UpdateFailed",
}
# Each returns a translated one, or is what Home Assistant itself translates.
RAISED: Final = {
    "Unauthorized",
    "UnknownUser",
    "_account_failure",
    "broken",
    "error",
    "failure",
    "invalid_content",
    "invalid_input",
    "picture_failed",
}
# They raise errors of their own, which the other files translate.
WITHOUT_HOME_ASSISTANT: Final = ("alarms", "delivery", "gateway", "public", "storage")


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield every run of statements."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(body := getattr(node, name, None), list):
                yield body


def _logs_an_error(statement: ast.stmt) -> bool:
    """Return whether a statement writes an error into the log."""
    return bool(re.match(r"_LOGGER\.(error|exception)\(", ast.unparse(statement)))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_says_how_many_updates_may_run(platform: str) -> None:
    """Rule parallel-updates."""
    names = {
        ast.unparse(target)
        for node in TREES[f"{platform}.py"].body
        if isinstance(node, ast.Assign)
        for target in node.targets
    }
    assert "PARALLEL_UPDATES" in names


def test_every_error_that_a_user_sees_is_translated() -> None:
    """Rule exception-translations."""
    made = [
        {keyword.arg for keyword in call.keywords}
        for tree in TREES.values()
        for name, call in _calls(tree)
        if name in TRANSLATED
    ]
    assert made
    assert all({"translation_domain", "translation_key"} <= names for names in made)


def test_nothing_else_is_raised_towards_home_assistant() -> None:
    """Rule exception-translations."""
    own = {
        node.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    raised = {
        ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
        for file, tree in TREES.items()
        if not file.startswith(WITHOUT_HOME_ASSISTANT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc
    }
    assert raised - own <= RAISED | TRANSLATED


def test_no_error_is_logged_that_is_raised() -> None:
    """It would be told twice."""
    twice = [
        ast.unparse(statement)
        for tree in TREES.values()
        for body in _bodies(tree)
        for statement, after in pairwise(body)
        if _logs_an_error(statement) and isinstance(after, ast.Raise)
    ]
    assert twice == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"ClientSession\(", "inject-websession"),
        (r"hass\.data\[DOMAIN\]", "runtime-data"),
        (r"import (requests|httpx|urllib3)", "async-dependency"),
        (r"time\.sleep\(", "async-dependency"),
        (r"verify_ssl=False|ssl=False", "inject-websession"),
    ],
)
def test_the_code_does_without(pattern: str, why: str) -> None:
    """Each by a rule."""
    assert [
        path.name
        for path in INTEGRATION.rglob("*.py")
        if re.search(pattern, path.read_text())
    ] == []


@pytest.mark.parametrize("room", WITHOUT_HOME_ASSISTANT)
def test_a_room_knows_nothing_of_home_assistant(room: str) -> None:
    """It could be a library of its own, and blocks nothing."""
    imported = {
        name
        for file, tree in TREES.items()
        if file.startswith(f"{room}/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert imported
    assert [name for name in imported if name.startswith("homeassistant")] == []


def test_types_are_strict() -> None:
    """Rule strict-typing."""
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert mypy["strict"] is True
    assert "custom_components" in mypy["files"]
    assert (INTEGRATION / "py.typed").is_file()


def test_every_config_entry_is_annotated_with_its_type() -> None:
    """Rule strict-typing: what `runtime_data` is is known where it may be used."""
    plain = {
        file
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "ConfigEntry"
    }
    assert plain == {"account/account.py", "coordinator.py"}


def test_tests_must_cover_what_the_scale_asks() -> None:
    """Rules test-coverage and config-flow-test-coverage."""
    script = (ROOT / "scripts" / "test").read_text()
    covered = re.findall(r"--fail-under ([\d.]+)", script)
    assert [float(percent) for percent in covered] == [99.8, 100]
    assert "*_flow.py" in script
