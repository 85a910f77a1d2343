"""Who knows a token may open what it stands for."""

from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest

from custom_components.inteltele.public.tokens import fingerprint, is_token, new_token

TOKEN = "abcdefghijklmnopqrst-A"


def test_a_token_is_128_bits_in_22_characters() -> None:
    """It goes into a URL as it is."""
    token = new_token()
    assert len(token) == 22
    assert len(urlsafe_b64decode(token + "==")) == 16
    assert is_token(token)


def test_no_two_tokens_are_alike() -> None:
    """They come from the system's source of randomness."""
    assert len({new_token() for _ in range(1000)}) == 1000


def test_a_token_is_known_by_its_digest() -> None:
    """The disk tells nobody the token."""
    assert fingerprint(TOKEN) == sha256(TOKEN.encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "",
        TOKEN[:-1],
        TOKEN + "A",
        TOKEN + "\n",
        " " + TOKEN[1:],
        "../" + TOKEN[3:],
        "é" + TOKEN[1:],
        "\uff21" + TOKEN[1:],
        "\u0661" + TOKEN[1:],
        "\ud800" + TOKEN[1:],
        "+/" + TOKEN[2:],
        # The last character holds two bits, and no more may be set.
        TOKEN[:-1] + "B",
        TOKEN[:-2] + "==",
    ],
)
def test_whatever_else_is_no_token(text: str) -> None:
    """Nothing but the shape of a token gets near the disk."""
    assert is_token(TOKEN)
    assert not is_token(text)
