"""The pages behind buttons that act at home, and the pictures on them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
import sqlite3
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant, callback

from ..account.account import Account
from ..account.accounts import async_accounts
from ..public import (
    ANSWER_PICTURE_URL,
    ANSWER_URL,
    FIELD,
    Question,
    answer_page,
)
from ..storage.answer_links import AnswerLink, GivenAnswer
from ..storage.message import Message
from .form_body import MalformedFormError, async_read_form
from .page_texts import PageWords, async_page_words
from .token_view import NOT_YET_HEADERS, PAGE_HEADERS, PICTURE_HEADERS, TokenView

MAX_FORM_BYTES: Final = 4096
MAX_DIGITS: Final = 3
_PICTURE_HEADERS: Final = {**PICTURE_HEADERS, "Cache-Control": "no-store"}


class AnswerView(TokenView):
    """The page behind a button; only pressing changes anything."""

    url = ANSWER_URL
    name = "api:inteltele:answer"

    async def get(self, request: web.Request, token: str) -> web.Response:
        """Show what may be answered, or what became of it."""
        if (found := _found(request.app[KEY_HASS], token)) is None:
            return await self._gone(request)
        account, link = found
        if link.given is not None:
            return await _page(request, "answered_before", _told(link.given))
        if not account.answers.is_open(link):
            return await _page(
                request,
                "link_over",
                {"moment": link.valid_until},
                status=HTTPStatus.GONE,
            )
        return await _open_page(
            request,
            found,
            "answer_one" if len(link.answers) == 1 else "answer_several",
        )

    # Previews of links ask for it.
    head = get

    async def post(self, request: web.Request, token: str) -> web.Response:
        """Take an answer, once."""
        chosen = await _chosen(request)
        # Looked for only now: nothing happens to it between here and the press.
        found = _found(request.app[KEY_HASS], token)
        if found is None or not found[0].answers.is_open(found[1]):
            return await self.get(request, token)
        account, link = found
        if chosen is None or chosen >= len(link.answers):
            return await _open_page(
                request, found, "answer_unclear", HTTPStatus.BAD_REQUEST
            )
        try:
            given = await account.answers.press(link, link.answers[chosen])
        except sqlite3.Error:
            # The ledger has logged it, and raised a repairs issue.
            return await _open_page(
                request, found, "answer_not_kept", HTTPStatus.SERVICE_UNAVAILABLE
            )
        return await _page(request, "answered", _told(given))

    async def _gone(self, request: web.Request) -> web.Response:
        """Say that a link works no more, or never did."""
        refused = self.unknown(request)
        if refused.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return await _page(
                request,
                "not_yet",
                status=HTTPStatus(refused.status),
                headers=NOT_YET_HEADERS,
            )
        return await _page(request, "link_gone", status=HTTPStatus(refused.status))


class AnswerPictureView(TokenView):
    """The picture of the question that a page repeats, while it is open."""

    url = ANSWER_PICTURE_URL
    name = "api:inteltele:answer_picture"

    async def get(
        self, request: web.Request, token: str, size: str
    ) -> web.StreamResponse:
        """Serve a picture."""
        hass = request.app[KEY_HASS]
        if (found := _found(hass, token)) is None:
            return self.unknown(request)
        message = await _async_asked(*found)
        path = await _async_picture(hass, found[0], message, full=size == "full")
        if path is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, headers=_PICTURE_HEADERS)
        return web.FileResponse(path, headers=_PICTURE_HEADERS)

    head = get


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


def _told(given: GivenAnswer) -> dict[str, str | datetime]:
    """Return what a page says of an answer that was given."""
    return {"answer": given.answer.text, "moment": given.given_at}


async def _async_asked(account: Account, link: AnswerLink) -> Message | None:
    """Return the message that an open link asks about, None where it stays private.

    That is where texts are not kept, or the message was deleted.
    """
    if not account.options.keep_text or not account.answers.is_open(link):
        return None
    message: Message | None = None
    # Why it cannot be read is logged where that is noticed.
    with suppress(sqlite3.Error):
        message = await account.ledger.with_seq(link.message or 0)
    return message if message is not None and message.text is not None else None


async def _async_picture(
    hass: HomeAssistant, account: Account, message: Message | None, *, full: bool
) -> Path | None:
    """Return the file of a message's picture, None where the house has none."""
    if message is None or message.picture is None:
        return None
    return await hass.async_add_executor_job(
        partial(account.pictures.find_file, message.picture, full=full)
    )


async def _open_page(
    request: web.Request,
    found: tuple[Account, AnswerLink],
    key: str,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    """Return a page with a link's buttons, and the question that they answer."""
    account, link = found
    words = await _words(request)
    question: Question | None = None
    message = await _async_asked(account, link)
    if message is not None and message.text is not None:
        question = Question(
            asked=words.text("asked", {"moment": message.sent_at}), text=message.text
        )
        hass = request.app[KEY_HASS]
        if await _async_picture(hass, account, message, full=False) is not None:
            question = replace(
                question,
                picture=words.text("picture", {}),
                # Seen from the page, wherever a proxy puts the house.
                picture_folder=f"{request.match_info['token']}/picture",
            )
    text = words.page(key, {"answer": link.answers[0].text})
    body = answer_page(text, [answer.text for answer in link.answers], question)
    return _response(body, words, status, PAGE_HEADERS)


async def _page(
    request: web.Request,
    key: str,
    placeholders: Mapping[str, str | datetime] | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] = PAGE_HEADERS,
) -> web.Response:
    """Return a page that only tells."""
    words = await _words(request)
    body = answer_page(words.page(key, placeholders or {}))
    return _response(body, words, status, headers)


async def _words(request: web.Request) -> PageWords:
    """Return the words for a phone."""
    wished = request.headers.get("Accept-Language", "")
    return await async_page_words(request.app[KEY_HASS], wished)


def _response(
    body: str, words: PageWords, status: HTTPStatus, headers: Mapping[str, str]
) -> web.Response:
    """Return a page as it is served."""
    return web.Response(
        text=body,
        content_type="text/html",
        status=status,
        headers={**headers, "Content-Language": words.language},
    )
