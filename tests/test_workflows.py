"""Workflows trust nobody with more than they need."""

from pathlib import Path
import re
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[1]
WORKFLOWS: Final[dict[str, dict[Any, Any]]] = {
    path.name: yaml.safe_load(path.read_text())
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
JOBS: Final = [
    (f"{name}:{key}", job)
    for name, workflow in WORKFLOWS.items()
    for key, job in workflow["jobs"].items()
]
STEPS: Final = [(name, step) for name, job in JOBS for step in job["steps"]]
ACTIONS: Final = [(name, step) for name, step in STEPS if "uses" in step]
COMMANDS: Final = [(name, step["run"]) for name, step in STEPS if "run" in step]


def test_workflows_are_those_that_are_needed() -> None:
    """Tests, the next Home Assistant, the validators, and a release."""
    assert set(WORKFLOWS) == {"next.yml", "release.yml", "tests.yml", "validate.yml"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_a_name_and_a_reason_to_run(name: str) -> None:
    """YAML reads its `on` as true."""
    assert WORKFLOWS[name]["name"]
    assert WORKFLOWS[name][True]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_at_most(name: str) -> None:
    """What a job needs besides, it says itself."""
    assert WORKFLOWS[name]["permissions"] in ({}, {"contents": "read"})


def test_only_a_release_writes() -> None:
    """To attach its archive."""
    writing = {name: job["permissions"] for name, job in JOBS if "permissions" in job}
    assert writing == {"release.yml:package": {"contents": "write"}}


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_a_job_ends(name: str, job: dict[str, Any]) -> None:
    """Also where something hangs."""
    assert job["timeout-minutes"] <= 45


@pytest.mark.parametrize(("name", "step"), ACTIONS)
def test_an_action_is_pinned(name: str, step: dict[str, Any]) -> None:
    """To a commit: tags and branches can be moved."""
    assert re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}", step["uses"])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_pin_says_what_it_is(name: str) -> None:
    """The version, or the branch it was on."""
    text = (ROOT / ".github" / "workflows" / name).read_text()
    assert text.count("uses:") == len(re.findall(r"uses: \S+@\S+ # \S+", text))


@pytest.mark.parametrize(
    ("name", "step"),
    [item for item in ACTIONS if item[1]["uses"].startswith("actions/checkout@")],
)
def test_a_checkout_keeps_no_credentials(name: str, step: dict[str, Any]) -> None:
    """What runs later could read them."""
    assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_command_holds_no_expression(name: str, command: str) -> None:
    """What comes from outside goes through the environment."""
    assert "${{" not in command


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_script_that_is_run_exists(name: str, command: str) -> None:
    """In this repository."""
    for script in re.findall(r"\bscripts/[\w-]+", command):
        assert (ROOT / script).is_file()


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("next.yml", "schedule"),
        ("tests.yml", "pull_request"),
        ("validate.yml", "pull_request"),
        ("release.yml", "release"),
    ],
)
def test_a_workflow_runs_when_it_should(name: str, event: str) -> None:
    """None runs with the rights of a pull request's target."""
    assert event in WORKFLOWS[name][True]
    assert "pull_request_target" not in WORKFLOWS[name][True]
