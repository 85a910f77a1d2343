"""Views that a token opens instead of a login."""

from http import HTTPStatus
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView

from ..account.accounts import async_all_at_work
from ..public import CONTENT_SECURITY_POLICY, Guesses
from .receipts import RETRY_AFTER

SEALED: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
PAGE_HEADERS: Final = {
    **SEALED,
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
}
PICTURE_HEADERS: Final = {
    **SEALED,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
NOT_YET_HEADERS: Final = {**PAGE_HEADERS, "Retry-After": str(RETRY_AFTER)}


class TokenView(HomeAssistantView):
    """A view that a token opens instead of a login.

    An unknown token is answered 404, never 401: Home Assistant bans the addresses that
    get those, and they may be a proxy's, or the house's own. While an account is not
    at work yet, nobody can tell: 503.
    """

    requires_auth = False

    def __init__(self, guesses: Guesses) -> None:
        """Share the count of wrong guesses."""
        self._guesses = guesses

    def unknown(self, request: web.Request) -> web.Response:
        """Answer a token that opens nothing."""
        if self._guesses.too_many(request.remote or ""):
            return web.Response(
                status=HTTPStatus.TOO_MANY_REQUESTS, headers=PAGE_HEADERS
            )
        if not async_all_at_work(request.app[KEY_HASS]):
            return web.Response(
                status=HTTPStatus.SERVICE_UNAVAILABLE, headers=NOT_YET_HEADERS
            )
        return web.Response(status=HTTPStatus.NOT_FOUND, headers=PAGE_HEADERS)
