"""The addresses of what a phone may open."""

from typing import Final

ANSWER_URL: Final = "/api/inteltele/a/{token}"
ANSWER_PICTURE_URL: Final = f"{ANSWER_URL}/picture/{{size:small|full}}"
PICTURE_URL: Final = "/api/inteltele/picture/{token}.{extension}"
FULL_PICTURE_URL: Final = "/api/inteltele/picture/{token}/full.{extension}"


def answer_path(token: str) -> str:
    """Return the path of the page behind a button."""
    return ANSWER_URL.format(token=token)
