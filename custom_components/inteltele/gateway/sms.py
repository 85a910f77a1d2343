"""How an SMS is split into parts, which are what it costs."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

import gsm0338

GSM_SINGLE: Final = 160
GSM_PER_PART: Final = 153
UCS2_SINGLE: Final = 70
UCS2_PER_PART: Final = 67
MAX_PARTS: Final = 4

_ELLIPSIS: Final = "..."


class Encoding(StrEnum):
    """How the characters of an SMS are written."""

    GSM = "gsm"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much room an SMS takes.

    `left` is what its last part still holds: characters of the GSM alphabet, or UTF-16
    units, of which an emoji takes two and more.
    """

    encoding: Encoding
    parts: int
    left: int


@cache
def _codec() -> gsm0338.Codec:
    """Return the codec of the GSM alphabet."""
    return gsm0338.Codec()


def count_parts(text: str) -> int:
    """Return how many SMS parts a text takes, at least one."""
    return measure(text).parts


def measure(text: str) -> Size:
    """Return how much room a text takes as an SMS.

    3GPP TS 23.038: a text in the GSM alphabet has 160 septets in one part, or 153 in
    each of several; any other text is UCS-2 with 70, or 67, UTF-16 units. Neither an
    escaped character nor a surrogate pair is split between two parts.
    """
    try:
        widths = [len(_codec().encode(character)[0]) for character in text]
        encoding, single, per_part = Encoding.GSM, GSM_SINGLE, GSM_PER_PART
    except UnicodeEncodeError:
        widths = [
            len(character.encode("utf-16-be", "replace")) // 2 for character in text
        ]
        encoding, single, per_part = Encoding.UCS2, UCS2_SINGLE, UCS2_PER_PART
    if (whole := sum(widths)) <= single:
        return Size(encoding=encoding, parts=1, left=single - whole)
    parts, used = 1, 0
    for width in widths:
        if used + width > per_part:
            parts, used = parts + 1, 0
        used += width
    return Size(encoding=encoding, parts=parts, left=per_part - used)


def fit(text: str, ending: str = "", *, parts: int = MAX_PARTS) -> str:
    """Return text and ending within so many SMS parts, the text cut where needed.

    The ending, such as a link, is kept whole. Where there is no room for any text, it
    comes back alone, however long it is.
    """
    whole = text + ending
    # One that cannot fit, since each character takes a place, is not measured.
    if len(whole) <= parts * GSM_SINGLE and count_parts(whole) <= parts:
        return whole
    shortest, longest = 0, min(len(text), parts * GSM_PER_PART)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if count_parts(text[:middle].rstrip() + _ELLIPSIS + ending) <= parts:
            shortest = middle
        else:
            longest = middle - 1
    if shortest == 0:
        return ending.lstrip()
    return text[:shortest].rstrip() + _ELLIPSIS + ending
