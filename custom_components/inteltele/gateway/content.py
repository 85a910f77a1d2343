"""The rules a message must keep before the gateway sees it."""

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import PurePosixPath
import re
from socket import inet_aton
from typing import Final
from unicodedata import category
from urllib.parse import unquote

from yarl import URL

from .sms import MAX_PARTS, count_parts

MAX_MESSAGE_LENGTH: Final = 1000
MIN_TTL: Final = 60
MAX_TTL: Final = 86400
IMAGE_EXTENSIONS: Final = frozenset({".jpg", ".jpeg", ".png"})
SMS_PRIORITIES: Final = range(4)

_SYSTEM_TYPE: Final = re.compile(r"[A-Za-z0-9]{1,8}")
# The provider names no rule. No link and no markup can be made of these.
_SENDER: Final = re.compile(r"[\w .,&'+!()-]{1,50}")
# Line breaks and control characters; in an address, what cannot be seen as well.
_NOT_IN_A_LINE: Final = frozenset({"Cc", "Zl", "Zp"})
_NOT_IN_AN_ADDRESS: Final = _NOT_IN_A_LINE | {"Cf"}

# RFC 6761, 6762, 8375 and what routers use.
_LOCAL_DOMAINS: Final = (
    *(".local", ".localhost", ".internal", ".home.arpa"),
    *(".lan", ".home", ".localdomain", ".fritz.box"),
)
_SMS_SENDER: Final = re.compile(r"[0-9]{3,15}|[A-Za-z0-9._-]{3,11}")


class ContentRule(StrEnum):
    """What a message's content must keep to."""

    MESSAGE_EMPTY = "message_empty"
    MESSAGE_TOO_LONG = "message_too_long"
    IMAGE_NOT_HTTP = "image_not_http"
    IMAGE_EXTENSION = "image_extension"
    IMAGE_WITHOUT_BUTTON = "image_without_button"
    NOT_ONE_LINE = "not_one_line"
    BUTTON_TEXT_MISSING = "button_text_missing"
    BUTTON_URL_MISSING = "button_url_missing"
    BUTTON_URL_NOT_HTTP = "button_url_not_http"
    SENDER_INVALID = "sender_invalid"
    TTL_OUT_OF_RANGE = "ttl_out_of_range"
    SMS_SENDER_INVALID = "sms_sender_invalid"
    SMS_SENDER_MISSING = "sms_sender_missing"
    SMS_MESSAGE_MISSING = "sms_message_missing"
    SMS_MESSAGE_TOO_LONG = "sms_message_too_long"
    SMS_MESSAGE_WITHOUT_FALLBACK = "sms_message_without_fallback"
    SMS_AFTER_SMS = "sms_after_sms"
    SMS_AFTER_OUT_OF_RANGE = "sms_after_out_of_range"
    SMS_AFTER_BEYOND_BUTTON = "sms_after_beyond_button"
    SMS_AFTER_WITHOUT_FALLBACK = "sms_after_without_fallback"
    NO_SMS_TO_NUMBER = "no_sms_to_number"


class ContentError(ValueError):
    """A field breaks a rule; `value` is what the sentence to the user may quote."""

    def __init__(self, rule: ContentRule, value: str = "") -> None:
        """Remember the rule and the value."""
        self.rule = rule
        self.value = value
        super().__init__(rule.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """One Viber message with its SMS fallback, as the gateway takes it.

    Raises ContentError on construction, so that none exists which the gateway would
    refuse. Rules are those of the provider's page for /im/send/; `ttl` is in seconds.
    """

    message: str
    image: str | None = None
    button_text: str | None = None
    button_url: str | None = None
    sender: str | None = None
    ttl: int | None = None
    sms_sender: str | None = None
    sms_message: str | None = None

    def __post_init__(self) -> None:
        """Hold the content against the rules."""
        self._check_message()
        _check_line("image", self.image, _NOT_IN_AN_ADDRESS)
        _check_line("button_text", self.button_text, _NOT_IN_A_LINE)
        self._check_picture_and_button()
        if self.ttl is not None and not MIN_TTL <= self.ttl <= MAX_TTL:
            raise ContentError(ContentRule.TTL_OUT_OF_RANGE, str(self.ttl))
        if self.sender is not None:
            check_sender(self.sender)
        self._check_sms()

    @property
    def sms_parts(self) -> int | None:
        """Return how many SMS parts the fallback takes, or None without one."""
        return count_parts(self.sms_message) if self.sms_message else None

    @property
    def senders(self) -> tuple[str, ...]:
        """Return the names that it is sent under."""
        return tuple(name for name in (self.sender, self.sms_sender) if name)

    def _check_message(self) -> None:
        """Hold the text against its rules."""
        if not self.message.strip():
            raise ContentError(ContentRule.MESSAGE_EMPTY)
        if (length := len(self.message)) > MAX_MESSAGE_LENGTH:
            raise ContentError(ContentRule.MESSAGE_TOO_LONG, str(length))

    def _check_picture_and_button(self) -> None:
        """Hold picture and button, which the gateway wants together, against theirs."""
        if self.image is not None:
            if not is_http_url(self.image):
                raise ContentError(ContentRule.IMAGE_NOT_HTTP, self.image)
            extension = PurePosixPath(URL(self.image).path).suffix
            if extension not in IMAGE_EXTENSIONS:
                raise ContentError(ContentRule.IMAGE_EXTENSION, extension)
        if self.button_text is None and self.button_url is None:
            if self.image is not None:
                raise ContentError(ContentRule.IMAGE_WITHOUT_BUTTON)
            return
        if self.button_text is None or not self.button_text.strip():
            raise ContentError(ContentRule.BUTTON_TEXT_MISSING)
        if self.button_url is None:
            raise ContentError(ContentRule.BUTTON_URL_MISSING)
        check_button_url(self.button_url)

    def _check_sms(self) -> None:
        """Hold the fallback against its rules: sender and text go together."""
        if self.sms_sender is not None:
            check_sms_sender(self.sms_sender)
        if self.sms_message is None:
            if self.sms_sender is not None:
                raise ContentError(ContentRule.SMS_MESSAGE_MISSING)
            return
        if not self.sms_message.strip():
            raise ContentError(ContentRule.SMS_MESSAGE_MISSING)
        if self.sms_sender is None:
            raise ContentError(ContentRule.SMS_SENDER_MISSING)
        _check_sms_length(self.sms_message)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsContent:
    """One SMS of its own, as the gateway takes it.

    Raises ContentError on construction for what a person writes, and ValueError for the
    rest. Rules are those of the provider's page for /message/send/: `priority` is from
    0, the lowest, to 3, and `system_type` groups messages in the provider's reports, by
    up to 8 Latin letters or digits.
    """

    message: str
    sender: str | None = None
    priority: int | None = None
    system_type: str | None = None

    def __post_init__(self) -> None:
        """Hold the content against the rules."""
        if not self.message.strip():
            raise ContentError(ContentRule.SMS_MESSAGE_MISSING)
        _check_sms_length(self.message)
        if self.sender is not None:
            check_sms_sender(self.sender)
        if self.priority is not None and self.priority not in SMS_PRIORITIES:
            raise ValueError(f"{self.priority} is no priority of an SMS")
        if self.system_type is not None and not _SYSTEM_TYPE.fullmatch(
            self.system_type
        ):
            raise ValueError(f"{self.system_type} is no system type")

    @property
    def parts(self) -> int:
        """Return how many parts it takes, which are what it costs."""
        return count_parts(self.message)

    @property
    def senders(self) -> tuple[str, ...]:
        """Return the name that it is sent under, if any."""
        return (self.sender,) if self.sender else ()


type Content = MessageContent | SmsContent


def _check_sms_length(text: str) -> None:
    """Raise ContentError where a text takes more parts than the gateway sends."""
    if (parts := count_parts(text)) > MAX_PARTS:
        raise ContentError(ContentRule.SMS_MESSAGE_TOO_LONG, str(parts))


def check_sender(sender: str) -> None:
    """Raise ContentError where a text cannot be the name of a Viber sender."""
    if _SENDER.fullmatch(sender) is None:
        raise ContentError(ContentRule.SENDER_INVALID, sender)


def check_button_url(url: str) -> None:
    """Raise ContentError where a phone cannot open what a button leads to."""
    _check_line("button_url", url, _NOT_IN_AN_ADDRESS)
    if not is_http_url(url):
        raise ContentError(ContentRule.BUTTON_URL_NOT_HTTP, url)


def _check_line(field: str, text: str | None, refused: frozenset[str]) -> None:
    """Raise ContentError where a field holds what the gateway would send raw."""
    if any(category(character) in refused for character in text or ""):
        raise ContentError(ContentRule.NOT_ONE_LINE, field)


def check_sms_sender(sms_sender: str) -> None:
    """Raise ContentError where a text cannot be the sender of an SMS.

    The provider allows 3 to 15 digits, or 3 to 11 Latin symbols.
    """
    if _SMS_SENDER.fullmatch(sms_sender) is None:
        raise ContentError(ContentRule.SMS_SENDER_INVALID, sms_sender)


def is_local_url(text: str) -> bool:
    """Return whether an address leads nowhere outside of the network it is used in."""
    if not is_http_url(text):
        return False
    # Browsers read "%31" in it as "1".
    name = unquote(URL(text).raw_host or "").rstrip(".").lower()
    if (address := _address(name)) is not None:
        return not address.is_global
    return "." not in name or f".{name}".endswith(_LOCAL_DOMAINS)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a host is, in any spelling that a browser takes.

    "127.1", "0x7f.0.0.1" and "2130706433" are the same one.
    """
    with suppress(ValueError):
        return ip_address(host.partition("%")[0])
    with suppress(OSError):
        return IPv4Address(inet_aton(host))
    return None


def is_http_url(text: str) -> bool:
    """Return whether a text is an absolute http or https URL."""
    try:
        url = URL(text)
        # A host's name is only read when it is asked for.
        return url.scheme in {"http", "https"} and bool(url.host) and " " not in text
    except ValueError:
        return False
