"""What Home Assistant's and HACS's validators ask of the files they read."""

import json
from pathlib import Path
import re
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components" / "inteltele"
MANIFEST: dict[str, Any] = json.loads((INTEGRATION / "manifest.json").read_text())
PNG_HEADER = b"\x89PNG\r\n\x1a\n"


def test_keys_of_the_manifest_are_sorted() -> None:
    """Domain and name first, the others by the alphabet."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]


@pytest.mark.parametrize(
    "key",
    ["codeowners", "config_flow", "documentation", "issue_tracker", "iot_class"],
)
def test_the_manifest_holds_what_is_needed(key: str) -> None:
    """For people who look for help, and for Home Assistant itself."""
    assert MANIFEST[key]


def test_the_version_is_that_of_the_project() -> None:
    """In both places."""
    text = (ROOT / "pyproject.toml").read_text()
    assert f'\nversion = "{MANIFEST["version"]}"\n' in text


def test_hacs_knows_the_oldest_home_assistant() -> None:
    """The one that the tests run on."""
    assert json.loads((ROOT / "hacs.json").read_text()) == {
        "name": "IntelTele",
        "homeassistant": "2026.10.0",
    }


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
