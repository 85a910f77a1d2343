"""The pictures of the history, for those who may read it."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.inteltele.const import CONF_PICTURE_VALID, DOMAIN

from ..conftest import OLENA, Damage

type Connect = Callable[..., Coroutine[Any, Any, TestClient[Any, Any]]]


@pytest.fixture
async def sent(home: HomeAssistant, account: MockConfigEntry, tmp_path: Path) -> str:
    """Return where the picture of a message to Olena is, without a signature."""
    picture = tmp_path / "porch.jpg"
    Image.new("RGB", (800, 600), "teal").save(picture)
    home.config.allowlist_external_dirs = {str(tmp_path)}
    home.config.external_url = "https://house.example.org"
    await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Look!", "to": OLENA, "media": str(picture)},
        blocking=True,
    )
    return f"/api/inteltele/messages/{account.entry_id}/1/picture"


async def test_a_picture_is_served_to_whoever_may_read_the_message(
    sent: str, hass_client: Connect
) -> None:
    """In the size that the phone shows."""
    response = await (await hass_client()).get(sent)
    assert response.status == HTTPStatus.OK
    assert response.headers["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(await response.read())).size == (400, 300)


async def test_a_picture_is_served_in_full_as_well(
    sent: str, hass_client: Connect
) -> None:
    """For whoever wants to see who stands there."""
    response = await (await hass_client()).get(f"{sent}/full")
    assert response.status == HTTPStatus.OK
    assert Image.open(BytesIO(await response.read())).size == (800, 600)


async def test_the_card_gets_an_address_that_opens_without_more(
    home: HomeAssistant,
    sent: str,
    hass_ws_client: Connect,
    hass_client_no_auth: Connect,
) -> None:
    """Signed for its session, because a picture in a page cannot send a token."""
    socket: Any = await hass_ws_client(home)
    await socket.send_json_auto_id({"type": "inteltele/messages/subscribe"})
    await socket.receive_json()
    [message] = (await socket.receive_json())["event"]["messages"]
    assert message["picture_url"].startswith(f"{sent}?authSig=")
    assert message["full_picture_url"].startswith(f"{sent}/full?authSig=")
    browser = await hass_client_no_auth()
    for url in (message["picture_url"], message["full_picture_url"]):
        assert (await browser.get(url)).status == HTTPStatus.OK


async def test_nobody_sees_a_picture_without_a_login(
    sent: str, hass_client_no_auth: Connect
) -> None:
    """Unlike the one that the message itself links to."""
    response = await (await hass_client_no_auth()).get(sent)
    assert response.status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("readable", "status"),
    [("notify.olena", HTTPStatus.OK), ("notify.petro", HTTPStatus.NOT_FOUND)],
)
async def test_a_picture_is_for_those_who_may_read_its_recipient(
    sent: str,
    hass_client: Connect,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
    readable: str,
    status: HTTPStatus,
) -> None:
    """Others do not even learn that there is one."""
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {readable: {POLICY_READ: True}}}}
    )
    response = await (await hass_client(hass_read_only_access_token)).get(sent)
    assert response.status == status


@pytest.mark.parametrize(
    "path", ["account/2", "account/x", "account/²", "stranger/1", "account/-1"]
)
async def test_what_is_not_there_is_unknown(
    sent: str, hass_client: Connect, path: str
) -> None:
    """In the same words."""
    response = await (await hass_client()).get(
        f"/api/inteltele/messages/{path}/picture"
    )
    assert response.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("options", [{CONF_PICTURE_VALID: {"minutes": 1}}])
async def test_a_picture_is_gone_when_its_time_is_over(
    home: HomeAssistant,
    sent: str,
    hass_client: Connect,
    hass_ws_client: Connect,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The card is told so, and does not ask for it."""
    assert await async_setup_component(home, "websocket_api", {})
    client = await hass_client()
    freezer.tick(timedelta(minutes=1))
    assert (await client.get(sent)).status == HTTPStatus.NOT_FOUND
    socket: Any = await hass_ws_client(home)
    await socket.send_json_auto_id({"type": "inteltele/messages/subscribe"})
    await socket.receive_json()
    [message] = (await socket.receive_json())["event"]["messages"]
    assert (message["has_picture"], message["picture_url"]) == (True, None)


async def test_a_picture_whose_message_cannot_be_read_is_unknown(
    sent: str, hass_client: Connect, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says why."""
    await damage("messages", "gone")
    response = await (await hass_client()).get(sent)
    assert response.status == HTTPStatus.NOT_FOUND
    assert "could not be read" in caplog.text


@pytest.mark.parametrize("digits", [19, 30, 4400])
async def test_a_number_beyond_all_messages_is_unknown(
    sent: str, hass_client: Connect, caplog: pytest.LogCaptureFixture, digits: int
) -> None:
    """However long it is."""
    path, _, _ = sent.partition("?")
    start, _, _ = path.removesuffix("/picture").rpartition("/")
    client = await hass_client()
    response = await client.get(f"{start}/{'9' * digits}/picture")
    assert response.status == HTTPStatus.NOT_FOUND
    assert "Traceback" not in caplog.text
