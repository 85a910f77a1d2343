"""From what a user asked for to what the gateway takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..gateway.content import (
    MIN_TTL,
    SMS_PRIORITIES,
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
from ..storage.message import ELSEWHERE, Channel
from .composed import Composed, Notice, Plan
from .request import Link, MessageRequest, Recipient
from .sms_wanted import SmsWanted, may_be_sms, sms_wanted
from .ways import AFTER_TTL

# A phone that is off for a day still gets the message; with a fallback, the SMS is
# the better answer after three minutes.
TTL_WITHOUT_FALLBACK: Final = 86400
TTL_WITH_FALLBACK: Final = 180


# What may be wrong with an SMS alone, where it only follows because that is set.
_OF_SMS: Final = {
    ContentRule.SMS_SENDER_MISSING: Notice.NO_SMS_SENDER,
    ContentRule.SMS_MESSAGE_TOO_LONG: Notice.SMS_TOO_LONG,
}


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
            may_be_sms(request, recipient) and takes_sms(recipient.number),
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
    sms = sms_wanted(request, recipient)
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
    request: MessageRequest, recipient: Recipient, sms: SmsWanted | None
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
