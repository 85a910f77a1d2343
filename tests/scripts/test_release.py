"""A release holds what HACS installs, stamped with its version."""

import json
from pathlib import Path
import shutil
import subprocess
import tomllib
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of what a release is made of."""
    shutil.copytree(ROOT / "custom_components", tmp_path / "custom_components")
    (tmp_path / "scripts").mkdir()
    for name in ("pyproject.toml", "scripts/release"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _release(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Make a release."""
    return subprocess.run(  # noqa: S603 - our own script
        [project / "scripts" / "release", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("tag", "version"), [("v1.2.3", "1.2.3"), ("2.0.0b1", "2.0.0b1")]
)
def test_the_version_is_that_of_the_tag(project: Path, tag: str, version: str) -> None:
    """In the project and in the archive."""
    assert _release(project, tag).returncode == 0
    pyproject = tomllib.loads((project / "pyproject.toml").read_text())
    with ZipFile(project / "artefacts" / "inteltele.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert pyproject["project"]["version"] == manifest["version"] == version


def test_nothing_but_the_version_is_changed(project: Path) -> None:
    """Neither the requirements nor the order of the keys."""
    paths = ("pyproject.toml", "custom_components/inteltele/manifest.json")
    before = [(project / path).read_text() for path in paths]
    version = json.loads(before[1])["version"]
    _release(project, "9.8.7")
    after = [(project / path).read_text() for path in paths]
    assert [text.replace("9.8.7", version, 1) for text in after] == before


def test_the_archive_holds_the_integration_at_its_top(project: Path) -> None:
    """Every file of it, and nothing that a run left behind."""
    integration = project / "custom_components" / "inteltele"
    (integration / "__pycache__").mkdir(exist_ok=True)
    (integration / "__pycache__" / "left.pyc").touch()
    _release(project, "1.2.3")
    expected = {
        str(path.relative_to(integration))
        for path in integration.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with ZipFile(project / "artefacts" / "inteltele.zip") as archive:
        assert set(archive.namelist()) == expected


@pytest.mark.parametrize("tag", ["latest", "v1.2", "1.2.3; true", ""])
def test_what_is_no_version_is_refused(project: Path, tag: str) -> None:
    """Before anything is written."""
    refused = _release(project, tag)
    assert refused.returncode != 0
    assert refused.stderr
    assert not (project / "artefacts").exists()
