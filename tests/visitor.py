"""An image entity that shows a picture, hangs, or fails, like a camera of a house."""

import asyncio
from io import BytesIO
from typing import Final

from homeassistant.components.image import ImageEntity
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from PIL import Image
from pytest_homeassistant_custom_component.common import setup_test_component_platform

IMAGE: Final = "image.visitor"


def picture_of(size: tuple[int, int], file_format: str = "JPEG") -> bytes:
    """Return a picture of some size."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, file_format)
    return file.getvalue()


class Visitor(ImageEntity):
    """An image entity that shows a picture, or none."""

    _attr_name = "Visitor"
    _attr_image_last_updated = dt_util.utcnow()
    _attr_content_type = "image/png"

    def __init__(self, hass: HomeAssistant) -> None:
        """Show a picture at first."""
        super().__init__(hass)
        self.picture: bytes | None = picture_of((300, 500), "PNG")
        self.error: BaseException | None = None
        self.comes: asyncio.Event | None = None
        self.stubborn = False

    async def async_image(self) -> bytes | None:
        """Return what is shown, or raise what is wrong."""
        if self.error is not None:
            raise self.error
        while self.comes is not None and not self.comes.is_set():
            try:
                await self.comes.wait()
            except asyncio.CancelledError:
                if not self.stubborn:
                    raise
        return self.picture


async def visited(home: HomeAssistant) -> Visitor:
    """Add the image entity to a house."""
    entity = Visitor(home)
    setup_test_component_platform(home, "image", [entity])
    await async_setup_component(home, "image", {"image": {"platform": "test"}})
    return entity
