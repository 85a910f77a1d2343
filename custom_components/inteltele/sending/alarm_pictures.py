"""The picture of an alarm, which is raised before that is there."""

import asyncio

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from ..account.account import Account
from ..alarms.pictures import ComingPicture
from ..alarms.raised import PICTURE_AWAITED
from ..const import ATTR_IMAGE, ATTR_MEDIA
from ..exceptions import failure, picture_failed
from ..gateway import ContentError, MessageContent
from ..public import HostedPicture
from .attachments import async_host
from .fields import MAX_ADDRESS, limited, on_one_line
from .lenient_fields import LenientFields
from .picture_sources import (
    async_prepare_picture,
    check_may_see,
    media_content_id,
)


def picture_of(
    fields: LenientFields, user: User | None
) -> tuple[str | None, str | None]:
    """Return a picture of the house, or the address of one on the web, or neither."""
    limit = limited(ATTR_MEDIA, MAX_ADDRESS)
    media = fields.read(ATTR_MEDIA, vol.All(media_content_id, limit), None)
    image = fields.read(ATTR_IMAGE, on_one_line(ATTR_IMAGE, MAX_ADDRESS), None)
    if media is not None:
        check_may_see(user, media)
        return media, None
    if image is None:
        return None, None
    try:
        MessageContent(message="…", image=image, button_text="…", button_url=image)
    except ContentError:
        fields.shortcomings.add("alarm_field_left_out", field=ATTR_IMAGE)
        return None, None
    return None, image


@callback
def async_begin(hass: HomeAssistant, account: Account, media: str) -> ComingPicture:
    """Begin to fetch a picture of the house, whoever gives up waiting for it.

    Not at once: what a camera does before it waits for anything must not come before
    the alarm.
    """
    return hass.async_create_background_task(
        _async_hosted(hass, account, media),
        "IntelTele picture of an alarm",
        eager_start=False,
    )


async def async_shortcoming(
    coming: ComingPicture, media: str
) -> HomeAssistantError | None:
    """Return why the first question has no picture, once it does not wait for it."""
    await asyncio.wait({coming}, timeout=PICTURE_AWAITED.total_seconds())
    if not coming.done():
        return picture_failed("alarm_picture_late", media)
    if coming.cancelled():
        return picture_failed("picture_no_snapshot", media)
    match coming.exception():
        case None:
            return None if coming.result() else failure("picture_not_kept")
        case HomeAssistantError() as err:
            return err
        case err:
            return picture_failed("picture_no_snapshot", media, type(err).__name__)


async def _async_hosted(
    hass: HomeAssistant, account: Account, media: str
) -> HostedPicture | None:
    """Return a picture that the account hosts, None where it cannot keep it.

    Raises HomeAssistantError where there is none.
    """
    picture = await async_prepare_picture(hass, media)
    # The folder of one that was removed meanwhile must not come back.
    return None if account.closed else await async_host(hass, account, picture)
