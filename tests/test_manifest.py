"""What Home Assistant's and HACS's validators ask of the files they read."""

import json
from pathlib import Path
import re
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant import components
from homeassistant.loader import Manifest
import pytest
from yarl import URL

from custom_components.inteltele import PLATFORMS

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components" / "inteltele"
MANIFEST: dict[str, Any] = json.loads((INTEGRATION / "manifest.json").read_text())
HACS: dict[str, Any] = json.loads((ROOT / "hacs.json").read_text())
BUILT_IN = Path(components.__path__[0])
PNG_HEADER = b"\x89PNG\r\n\x1a\n"
IOT_CLASSES = {
    "assumed_state",
    "calculated",
    "cloud_polling",
    "cloud_push",
    "local_polling",
    "local_push",
}
# Integrations that are always there, or look for a file of ours by its name.
ASKED_BY_HOME_ASSISTANT = {
    "diagnostics",
    "homeassistant",
    "llm",
    "logbook",
    "repairs",
    "system_health",
    "websocket_api",
}
# What HACS and Home Assistant's marketplace read from hacs.json.
HACS_KEYS = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "zip_release",
}


def test_keys_of_the_manifest_are_sorted() -> None:
    """Domain and name first, the others by the alphabet."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]


def test_keys_of_the_manifest_are_known() -> None:
    """Others are an error."""
    assert set(MANIFEST) <= set(Manifest.__annotations__)


@pytest.mark.parametrize(
    "key",
    [
        "codeowners",
        "config_flow",
        "documentation",
        "integration_type",
        "iot_class",
        "issue_tracker",
        "version",
    ],
)
def test_the_manifest_holds_what_is_needed(key: str) -> None:
    """For people who look for help, and for Home Assistant itself."""
    assert MANIFEST[key]


def test_the_domain_is_the_folder() -> None:
    """And none of Home Assistant's own."""
    assert MANIFEST["domain"] == INTEGRATION.name
    assert not (BUILT_IN / MANIFEST["domain"]).exists()


def test_the_kind_of_integration_is_known() -> None:
    """A service that reports by itself."""
    assert MANIFEST["integration_type"] == "service"
    assert MANIFEST["iot_class"] in IOT_CLASSES


@pytest.mark.parametrize("key", ["documentation", "issue_tracker"])
def test_an_address_of_the_manifest_is_encrypted(key: str) -> None:
    """And leads to the project, not to Home Assistant's own pages."""
    url = URL(MANIFEST[key])
    assert url.scheme == "https"
    assert url.host != "www.home-assistant.io"


@pytest.mark.parametrize("owner", MANIFEST["codeowners"])
def test_a_code_owner_can_be_addressed(owner: str) -> None:
    """By a name at GitHub."""
    assert re.fullmatch(r"@[A-Za-z0-9-]+(/[A-Za-z0-9_-]+)?", owner)


@pytest.mark.parametrize("requirement", MANIFEST["requirements"])
def test_a_requirement_is_pinned(requirement: str) -> None:
    """To one version."""
    assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", requirement)


@pytest.mark.parametrize("key", ["dependencies", "after_dependencies"])
def test_a_dependency_is_built_in(key: str) -> None:
    """Each is named once, in order."""
    assert MANIFEST[key] == sorted(set(MANIFEST[key]))
    for domain in MANIFEST[key]:
        assert (BUILT_IN / domain / "manifest.json").is_file()


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


def test_the_version_can_be_loaded() -> None:
    """Home Assistant blocks an integration whose version it cannot read."""
    AwesomeVersion(
        MANIFEST["version"],
        ensure_strategy=[
            AwesomeVersionStrategy.CALVER,
            AwesomeVersionStrategy.SEMVER,
            AwesomeVersionStrategy.SIMPLEVER,
            AwesomeVersionStrategy.BUILDVER,
            AwesomeVersionStrategy.PEP440,
        ],
    )


def test_the_version_is_that_of_the_project() -> None:
    """In both places."""
    text = (ROOT / "pyproject.toml").read_text()
    assert f'\nversion = "{MANIFEST["version"]}"\n' in text


def test_keys_of_hacs_are_known() -> None:
    """Others are an error."""
    assert set(HACS) <= HACS_KEYS


def test_hacs_knows_the_oldest_home_assistant() -> None:
    """The one that the tests run on."""
    assert HACS["name"] == MANIFEST["name"]
    assert HACS["homeassistant"] == "2026.10.0"


def test_hacs_installs_the_archive_of_a_release() -> None:
    """Only there the version is stamped, so that the branch is not offered."""
    assert HACS["zip_release"] is HACS["hide_default_branch"] is True
    assert HACS["filename"] == "inteltele.zip"


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
    ("kind", "scale", "height"),
    [("icon", "", 256), ("icon", "@2x", 512), ("logo", "", 128), ("logo", "@2x", 256)],
)
def test_brand_pictures_have_the_sizes_that_are_shown(
    theme: str, kind: str, scale: str, height: int
) -> None:
    """Icons are square, logos wide and at most as high as allowed."""
    header = (INTEGRATION / "brand" / f"{theme}{kind}{scale}.png").read_bytes()[:24]
    size = (int.from_bytes(header[16:20]), int.from_bytes(header[20:24]))
    assert header.startswith(PNG_HEADER)
    assert size[1] in range(height - 8 * (height // 128), height + 1)
    assert (size[0] == size[1]) is (kind == "icon")


def test_the_gateway_room_knows_nothing_of_home_assistant() -> None:
    """It could be a library of its own."""
    for path in (INTEGRATION / "gateway").glob("*.py"):
        assert not re.search(
            r"^(from|import) homeassistant", path.read_text(), re.MULTILINE
        )
