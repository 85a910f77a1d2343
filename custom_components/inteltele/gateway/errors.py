"""What can go wrong between this house and the gateway."""

from html import escape
import json
import re
from typing import Final
import unicodedata
from urllib.parse import quote, quote_plus

from .numbers import mask
from .reasons import ErrorReason

MAX_WORDS_LENGTH: Final = 100


class GatewayError(Exception):
    """Base of everything a gateway call raises."""

    reason: ErrorReason


class CannotConnectError(GatewayError):
    """The request provably never reached the gateway, or a question has no answer.

    Where somebody else answered, such as the login page of a hotspot, it did not.
    """

    reason = ErrorReason.CANNOT_CONNECT


class TlsUnavailableError(CannotConnectError):
    """Nothing speaks TLS at the gateway's address."""


class CertificateError(CannotConnectError):
    """The gateway's certificate cannot be trusted."""


class SomebodyElseError(CannotConnectError):
    """A redirect, a login or a page came back, as the gateway never sends them."""


class NoAnswerError(GatewayError):
    """The request may have arrived, but no answer came back.

    Raised for a connection cut or timed out after the request was written, and for
    an HTTP status of 500 or above without a documented answer in its body.
    """

    reason = ErrorReason.OUTCOME_UNKNOWN


class InvalidResponseError(GatewayError):
    """The gateway answered with something its documentation does not know.

    `accepted` tells that the HTTP status was one of success, so that the request
    may have been carried out all the same.
    """

    reason = ErrorReason.INVALID_RESPONSE

    def __init__(self, words: str, *, accepted: bool = False) -> None:
        """Keep the gateway's words, fit to be shown."""
        self._said = words
        self.words = printable(words)
        self.accepted = accepted
        super().__init__(self.words)

    def leave_out(self, secret: str) -> None:
        """Forget that a secret was among the words."""
        self._said = hide(self._said, secret)
        self.words = printable(self._said)
        self.args = (self.words,)


class RefusedError(GatewayError):
    """The gateway refused the whole request, for a documented reason."""

    def __init__(self, reason: ErrorReason) -> None:
        """Remember the reason."""
        self.reason = reason
        super().__init__(reason.value)


_MARKUP: Final = re.compile(r"<[^<>]*>?|[\\`*_{}\[\]()#|~>!]")
_NUMBER: Final = re.compile(r"\+?[0-9]{9,}")
# Links and whatever opens them: a server that fails may throw back what it was sent.
_OPAQUE: Final = re.compile(r"\w+://\S+|https?:\S+|[A-Za-z0-9_-]{20,}", re.IGNORECASE)


def hide(words: str, secret: str) -> str:
    """Return words without a secret, in whichever way a server wrote it."""
    for written in (
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        escape(secret),
    ):
        words = words.replace(written, "…")
    return words


def printable(words: str) -> str:
    """Return somebody else's words, such as the gateway's, as short plain text.

    Markup of HTML and Markdown is taken out and control characters become spaces,
    because these words end up in notifications and logs. Links are left out and phone
    numbers masked.
    """
    said = words[: 10 * MAX_WORDS_LENGTH]
    masked = _NUMBER.sub(lambda number: mask(number[0]), said)
    plain = _MARKUP.sub(" ", _OPAQUE.sub("…", masked))
    visible = "".join(
        " " if unicodedata.category(character)[0] in "CZ" else character
        for character in plain
    )
    return " ".join(visible.split())[:MAX_WORDS_LENGTH]
