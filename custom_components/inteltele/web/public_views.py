"""What Home Assistant serves to phones outside the house, without a login."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
import sqlite3
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..account.account import Account
from ..account.accounts import async_accounts, async_all_at_work
from ..public import (
    ANSWER_URL,
    CONTENT_SECURITY_POLICY,
    FIELD,
    FULL_PICTURE_URL,
    PICTURE_URL,
    AlreadyAnsweredError,
    Guesses,
    answer_page,
)
from ..storage.answer_links import AnswerLink, GivenAnswer
from .form_body import MalformedFormError, async_read_form
from .page_texts import async_page_text, languages
from .receipts import RETRY_AFTER

MAX_FORM_BYTES: Final = 4096
MAX_DIGITS: Final = 3
_TYPES: Final = {"jpg": "image/jpeg", "png": "image/png"}
_SEALED: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_PAGE_HEADERS: Final = {
    **_SEALED,
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
}
_NOT_YET_HEADERS: Final = {**_PAGE_HEADERS, "Retry-After": str(RETRY_AFTER)}
_PICTURE_HEADERS: Final = {
    **_SEALED,
    "Cache-Control": "private, max-age=3600, immutable",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


async def async_register_views(hass: HomeAssistant) -> None:
    """Serve pictures and answer pages, for all accounts."""
    await hass.async_add_executor_job(languages)
    guesses = Guesses()
    for view in (AnswerView(guesses), PictureView(guesses), FullPictureView(guesses)):
        hass.http.register_view(view)


class _TokenView(HomeAssistantView):
    """A view that a token opens instead of a login.

    An unknown token is answered 404, never 401: Home Assistant bans the addresses that
    get those, and they may be a proxy's, or the house's own. While an account is not
    at work yet, nobody can tell: 503.
    """

    requires_auth = False

    def __init__(self, guesses: Guesses) -> None:
        """Share the count of wrong guesses."""
        self._guesses = guesses

    def _unknown(self, request: web.Request) -> web.Response:
        """Answer a token that opens nothing."""
        if self._guesses.too_many(request.remote or ""):
            return web.Response(
                status=HTTPStatus.TOO_MANY_REQUESTS, headers=_PAGE_HEADERS
            )
        if not async_all_at_work(request.app[KEY_HASS]):
            return web.Response(
                status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_NOT_YET_HEADERS
            )
        return web.Response(status=HTTPStatus.NOT_FOUND, headers=_PAGE_HEADERS)


class AnswerView(_TokenView):
    """The page behind a button; only pressing changes anything."""

    url = ANSWER_URL
    name = "api:inteltele:answer"

    async def get(self, request: web.Request, token: str) -> web.Response:
        """Show what may be answered, or what was."""
        if (found := _found(request.app[KEY_HASS], token)) is None:
            return await self._gone(request)
        _, link = found
        if link.given is not None:
            return await _page(request, "answered_before", _told(link.given))
        return await _page(
            request,
            "answer_one" if len(link.answers) == 1 else "answer_several",
            {"answer": link.answers[0].text},
            link=link,
        )

    # Previews of links ask for it.
    head = get

    async def post(self, request: web.Request, token: str) -> web.Response:
        """Take an answer, once."""
        if (found := _found(request.app[KEY_HASS], token)) is None:
            return await self._gone(request)
        account, link = found
        chosen = await _chosen(request)
        if chosen is None or chosen >= len(link.answers):
            return await _page(
                request, "answer_unclear", link=link, status=HTTPStatus.BAD_REQUEST
            )
        try:
            given = await account.answers.press(link, link.answers[chosen])
        except AlreadyAnsweredError:
            return await self.get(request, token)
        except sqlite3.Error:
            # The ledger has logged it, and raised a repairs issue.
            return await _page(
                request,
                "answer_not_kept",
                link=link,
                status=HTTPStatus.SERVICE_UNAVAILABLE,
            )
        return await _page(request, "answered", _told(given))

    async def _gone(self, request: web.Request) -> web.Response:
        """Say that a link works no more, or never did."""
        refused = self._unknown(request)
        if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
            return refused
        if refused.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return await _page(
                request,
                "not_yet",
                status=HTTPStatus(refused.status),
                headers=_NOT_YET_HEADERS,
            )
        return await _page(request, "link_gone", status=HTTPStatus.NOT_FOUND)


class PictureView(_TokenView):
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
                    headers={**_PICTURE_HEADERS, "Content-Type": _TYPES[extension]},
                )
        return self._unknown(request)

    head = get


class FullPictureView(PictureView):
    """The same picture in its own size, behind the button "Open"."""

    url = FULL_PICTURE_URL
    name = "api:inteltele:full_picture"
    full = True


@callback
def _found(hass: HomeAssistant, token: str) -> tuple[Account, AnswerLink] | None:
    """Return the link of a token, and the account that sent it."""
    for account in async_accounts(hass):
        if (link := account.answers.find(token)) is not None:
            return account, link
    return None


async def _chosen(request: web.Request) -> int | None:
    """Return the number of the answer that a form holds, None where there is none."""
    try:
        answer = (await async_read_form(request, MAX_FORM_BYTES)).get(FIELD, "")
    except MalformedFormError:
        return None
    if not (answer.isascii() and answer.isdigit()):
        return None
    return int(answer[:MAX_DIGITS])


def _told(given: GivenAnswer) -> dict[str, str]:
    """Return what a page says of an answer that was given."""
    moment = dt_util.as_local(given.given_at)
    return {"answer": given.answer.text, "time": f"{moment:%H:%M}"}


async def _page(
    request: web.Request,
    key: str,
    placeholders: Mapping[str, str] | None = None,
    *,
    link: AnswerLink | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] = _PAGE_HEADERS,
) -> web.Response:
    """Return a page, with a link's buttons where one is given."""
    text = await async_page_text(
        request.app[KEY_HASS],
        request.headers.get("Accept-Language", ""),
        key,
        placeholders or {},
    )
    buttons = [answer.text for answer in link.answers] if link else []
    return web.Response(
        text=answer_page(text, buttons),
        content_type="text/html",
        status=status,
        headers={**headers, "Content-Language": text.language},
    )
