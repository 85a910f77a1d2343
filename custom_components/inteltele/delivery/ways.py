"""What becomes of a message on its two ways: Viber, and an SMS of its own."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..gateway import ErrorReason, SmsInstead
from ..storage.message import (
    Channel,
    FailureCause,
    HouseReason,
    Message,
    MessageStatus,
    ReceiptSource,
    SecondWay,
    Submission,
    Use,
)

# Viber's time to live ends so many seconds before the SMS.
AFTER_TTL: Final = 10
# An SMS is tried for so long at least, since the gateway's minute may count both ways
# together; also where a message is to fail at once.
TRIED_FOR_AT_LEAST: Final = timedelta(minutes=2)


def planned(message: Message) -> Message:
    """Return a message that the gateway just took, with the time of its second way."""
    if (way := message.second_way) is None:
        return message
    due_at = message.sent_at + timedelta(seconds=leaves_after(way.after, message.ttl))
    return replace(message, second_way=replace(way, due_at=due_at))


def leaves_after(sms_after: int, ttl: int | None) -> int:
    """Return how many seconds after Viber the SMS leaves that is planned for a time.

    `ttl` is Viber's time to live: before it is over, the gateway cannot tell that Viber
    did not deliver.
    """
    return max(sms_after, (ttl or 0) + AFTER_TTL)


def failed(message: Message, reason: FailureCause, now: datetime) -> Message:
    """Return a message that did not arrive, as far as this house can tell."""
    return replace(
        message,
        status=MessageStatus.FAILED,
        reason=reason,
        reported_at=now,
        source=ReceiptSource.HOUSE,
        submission=None,
        second_way=None,
        # Of an SMS that was only planned, nothing was used.
        sms_parts=None if message.second_way else message.sms_parts,
    )


def given_up(message: Message, reason: FailureCause, now: datetime) -> Message:
    """Return a message that this house gives up: as failed, or on its second way."""
    way, submission = message.second_way, message.submission
    if way is not None and submission is not None and isinstance(reason, ErrorReason):
        if reason.sms_instead is SmsInstead.AT_ONCE:
            return begun(message, way, now)
        if reason is ErrorReason.OUTCOME_UNKNOWN:
            # It may arrive yet, and is waited for as if it had been taken.
            since = submission.attempted_at or message.sent_at
            later = since + timedelta(seconds=way.after)
            return begun(message, way, now, reason=reason, not_before=later)
    return failed(message, reason, now)


def undelivered(message: Message, now: datetime) -> Message:
    """Return a message whose Viber part did not arrive, by its changed state."""
    if message.status is not MessageStatus.FAILED:
        return message
    return by_second_way(message, now)


def by_second_way(
    message: Message, now: datetime, reason: ErrorReason | None = None
) -> Message:
    """Return a message on its second way, unless there is none, or it is too late.

    `reason` is why the SMS cannot leave at once, None where it most likely can. A house
    that was off for long, or was restored from a backup, sends nothing old.
    """
    if (way := message.second_way) is None:
        return message
    if way.due_at is not None and way.due_at + _tried_for(way) <= now:
        return without_second_way(message)
    return begun(message, way, now, reason=reason)


def _tried_for(way: SecondWay) -> timedelta:
    """Return for how long an SMS is tried."""
    return max(TRIED_FOR_AT_LEAST, timedelta(seconds=way.retry_for))


def begun(
    message: Message,
    way: SecondWay,
    now: datetime,
    *,
    reason: ErrorReason | None = None,
    not_before: datetime | None = None,
) -> Message:
    """Return a message that is to go out as an SMS now, or from a time on."""
    begins = not_before or min(now, way.due_at or now)
    return replace(
        message,
        status=MessageStatus.QUEUED,
        channel=Channel.SMS,
        other_id=message.message_id or ("" if message.taken or reason else None),
        message_id=None,
        reason=reason,
        reported_at=None,
        source=None,
        second_way=None,
        submission=Submission(
            content=way.content,
            until=begins + _tried_for(way),
            not_before=not_before,
        ),
    )


def without_second_way(message: Message) -> Message:
    """Return a message that got through, without the SMS that was planned for it.

    `status` is as it is now; what was asked for by SMS has cost something.
    """
    waits = message.channel is Channel.VIBER and message.other_id is not None
    if message.second_way is None and not (waits and message.message_id is None):
        return message
    return replace(
        message,
        message_id=message.message_id or message.other_id or None,
        other_id=message.other_id if message.message_id else None,
        second_way=None,
        sms_parts=None,
    )


def used_by(message: Message) -> Use:
    """Return what a message has used up, without what it was to take yet."""
    if message.attempted_at is not None:
        return message.use
    if message.status is MessageStatus.QUEUED:
        return Use(viber=int(message.other_id is not None))
    return replace(message.use, parts=0) if message.second_way else message.use


def answered(message: Message) -> Message:
    """Return a message that somebody answered: it arrived, and needs no second way.

    What is just being asked for, the gateway's answer tells.
    """
    if message.status is MessageStatus.SENT:
        return without_second_way(message)
    on_second_way = message.other_id is not None
    if on_second_way and message.attempted_at is None:
        message = without_second_way(replace(message, channel=Channel.VIBER))
    elif on_second_way or message.attempted_at is None:
        return message
    return replace(
        message,
        status=MessageStatus.SENT,
        sent_at=message.attempted_at or message.sent_at,
        reason=None,
        submission=None,
        second_way=None,
    )


def withdrawn(message: Message, now: datetime) -> Message:
    """Return a message that is not to go out any more, by neither way.

    What the gateway took stays taken; what may have left is known no better.
    """
    if message.status is MessageStatus.SENT:
        return without_second_way(message)
    if message.status is not MessageStatus.QUEUED:
        return message
    if message.other_id and message.attempted_at is None:
        return answered(message)
    left = message.attempted_at is not None or message.other_id is not None
    if left or message.reason is ErrorReason.OUTCOME_UNKNOWN:
        return failed(message, ErrorReason.OUTCOME_UNKNOWN, now)
    return failed(message, HouseReason.WITHDRAWN, now)
