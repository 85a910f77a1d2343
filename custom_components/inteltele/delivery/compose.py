"""From what a user asked for to what the gateway takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..gateway.content import (
    ContentError,
    ContentRule,
    MessageContent,
    check_sms_sender,
    is_local_url,
)
from ..gateway.sms import fit
from ..storage.message import ELSEWHERE

# A phone that is off for a day still gets the message; with a fallback, the SMS is
# the better answer after three minutes.
TTL_WITHOUT_FALLBACK: Final = 86400
TTL_WITH_FALLBACK: Final = 180


class Notice(StrEnum):
    """What a sender should know about a message that was sent all the same."""

    SMS_SHORTENED = "sms_shortened"
    TAKEN_WITHOUT_ID = "taken_without_id"
    ANSWERS_UNENCRYPTED = "answers_unencrypted"
    KEPT_IN_MEMORY = "kept_in_memory"
    LOCAL_ADDRESS = "local_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a message goes to.

    `number` is E.164. `name` and `subentry_id` are None for a bare number, and
    `sms_sender` is the sender of the fallback SMS, if one is known for this recipient.
    """

    number: str
    name: str | None = None
    subentry_id: str | None = None
    sms_fallback: bool = False
    sms_sender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of one recipient's own: its address, by what it is kept, and until when.

    It works until `valid_until`, in UTC.
    """

    url: str
    fingerprint: str
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRequest:
    """What a user asked to be sent; None leaves the choice to us.

    `ttl` is in seconds, and not more than `latest`. `open_button` is the text of the
    button that a picture without one gets, because the gateway wants picture and button
    together; it opens `picture_page`, or the picture itself. `picture` is the name of
    the file of a picture of this house. With `links`, the button opens each number's
    own.
    """

    message: str
    title: str | None = None
    image: str | None = None
    button_text: str | None = None
    button_url: str | None = None
    sender: str | None = None
    ttl: int | None = None
    sms_fallback: bool | None = None
    sms_message: str | None = None
    sms_sender: str | None = None
    open_button: str = "Open"
    picture_page: str | None = None
    picture: str | None = None
    links: Mapping[str, Link] = field(default_factory=dict)
    latest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A content ready for the gateway, and what its sender should know.

    `link` is the answer link that it holds, `picture` tells where its picture lies, as
    messages do.
    """

    content: MessageContent
    notices: frozenset[Notice] = frozenset()
    link: Link | None = None
    picture: str | None = None

    @property
    def fingerprint(self) -> str | None:
        """Return by what the answer link is kept."""
        return self.link.fingerprint if self.link else None

    @property
    def button_until(self) -> datetime | None:
        """Return when the answer link stops working."""
        return self.link.valid_until if self.link else None


type Plan = Mapping[Composed, Sequence[Recipient]]


def plan(request: MessageRequest, recipients: Iterable[Recipient]) -> Plan:
    """Return who gets which content; a number that is named twice gets it once.

    Raises ContentError for anything the gateway would refuse for any of them, so that
    nothing is sent to some before it is refused for others.
    """
    by_number: dict[str, Recipient] = {}
    for recipient in recipients:
        by_number.setdefault(recipient.number, recipient)
    groups: dict[Composed, list[Recipient]] = {}
    # Composed once for all to whom it means the same.
    alike: dict[object, list[Recipient]] = {}
    for recipient in by_number.values():
        link = request.links.get(recipient.number)
        kind = (recipient.sms_fallback, recipient.sms_sender, link)
        if (group := alike.get(kind)) is None:
            group = groups.setdefault(compose(request, recipient), [])
            alike[kind] = group
        group.append(recipient)
    return groups


def compose(request: MessageRequest, recipient: Recipient) -> Composed:
    """Return the content that a request means for a recipient.

    Raises ContentError for anything the gateway would refuse.
    """
    if not request.message.strip():
        raise ContentError(ContentRule.MESSAGE_EMPTY)
    if request.sms_sender is not None:
        check_sms_sender(request.sms_sender)
    title = _title(request.title)
    link = request.links.get(recipient.number)
    button_text, button_url = _button(request, link)
    sms_message = _sms_message(request, recipient, title, button_url)
    fallback = sms_message is not None
    default_ttl = TTL_WITH_FALLBACK if fallback else TTL_WITHOUT_FALLBACK
    ttl = default_ttl if request.ttl is None else request.ttl
    content = MessageContent(
        message=_joined(f"*{title}*" if title else "", request.message),
        image=request.image,
        button_text=button_text,
        button_url=button_url,
        sender=request.sender or None,
        # A button that works no more must not arrive.
        ttl=ttl if request.latest is None else min(ttl, request.latest),
        sms_sender=(request.sms_sender or recipient.sms_sender) if fallback else None,
        sms_message=None if sms_message is None else sms_message.text,
    )
    return Composed(
        content=content,
        notices=frozenset(_notices(content, sms_message)),
        link=link,
        picture=None if request.image is None else request.picture or ELSEWHERE,
    )


@dataclass(frozen=True, slots=True)
class _SmsText:
    """The text of a fallback, and whether it had to be cut."""

    text: str
    shortened: bool = False


def _notices(content: MessageContent, sms_message: _SmsText | None) -> Iterator[Notice]:
    """Yield what the sender should know about a content."""
    if sms_message is not None and sms_message.shortened:
        yield Notice.SMS_SHORTENED
    if any(map(is_local_url, filter(None, (content.image, content.button_url)))):
        yield Notice.LOCAL_ADDRESS


def _title(title: str | None) -> str:
    """Return a title that fits on one bold line."""
    return " ".join((title or "").replace("*", "").split())


def _joined(*lines: str) -> str:
    """Return the lines that say something, one below the other."""
    return "\n".join(line for line in lines if line.strip())


def _button(
    request: MessageRequest, link: Link | None
) -> tuple[str | None, str | None]:
    """Return text and address of the button."""
    button = (request.button_text, link.url if link else request.button_url)
    if request.image is not None and button == (None, None):
        return request.open_button, request.picture_page or request.image
    return button


def _sms_message(
    request: MessageRequest, recipient: Recipient, title: str, button_url: str | None
) -> _SmsText | None:
    """Return the fallback's text, or None where no fallback is wanted."""
    if request.sms_message is not None:
        if request.sms_fallback is False:
            raise ContentError(ContentRule.SMS_MESSAGE_WITHOUT_FALLBACK)
        return _SmsText(request.sms_message)
    if not (
        recipient.sms_fallback if request.sms_fallback is None else request.sms_fallback
    ):
        return None
    whole = _joined(title, request.message)
    link = f"\n{button_url}" if button_url else ""
    text = fit(whole, link)
    return _SmsText(text, shortened=text != whole + link)
