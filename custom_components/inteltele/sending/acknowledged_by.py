"""The name of whoever takes over an alarm, as others are to read it."""

import re
from typing import Final
import unicodedata

from homeassistant.auth.models import User

from .fields import MAX_TEXT

MAX_BY: Final = 50
# What a phone would make a link of: addresses, and numbers to call.
_ADDRESS: Final = re.compile(r"//|\\\\|@|:\S|\w[.\u3002](?:\w{2}|\d)|(?:\d[\s()-]*){7}")


def name_of(user: User | None, by: str | None) -> str | None:
    """Return who takes over: a name that is given counts from those who may name one.

    It is short, on one line, and holds no address, which people would be led to.
    """
    if by and (user is None or user.is_admin) and (name := _name_in(by)) is not None:
        return name
    return _name_in(user.name or "") if user is not None else None


def _name_in(text: str) -> str | None:
    """Return a text as a name, None where it is none."""
    seen = "".join(
        {"Cc": " ", "Zl": " ", "Zp": " "}.get(kind, "" if kind[0] == "C" else character)
        for character in text[:MAX_TEXT]
        for kind in (unicodedata.category(character),)
    )
    name = " ".join(seen.split())[:MAX_BY].strip()
    # Also where it is written in full-width letters.
    if not name or _ADDRESS.search(unicodedata.normalize("NFKC", name)):
        return None
    return name
