"""Pages of links as they are served, and the pictures on them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant

from ..account.account import Account
from ..public import Button, Question, answer_page
from .page_texts import PageWords, async_page_words
from .token_view import PAGE_HEADERS


async def async_words(request: web.Request) -> PageWords:
    """Return the words for a phone."""
    wished = request.headers.get("Accept-Language", "")
    return await async_page_words(request.app[KEY_HASS], wished)


def page(
    words: PageWords,
    key: str,
    placeholders: Mapping[str, str | datetime] | None = None,
    *,
    buttons: Iterable[Button] = (),
    question: Question | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] = PAGE_HEADERS,
) -> web.Response:
    """Return one kind of page as it is served; without buttons, it only tells."""
    return web.Response(
        text=answer_page(words.page(key, placeholders or {}), buttons, question),
        content_type="text/html",
        status=status,
        headers={**headers, "Content-Language": words.language},
    )


async def async_picture_file(
    hass: HomeAssistant, account: Account, name: str | None, *, full: bool
) -> Path | None:
    """Return the file of a picture of the house, None where there is none any more."""
    if name is None:
        return None
    return await hass.async_add_executor_job(
        partial(account.pictures.find_file, name, full=full)
    )


def with_picture(request: web.Request, words: PageWords) -> dict[str, str]:
    """Return what a question shows of a picture that the house has."""
    return {
        "picture": words.text("picture", {}),
        # Seen from the page, wherever a proxy puts the house.
        "picture_folder": f"{request.match_info['token']}/picture",
    }
