"""Whose turn it is in an alarm, from when on, and how they are asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ..gateway import ErrorReason
from ..storage.message import Channel, HouseReason
from .alarm import Alarm
from .questions import Question, Standing
from .raised import Order, Sms

# The gateway refuses a second message within a minute.
APART: Final = timedelta(seconds=65)
MIN_TTL: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody to be asked now, by which way; `ttl` is how long that makes sense."""

    number: str
    channel: Channel
    ttl: timedelta
    sms_soon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who is asked next, from when on; nobody where the plan is over."""

    due: datetime
    round: int
    numbers: Sequence[str] = field(default_factory=tuple)


def next_turn(alarm: Alarm, *, everyone: bool) -> Turn | None:
    """Return who is asked next, and when; None while that is not known."""
    batch, left = batch_of(alarm), left_in(alarm)
    if any(each.standing.in_hand for each in batch):
        return None
    wait = alarm.rules.wait
    catch_up = alarm.catch_up and bool(left)
    due = alarm.opened_at if catch_up else _held_until(alarm, batch)
    if alarm.probe_at is not None:
        due = max(due, alarm.probe_at)
    round_ = alarm.round
    if not left and batch:
        due = max(due, (alarm.round_began_at or due) + wait)
        if round_ == alarm.rules.rounds:
            return Turn(due=due, round=round_)
        round_ += 1
        left = [each.number for each in alarm.people]
    together = everyone or catch_up or alarm.rules.order is Order.ALL_AT_ONCE
    if together:
        left = [number for number in left if not is_under_way(alarm, number)]
    if not together or alarm.probe_at is not None:
        # One number is enough to see whether something leaves.
        left = left[:1]
    if not left or any(is_under_way(alarm, number) for number in left):
        return None
    due = max(due, *(last_contact(alarm, number) + APART for number in left))
    return Turn(due=due, round=round_, numbers=left)


def _held_until(alarm: Alarm, batch: Sequence[Question]) -> datetime:
    """Return until when those who were asked last have their turn."""
    wait = alarm.rules.wait
    held = [
        each.since + (wait if each.standing.taken else timedelta(0)) for each in batch
    ]
    again = [] if alarm.resumed_at is None else [alarm.resumed_at + wait]
    return max(alarm.opened_at, *held, *again) if held or again else alarm.opened_at


def left_in(alarm: Alarm) -> list[str]:
    """Return who was not asked in the present round, in order."""
    asked = {each.number for each in alarm.present}
    return [each.number for each in alarm.people if each.number not in asked]


def batch_of(alarm: Alarm) -> list[Question]:
    """Return what was asked last in the present round, all together."""
    present = alarm.present
    last = max((each.batch for each in present), default=0)
    return [each for each in present if each.batch == last]


def is_under_way(alarm: Alarm, number: str) -> bool:
    """Return whether a question to somebody is still to leave."""
    return any(
        each.standing.in_hand or each.standing is Standing.HELD
        for each in alarm.questions
        if each.number == number
    )


def last_contact(alarm: Alarm, number: str) -> datetime:
    """Return when somebody was last asked; long ago where that never was."""
    return max(
        (
            each.last_contact
            for each in alarm.questions
            if each.number == number and each.seq and not each.standing.void
        ),
        default=alarm.opened_at - APART,
    )


def ask_of(alarm: Alarm, number: str) -> Ask:
    """Return how somebody is asked."""
    rules = alarm.rules
    last = alarm.round >= rules.rounds
    by_sms = rules.sms is Sms.ALWAYS or (
        rules.sms is Sms.LAST_ROUND and last and rules.rounds > 1
    )
    tried = [each for each in alarm.questions if each.number == number][-1:]
    dear = any(
        too_dear(each) and (each.cycle, each.round) == (alarm.cycle, alarm.round)
        for each in tried
    )
    people = 1 if rules.order is Order.ALL_AT_ONCE else len(alarm.people)
    after = [each for each in left_in(alarm) if each != number]
    to_come = 1 if rules.order is Order.ALL_AT_ONCE else 1 + len(after)
    turns = to_come if last else people
    return Ask(
        number=number,
        channel=Channel.SMS if by_sms and not dear else Channel.VIBER,
        ttl=max(MIN_TTL, rules.wait * turns),
        sms_soon=rules.sms is Sms.LAST_ROUND and rules.rounds == 1,
    )


def too_dear(question: Question) -> bool:
    """Return whether an SMS was refused for want of money, or of room in a limit."""
    return (
        question.channel is Channel.SMS
        and question.standing is Standing.BLOCKED
        and question.reason in {ErrorReason.LOW_BALANCE, HouseReason.LIMIT_REACHED}
    )
