"""Why the simulated gateway refuses a request, and how it words that."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
import re
from typing import Any, Final

from .settings import GatewaySettings

LOCK_OUT: Final = timedelta(minutes=5)
MAX_MESSAGE: Final = 1000
TTL: Final = range(60, 86401)

_SMS_SOURCE: Final = re.compile(r"[0-9]{3,15}|[A-Za-z0-9._-]{3,11}")
_IMAGE: Final = re.compile(r"https?://\S+?\.(jpg|jpeg|png)(\?\S*)?")


class Refusal(Exception):  # noqa: N818 - it is an answer of the API, not an error
    """The gateway's words about a whole request."""

    def __init__(self, words: str) -> None:
        """Keep the words."""
        self.words = words
        super().__init__(words)

    def reply(self, path: str, shape: str) -> dict[str, Any]:
        """Return the refusal as the page documents it for a path, or otherwise."""
        if shape == "flat":
            return {"status": f"error: {self.words}"}
        if path == "/im/send/" or shape == "reply":
            return {"reply": [{"status": f"error: {self.words}"}]}
        if self.words.startswith("wrong"):
            return {"message": "Invalid auth", "error": True}
        return {"status": self.words, "error": True}


class Doorkeeper:
    """Lets in who has a right key and an allowed address, and locks out the others."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Start with nobody locked out."""
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget wrong keys and lock-outs."""
        self._wrong_keys: Counter[str] = Counter()
        self._locked_until: dict[str, datetime] = {}

    def check(
        self, address: str, username: str | None, api_key: str | None, now: datetime
    ) -> None:
        """Raise Refusal unless a caller is let in."""
        settings = self._settings
        if not any(
            ip_address(address) in ip_network(allowed)
            for allowed in settings.allowed_ips
        ):
            raise Refusal("ip not allowed")
        if now < self._locked_until.get(address, now):
            raise Refusal("bruteforcing detected")
        if username == settings.username and api_key in settings.api_keys:
            del self._wrong_keys[address]
            return
        self._wrong_keys[address] += 1
        if self._wrong_keys[address] >= settings.lock_out_after:
            del self._wrong_keys[address]
            self._locked_until[address] = now + LOCK_OUT / settings.speed
            raise Refusal("bruteforcing detected")
        raise Refusal(
            "wrong api key"
            if username == settings.username
            else "wrong username/api_key"
        )


def check_send(parameters: Mapping[str, str]) -> None:
    """Raise Refusal for what /im/send/ does not take.

    Where the page documents no error for a broken rule, something counts as missing, so
    that a client which sends such things is noticed.
    """
    missing = Refusal("can't send message")
    if not parameters.get("to") or not parameters.get("im_message"):
        raise missing
    if len(parameters["im_message"]) > MAX_MESSAGE:
        raise Refusal("message is too long")
    image, text, link = (
        parameters.get(name)
        for name in ("im_image", "im_button_text", "im_button_link")
    )
    if bool(text) != bool(link) or (image and not text):
        raise missing
    if image and _IMAGE.fullmatch(image) is None:
        raise missing
    ttl = parameters.get("im_ttl", "60")
    if not ttl.isdecimal() or int(ttl) not in TTL:
        raise missing
    source, sms = parameters.get("sms_source"), parameters.get("sms_message")
    if bool(source) != bool(sms) or (source and not _SMS_SOURCE.fullmatch(source)):
        raise missing
    if parameters.get("im_sender", "").lower() == "banned":
        raise Refusal("sender is banned")
