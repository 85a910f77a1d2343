"""What an alarm writes to people: its questions, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from ..delivery import Link, MessageRequest, Plan, Recipient, plan
from ..gateway import takes_sms
from ..gateway.content import MAX_MESSAGE_LENGTH
from ..gateway.sms import fit
from ..public import answer_path, fingerprint, new_token
from ..storage.answer_links import AnswerLink
from ..storage.message import Channel
from .alarm import Alarm
from .raised import Person, Rules
from .turns import Ask

# What the buttons of an alarm's page mean.
ACKNOWLEDGE: Final = "acknowledge"
DECLINE: Final = "decline"
# Longer than any alarm, and the day on which its end can still be seen.
LINK_VALID: Final = timedelta(hours=50)
_SMS_SOON: Final = 60


class Host(Protocol):
    """The house as an alarm knows it."""

    @property
    def base_url(self) -> str | None:
        """Return where phones reach the house, None where they do not."""

    @property
    def sender(self) -> str | None:
        """Return who Viber messages are from, None for the gateway's own."""

    def recipient(self, person: Person) -> Recipient | None:
        """Return whom a person is now; None where they are to get nothing."""

    def text(self, key: str) -> str:
        """Return a text in the house's language."""

    def moment(self, moment: datetime) -> str:
        """Return a time as the house writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What goes to one person, and the link in it as it is kept."""

    plan: Plan
    link: AnswerLink | None = None


def question(
    alarm: Alarm,
    ask: Ask,
    recipient: Recipient,
    host: Host,
    *,
    new: Callable[[], str] = new_token,
) -> Letter:
    """Return a question to somebody.

    Texts are cut where they are too long. Raises ContentError for what cannot be sent
    all the same.
    """
    link = _link(alarm, recipient, new())
    base_url = host.base_url
    url = None if base_url is None else f"{base_url}{answer_path(link.token)}"
    raised = host.text("alarm_raised_at").format(moment=host.moment(alarm.raised_at))
    if url is None:
        raised = f"{raised}\n{host.text('alarm_answer_at_home')}"
    content = alarm.content
    sms = gets_sms(recipient)
    by_sms = sms and ask.channel is Channel.SMS
    sms_after = _sms_after(ask, recipient, alarm.rules) if sms and not by_sms else None
    title = content.title or None
    sms_text = "\n".join(
        part for part in (title, content.sms_message or content.message) if part
    )
    image = content.image
    if image is not None and image.startswith("/"):
        # A picture of the house, which only its public address shows.
        image = None if base_url is None else f"{base_url}{image}"
    request = MessageRequest(
        message=_cut(content.message, title, f"\n\n{raised}"),
        title=title,
        channel=Channel.SMS if by_sms else Channel.VIBER,
        sms_after=sms_after,
        sms_message=(
            fit(f"{sms_text}\n{raised}", f"\n{url}" if url else "")
            if by_sms or sms_after is not None or recipient.sms_fallback
            else None
        ),
        sms_fallback=None if sms else False,
        image=None if by_sms else image,
        picture=content.picture,
        open_button=host.text("open_button"),
        button_text=None if url is None or by_sms else host.text("alarm_button"),
        ttl=int(ask.ttl.total_seconds()),
        sender=host.sender,
        links={} if url is None else {recipient.number: link.as_sent(url)},
        urgent=True,
    )
    return Letter(
        plan=plan(request, [recipient]),
        link=None if url is None else link.kept,
    )


def gets_sms(recipient: Recipient) -> bool:
    """Return whether an alarm reaches somebody by SMS at all."""
    return recipient.sms_sender is not None and takes_sms(recipient.number)


def news(text: str, recipient: Recipient, way: Channel, host: Host) -> Letter:
    """Return how an alarm ended, by the way on which its question got through."""
    by_sms = way is Channel.SMS and recipient.sms_sender is not None
    request = MessageRequest(
        message=fit(text, parts=1) if by_sms else _cut(text, None, ""),
        channel=Channel.SMS if by_sms else Channel.VIBER,
        sms_fallback=None if by_sms else False,
        sender=host.sender,
        urgent=True,
    )
    return Letter(plan=plan(request, [recipient]))


def taken_over(alarm: Alarm, host: Host) -> str:
    """Return what others hear when somebody takes over."""
    content = alarm.content
    return host.text("alarm_taken_over").format(
        by=alarm.by or host.text("alarm_somebody"),
        alarm=content.title or content.message,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewLink:
    """A link that is about to be sent."""

    token: str
    kept: AnswerLink

    def as_sent(self, url: str) -> Link:
        """Return it as a message holds it."""
        return Link(
            url=url,
            fingerprint=self.kept.fingerprint,
            valid_until=self.kept.valid_until,
        )


def _link(alarm: Alarm, recipient: Recipient, token: str) -> _NewLink:
    """Return a new link by which somebody answers an alarm."""
    return _NewLink(
        token=token,
        kept=AnswerLink(
            fingerprint=fingerprint(token),
            number=recipient.number,
            recipient=recipient.name,
            # Its page has buttons of its own.
            answers=(),
            valid_until=alarm.raised_at + LINK_VALID,
            alarm=alarm.id,
        ),
    )


def _sms_after(ask: Ask, recipient: Recipient, rules: Rules) -> int | None:
    """Return after how many seconds an SMS follows, which is not after the wait."""
    if ask.sms_soon:
        return _SMS_SOON
    after = recipient.sms_after
    return None if after is None else min(after, int(rules.wait.total_seconds()))


def _cut(text: str, title: str | None, ending: str) -> str:
    """Return a text with its ending, as long as the gateway takes it."""
    room = MAX_MESSAGE_LENGTH - len(ending) - (len(title) + 3 if title else 0)
    return (text if len(text) <= room else f"{text[: room - 1]}…") + ending
