"""The manifests that Home Assistant and HACS read, and the pictures of the brand."""

import json
from pathlib import Path
import re
from typing import Any

from homeassistant import components
from PIL import Image
import pytest
import voluptuous as vol

from custom_components.inteltele import PLATFORMS

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components" / "inteltele"
MANIFEST: dict[str, Any] = json.loads((INTEGRATION / "manifest.json").read_text())
BUILT_IN = Path(components.__path__[0])
# Integrations that are always there, or look for a file of ours by its name.
ASKED_BY_HOME_ASSISTANT = {
    "diagnostics",
    "homeassistant",
    "llm",
    "logbook",
    "persistent_notification",
    "repairs",
    "system_health",
    "websocket_api",
}


def _built_in(domain: str) -> str:
    """Return the domain of one of Home Assistant's own integrations."""
    if not (BUILT_IN / domain / "manifest.json").is_file():
        raise vol.Invalid(domain)
    return domain


# Home Assistant's loader reads the manifest without a schema.
ADDRESS = vol.Match(r"https://github\.com/")
SCHEMA = vol.Schema(
    {
        "domain": INTEGRATION.name,
        "name": str,
        "after_dependencies": [_built_in],
        "codeowners": vol.All(
            [vol.Match(r"@[A-Za-z0-9-]+(/[A-Za-z0-9_-]+)?\Z")], vol.Length(min=1)
        ),
        "config_flow": True,
        "dependencies": [_built_in],
        "documentation": ADDRESS,
        "integration_type": "service",
        "iot_class": "cloud_push",
        "issue_tracker": ADDRESS,
        "requirements": [vol.Match(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*\Z")],
        "version": str,
    },
    required=True,
)


def test_the_manifest_has_the_keys_that_are_needed() -> None:
    """No other, domain and name first, the rest by the alphabet."""
    SCHEMA(MANIFEST)
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]


def test_who_looks_for_viber_or_sms_finds_it() -> None:
    """The frontend searches names, and takes less account of what is far behind."""
    assert 0 < MANIFEST["name"].find("Viber") < 20
    assert 0 < MANIFEST["name"].find("SMS") < 20


def test_the_domain_is_none_of_home_assistants_own() -> None:
    """It would take the place of that."""
    assert not (BUILT_IN / MANIFEST["domain"]).exists()


@pytest.mark.parametrize("key", ["dependencies", "after_dependencies"])
def test_dependencies_are_in_order(key: str) -> None:
    """Each is named once."""
    assert MANIFEST[key] == sorted(set(MANIFEST[key]))


def test_every_integration_that_is_imported_is_a_dependency() -> None:
    """Or one of the platforms, which Home Assistant sets up itself."""
    used = {
        domain
        for path in INTEGRATION.rglob("*.py")
        for domain in re.findall(
            r"^ *from homeassistant\.components(?:\.| import )(\w+)",
            path.read_text(),
            re.MULTILINE,
        )
    }
    declared = {*MANIFEST["dependencies"], *MANIFEST["after_dependencies"]}
    assert used - {*PLATFORMS, *ASKED_BY_HOME_ASSISTANT} <= declared


def test_the_version_is_that_of_the_project() -> None:
    """In both places."""
    text = (ROOT / "pyproject.toml").read_text()
    assert f'\nversion = "{MANIFEST["version"]}"\n' in text


def test_hacs_installs_the_archive_of_a_release() -> None:
    """Only there the version is stamped, so that the branch is not offered."""
    assert json.loads((ROOT / "hacs.json").read_text()) == {
        "name": MANIFEST["name"],
        "filename": "inteltele.zip",
        "hide_default_branch": True,
        "homeassistant": "2026.10.0",
        "zip_release": True,
    }


def test_there_is_one_integration_to_install() -> None:
    """HACS takes the only folder."""
    folders = [path for path in INTEGRATION.parent.iterdir() if path.is_dir()]
    assert {path.name for path in folders} - {"__pycache__"} == {INTEGRATION.name}


@pytest.mark.parametrize("name", ["README.md", "LICENSE"])
def test_the_repository_says_what_it_is(name: str) -> None:
    """HACS shows the one, and wants the other."""
    assert (ROOT / name).read_text().strip()


@pytest.mark.parametrize("theme", ["", "dark_"])
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("icon", (256, 256)),
        ("icon@2x", (512, 512)),
        ("logo", (463, 126)),
        ("logo@2x", (929, 251)),
    ],
)
def test_pictures_of_the_brand_have_the_sizes_that_are_shown(
    theme: str, name: str, size: tuple[int, int]
) -> None:
    """A logo is at most 128 pixels high, twice that at double size."""
    with Image.open(INTEGRATION / "brand" / f"{theme}{name}.png") as picture:
        assert (picture.format, picture.size) == ("PNG", size)
