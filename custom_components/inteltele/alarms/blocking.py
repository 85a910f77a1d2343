"""An alarm of which nothing can leave: told once, and tried again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..gateway import ErrorReason
from ..gateway.access import REJECTED_FOR
from .alarm import Alarm, AlarmEvent, Told
from .questions import Question, Standing
from .turns import batch_of, too_dear

# What is not taken within this time is told to be blocked.
BLOCKED_AFTER: Final = timedelta(seconds=30)
PROBED_AFTER: Final = timedelta(minutes=1)
# A key that was rejected is not tried more often: the gateway would shut us out.
REJECTED_KEY_PROBED_AFTER: Final = REJECTED_FOR + timedelta(seconds=1)


def blocked(alarm: Alarm, since: datetime) -> Alarm:
    """Return an alarm of which nothing can leave, since a time at least."""
    known = alarm.blocked_since
    return replace(alarm, blocked_since=since if known is None else min(known, since))


def blocked_at(alarm: Alarm) -> datetime | None:
    """Return when it is to be told that nothing leaves, None where something does."""
    if alarm.blocked_since is not None:
        return alarm.blocked_since + BLOCKED_AFTER
    batch = batch_of(alarm)
    if not batch or any(each.standing is not Standing.ASKING for each in batch):
        return None
    return batch[0].asked_at + BLOCKED_AFTER


def tell_blocked(alarm: Alarm, now: datetime) -> tuple[Alarm, list[Told]]:
    """Tell once that nothing can leave."""
    at = blocked_at(alarm)
    if alarm.blocked is not None or at is None or now < at:
        return alarm, []
    reason = _why_blocked(alarm)
    told = Told(type=AlarmEvent.BLOCKED, at=now, reason=reason)
    return replace(alarm, blocked=reason), [told]


def probe_at(question: Question, now: datetime) -> datetime:
    """Return when one number is tried again after a question that could not leave."""
    if too_dear(question):
        # By Viber, at once.
        return now
    rejected = question.reason == ErrorReason.INVALID_AUTH
    return now + (REJECTED_KEY_PROBED_AFTER if rejected else PROBED_AFTER)


def probed_now(alarm: Alarm, now: datetime) -> Alarm:
    """Return an alarm that tries again at once, since what blocked it may be mended."""
    return alarm if alarm.probe_at is None else replace(alarm, probe_at=now)


def _why_blocked(alarm: Alarm) -> str:
    """Return why nothing leaves."""
    for question in reversed(alarm.questions):
        if question.standing in {Standing.WAITING, Standing.BLOCKED}:
            return question.reason or ErrorReason.CANNOT_CONNECT
    # No answer at all.
    return ErrorReason.CANNOT_CONNECT
