"""What an alarm would do if it were raised now, and nobody answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..delivery import Composed, Recipient
from ..public import PLACEHOLDER
from ..storage.message import Channel
from . import escalation
from .alarm import Alarm
from .letters import Host, Letter
from .post import Post
from .questions import Question, Standing
from .raised import Raised
from .turns import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A question that would be asked, `after` so many seconds.

    `why_not` tells why it could not be asked; nothing is composed then.
    """

    number: str
    recipient: Recipient
    round: int
    after: int
    channel: Channel
    composed: Composed | None = None
    why_not: str | None = None


def forecast(raised: Raised, host: Host, now: datetime) -> Sequence[Foreseen]:
    """Return every question of an alarm, in order: each is taken, and none answered.

    Nothing is sent or kept. Links are as long as they would be, and open nothing.
    """
    everyone = host.base_url is None
    alarm = escalation.raised_first(raised, "", now)
    found: list[Foreseen] = []
    at = now
    # As by a schedule: each step asks somebody, or the next one is later.
    while alarm.is_open:
        step = escalation.advance(alarm, at, everyone=everyone)
        asked = [_foreseen(step.alarm, ask, host, at) for ask in step.asks]
        found += asked
        questions = [_question(step.alarm, each, at) for each in asked]
        alarm = escalation.with_questions(step.alarm, questions, at).alarm
        due = escalation.next_due(alarm, at, everyone=everyone)
        at = max(at, due or at)
    return found


def _foreseen(alarm: Alarm, ask: Ask, host: Host, at: datetime) -> Foreseen:
    """Return a question as it would be asked."""
    post = Post([alarm], host, now=lambda: at, new=lambda: PLACEHOLDER)
    letter = post.letter(alarm, ask)
    person = alarm.person(ask.number)
    known = Foreseen(
        number=ask.number,
        recipient=host.recipient(person) or Recipient(number=ask.number),
        round=alarm.round,
        after=int((at - alarm.raised_at).total_seconds()),
        channel=ask.channel,
    )
    if not isinstance(letter, Letter):
        return replace(known, why_not=letter)
    [(composed, [recipient])] = letter.plan.items()
    return replace(
        known,
        channel=Channel.SMS if composed.by_sms else Channel.VIBER,
        recipient=recipient,
        composed=composed,
    )


def _question(alarm: Alarm, foreseen: Foreseen, at: datetime) -> Question:
    """Return a question as it stands once it was asked."""
    return Question(
        number=foreseen.number,
        cycle=alarm.cycle,
        round=foreseen.round,
        batch=0,
        channel=foreseen.channel,
        asked_at=at,
        since=at,
        # It counts as sent, though no message has this number.
        seq=1,
        by_both=foreseen.composed is not None and foreseen.composed.sms is not None,
        standing=Standing.TAKEN if foreseen.composed else Standing.FAILED,
    )
