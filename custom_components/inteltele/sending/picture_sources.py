"""Pictures of the house: from a camera, an image, or a file to the bytes of it."""

from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized

from ..exceptions import invalid_input, picture_failed
from ..public import MAX_MEBIBYTES, Picture, PictureError, PictureRule

CAMERA: Final = "camera"
IMAGE: Final = "image"
MEDIA_SOURCE: Final = "media_source"

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


async def async_prepare_picture(
    hass: HomeAssistant, content_id: str, user: User | None
) -> Picture:
    """Return a picture of the house, ready to be hosted.

    Raises HomeAssistantError with a sentence for whatever kept it from being had, and
    Unauthorized where the user may not see it.
    """
    try:
        return await hass.async_add_executor_job(
            _prepare, await _async_fetch(hass, content_id, user)
        )
    except PictureError as err:
        raise picture_failed(err.rule, content_id, err.value) from err


def _prepare(source: bytes) -> Picture:
    """Prepare a picture, one at a time: a large one takes half a gigabyte."""
    # A house that sends no pictures need not load their decoder.
    from ..public import pictures  # noqa: PLC0415

    with _ONE_AT_A_TIME:
        return pictures.prepare(source)


async def _async_fetch(
    hass: HomeAssistant, content_id: str, user: User | None
) -> bytes:
    """Return the bytes of a picture."""
    entity_id = (
        content_id.removeprefix(f"{_SCHEME}{CAMERA}/")
        .removeprefix(f"{_SCHEME}{IMAGE}/")
        .strip("/")
    )
    domain = entity_id.partition(".")[0]
    if domain in {CAMERA, IMAGE}:
        if user and not user.permissions.check_entity(entity_id, POLICY_READ):
            raise Unauthorized(entity_id=entity_id, permission=POLICY_READ)
        return await _async_snapshot(hass, domain, entity_id)
    if content_id.startswith(_SCHEME):
        return await _async_media(hass, content_id)
    path = content_id.removeprefix("file://")
    if not path.startswith("/"):
        raise picture_failed("picture_source_unknown", content_id)
    if not await hass.async_add_executor_job(hass.config.is_allowed_path, path):
        raise picture_failed("picture_path_not_allowed", content_id)
    return await hass.async_add_executor_job(_read, Path(path), content_id)


async def _async_snapshot(hass: HomeAssistant, domain: str, entity_id: str) -> bytes:
    """Return what a camera or an image entity shows."""
    if domain not in hass.config.components:
        raise picture_failed("picture_source_unknown", entity_id)
    # Loaded with its entities: a house without cameras need not have what they need.
    source = import_module(f"homeassistant.components.{domain}")
    try:
        return bytes((await source.async_get_image(hass, entity_id)).content)
    except HomeAssistantError as err:
        raise picture_failed("picture_no_snapshot", entity_id, str(err)) from err


async def _async_media(hass: HomeAssistant, content_id: str) -> bytes:
    """Return a file that Home Assistant's media knows."""
    if MEDIA_SOURCE not in hass.config.components:
        raise picture_failed("picture_source_unknown", content_id)
    from homeassistant.components import media_source  # noqa: PLC0415

    try:
        media = await media_source.async_resolve_media(hass, content_id, None)
    except HomeAssistantError as err:
        raise picture_failed("picture_no_snapshot", content_id, str(err)) from err
    if media.path is None:
        raise picture_failed("picture_not_a_file", content_id)
    return await hass.async_add_executor_job(_read, media.path, content_id)


def _read(path: Path, content_id: str) -> bytes:
    """Return a file's bytes, as many as a picture may have."""
    try:
        with path.open("rb") as file:
            source = file.read(MAX_SOURCE_BYTES + 1)
    except OSError as err:
        raise picture_failed("picture_unreadable", content_id, err.strerror) from err
    if len(source) > MAX_SOURCE_BYTES:
        raise picture_failed(PictureRule.TOO_LARGE, content_id)
    return source
