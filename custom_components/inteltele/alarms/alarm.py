"""An alarm: what it says, whom it asks, and what became of each question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ..gateway import ErrorReason
from ..storage.message import (
    Channel,
    FailureCause,
    HouseReason,
    Message,
    MessageStatus,
)

MIN_WAIT: Final = timedelta(minutes=1)
MAX_WAIT: Final = timedelta(minutes=60)
DEFAULT_WAIT: Final = timedelta(minutes=3)
MAX_ROUNDS: Final = 10
DEFAULT_ROUNDS: Final = 2
MAX_PEOPLE: Final = 10
MAX_OPEN: Final = 20
# A plan lasts no longer; an alarm ends so long after it was raised first.
LONGEST_PLAN: Final = timedelta(hours=12)
LONGEST: Final = timedelta(hours=24)
DEFAULT_QUIET_FOR: Final = timedelta(minutes=30)
LONGEST_QUIET: Final = timedelta(hours=24)
# An alarm that is cleared and raised again within this time goes on where it stood.
CLEARED_FOR: Final = timedelta(minutes=2)
# So long the first question waits for a picture. A sentence names it.
PICTURE_AWAITED: Final = timedelta(seconds=5)


class AlarmStatus(StrEnum):
    """Where an alarm stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    CLEARED = "cleared"


class Order(StrEnum):
    """In which order people are asked."""

    ONE_BY_ONE = "one_by_one"
    ALL_AT_ONCE = "all_at_once"


class Sms(StrEnum):
    """When a question goes by SMS."""

    AS_SET = "as_set"
    LAST_ROUND = "last_round"
    ALWAYS = "always"


class Source(StrEnum):
    """How somebody answered."""

    LINK = "link"
    HOME_ASSISTANT = "home_assistant"
    ACTION = "action"


class Standing(StrEnum):
    """Where a question stands.

    It is being asked, waits because of what hits everybody, or for the gateway's
    minute; it may have been taken, was taken, or delivered. It failed for this number,
    was declined, or withdrawn. `blocked` ended because of what hits everybody.
    """

    ASKING = "asking"
    WAITING = "waiting"
    HELD = "held"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    DELIVERED = "delivered"
    FAILED = "failed"
    DECLINED = "declined"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"

    @property
    def in_hand(self) -> bool:
        """Return whether it is still this person's turn, however long that takes."""
        return self in {Standing.ASKING, Standing.WAITING}

    @property
    def taken(self) -> bool:
        """Return whether the gateway took the question, or may have."""
        return self in {Standing.UNKNOWN, Standing.TAKEN, Standing.DELIVERED}

    @property
    def void(self) -> bool:
        """Return whether it never was a question: nothing left, no turn was used."""
        return self in {Standing.BLOCKED, Standing.WITHDRAWN}


# What hits everybody uses up no turn and no round.
BLOCKING: Final = frozenset(
    {
        ErrorReason.CANNOT_CONNECT,
        ErrorReason.LOCKED_OUT,
        ErrorReason.IP_NOT_ALLOWED,
        ErrorReason.INVALID_AUTH,
        ErrorReason.LOW_BALANCE,
        HouseReason.LIMIT_REACHED,
        HouseReason.QUEUE_FULL,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to ask: by number (E.164), and name and subentry where they are known.

    `number` tells people apart.
    """

    number: str
    name: str | None = None
    subentry_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to one person.

    `seq` and `id` are those of its message, 0 and empty where there was none to send.
    `cycle` counts how often the alarm was opened, `round` begins with 1, `batch` is the
    same for what was asked together. `since` is when its standing began, for what the
    gateway took, when it did. `by_both` is set where an SMS follows what Viber took.
    Times are UTC.
    """

    number: str
    cycle: int
    round: int
    batch: int
    channel: Channel
    asked_at: datetime
    since: datetime
    seq: int = 0
    id: str = ""
    by_both: bool = False
    standing: Standing = Standing.ASKING
    reason: str | None = None

    @property
    def last_contact(self) -> datetime:
        """Return when the person was last written to."""
        return max(self.asked_at, self.since) if self.standing.taken else self.asked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an alarm says.

    `image` is where its picture is, a path for one of this house, whose small file has
    the name `picture`.
    """

    message: str
    title: str | None = None
    sms_message: str | None = None
    picture: str | None = None
    image: str | None = None

    def with_picture(self, picture: str | None, image: str | None) -> Content:
        """Return the same with a picture, or with none."""
        return replace(self, picture=picture, image=image)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How an alarm asks.

    `acknowledge_text` is what somebody chose for the button, None where nobody did:
    whoever looks at it reads it in their own language then.
    """

    order: Order = Order.ONE_BY_ONE
    wait: timedelta = DEFAULT_WAIT
    rounds: int = DEFAULT_ROUNDS
    sms: Sms = Sms.LAST_ROUND
    acknowledge_text: str | None = None
    tell_others: bool = True
    quiet_for: timedelta = DEFAULT_QUIET_FOR


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
    often it was raised, `opened_at` is from when on people are
    asked, or go on being asked. `cycle` and `round` say which questions are
    being asked; `blocked_since` is set while nothing can leave, and `blocked` tells why
    once that was told. `catch_up` asks everyone left at once, `probe_at` is when one
    number is tried again, `resumed_at` is when waiting began anew. `ended_at`, `by`,
    `by_number` and `source` tell of the last end, `quiet_until` until when a raise is
    only counted, and `raised_in_quiet` that there was one. While it is cleared,
    `before_clear` and `ended_before` are what it goes back to where it is raised again,
    and `news_at` is when that is told. `news` is who heard of an end, and when,
    `untold` what nobody would have heard yet.
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


def standing_of(message: Message) -> Standing:
    """Return where a question stands by its message."""
    if message.status is MessageStatus.DELIVERED:
        return Standing.DELIVERED
    if message.status is MessageStatus.SENT or message.other_id is not None:
        # Also what goes out by SMS now: Viber's message was taken.
        return Standing.FAILED if message.ended else Standing.TAKEN
    if message.reason is ErrorReason.OUTCOME_UNKNOWN:
        return Standing.UNKNOWN
    if message.status is MessageStatus.QUEUED:
        return _QUEUED.get(message.reason, Standing.WAITING)
    if message.reason is HouseReason.WITHDRAWN:
        return Standing.WITHDRAWN
    blocked = message.never_sent and message.reason in BLOCKING
    return Standing.BLOCKED if blocked else Standing.FAILED


def standing_since(message: Message) -> datetime | None:
    """Return when the gateway took a question, or may have; None for neither."""
    if not standing_of(message).taken:
        return None
    return message.attempted_at or message.sent_at


_QUEUED: Final[dict[FailureCause | None, Standing]] = {
    None: Standing.ASKING,
    ErrorReason.REPEAT_DETECTED: Standing.HELD,
}
