"""From the bytes of a reply to the object that they hold."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
import json
import re
from typing import Any, Final

from .errors import InvalidResponseError

# How a whole page begins, as routers and hotspots write it. The warnings that the
# gateway's own program may print are no whole page.
_PAGE: Final = re.compile(
    rb"\s*(?:(?:<\?xml[^>]*>|(?><!--.*?-->))\s*)*+"
    rb"<(?:!doctype\s+html|html|head|title|meta|script|body)\b",
    re.DOTALL | re.IGNORECASE,
)
# What the replies begin with that have names of their own.
_KEYS: Final = frozenset({"reply", "status", "error", "balance", "credit"})
# After these, an object is a part of another, of a script, or of something quoted.
_NO_REPLY_AFTER: Final = frozenset("[:,=('\"`")
_MOST_BLANKS: Final = 8
# So many brackets of a text that is no reply as a whole are looked at.
_MOST_TRIES: Final = 100
# What in single quotes is written otherwise than JSON writes it in double ones.
_ESCAPE: Final = re.compile(r"""\\x([0-9a-fA-F]{2})|\\.|\"""", re.DOTALL)
_ESCAPED: Final = {"\\'": "'", '"': '\\"'}
# One without an end goes on to that of the text, or each quote in it would be tried.
_STRING: Final = re.compile(
    r"""u?'(?:[^'\\]|\\.?)*+(?:'|\Z)|"(?:[^"\\]|\\.?)*+(?:"|\Z)""", re.DOTALL
)
_MOST_DIGITS: Final = 40
# Stands for what is no number, which spoils its own field only.
_NO_NUMBER: Final = Decimal("NaN")

type Reply = dict[str, Any]


def parse_body(body: bytes) -> Reply:
    """Return the object a reply's body holds.

    Accepts JSON, also with a program's warnings or comments around it, and the form
    with single quotes that the provider's page prints. Raises InvalidResponseError for
    anything else.
    """
    text = body.removeprefix(BOM_UTF8).decode("utf-8", "replace").strip()
    for read in (_JSON.decode, _read_with_single_quotes):
        try:
            reply = read(text)
        except ValueError, RecursionError:
            continue
        if isinstance(reply, dict):
            return reply
        break
    found = [] if is_page(body) else list(_embedded(text))
    if len(found) == 1:
        return found[0]
    raise InvalidResponseError(text)


def is_page(body: bytes) -> bool:
    """Return whether a reply's body is a page for people."""
    return _PAGE.match(body.removeprefix(BOM_UTF8)) is not None


def _embedded(text: str) -> Iterator[Reply]:
    """Yield the gateway's objects that stand in a text among other things."""
    tries, start = 0, text.find("{")
    while start >= 0 and (tries := tries + 1) <= _MOST_TRIES:
        end = start + 1
        with suppress(RecursionError):
            try:
                value, end = _JSON.raw_decode(text, start)
            except json.JSONDecodeError as err:
                # What was read so far is a piece of one, and is not read again.
                end = max(end, err.pos)
            else:
                before = text[max(0, start - _MOST_BLANKS - 1) : start].rstrip()
                if before[-1:] not in _NO_REPLY_AFTER and _is_of_gateway(value):
                    yield value
        start = text.find("{", end)


def _is_of_gateway(value: Reply) -> bool:
    """Return whether an object is built as one of the gateway's replies.

    States and prices are told by names that nobody knows beforehand.
    """
    return not _KEYS.isdisjoint(value) or (
        bool(value) and all(isinstance(item, dict) for item in value.values())
    )


def _read_with_single_quotes(text: str) -> object:
    """Return what a body holds whose strings may be in single quotes."""

    def escaped(match: re.Match[str]) -> str:
        return f"\\u00{match[1]}" if match[1] else _ESCAPED.get(match[0], match[0])

    def quoted(match: re.Match[str]) -> str:
        string = match[0]
        if string.startswith('"'):
            return string
        return f'"{_ESCAPE.sub(escaped, string.removeprefix("u")[1:-1])}"'

    return _JSON.decode(_STRING.sub(quoted, text))


def _integer(text: str) -> int | Decimal:
    """Return a number without decimals; one that is longer than any amount is none."""
    return int(text) if len(text) <= _MOST_DIGITS else _NO_NUMBER


def _fraction(text: str) -> Decimal:
    """Return a number with decimals; one that nobody can count to is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _NO_NUMBER
    return number if abs(number.adjusted()) <= _MOST_DIGITS else _NO_NUMBER


_JSON: Final = json.JSONDecoder(
    parse_float=_fraction, parse_int=_integer, parse_constant=lambda _: _NO_NUMBER
)
