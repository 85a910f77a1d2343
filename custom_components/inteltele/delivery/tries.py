"""What a message becomes by being asked for, by the answer, and by time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..gateway import MIN_TTL, Content, ErrorReason, SmsContent
from ..storage.message import Channel, Message, MessageStatus, Submission
from .pauses import AFTER_A_MINUTE
from .sender import Retry, Verdict
from .waiting_room import is_urgent
from .ways import given_up, planned

# The gateway refuses repetitions for a minute. Within it, repeating a request whose
# answer was lost cannot deliver twice, and tells whether the first one had arrived.
REPEATABLE_FOR: Final = timedelta(seconds=50)
PAUSE_BEFORE_REPETITION: Final = timedelta(seconds=2)


def marked(message: Message, now: datetime, *, alone: bool) -> Message:
    """Return a message as it is while the gateway is asked.

    It is `alone` where nothing else went to its number in the minute before.
    """
    submission = submission_of(message)
    return replace(
        message,
        submission=replace(
            submission,
            content=_in_time(submission, now),
            attempted_at=now,
            not_before=None,
            alone=alone,
        ),
    )


def begun_now(message: Message, now: datetime) -> Message:
    """Return a message that was held up since it was marked, as asked for only now."""
    submission, at = submission_of(message), message.attempted_at
    if at is None or now - at < PAUSE_BEFORE_REPETITION:
        return message
    return replace(message, submission=replace(submission, attempted_at=now))


def not_begun(message: Message) -> Message:
    """Return a message that was marked, and then not asked for."""
    submission = replace(submission_of(message), attempted_at=None)
    return replace(message, submission=submission)


def after_answer(message: Message, verdict: Verdict, now: datetime) -> Message:
    """Return what an answer makes of a message."""
    if (result := verdict.result) is not None:
        return planned(
            replace(
                message,
                status=MessageStatus.SENT,
                sent_at=message.attempted_at or now,
                message_id=result.message_id,
                cost=_sum(message.cost, result.cost),
                country=result.country,
                reason=None,
                submission=None,
            )
        )
    if verdict.words is not None:
        message = replace(message, gateway_status=verdict.words)
    unknown = verdict.may_have_arrived
    # Once a message may have arrived, no later refusal tells that it did not.
    if unknown or message.reason is ErrorReason.OUTCOME_UNKNOWN:
        reason = ErrorReason.OUTCOME_UNKNOWN
    else:
        reason = verdict.reason
    if verdict.retry is Retry.BY_REPEATING:
        return replace(message, reason=reason)
    submission = submission_of(message)
    if (
        _may_wait(message, verdict.retry)
        and submission.until > now
        and (submission.resend_unknown or reason is not ErrorReason.OUTCOME_UNKNOWN)
    ):
        return _waiting(message, verdict.retry, reason, now)
    return given_up(message, reason, now)


def after_a_while(message: Message, now: datetime) -> Message:
    """Return a message as it is now that some time went by."""
    submission = submission_of(message)
    later = submission.not_before
    soon = now + AFTER_A_MINUTE
    if later is not None and later > soon and not message.stands_aside:
        # A clock that was set back must not prolong any waiting.
        submission = replace(submission, not_before=soon)
        message = replace(message, submission=submission)
    attempted_at = submission.attempted_at
    if attempted_at is None:
        if submission.until > now:
            return message
        reason = message.reason or ErrorReason.CANNOT_CONNECT
        return given_up(message, reason, now)
    # Where the clock was set back, nobody can tell how long ago it was.
    if attempted_at <= now < attempted_at + REPEATABLE_FOR:
        return message
    if submission.resend_unknown and submission.until > now:
        unknown = ErrorReason.OUTCOME_UNKNOWN
        return _waiting(message, Retry.AFTER_A_MINUTE, unknown, now)
    return given_up(message, ErrorReason.OUTCOME_UNKNOWN, now)


def alike(messages: Iterable[Message]) -> list[list[Message]]:
    """Return messages in groups that one request is made for, or was made for."""
    groups: dict[object, list[Message]] = {}
    for message in messages:
        submission = submission_of(message)
        kind = (submission.content, submission.attempted_at)
        groups.setdefault(kind, []).append(message)
    return list(groups.values())


def text_of(content: Content) -> str:
    """Return the text that a repetition is known by: that of an SMS is another one."""
    return (
        f"SMS: {content.message}"
        if isinstance(content, SmsContent)
        else content.message
    )


def _sum(cost: Decimal | None, more: Decimal | None) -> Decimal | None:
    """Return what both ways cost together."""
    return cost if more is None else (cost or Decimal(0)) + more


def submission_of(message: Message) -> Submission:
    """Return what a message that is queued is asked for with."""
    assert message.submission is not None  # noqa: S101 - others ended at the start
    return message.submission


def _may_wait(message: Message, retry: Retry | None) -> bool:
    """Return whether a message may be tried again at all.

    Only what an alarm sends waits for money: all else is told at once. An SMS does not,
    since Viber costs less.
    """
    if retry is Retry.WHEN_AFFORDED:
        return is_urgent(message) and message.channel is Channel.VIBER
    return retry is not None


def _waiting(
    message: Message, retry: Retry | None, reason: ErrorReason, now: datetime
) -> Message:
    """Return a message that waits, since it may be tried again."""
    at_once = retry is Retry.WHEN_REACHABLE or reason is ErrorReason.LOW_BALANCE
    later = None if at_once else now + AFTER_A_MINUTE
    submission = replace(submission_of(message), attempted_at=None, not_before=later)
    return replace(message, reason=reason, submission=submission)


def over_at(message: Message) -> datetime:
    """Return when a message is given up, or can be repeated no more."""
    submission = submission_of(message)
    if submission.attempted_at is None:
        return submission.until
    return submission.attempted_at + REPEATABLE_FOR


def _in_time(submission: Submission, now: datetime) -> Content:
    """Return a message's content, so that it does not arrive after its button."""
    content = submission.content
    if (
        isinstance(content, SmsContent)
        or submission.button_until is None
        or content.ttl is None
    ):
        return content
    left = int((submission.button_until - now).total_seconds())
    return replace(content, ttl=max(MIN_TTL, min(content.ttl, left)))
