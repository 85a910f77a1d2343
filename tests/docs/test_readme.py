"""The README leads a newcomer to a picture of the doorbell, in two languages."""

from collections.abc import AsyncGenerator
from pathlib import Path
import re
from typing import Any, Final
from urllib.parse import quote

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.simulated_gateway import SimulatedGateway
from tests.conftest import OLENA
from tests.test_manifest import INTEGRATION, MANIFEST

from .pages import PAGES, headings, section, yaml_blocks

READMES: Final = ("README.md", "README.uk.md")
BLUEPRINT: Final = "blueprints/automation/inteltele/doorbell_snapshot.yaml"
MY: Final = "https://my.home-assistant.io/redirect"
OWNER, REPOSITORY = MANIFEST["documentation"].split("/")[-2:]
BUTTONS: Final = (
    f"{MY}/hacs_repository/?owner={OWNER}&repository={REPOSITORY}&category=integration",
    f"{MY}/config_flow_start/?domain={MANIFEST['domain']}",
    f"{MY}/blueprint_import/?blueprint_url="
    + quote(f"{MANIFEST['documentation']}/blob/main/{BLUEPRINT}", safe=""),
)
FORMS: Final = {
    "The account and the first recipient",
    "Обліковий запис і перший одержувач",  # noqa: RUF001
}
PHONE: Final = re.compile(r"\+\d+ \(\d{3}\) \d{3}-\d\d-\d\d")


@pytest.fixture
async def _camera(
    home: HomeAssistant, account: MockConfigEntry, tmp_path: Path
) -> AsyncGenerator[None]:
    """Give the house a camera at its gate, and a public URL."""
    picture = tmp_path / "gate.jpg"
    Image.new("RGB", (640, 360), "teal").save(picture)
    home.config.allowlist_external_dirs = {str(tmp_path)}
    home.config.external_url = "https://house.example.org"
    gate = MockConfigEntry(
        domain="local_file",
        title="Gate",
        options={"name": "Gate", "file_path": str(picture)},
    )
    gate.add_to_hass(home)
    assert await home.config_entries.async_setup(gate.entry_id)
    await home.async_block_till_done()
    yield
    await home.config_entries.async_unload(gate.entry_id)


def _automation(page: str) -> dict[str, Any]:
    """Return the only automation of a page."""
    [block] = [block for block in yaml_blocks() if block.page == page]
    return dict(block.content)


@pytest.mark.usefixtures("_camera")
@pytest.mark.parametrize("page", READMES)
async def test_a_ring_sends_a_picture_with_a_fallback(
    home: HomeAssistant, gateway: SimulatedGateway, page: str
) -> None:
    """The first automation does what stands above it."""
    assert await async_setup_component(
        home, "automation", {"automation": _automation(page)}
    )
    home.states.async_set("binary_sensor.doorbell", "on")
    await home.async_block_till_done()
    [message] = gateway.messages
    assert message.number == OLENA
    # No two rings have the same text: the gateway would refuse the second one.
    assert re.search(r" \d\d:\d\d:\d\d\.$", message.text)
    assert (message.image or "").startswith("https://house.example.org/")
    assert message.sms_source == "MyHouse"
    assert message.sms_text


@pytest.mark.parametrize("page", READMES)
@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_opens_what_is_meant(page: str, button: str) -> None:
    """In one's own Home Assistant."""
    assert f"]({button})" in PAGES[page]


@pytest.mark.parametrize("page", READMES)
def test_the_provider_can_be_called(page: str) -> None:
    """By the same numbers as on the page about the provider."""
    numbers = set(PHONE.findall(PAGES[page]))
    assert len(numbers) == 2
    assert numbers == set(PHONE.findall(PAGES["docs/installation.md"]))


@pytest.mark.parametrize(
    ("page", "language"), [("README.md", "en"), ("README.uk.md", "uk")]
)
def test_a_form_is_called_what_it_calls_itself(page: str, language: str) -> None:
    """In the words of its language."""
    words = (INTEGRATION / "translations" / f"{language}.json").read_text()
    [heading] = [name for name in headings(page) if name in FORMS]
    text = " ".join(section(page, heading).split())
    called = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)
    assert called
    assert [label for label in called if f'"{label}"' not in words] == []
