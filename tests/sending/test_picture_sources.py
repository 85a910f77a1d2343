"""Pictures of the house: from a camera or a file into a message and onto a phone."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from os import mkfifo
from pathlib import Path
import re
import shutil
from types import SimpleNamespace
from typing import Any

from aiohttp import ClientPayloadError
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.media_source import (
    MediaSource,
    MediaSourceItem,
    PlayMedia,
)
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.setup import async_setup_component
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockUser,
    mock_integration,
    mock_platform,
)
from yarl import URL

from custom_components.inteltele.account.account import pictures_path
from custom_components.inteltele.const import CONF_PICTURE_VALID, DOMAIN
from custom_components.inteltele.exceptions import failure
from custom_components.inteltele.sending import picture_sources
from custom_components.inteltele.sending.outcomes import async_send_error
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import disable, recipient, restart, settled
from ..visitor import IMAGE, Visitor, picture_of, visited

HOUSE = "https://house.example.org"
CAMERA = "camera.porch"

type ClientGenerator = Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]]


@pytest.fixture
def media(home: HomeAssistant, tmp_path: Path) -> Path:
    """Return the house's media folder, with a picture in it."""
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "porch.jpg").write_bytes(picture_of((1600, 900)))
    (folder / "notes.txt").write_text("no picture")
    home.config.media_dirs = {"local": str(folder)}
    home.config.allowlist_external_dirs = {str(folder)}
    home.config.external_url = HOUSE
    return folder


@pytest.fixture
async def visitor(home: HomeAssistant) -> Visitor:
    """Return an image entity of the house."""
    return await visited(home)


@pytest.fixture
async def equipped(
    home: HomeAssistant, media: Path, visitor: Visitor, account: MockConfigEntry
) -> AsyncGenerator[HomeAssistant]:
    """Return a house with a camera, an image entity, and a media folder."""
    porch = MockConfigEntry(
        domain="local_file",
        title="Porch",
        options={"name": "Porch", "file_path": str(media / "porch.jpg")},
    )
    porch.add_to_hass(home)
    assert await home.config_entries.async_setup(porch.entry_id)
    await async_setup_component(home, "media_source", {})
    await home.async_block_till_done()
    yield home
    await home.config_entries.async_unload(porch.entry_id)


async def _send(home: HomeAssistant, media: Any, **fields: Any) -> dict[str, Any]:
    """Send a message with a picture and return the response."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Somebody is there.", "entity_id": "notify.olena", "media": media}
        | fields,
        blocking=True,
        return_response=True,
    )
    return dict(response)


@pytest.mark.parametrize(
    ("source", "extension", "size"),
    [
        ("camera.porch", "jpg", (400, 225)),
        ({"media_content_id": "media-source://camera/camera.porch"}, "jpg", (400, 225)),
        ("image.visitor", "png", (240, 400)),
        ("media-source://image/image.visitor", "png", (240, 400)),
        ("media-source://media_source/local/porch.jpg", "jpg", (400, 225)),
        ("{folder}/porch.jpg", "jpg", (400, 225)),
        ("file://{folder}/porch.jpg", "jpg", (400, 225)),
    ],
)
async def test_a_picture_of_the_house_is_hosted(
    equipped: HomeAssistant,
    media: Path,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
    source: str | dict[str, str],
    extension: str,
    size: tuple[int, int],
) -> None:
    """Small for Viber, whole behind the button that opens it."""
    named = source.format(folder=media) if isinstance(source, str) else source
    response = await _send(equipped, named)
    assert response["warnings"] == []
    [message] = gateway.messages
    pattern = rf"{HOUSE}/api/inteltele/picture/[\w-]{{22}}"
    assert re.fullmatch(rf"{pattern}\.{extension}", message.image or "")
    assert re.fullmatch(rf"{pattern}/full\.{extension}", message.button_link or "")
    assert message.button_text == "Open"
    phone = await hass_client_no_auth()
    shown = await phone.get(URL(message.image or "").path)
    assert Image.open(BytesIO(await shown.read())).size == size
    opened = await phone.get(URL(message.button_link or "").path)
    assert max(Image.open(BytesIO(await opened.read())).size) > max(size)


async def test_a_hosted_picture_is_sealed(
    equipped: HomeAssistant,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
) -> None:
    """Private, not indexed, and of the type that it says."""
    await _send(equipped, CAMERA)
    phone = await hass_client_no_auth()
    path = URL(gateway.messages[0].image or "").path
    for response in (await phone.get(path), await phone.head(path)):
        assert response.status == HTTPStatus.OK
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in response.headers["Cache-Control"]
        assert "noindex" in response.headers["X-Robots-Tag"]


async def test_a_picture_goes_with_an_answer_button(
    equipped: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """One picture for all, and a link for each."""
    await _send(
        equipped,
        CAMERA,
        entity_id=["notify.olena", "notify.petro"],
        button_text="Open gate",
        button_action="open_gate",
    )
    assert len({message.image for message in gateway.messages}) == 1
    assert len({message.button_link for message in gateway.messages}) == 2


async def test_recipients_of_one_picture_share_one_request(
    equipped: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """As every other content that is the same for all."""
    await _send(equipped, CAMERA, to=["+380671112255"])
    sends = [item for item in gateway.requests if item.path == "/im/send/"]
    assert len(sends) == 1


async def test_the_legacy_action_takes_a_picture(
    equipped: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """By the name of its entity, as alerts can write it."""
    await equipped.services.async_call(
        "notify",
        "inteltele",
        {"message": "Ding!", "target": ["Olena"], "data": {"media": CAMERA}},
        blocking=True,
    )
    assert (gateway.messages[0].image or "").startswith(f"{HOUSE}/api/inteltele/")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("camera.nowhere", "camera.nowhere did not provide one"),
        ("image.nowhere", "image.nowhere did not provide one"),
        ("light.porch", '"light.porch" in "Camera or media" is not known'),
        ("media-source://media_source/local/none.jpg", "cannot be read"),
        ("media-source://nowhere/x", "did not provide one"),
        ("/etc/hostname", "may not read /etc/hostname"),
        ("{folder}/../../etc/hostname", "may not read"),
        ("{folder}/none.jpg", "cannot be read"),
        ("{folder}/notes.txt", "is not a picture"),
        ("{folder}/large.jpg", "is larger than 20 MiB"),
    ],
)
async def test_a_failing_picture_never_costs_the_text(
    equipped: HomeAssistant,
    media: Path,
    gateway: SimulatedGateway,
    source: str,
    sentence: str,
) -> None:
    """The text goes out, and a warning says what to do."""
    with (media / "large.jpg").open("wb") as large:
        large.truncate(21 * 2**20)
    response = await _send(equipped, source.format(folder=media))
    [warning] = response["warnings"]
    assert warning.startswith("The text was sent without its picture")
    assert sentence in warning
    [message] = gateway.messages
    assert (message.text, message.image) == ("Somebody is there.", None)


async def test_without_a_response_a_failing_picture_is_raised(
    equipped: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """After the text was sent."""
    with pytest.raises(HomeAssistantError, match="without its picture"):
        await equipped.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Ding!", "entity_id": "notify.olena", "media": "camera.no"},
            blocking=True,
        )
    assert len(gateway.messages) == 1


async def test_all_that_went_wrong_is_in_one_error(
    equipped: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """The picture, and a recipient."""
    with pytest.raises(HomeAssistantError) as caught:
        await equipped.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Ding!", "entity_id": "notify.olena", "media": "camera.no"}
            | {"to": ["+380671112901"]},
            blocking=True,
        )
    assert "1 of 2 messages did not get through" in str(caught.value)
    assert "opted out" in str(caught.value)
    assert "camera.no did not provide one" in str(caught.value)


async def test_an_image_that_shows_nothing_is_told(
    equipped: HomeAssistant, visitor: Visitor, gateway: SimulatedGateway
) -> None:
    """In words of what it is."""
    visitor.picture = None
    [warning] = (await _send(equipped, IMAGE))["warnings"]
    assert "image.visitor did not provide one" in warning


async def test_a_house_without_cameras_says_so(
    home: HomeAssistant, media: Path, account: MockConfigEntry
) -> None:
    """Without loading what cameras need."""
    [warning] = (await _send(home, CAMERA))["warnings"]
    assert '"camera.porch" in "Camera or media" is not known' in warning
    [warning] = (await _send(home, "media-source://a/b", message="Other"))["warnings"]
    assert '"media-source://a/b" in "Camera or media" is not known' in warning


@pytest.mark.parametrize("source", ["", " ", 5, {}, {"media_content_id": None}, None])
async def test_what_names_no_picture_is_refused(
    equipped: HomeAssistant, gateway: SimulatedGateway, source: Any
) -> None:
    """Before anything is sent."""
    with pytest.raises(
        ServiceValidationError, match='"Camera or media" names no picture'
    ):
        await _send(equipped, source)
    assert gateway.messages == []


async def test_who_may_not_see_a_camera_may_not_send_its_picture(
    equipped: HomeAssistant,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
) -> None:
    """To nobody, not even to those that the user may message."""
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {"notify.olena": True}}}
    )
    with pytest.raises(Unauthorized):
        await equipped.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Ding!", "entity_id": "notify.olena", "media": CAMERA},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert gateway.messages == []


async def test_who_may_see_a_picture_may_send_it(
    equipped: HomeAssistant,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
) -> None:
    """Of an image by its entity, of the media as every user."""
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {"notify.olena": True, IMAGE: {POLICY_READ: True}}}}
    )
    for media in (IMAGE, "media-source://media_source/local/porch.jpg"):
        await equipped.services.async_call(
            DOMAIN,
            "send_message",
            {"message": media, "entity_id": "notify.olena", "media": media},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert all(message.image for message in gateway.messages)
    assert len(gateway.messages) == 2


async def test_a_picture_ends_with_its_time(
    equipped: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """That of the account's options, also across a restart."""
    equipped.config_entries.async_update_entry(
        account, options={CONF_PICTURE_VALID: {"hours": 1}}
    )
    await equipped.async_block_till_done()
    await _send(equipped, CAMERA)
    path = URL(gateway.messages[0].image or "").path
    phone = await hass_client_no_auth()
    await restart(equipped, account)
    assert (await phone.get(path)).status == HTTPStatus.OK
    freezer.tick(timedelta(hours=1, seconds=1))
    assert (await phone.get(path)).status == HTTPStatus.NOT_FOUND
    await restart(equipped, account)
    assert list(pictures_path(equipped, account.entry_id).iterdir()) == []


async def test_a_picture_that_cannot_be_kept_costs_nothing_else(
    equipped: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """A full disk, or here a file where the folder should be."""
    folder = pictures_path(equipped, account.entry_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")
    [warning] = (await _send(equipped, CAMERA))["warnings"]
    assert "could not be written to disk" in warning
    assert gateway.messages[0].image is None
    folder.unlink()


async def test_a_removed_account_takes_its_pictures_with_it(
    equipped: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And their folder."""
    await _send(equipped, CAMERA)
    folder = pictures_path(equipped, account.entry_id)
    assert list(folder.iterdir())
    await equipped.config_entries.async_remove(account.entry_id)
    await equipped.async_block_till_done()
    assert not folder.exists()


class Stream(MediaSource):
    """A source that has addresses, and no files."""

    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where it can be played."""
        return PlayMedia("/api/stream", "video/mp4")


async def _stream(hass: HomeAssistant) -> Stream:
    """Return the source."""
    return Stream("stream_test")


class Cancelled(MediaSource):
    """A source of which a task of its own was cancelled."""

    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Wait for the task."""
        raise asyncio.CancelledError


async def _cancelled(hass: HomeAssistant) -> Cancelled:
    """Return the source."""
    return Cancelled("stream_test")


async def test_a_source_that_is_cancelled_does_not_cancel_the_text(
    home: HomeAssistant,
    media: Path,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Nobody cancelled the action."""
    mock_integration(home, MockModule("stream_test"))
    mock_platform(
        home,
        "stream_test.media_source",
        SimpleNamespace(async_get_media_source=_cancelled),
    )
    home.config.components.add("stream_test")
    await async_setup_component(home, "media_source", {})
    [warning] = (await _send(home, "media-source://stream_test/porch"))["warnings"]
    assert "did not provide one" in warning
    assert len(gateway.messages) == 1


async def test_media_that_is_no_file_is_told(
    home: HomeAssistant, media: Path, account: MockConfigEntry
) -> None:
    """Such as a stream."""
    mock_integration(home, MockModule("stream_test"))
    mock_platform(
        home,
        "stream_test.media_source",
        SimpleNamespace(async_get_media_source=_stream),
    )
    home.config.components.add("stream_test")
    await async_setup_component(home, "media_source", {})
    [warning] = (await _send(home, "media-source://stream_test/porch"))["warnings"]
    assert "media-source://stream_test/porch is not a file" in warning


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("[Errno 111] rtsp://admin:secret@camera"),
        ClientPayloadError("cut off"),
        KeyError("image"),
        TimeoutError(),
        asyncio.CancelledError(),
        HomeAssistantError("The camera is asleep"),
        HomeAssistantError("No answer from rtsp://admin:secret@camera/stream"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_a_source_raises_the_text_goes(
    equipped: HomeAssistant,
    visitor: Visitor,
    gateway: SimulatedGateway,
    caplog: pytest.LogCaptureFixture,
    error: BaseException,
) -> None:
    """An integration may be as it likes; what may be a password is not repeated."""
    visitor.error = error
    [warning] = (await _send(equipped, IMAGE))["warnings"]
    assert "image.visitor did not provide one" in warning
    assert "secret" not in warning
    assert gateway.messages[0].image is None
    ours = [r for r in caplog.records if r.name.startswith("custom_components")]
    assert "secret" not in "".join(r.getMessage() + (r.exc_text or "") for r in ours)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("media-source://", "did not provide one"),
        ("{folder}/porch\0.jpg", "cannot be read"),
        ("media-source://media_source/local/porch\0.jpg", "cannot be read"),
        ("{folder}/pipe.jpg", "is not a file"),
        ("media-source://media_source/local/pipe.jpg", "is not a file"),
        ("{folder}", "is not a file|cannot be read"),
    ],
)
async def test_what_is_no_file_is_told_at_once(
    equipped: HomeAssistant,
    media: Path,
    gateway: SimulatedGateway,
    source: str,
    sentence: str,
) -> None:
    """Nobody ever writes into the pipe."""
    mkfifo(media / "pipe.jpg")
    async with asyncio.timeout(5):
        [warning] = (await _send(equipped, source.format(folder=media)))["warnings"]
    assert re.search(sentence, warning)
    assert "\0" not in warning
    assert gateway.messages[0].text == "Somebody is there."


@pytest.mark.parametrize("stubborn", [False, True])
async def test_a_picture_that_does_not_come_in_time_is_left_out(
    equipped: HomeAssistant,
    visitor: Visitor,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    stubborn: bool,
) -> None:
    """Also one of an integration that does not let itself be cancelled."""
    monkeypatch.setattr(picture_sources, "PICTURE_WITHIN", 0.1)
    visitor.comes = asyncio.Event()
    visitor.stubborn = stubborn
    try:
        async with asyncio.timeout(5):
            [warning] = (await _send(equipped, IMAGE))["warnings"]
    finally:
        # Nothing else could end it.
        visitor.comes.set()
    assert "image.visitor did not provide one within 15 seconds" in warning
    assert gateway.messages[0].image is None


def test_the_sentence_names_the_time_that_there_is() -> None:
    """And the texts wait no longer."""
    assert picture_sources.PICTURE_WITHIN == 15


async def test_a_camera_that_comes_late_does_not_need_its_account_any_more(
    equipped: HomeAssistant,
    account: MockConfigEntry,
    visitor: Visitor,
    gateway: SimulatedGateway,
) -> None:
    """It was disabled meanwhile, and nobody is told that anything waits."""
    visitor.comes = asyncio.Event()
    sending = equipped.async_create_task(_send(equipped, IMAGE))
    await asyncio.sleep(0.1)
    await disable(equipped, account)
    visitor.comes.set()
    with pytest.raises(HomeAssistantError) as caught:
        await sending
    assert caught.value.translation_key == "account_not_loaded"
    assert gateway.messages == []


async def test_an_account_that_goes_spoils_nothing_of_another_one(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """What the first has sent, and paid, is told; the other one could not."""
    other = MockConfigEntry(
        domain=DOMAIN,
        entry_id="other",
        title="Other",
        unique_id="other",
        data={**account.data, CONF_WEBHOOK_ID: "other-webhook"},
        subentries_data=[recipient("zoya", "Zoya", "+380671112255").as_dict()],
    )
    other.add_to_hass(home)
    assert await home.config_entries.async_setup(other.entry_id)
    await settled(home)
    gateway.settings.misbehaviour = Misbehaviour(delay=0.5)
    sending = home.async_create_task(
        home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Ding!", "entity_id": ["notify.olena", "notify.zoya"]},
            blocking=True,
            return_response=True,
        )
    )
    await asyncio.sleep(0.1)
    await disable(home, other)
    response: Any = await sending
    assert [sent["status"] for sent in response["messages"]] == ["sent"]
    [warning] = response["warnings"]
    assert "The account Other is not running" in warning


async def test_several_things_that_are_missing_are_one_error(
    equipped: HomeAssistant,
) -> None:
    """The text was sent all the same."""
    missing = [failure("no_public_url"), failure("picture_not_kept")]
    error = await async_send_error(equipped, [], missing)
    assert error is not None
    assert error.translation_key == "several_shortfalls"
    assert "to disk" in (error.translation_placeholders or {})["reasons"]
