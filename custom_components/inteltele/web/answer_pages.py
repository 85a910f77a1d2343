"""The pages behind buttons that act at home, and the pictures on them."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
import sqlite3
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant, callback

from ..account.account import Account
from ..account.accounts import async_accounts
from ..public import ANSWER_PICTURE_URL, ANSWER_URL, FIELD, Button, Question
from ..storage.answer_links import AnswerLink, GivenAnswer
from ..storage.message import Message
from .alarm_page import async_alarm_page, async_answer_alarm, picture_of_alarm
from .form_body import MalformedFormError, async_read_form
from .page_responses import async_picture_file, async_words, page, with_picture
from .page_texts import LINK_GONE
from .token_view import NOT_YET_HEADERS, PICTURE_HEADERS, TokenView

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
        if link.alarm is not None:
            return await async_alarm_page(request, account, link)
        words = await async_words(request)
        if link.given is not None:
            return page(words, "answered_before", _told(link.given))
        if not account.answers.is_open(link):
            moment = {"moment": link.valid_until}
            return page(words, "link_over", moment, status=HTTPStatus.GONE)
        return await _open_page(
            request,
            found,
            "answer_one" if len(link.answers) == 1 else "answer_several",
        )

    # Previews of links ask for it.
    head = get

    async def post(self, request: web.Request, token: str) -> web.Response:
        """Take an answer, once."""
        value = await _value(request)
        # Looked for only now: nothing happens to it between here and the press.
        found = _found(request.app[KEY_HASS], token)
        if found is not None and found[1].alarm is not None:
            return await async_answer_alarm(request, *found, value)
        if found is None or not found[0].answers.is_open(found[1]):
            return await self.get(request, token)
        account, link = found
        chosen = _number(value)
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
        return page(await async_words(request), "answered", _told(given))

    async def _gone(self, request: web.Request) -> web.Response:
        """Say that a link works no more, or never did."""
        words = await async_words(request)
        status = HTTPStatus(self.unknown(request).status)
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            return page(words, "not_yet", status=status, headers=NOT_YET_HEADERS)
        return page(words, LINK_GONE, status=status)


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
        account, link = found
        if link.alarm is not None:
            name = picture_of_alarm(account, link)
        else:
            message = await _async_asked(account, link)
            name = None if message is None else message.picture
        path = await async_picture_file(hass, account, name, full=size == "full")
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


async def _value(request: web.Request) -> str:
    """Return the value of the button that a form was sent by, empty for none."""
    try:
        return (await async_read_form(request, MAX_FORM_BYTES)).get(FIELD, "")
    except MalformedFormError:
        return ""


def _number(value: str) -> int | None:
    """Return the number of an answer, None for what is no number."""
    if not (value.isascii() and value.isdigit()):
        return None
    return int(value[:MAX_DIGITS])


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


async def _open_page(
    request: web.Request,
    found: tuple[Account, AnswerLink],
    key: str,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    """Return a page with a link's buttons, and the question that they answer."""
    account, link = found
    words = await async_words(request)
    question: Question | None = None
    message = await _async_asked(account, link)
    if message is not None and message.text is not None:
        question = Question(
            asked=words.text("asked", {"moment": message.sent_at}), text=message.text
        )
        hass, name = request.app[KEY_HASS], message.picture
        if await async_picture_file(hass, account, name, full=False) is not None:
            question = replace(question, **with_picture(request, words))
    return page(
        words,
        key,
        {"answer": link.answers[0].text},
        buttons=[
            Button(value=str(number), text=answer.text)
            for number, answer in enumerate(link.answers)
        ],
        question=question,
        status=status,
    )
