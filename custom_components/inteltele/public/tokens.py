"""Tokens: who knows one may open what it stands for."""

from hashlib import sha256
import re
from secrets import token_urlsafe
from typing import Final

_BYTES: Final = 16
# As long as a token, and none: it stands for one that is still to be made.
PLACEHOLDER: Final = "x" * 22
# 21 characters hold 126 bits, the last one holds two.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")


def new_token() -> str:
    """Return 128 random bits as 22 characters of base64url."""
    return token_urlsafe(_BYTES)


def fingerprint(token: str) -> str:
    """Return the hex SHA-256 of a token.

    Tokens are kept and looked up only so: whoever reads the disk can open nothing.
    """
    return sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Return whether a text has exactly the shape of a token."""
    return _TOKEN.fullmatch(text) is not None
