"""The times of an alarm, where the clock was set."""

from dataclasses import replace
from datetime import datetime, timedelta

from .alarm import Alarm


def not_ahead(alarm: Alarm, now: datetime) -> Alarm:
    """Return an alarm with no time ahead of now: the clock was wrong before."""
    latest = max(
        alarm.raised_last_at,
        alarm.ended_at or alarm.raised_at,
        *(max(each.asked_at, each.since) for each in alarm.questions),
    )
    if (ahead := latest - now) > timedelta(0):
        alarm = moved(alarm, -ahead, after_seq=0, whole=True)
    # A picture that the first question waited for does not come any more.
    return replace(alarm, opened_at=min(alarm.opened_at, now))


def moved(alarm: Alarm, by: timedelta, *, after_seq: int, whole: bool) -> Alarm:
    """Return an alarm with its times moved, because the clock was set.

    What was asked before this run keeps its times, unless the `whole` alarm is of it.
    """

    def at(moment: datetime | None) -> datetime | None:
        """Return a time as it is by the clock of now."""
        return moment and moment + by

    questions = tuple(
        replace(each, asked_at=each.asked_at + by, since=each.since + by)
        if whole or each.seq > after_seq
        else each
        for each in alarm.questions
    )
    alarm = replace(alarm, questions=questions)
    if not whole:
        return alarm
    return replace(
        alarm,
        opened_at=alarm.opened_at + by,
        raised_at=alarm.raised_at + by,
        raised_last_at=alarm.raised_last_at + by,
        round_began_at=at(alarm.round_began_at),
        blocked_since=at(alarm.blocked_since),
        probe_at=at(alarm.probe_at),
        resumed_at=at(alarm.resumed_at),
        ended_at=at(alarm.ended_at),
        ended_before=at(alarm.ended_before),
        quiet_until=at(alarm.quiet_until),
        news_at=at(alarm.news_at),
        news=tuple((number, moment + by) for number, moment in alarm.news),
    )
