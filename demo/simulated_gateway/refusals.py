"""Why the simulated gateway refuses a request, and how it words that."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
import re
from typing import Any, Final

from .settings import GatewaySettings
from .tariffs import sms_parts

LOCK_OUT: Final = timedelta(minutes=5)
MAX_MESSAGE: Final = 1000
MAX_PARTS: Final = 4
TTL: Final = range(60, 86401)
BANNED: Final = "banned"
MISSING: Final = "can't send message"

_SMS_SOURCE: Final = re.compile(r"[0-9]{3,15}|[A-Za-z0-9._-]{3,11}")
_PRIORITY: Final = re.compile(r"[0-3]")
_SYSTEM_TYPE: Final = re.compile(r"[A-Za-z0-9]{1,8}")
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
        if path in SENDS or shape == "reply":
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


def check(path: str, parameters: Mapping[str, str]) -> None:
    """Raise Refusal for what a path does not take.

    Where the page documents no error for a broken rule, something counts as missing, so
    that a client which sends such things is noticed.
    """
    if set(parameters) - PARAMETERS[path]:
        raise Refusal(MISSING)
    if path in SENDS:
        SENDS[path](parameters)


def _check_viber(parameters: Mapping[str, str]) -> None:
    """Raise Refusal for what /im/send/ does not take."""
    if not parameters.get("to") or not parameters.get("im_message"):
        raise Refusal(MISSING)
    if len(parameters["im_message"]) > MAX_MESSAGE:
        raise Refusal("message is too long")
    image, text, link = (
        parameters.get(name)
        for name in ("im_image", "im_button_text", "im_button_link")
    )
    if bool(text) != bool(link) or (image and not text):
        raise Refusal(MISSING)
    if image and _IMAGE.fullmatch(image) is None:
        raise Refusal(MISSING)
    ttl = parameters.get("im_ttl", "60")
    if not ttl.isdecimal() or int(ttl) not in TTL:
        raise Refusal(MISSING)
    source, sms = parameters.get("sms_source"), parameters.get("sms_message")
    if bool(source) != bool(sms) or (source and not _SMS_SOURCE.fullmatch(source)):
        raise Refusal(MISSING)
    if parameters.get("im_sender", "").lower() == BANNED:
        raise Refusal("sender is banned")


def _check_sms(parameters: Mapping[str, str]) -> None:
    """Raise Refusal for what /message/send/ does not take."""
    if not parameters.get("to") or not parameters.get("message"):
        raise Refusal(MISSING)
    if sms_parts(parameters["message"]) > MAX_PARTS:
        raise Refusal("message is too long")
    rules = {"from": _SMS_SOURCE, "priority": _PRIORITY, "system_type": _SYSTEM_TYPE}
    for name, rule in rules.items():
        if name in parameters and not rule.fullmatch(parameters[name]):
            raise Refusal(MISSING)
    if parameters.get("from", "").lower() == BANNED:
        raise Refusal("sender is banned")


SENDS: Final = {"/im/send/": _check_viber, "/message/send/": _check_sms}
_STATUS: Final = frozenset({"username", "requests", "timeformat", "timezone"})
# By path, without the key, all that the page names.
PARAMETERS: Final[Mapping[str, frozenset[str]]] = {
    "/im/send/": frozenset(
        {"username", "to", "im_sender", "im_message", "im_image", "im_button_text"}
        | {"im_button_link", "im_ttl", "sms_source", "sms_message"}
    ),
    "/im/status/": _STATUS,
    "/message/send/": frozenset(
        {"username", "from", "to", "message", "priority", "system_type"}
    ),
    "/message/status/": _STATUS,
    "/balance/": frozenset({"username"}),
    "/credit/": frozenset({"username"}),
    "/rates/": frozenset({"username"}),
}
