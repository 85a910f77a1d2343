"""An alarm, from when it was raised first to its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ..storage.message import Channel
from .questions import Question, Standing
from .raised import Content, Person, Rules

MAX_OPEN: Final = 20
# It ends so long after it was raised first.
LONGEST: Final = timedelta(hours=24)
# An alarm that is cleared and raised again within this time goes on where it stood.
CLEARED_FOR: Final = timedelta(minutes=2)


class AlarmStatus(StrEnum):
    """Where an alarm stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    CLEARED = "cleared"


class Source(StrEnum):
    """How somebody answered."""

    LINK = "link"
    HOME_ASSISTANT = "home_assistant"
    ACTION = "action"


class AlarmEvent(StrEnum):
    """What an alarm tells."""

    RAISED = "raised"
    ASKED = "asked"
    DECLINED = "declined"
    BLOCKED = "blocked"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that an alarm tells; `number` is whom it is about."""

    type: AlarmEvent
    at: datetime
    number: str | None = None
    round: int | None = None
    by: str | None = None
    source: Source | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm, from when it was raised first until nothing comes of it any more.

    `key` tells causes apart, `tag` is what a person named this one. `raised` counts how
    often it was raised, `opened_at` is from when on people are asked, or go on being
    asked. `cycle` and `round` say which questions are being asked; `blocked_since` is
    set while nothing can leave, and `blocked` tells why once that was told. `catch_up`
    asks everyone left at once, `probe_at` is when one number is tried again,
    `resumed_at` is when waiting began anew. `ended_at`, `by`, `by_number` and `source`
    tell of the last end, `quiet_until` until when a raise is only counted, and
    `raised_in_quiet` that there was one. While it is cleared, `before_clear` and
    `ended_before` are what it goes back to where it is raised again, and `news_at` is
    when that is told. `news` is who heard of an end, and when, `untold` what nobody
    would have heard yet.
    """

    id: str
    key: str
    people: tuple[Person, ...]
    content: Content
    rules: Rules
    raised_at: datetime
    raised_last_at: datetime
    opened_at: datetime
    tag: str | None = None
    status: AlarmStatus = AlarmStatus.OPEN
    raised: int = 1
    cycle: int = 1
    round: int = 1
    round_began_at: datetime | None = None
    questions: tuple[Question, ...] = ()
    blocked: str | None = None
    blocked_since: datetime | None = None
    catch_up: bool = False
    probe_at: datetime | None = None
    resumed_at: datetime | None = None
    ended_at: datetime | None = None
    by: str | None = None
    by_number: str | None = None
    source: Source | None = None
    quiet_for: timedelta = timedelta(0)
    quiet_until: datetime | None = None
    raised_in_quiet: bool = False
    before_clear: AlarmStatus | None = None
    ended_before: datetime | None = None
    clear_message: str | None = None
    news_at: datetime | None = None
    news: tuple[tuple[str, datetime], ...] = ()
    untold: tuple[Told, ...] = ()

    @property
    def is_open(self) -> bool:
        """Return whether somebody is being asked."""
        return self.status is AlarmStatus.OPEN

    @property
    def answerable(self) -> bool:
        """Return whether somebody may still take over."""
        return self.status in {AlarmStatus.OPEN, AlarmStatus.UNANSWERED}

    @property
    def over_at(self) -> datetime:
        """Return when the alarm ends, however it stands."""
        return self.raised_at + LONGEST

    @property
    def present(self) -> list[Question]:
        """Return the questions of the present round that used up a turn."""
        return [
            question
            for question in self.questions
            if (question.cycle, question.round) == (self.cycle, self.round)
            and not question.standing.void
        ]

    @property
    def reached(self) -> dict[str, Channel]:
        """Return by which way a question last got through to each number."""
        return {
            question.number: question.channel
            for question in self.questions
            if question.standing.taken or question.standing is Standing.DECLINED
        }

    @property
    def reopens(self) -> bool:
        """Return whether it is to be asked about again when the quiet time is over."""
        return (
            self.raised_in_quiet
            and self.quiet_until is not None
            and self.quiet_until < self.over_at
        )

    def is_over(self, now: datetime) -> bool:
        """Return whether nothing comes of it any more: a raise makes a new alarm."""
        if now >= self.over_at:
            return not self.is_open
        if self.status is AlarmStatus.CLEARED:
            return now >= (self.ended_at or now) + CLEARED_FOR and self.news_at is None
        quiet = self.quiet_until is not None and now < self.quiet_until
        return not (self.is_open or quiet or self.raised_in_quiet)

    def person(self, number: str) -> Person:
        """Return the person with a number, who may be asked no more."""
        found = (each for each in self.people if each.number == number)
        return next(found, Person(number=number))

    def last_asked(self, number: str) -> Question | None:
        """Return the last question to somebody, None where there was none."""
        asked = (
            each
            for each in reversed(self.questions)
            if each.number == number and not each.standing.void
        )
        return next(asked, None)

    def with_message(self, seq: int) -> Question | None:
        """Return the question that a message asks, None where none does."""
        return next((each for each in self.questions if each.seq == seq), None)

    def replaced(self, questions: Sequence[Question]) -> Alarm:
        """Return the alarm with some of its questions as they are now."""
        known = {(each.number, each.batch, each.seq): each for each in questions}
        return replace(
            self,
            questions=tuple(
                known.get((each.number, each.batch, each.seq), each)
                for each in self.questions
            ),
        )
