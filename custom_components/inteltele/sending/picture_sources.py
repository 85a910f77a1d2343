"""Pictures of the house: from a camera, an image, or a file to the bytes of it."""

import asyncio
from importlib import import_module
import os
from pathlib import Path
import stat
from threading import Lock
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized

from ..exceptions import invalid_input, picture_failed
from ..gateway.errors import printable
from ..plain import get_logger, without_words
from ..public import MAX_MEBIBYTES, Picture, PictureError, PictureRule, pictures
from .picture_threads import async_in_thread

_LOGGER = get_logger(__name__)

CAMERA: Final = "camera"
IMAGE: Final = "image"
MEDIA_SOURCE: Final = "media_source"

# For all of it: the text waits so long. The sentence names it.
PICTURE_WITHIN: Final = 15.0
MAX_SOURCE_BYTES: Final = MAX_MEBIBYTES * 2**20

_ONE_AT_A_TIME: Final = Lock()
_SCHEME: Final = "media-source://"


def media_content_id(value: object) -> str:
    """Return which picture a media selector, an entity id, or a path means.

    Raises ServiceValidationError for anything else, which schemas let through.
    """
    if isinstance(value, dict):
        value = value.get("media_content_id")
    if not isinstance(value, str) or not value.strip():
        raise invalid_input("media_missing")
    return value.strip()


@callback
def check_may_see(user: User | None, content_id: str) -> None:
    """Raise Unauthorized where a user may not see a picture of the house.

    Home Assistant's media are for every user. A file that is named by its path is for
    users who may read everything.
    """
    if user is None or _is_media(content_id):
        return
    entity_id = _entity_id(content_id)
    permissions = user.permissions
    if not (
        permissions.access_all_entities(POLICY_READ)
        if entity_id is None
        else permissions.check_entity(entity_id, POLICY_READ)
    ):
        raise Unauthorized(entity_id=entity_id, permission=POLICY_READ)


async def async_prepare_picture(hass: HomeAssistant, content_id: str) -> Picture:
    """Return a picture of the house, ready to be hosted.

    Raises HomeAssistantError with a sentence for whatever kept it from being had within
    its time. The source is asked in a task of its own: it may raise what it likes, be
    cancelled, or never end.
    """
    task = hass.async_create_background_task(
        _async_prepare(hass, content_id), "Picture for a message"
    )
    try:
        await asyncio.wait({task}, timeout=PICTURE_WITHIN)
    finally:
        if not task.done():
            task.cancel()
            # Nobody waits for what still comes of it.
            task.add_done_callback(_forget)
    if not task.done():
        raise picture_failed("picture_too_late", content_id)
    if task.cancelled():
        raise picture_failed("picture_no_snapshot", content_id)
    match task.exception():
        case None | HomeAssistantError():
            return task.result()
        case PictureError() as err:
            raise picture_failed(err.rule, content_id, err.value) from err
        case err:
            _LOGGER.warning("A picture could not be had", exc_info=without_words(err))
            detail = type(err).__name__
            raise picture_failed("picture_no_snapshot", content_id, detail) from err


@callback
def _forget(task: asyncio.Task[Picture]) -> None:
    """Take note of what became of a task, so that nobody complains of it."""
    if not task.cancelled():
        task.exception()


async def _async_prepare(hass: HomeAssistant, content_id: str) -> Picture:
    """Fetch a picture and prepare it."""
    source = await _async_fetch(hass, content_id)
    return await async_in_thread(hass, _prepare, source)


def _prepare(source: bytes) -> Picture:
    """Prepare a picture, one at a time, so that memory for one is enough."""
    with _ONE_AT_A_TIME:
        return pictures.prepare(source)


def _entity_id(content_id: str) -> str | None:
    """Return which camera or image is meant, None where it is none."""
    entity_id = (
        content_id.removeprefix(f"{_SCHEME}{CAMERA}/")
        .removeprefix(f"{_SCHEME}{IMAGE}/")
        .strip("/")
    )
    return entity_id if entity_id.partition(".")[0] in {CAMERA, IMAGE} else None


def _is_media(content_id: str) -> bool:
    """Return whether something of Home Assistant's media is meant, but no entity."""
    return content_id.startswith(_SCHEME) and _entity_id(content_id) is None


async def _async_fetch(hass: HomeAssistant, content_id: str) -> bytes:
    """Return the bytes of a picture."""
    if (entity_id := _entity_id(content_id)) is not None:
        return await _async_snapshot(hass, entity_id)
    if _is_media(content_id):
        return await _async_media(hass, content_id)
    path = content_id.removeprefix("file://")
    if not path.startswith("/"):
        raise picture_failed("picture_source_unknown", content_id)
    return await async_in_thread(hass, _read_allowed, hass, path, content_id)


async def _async_snapshot(hass: HomeAssistant, entity_id: str) -> bytes:
    """Return what a camera or an image entity shows."""
    domain = entity_id.partition(".")[0]
    if domain not in hass.config.components:
        raise picture_failed("picture_source_unknown", entity_id)
    # Loaded with its entities: a house without cameras need not have what they need.
    source = import_module(f"homeassistant.components.{domain}")
    try:
        return bytes((await source.async_get_image(hass, entity_id)).content)
    except HomeAssistantError as err:
        # An address of a camera holds its password.
        words = printable(str(err))
        raise picture_failed("picture_no_snapshot", entity_id, words) from err


async def _async_media(hass: HomeAssistant, content_id: str) -> bytes:
    """Return a file that Home Assistant's media knows."""
    if MEDIA_SOURCE not in hass.config.components:
        raise picture_failed("picture_source_unknown", content_id)
    from homeassistant.components import media_source  # noqa: PLC0415

    try:
        media = await media_source.async_resolve_media(hass, content_id, None)
    except HomeAssistantError as err:
        words = printable(str(err))
        raise picture_failed("picture_no_snapshot", content_id, words) from err
    if media.path is None:
        raise picture_failed("picture_not_a_file", content_id)
    return await async_in_thread(hass, _read, media.path, content_id)


def _read_allowed(hass: HomeAssistant, path: str, content_id: str) -> bytes:
    """Return a file's bytes, where Home Assistant may read it."""
    if not hass.config.is_allowed_path(path):
        raise picture_failed("picture_path_not_allowed", content_id)
    return _read(Path(path), content_id)


def _read(path: Path, content_id: str) -> bytes:
    """Return a file's bytes, as many as a picture may have.

    A pipe or a device may never come to its end, or hold more than memory.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise picture_failed("picture_not_a_file", content_id)
            source = file.read(MAX_SOURCE_BYTES + 1)
    except OSError as err:
        raise picture_failed("picture_unreadable", content_id, err.strerror) from err
    # No file has such a name.
    except ValueError as err:
        raise picture_failed("picture_unreadable", content_id) from err
    if len(source) > MAX_SOURCE_BYTES:
        raise picture_failed(PictureRule.TOO_LARGE, content_id)
    return source


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting, as a pipe would for somebody who writes into it."""
    return os.open(path, flags | os.O_NONBLOCK)
