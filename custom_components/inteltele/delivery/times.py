"""The times of a message, where the clock was set."""

from dataclasses import replace
from datetime import datetime, timedelta

from ..storage.message import Message


def not_ahead(message: Message, now: datetime) -> Message:
    """Return a message that was accepted by a clock that was ahead, as accepted now.

    When the gateway was asked for it stays as it is: nobody knows how long ago that
    was.
    """
    by = now - message.sent_at
    submission, way = message.submission, message.second_way
    return replace(
        message,
        sent_at=now,
        submission=submission
        and replace(submission.moved(by), attempted_at=submission.attempted_at),
        second_way=way and way.moved(by),
    )


def moved(message: Message, by: timedelta, *, of_this_run: bool) -> Message:
    """Return a message with its times moved, because the clock was set.

    What was read from the file does not get longer by a clock that was set back.
    """
    after = message
    if of_this_run:
        after = replace(after, sent_at=message.sent_at + by)
    if message.submission and (of_this_run or by < timedelta(0)):
        after = replace(after, submission=message.submission.moved(by))
    if message.second_way and (of_this_run or by < timedelta(0)):
        after = replace(after, second_way=message.second_way.moved(by))
    return after
