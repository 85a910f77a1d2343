"""The page behind a button that acts at home; it works without a script."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final

_STYLE: Final = (
    ":root{color-scheme:light dark;--ground:#f3f1f8;--card:#fff;--text:#1d1b25;"
    "--quiet:#625f6f;--accent:#6a4bd6;--on:#fff}"
    "@media(prefers-color-scheme:dark){:root{--ground:#15131c;--card:#211e2b;"
    "--text:#f1eff7;--quiet:#aaa5ba;--accent:#9d86f5;--on:#15131c}}"
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;"
    "padding:16px;background:var(--ground);color:var(--text);"
    "font:17px/1.5 system-ui,sans-serif}"
    "main{width:100%;max-width:420px;background:var(--card);border-radius:20px;"
    "padding:28px 24px;overflow-wrap:anywhere}"
    "h1{margin:0 0 8px;font-size:24px;line-height:1.25}"
    "p{margin:0 0 20px;color:var(--quiet)}"
    "p:last-child{margin:0}"
    "form{display:grid;gap:12px}"
    "button{font:inherit;font-weight:600;min-height:56px;padding:12px 16px;border:0;"
    "border-radius:14px;background:var(--accent);color:var(--on);cursor:pointer}"
    "button:focus-visible{outline:3px solid var(--text);outline-offset:3px}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
FIELD: Final = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says, in one language; `language` is its tag."""

    language: str
    heading: str
    explanation: str


def answer_page(text: PageText, buttons: Iterable[str] = ()) -> str:
    """Return a page with buttons, numbered in their order; without any, it only tells.

    Everything is escaped. A page changes nothing until a button is pressed, so that
    previews and scanners of links may open it.
    """
    form = "".join(
        f'<button name="{FIELD}" value="{number}">{escape(button)}</button>'
        for number, button in enumerate(buttons)
    )
    if form:
        form = f'<form method="post">{form}</form>'
    return (
        f'<!doctype html><html lang="{escape(text.language)}"><head>'
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex,nofollow">'
        f"<title>{escape(text.heading)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(text.heading)}</h1>"
        f"<p>{escape(text.explanation)}</p>{form}</main></body></html>"
    )
