"""What is installed is pinned, hashed, and from no address of our own."""

import json
import os
from pathlib import Path
import re
import tomllib

import pytest

ROOT = Path(__file__).parents[2]
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
MANIFEST = json.loads((ROOT / "custom_components/inteltele/manifest.json").read_text())


def _locked(group: str) -> dict[str, str]:
    """Return the requirements that a group's closure holds, with their hashes."""
    text = (ROOT / "requirements" / f"{group}.txt").read_text()
    found = re.findall(
        r"^([a-z0-9.-]+==\S+)(?: ; .*?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)",
        text,
        re.MULTILINE,
    )
    return dict(found)


@pytest.mark.parametrize("group", ["test", "demo"])
def test_every_requirement_is_locked_with_a_hash(group: str) -> None:
    """And every pin stands in the lock as it is."""
    text = (ROOT / "requirements" / f"{group}.txt").read_text()
    assert len(_locked(group)) == text.count("==")
    assert set(GROUPS[group]) <= set(_locked(group))


@pytest.mark.parametrize("group", ["test", "demo"])
def test_a_lock_names_no_address(group: str) -> None:
    """Each machine has its own way to the registry."""
    assert "://" not in (ROOT / "requirements" / f"{group}.txt").read_text()


@pytest.mark.parametrize("group", ["test", "demo"])
def test_what_the_integration_requires_is_tested_as_it_is(group: str) -> None:
    """The very version that Home Assistant will install."""
    assert set(MANIFEST["requirements"]) <= set(GROUPS[group])


@pytest.mark.parametrize(
    "script", [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci" / "run"], ids=str
)
def test_a_script_can_be_run_and_stops_at_errors(script: Path) -> None:
    """It says what it does in its first lines."""
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith("# ")
    assert "set -euo pipefail" in lines
