"""What Home Assistant serves to phones outside the house, without a login."""

from functools import partial
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant

from ..account.accounts import async_accounts
from ..public import FULL_PICTURE_URL, PICTURE_URL, Guesses
from .answer_pages import AnswerPictureView, AnswerView
from .page_texts import languages
from .token_view import PICTURE_HEADERS, TokenView

_TYPES: Final = {"jpg": "image/jpeg", "png": "image/png"}
_KEPT_HEADERS: Final = {
    **PICTURE_HEADERS,
    "Cache-Control": "private, max-age=3600, immutable",
}


async def async_register_views(hass: HomeAssistant) -> None:
    """Serve pictures and answer pages, for all accounts."""
    await hass.async_add_executor_job(languages)
    guesses = Guesses()
    for view in (AnswerView, AnswerPictureView, PictureView, FullPictureView):
        hass.http.register_view(view(guesses))


class PictureView(TokenView):
    """The picture that the gateway, and so Viber, shows."""

    url = PICTURE_URL
    name = "api:inteltele:picture"
    full = False

    async def get(
        self, request: web.Request, token: str, extension: str
    ) -> web.StreamResponse:
        """Serve a picture."""
        hass = request.app[KEY_HASS]
        for account in list(async_accounts(hass)):
            path = await hass.async_add_executor_job(
                partial(
                    account.pictures.find, token, extension=extension, full=self.full
                )
            )
            if path is not None:
                return web.FileResponse(
                    path,
                    headers={**_KEPT_HEADERS, "Content-Type": _TYPES[extension]},
                )
        return self.unknown(request)

    head = get


class FullPictureView(PictureView):
    """The same picture in its own size, behind the button "Open"."""

    url = FULL_PICTURE_URL
    name = "api:inteltele:full_picture"
    full = True
