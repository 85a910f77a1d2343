"""The card: made of its sources, small, and known to every dashboard."""

from collections.abc import Callable, Coroutine
import gzip
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
import re
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.web.card import CARD, CARD_URL

from ..translations import ENGLISH

SOURCES = Path(__file__).parents[2] / "frontend"
MAX_BYTES = 24 * 1024


@pytest.fixture
def dashboards(home: HomeAssistant) -> list[str]:
    """Return what every dashboard of the house loads."""
    urls: list[str] = []
    home.data[DATA_EXTRA_MODULE_URL] = UrlManager(
        lambda change, url: urls.append(f"{change} {url}"), []
    )
    return urls


def test_the_card_is_made_of_its_sources() -> None:
    """Whoever changes them has to run scripts/card."""
    names = [f"src/{path.name}" for path in (SOURCES / "src").iterdir()]
    digest = sha256()
    for name in sorted([*names, "build.mjs", "package-lock.json"]):
        digest.update(f"{name}\n".encode() + (SOURCES / name).read_bytes())
    assert f"fingerprint is {digest.hexdigest()}." in CARD.read_text().splitlines()[0]


def test_the_card_is_small() -> None:
    """As it travels."""
    assert len(gzip.compress(CARD.read_bytes())) <= MAX_BYTES


def test_no_address_of_a_registry_is_in_the_lock_file() -> None:
    """Packages are pinned by their hashes, wherever they come from."""
    lock = (SOURCES / "package-lock.json").read_text()
    assert "integrity" in lock
    assert "resolved" not in lock


def test_the_words_of_the_card_are_those_of_its_sources() -> None:
    """Each is translated, and none in vain."""
    source = "\n".join(path.read_text() for path in (SOURCES / "src").iterdir())
    asked_for = set(re.findall(r'\bcard\(\s*"(\w+)"', source))
    asked_for |= {"queued", "sent", "delivered"}
    labels = re.search(r"LABELS[^{]*{([^}]*)}", source)
    assert labels is not None
    asked_for |= set(re.findall(r': "(\w+)"', labels[1]))
    helped = re.search(r"HELPED[^[]*\[([^\]]*)\]", source)
    assert helped is not None
    names = re.findall(r'(\w+): "(\w+)"', labels[1])
    # The card of alarms calls some of it by other names.
    others = re.findall(r'\.\.\.LABELS, (\w+): "(\w+)"', source)
    names += others
    asked_for |= {name for _, name in others}
    keys = set(re.findall(r'"(\w+)"', helped[1]))
    asked_for |= {f"{name}_help" for key, name in names if key in keys}
    translated = {
        key.removeprefix("card_")
        for key in ENGLISH["common"]
        if key.startswith("card_")
    }
    assert translated == asked_for


def test_who_looks_for_viber_finds_the_cards() -> None:
    """In the picker; in English until a card has loaded the words of the language."""
    offered = (SOURCES / "src" / "offer.ts").read_text()
    for card in ("card", "card_alarm"):
        description = ENGLISH["common"][f"{card}_description"]
        assert "Viber" in description
        assert description in offered
        assert ENGLISH["common"][f"{card}_name"] in offered


async def test_every_dashboard_loads_the_card(
    home: HomeAssistant,
    dashboards: list[str],
    hass_client_no_auth: Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]],
) -> None:
    """Nobody has to add a resource, and a changed card has another address."""
    assert await async_setup_component(home, DOMAIN, {})
    version = sha256(CARD.read_bytes()).hexdigest()[:16]
    assert dashboards == [f"added {CARD_URL}?v={version}"]
    client = await hass_client_no_auth()
    response = await client.get(f"{CARD_URL}?v={version}")
    assert response.status == HTTPStatus.OK
    assert "javascript" in response.headers["Content-Type"]
    assert "max-age" in response.headers["Cache-Control"]
    assert await response.read() == CARD.read_bytes()


async def test_a_house_without_dashboards_has_no_card(home: HomeAssistant) -> None:
    """And the integration works there as well."""
    assert await async_setup_component(home, DOMAIN, {})
    assert DATA_EXTRA_MODULE_URL not in home.data
