"""From what a user asked for to what the gateway takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..gateway.content import (
    MIN_TTL,
    SMS_PRIORITIES,
    Content,
    ContentError,
    ContentRule,
    MessageContent,
    SmsContent,
    check_button_url,
    check_sms_sender,
    is_local_url,
)
from ..gateway.numbers import mask, takes_sms
from ..gateway.sms import fit
from ..storage.message import ELSEWHERE, Channel, Use
from .ways import AFTER_TTL

# A phone that is off for a day still gets the message; with a fallback, the SMS is
# the better answer after three minutes.
TTL_WITHOUT_FALLBACK: Final = 86400
TTL_WITH_FALLBACK: Final = 180
# An SMS of this house's own goes out after this time, in seconds, and Viber's time to
# live is over a little earlier.
MIN_SMS_AFTER: Final = 60
MAX_SMS_AFTER: Final = 86400
# So many seconds, at least, a button works after the SMS that holds its link.
TIME_TO_ANSWER: Final = 600


class Notice(StrEnum):
    """What a sender should know about a message that was sent all the same."""

    SMS_SHORTENED = "sms_shortened"
    TAKEN_WITHOUT_ID = "taken_without_id"
    ANSWERS_UNENCRYPTED = "answers_unencrypted"
    KEPT_IN_MEMORY = "kept_in_memory"
    PICTURE_NOT_BY_SMS = "picture_not_by_sms"
    SENT_WITHOUT_SMS = "sent_without_sms"
    LOCAL_ADDRESS = "local_address"
    GATEWAY_UNENCRYPTED = "gateway_unencrypted"
    NO_SMS_TO_NUMBER = "no_sms_to_number"
    NO_SMS_SENDER = "no_sms_sender"
    SMS_TOO_LONG = "sms_too_long"
    SMS_SOONER = "sms_sooner"
    BUTTON_OVER_BEFORE_SMS = "button_over_before_sms"
    WAIT_OVER_BEFORE_SMS = "wait_over_before_sms"


# What may be wrong with an SMS alone, where it only follows because that is set.
_OF_SMS: Final = {
    ContentRule.SMS_SENDER_MISSING: Notice.NO_SMS_SENDER,
    ContentRule.SMS_MESSAGE_TOO_LONG: Notice.SMS_TOO_LONG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a message goes to.

    `number` is E.164. `name` and `subentry_id` are None for a bare number,
    `sms_sender` is the sender of an SMS, if one is known for this recipient, and
    `sms_after` the seconds after which one follows, if that is set.
    """

    number: str
    name: str | None = None
    subentry_id: str | None = None
    sms_fallback: bool = False
    sms_sender: str | None = None
    sms_after: int | None = None


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
    own. By `sms_after`, in seconds, the house sends an SMS itself, before all others
    where it is `urgent`.
    """

    message: str
    channel: Channel = Channel.VIBER
    sms_after: int | None = None
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
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A content ready for the gateway, and what its sender should know.

    `sms` goes out `sms_after` seconds later where Viber did not get through.
    `link` is the answer link that it holds, `picture` tells where its picture lies, as
    messages do.
    """

    content: Content
    sms: SmsContent | None = None
    sms_after: int | None = None
    notices: frozenset[Notice] = frozenset()
    link: Link | None = None
    picture: str | None = None

    @property
    def by_sms(self) -> bool:
        """Return whether it goes by SMS alone."""
        return isinstance(self.content, SmsContent)

    @property
    def sms_parts(self) -> int | None:
        """Return how many SMS parts it takes, or may take; None for no SMS at all."""
        if isinstance(self.content, SmsContent):
            return self.content.parts
        return self.sms.parts if self.sms else self.content.sms_parts

    @property
    def use(self) -> Use:
        """Return what it takes of the limits at most."""
        return Use(viber=0 if self.by_sms else 1, parts=self.sms_parts or 0)

    @property
    def without_sms(self) -> Composed:
        """Return the same for Viber alone."""
        assert isinstance(self.content, MessageContent)  # noqa: S101 - asked before
        content = replace(self.content, sms_sender=None, sms_message=None)
        return replace(self, content=content, sms=None, sms_after=None)

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
        kind = (
            recipient.sms_fallback,
            recipient.sms_sender,
            recipient.sms_after,
            _may_be_sms(request, recipient) and takes_sms(recipient.number),
            link,
        )
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
    if request.sms_message is not None and request.sms_fallback is False:
        raise ContentError(ContentRule.SMS_MESSAGE_WITHOUT_FALLBACK)
    if request.channel is Channel.SMS:
        return _by_sms(request, recipient)
    sms = _sms_wanted(request, recipient)
    notices = set[Notice]()
    if sms is None and request.sms_fallback is not False and recipient.sms_after:
        notices.add(Notice.BUTTON_OVER_BEFORE_SMS)
    elif sms is not None and sms.sooner:
        notices.add(Notice.SMS_SOONER)
    if sms is not None and not takes_sms(recipient.number):
        sms, notices = None, {Notice.NO_SMS_TO_NUMBER}
    try:
        composed = _by_viber(request, recipient, sms)
    except ContentError as err:
        if sms is None or sms.by_call or err.rule not in _OF_SMS:
            raise
        # A setting must not keep back what would go without it.
        composed, notices = _by_viber(request, recipient, None), {_OF_SMS[err.rule]}
    return replace(composed, notices=composed.notices | notices)


def _by_viber(
    request: MessageRequest, recipient: Recipient, sms: _SmsWanted | None
) -> Composed:
    """Return the content of a message by Viber, and of the SMS that may follow it."""
    title = _title(request.title)
    link = request.links.get(recipient.number)
    button_text, button_url = _button(request, link)
    text = _sms_message(request, title, button_url) if sms is not None else None
    sms_sender = request.sms_sender or recipient.sms_sender
    after = sms.after if sms is not None else None
    # The gateway's own fallback, which comes where there is no Viber account.
    fallback = text if after is None else None
    content = MessageContent(
        message=_joined(f"*{title}*" if title else "", request.message),
        image=request.image,
        button_text=button_text,
        button_url=button_url,
        sender=request.sender or None,
        ttl=_ttl(request, after, fallback=fallback is not None),
        sms_sender=sms_sender if fallback else None,
        sms_message=None if fallback is None else fallback.text,
    )
    return Composed(
        content=content,
        sms=(
            _sms(text.text, sms_sender, urgent=request.urgent)
            if text is not None and after is not None
            else None
        ),
        sms_after=after,
        notices=frozenset(_notices(text, request.image, button_url)),
        link=link,
        picture=None if request.image is None else request.picture or ELSEWHERE,
    )


def _by_sms(request: MessageRequest, recipient: Recipient) -> Composed:
    """Return the content of a message that goes by SMS alone."""
    if request.sms_after is not None or request.sms_fallback:
        raise ContentError(ContentRule.SMS_AFTER_SMS)
    if not takes_sms(recipient.number):
        whom = recipient.name or mask(recipient.number)
        raise ContentError(ContentRule.NO_SMS_TO_NUMBER, whom)
    link = request.links.get(recipient.number)
    # The button that a picture alone gets does not go without it.
    own_url = link.url if link else request.button_url
    if own_url is not None:
        check_button_url(own_url)
    elif request.button_text is not None:
        raise ContentError(ContentRule.BUTTON_URL_MISSING)
    text = _sms_message(request, _title(request.title), own_url)
    notices = set(_notices(text, own_url))
    if request.image:
        notices.add(Notice.PICTURE_NOT_BY_SMS)
    return Composed(
        content=_sms(
            text.text,
            request.sms_sender or recipient.sms_sender,
            urgent=request.urgent,
        ),
        notices=frozenset(notices),
        link=link,
    )


def _sms(text: str, sender: str | None, *, urgent: bool) -> SmsContent:
    """Return an SMS, which nobody should get from somebody unknown."""
    if sender is None:
        raise ContentError(ContentRule.SMS_SENDER_MISSING)
    priority = SMS_PRIORITIES[-1] if urgent else None
    return SmsContent(message=text, sender=sender, priority=priority)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SmsWanted:
    """An SMS that may follow a Viber message.

    `after` so many seconds by this house, None for the gateway's own fallback.
    `by_call` is one that the call itself asks for, `sooner` one that goes before the
    time that is set for it.
    """

    after: int | None = None
    by_call: bool
    sooner: bool = False


def _may_be_sms(request: MessageRequest, recipient: Recipient) -> bool:
    """Return whether an SMS may go to a recipient at all."""
    return request.channel is Channel.SMS or _sms_wanted(request, recipient) is not None


def _sms_wanted(request: MessageRequest, recipient: Recipient) -> _SmsWanted | None:
    """Return what SMS may follow: as the call says, or else as it is set."""
    if request.sms_after is not None:
        return _SmsWanted(after=_checked_sms_after(request), by_call=True)
    if request.sms_fallback is False:
        return None
    by_call = bool(request.sms_fallback or request.sms_message is not None)
    if (after := _in_time(recipient.sms_after, request.latest)) is not None:
        sooner = after != recipient.sms_after
        return _SmsWanted(after=after, by_call=by_call, sooner=sooner)
    return _SmsWanted(by_call=by_call) if by_call or recipient.sms_fallback else None


def _checked_sms_after(request: MessageRequest) -> int:
    """Return after how many seconds a call wants an SMS; raises ContentError."""
    after = request.sms_after or 0
    if request.sms_fallback is False:
        raise ContentError(ContentRule.SMS_AFTER_WITHOUT_FALLBACK)
    if not is_sms_after(after):
        raise ContentError(ContentRule.SMS_AFTER_OUT_OF_RANGE, str(after))
    if request.latest is not None and after + TIME_TO_ANSWER > request.latest:
        raise ContentError(ContentRule.SMS_AFTER_BEYOND_BUTTON)
    return after


def is_sms_after(seconds: float) -> bool:
    """Return whether an SMS may follow after so many seconds."""
    return MIN_SMS_AFTER <= seconds <= MAX_SMS_AFTER


def _in_time(after: int | None, latest: int | None) -> int | None:
    """Return after how many seconds an SMS leaves time to press its button.

    The time that is set gives way to how long a call lets its button work. None where
    that is over before there would be time for anything.
    """
    if after is None or latest is None:
        return after
    if latest < 2 * MIN_SMS_AFTER:
        return None
    return min(after, max(MIN_SMS_AFTER, latest - TIME_TO_ANSWER))


def _ttl(request: MessageRequest, sms_after: int | None, *, fallback: bool) -> int:
    """Return for how many seconds Viber tries to deliver."""
    default = TTL_WITH_FALLBACK if fallback else TTL_WITHOUT_FALLBACK
    ttl = default if request.ttl is None else request.ttl
    if sms_after is not None:
        ttl = min(ttl, max(MIN_TTL, sms_after - AFTER_TTL))
    # A button that works no more must not arrive.
    return ttl if request.latest is None else min(ttl, request.latest)


@dataclass(frozen=True, slots=True)
class _SmsText:
    """The text of a fallback, and whether it had to be cut."""

    text: str
    shortened: bool = False


def _notices(sms_message: _SmsText | None, *addresses: str | None) -> Iterator[Notice]:
    """Yield what the sender should know about a text and what it leads to."""
    if sms_message is not None and sms_message.shortened:
        yield Notice.SMS_SHORTENED
    if any(map(is_local_url, filter(None, addresses))):
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
    request: MessageRequest, title: str, button_url: str | None
) -> _SmsText:
    """Return the text of an SMS, whichever way it goes."""
    if request.sms_message is not None:
        return _SmsText(request.sms_message)
    whole = _joined(title, request.message)
    link = f"\n{button_url}" if button_url else ""
    text = fit(whole, link)
    return _SmsText(text, shortened=text != whole + link)
