"""Hostile requests by a stranger, made at random from a seed."""

import gzip
import random
from typing import Final
from urllib.parse import urlencode

from yarl import URL

_METHODS: Final = ("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "PATCH")
_WORDS: Final = (
    *("msgid", "status", "datetime", "answer", "delivrd", "expired", "unknown"),
    *("2026-11-24 12:00:00", "99999999999999999999", "-1", "0", "1", "", "\x00"),
    *("../../secrets.yaml", "<script>alert(1)</script>", "%00%0d%0aX: y", "{{ 1 }}"),
    *("' OR 1=1 --", "\u202e\ud83d\ude00", "A" * 200, "msgid[]", "__proto__"),
)
_TYPES: Final = (
    *("application/x-www-form-urlencoded", "application/json", "text/plain", ""),
    *("multipart/form-data; boundary=x", "multipart/form-data", "\u00e4/\u00f6"),
)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Stranger:
    """Makes hostile requests, the same ones for the same seed.

    Some are not valid HTTP, which a client library would refuse to send.
    """

    def __init__(self, webhook: str, seed: int) -> None:
        """Aim at the paths of answer pages and pictures, and at the webhook."""
        self._chance = random.Random(seed)  # noqa: S311 - not for cryptography
        self._webhook = webhook

    def request(self) -> bytes:
        """Return the bytes of one request, which need not be valid HTTP."""
        chance = self._chance
        body = self._body()
        headers = {
            "Host": "house.example.org",
            "Connection": "close",
            "Content-Length": str(len(body)),
            "Content-Type": chance.choice(_TYPES),
            "Accept-Language": chance.choice(("", "uk", "x" * 2000, "de;q=nan,*")),
        }
        kind = chance.random()
        if kind < 0.1:
            headers["Content-Encoding"] = chance.choice(("gzip", "deflate", "br", "x"))
        elif kind < 0.12:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(b"msgid=a&status=" + b"x" * 5_000_000)
            headers["Content-Length"] = str(len(body))
        elif kind < 0.13:
            headers["X-Forwarded-For"] = chance.choice(("203.0.113.9", "\x7f"))
        elif kind < 0.15:
            # The body is shorter than its header says.
            headers["Content-Length"] = str(len(body) + 10)
        elif kind < 0.18:
            del headers["Content-Length"]
            headers["Transfer-Encoding"] = "chunked"
            body = b"5\r\nmsgid\r\nzz\r\n" + body
        target = self._address()
        if chance.random() < 0.4:
            target += f"?{self._form()}"
        lines = [
            f"{chance.choice(_METHODS)} {target} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        head = "\r\n".join(lines).encode("utf-8", "surrogatepass")
        return head + b"\r\n\r\n" + body

    def _address(self) -> str:
        """Return the webhook's path, or one that looks like a link or a picture."""
        chance, base = self._chance, "/api/inteltele"
        kind = chance.random()
        if kind < 0.4:
            return URL(self._webhook).path
        token = "".join(chance.choices(_LETTERS, k=chance.choice((22, 22, 22, 5, 300))))
        if kind < 0.45:
            token = chance.choice(
                ("..%2f..%2fsecrets", "%00", "%ff%fe", "a%0d%0ab", "%")
            )
        if kind < 0.7:
            return f"{base}/a/{token}"
        extension = chance.choice(("jpg", "png", "jpeg", "db", "jpg%00", ""))
        full = chance.choice((".", "/full.", "/../full."))
        return f"{base}/picture/{token}{full}{extension}"

    def _body(self) -> bytes:
        """Return a form, random bytes, or a large body."""
        kind = self._chance.random()
        if kind < 0.5:
            return self._form().encode("utf-8", "surrogatepass")
        if kind < 0.9:
            return self._chance.randbytes(self._chance.randrange(400))
        return self._chance.randbytes(100) * self._chance.randrange(1500)

    def _form(self) -> str:
        """Return a form with known and unknown fields."""
        chance = self._chance
        pairs = [
            (chance.choice(_WORDS), chance.choice(_WORDS))
            for _ in range(chance.choice((1, 2, 3, 60)))
        ]
        return urlencode(pairs, errors="surrogatepass")[:6000]
