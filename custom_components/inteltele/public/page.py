"""The page behind a button that acts at home; it works without a script."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
import re
from typing import Final

_STYLE: Final = (
    ":root{color-scheme:light dark;--ground:#f3f1f8;--card:#fff;--text:#1d1b25;"
    "--quiet:#625f6f;--accent:#6a4bd6;--on:#fff}"
    "@media(prefers-color-scheme:dark){:root{--ground:#15131c;--card:#211e2b;"
    "--text:#f1eff7;--quiet:#aaa5ba;--accent:#9d86f5;--on:#15131c}}"
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;"
    "padding:16px;background:var(--ground);color:var(--text);"
    "font:1.25rem/1.5 system-ui,sans-serif}"
    "main{width:100%;max-width:30rem;background:var(--card);border-radius:20px;"
    "padding:28px 24px;overflow-wrap:anywhere}"
    "h1{margin:0 0 8px;font-size:1.75rem;line-height:1.25}"
    "p{margin:0 0 20px;color:var(--quiet)}"
    "p:last-child{margin:0}"
    "section{margin:0 0 24px;border-bottom:1px solid var(--quiet);padding:0 0 20px}"
    "section p{margin:0 0 8px}"
    "img{display:block;width:100%;max-height:60vh;object-fit:contain;margin:0 0 12px;"
    "border-radius:14px}"
    "blockquote{margin:0;font-size:1.5rem;line-height:1.35;white-space:pre-wrap}"
    "strong{display:block}"
    "section blockquote+p{margin:12px 0 0}"
    # Where somebody is to answer, the buttons stand above the screen's lower end.
    "section:has(~form) img{max-height:26vh}"
    "form{display:grid;gap:12px}"
    "button{font:inherit;font-weight:600;min-height:64px;padding:12px 16px;border:0;"
    "border-radius:14px;background:var(--accent);color:var(--on);cursor:pointer}"
    "button.minor{min-height:52px;font-weight:400;background:none;color:var(--quiet);"
    "border:1px solid var(--quiet)}"
    ":is(a,button):focus-visible{outline:3px solid var(--text);outline-offset:3px}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIELD: Final = "answer"
# A title is the first line, in Viber's marks for bold.
_TITLED: Final = re.compile(r"\*([^*\n]+)\*(?:\n|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says, in one language; `language` is its tag.

    `title` is what previews of links and the browser's history show.
    """

    language: str
    title: str
    heading: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The message that a page repeats.

    `asked` says when it was sent, `text` is as it was sent, where `title` is not
    separate. `who` says who was asked. `picture` says what the picture is, and
    `picture_folder` where its two sizes are, seen from the page; both None without one.
    """

    asked: str
    text: str
    title: str | None = None
    who: str | None = None
    picture: str | None = None
    picture_folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button of a page: what it says, and the value that it sends.

    One that is `minor` is there for those who look for it.
    """

    value: str
    text: str
    minor: bool = False


def answer_page(
    text: PageText, buttons: Iterable[Button] = (), question: Question | None = None
) -> str:
    """Return a page with buttons; without any, it only tells.

    Everything is escaped. A page changes nothing until a button is pressed, so that
    previews and scanners of links may open it.
    """
    form = "".join(
        f'<button name="{FIELD}" value="{escape(button.value)}"'
        f"{' class="minor"' if button.minor else ''}>{escape(button.text)}</button>"
        for button in buttons
    )
    if form:
        form = f'<form method="post">{form}</form>'
    return (
        f'<!doctype html><html lang="{escape(text.language)}"><head>'
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex,nofollow">'
        f"<title>{escape(text.title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{_repeated(question)}<h1>{escape(text.heading)}</h1>"
        f"<p>{escape(text.explanation)}</p>{form}</main></body></html>"
    )


def _repeated(question: Question | None) -> str:
    """Return the part of a page that repeats the question."""
    if question is None:
        return ""
    picture = ""
    if question.picture and question.picture_folder:
        folder = escape(question.picture_folder)
        picture = (
            f'<a href="{folder}/full">'
            f'<img src="{folder}/small" alt="{escape(question.picture)}"></a>'
        )
    title, rest = question.title, question.text
    if title is None and (titled := _TITLED.match(rest)) is not None:
        title, rest = titled[1], rest[titled.end() :]
    heading = "" if title is None else f"<strong>{escape(title)}</strong>"
    who = "" if question.who is None else f"<p>{escape(question.who)}</p>"
    return (
        f"<section><p>{escape(question.asked)}</p>{picture}"
        f'<blockquote dir="auto">{heading}{escape(rest)}</blockquote>{who}</section>'
    )
