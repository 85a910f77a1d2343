"""How an alarm ends, and who hears of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from ..storage.message import Channel
from .alarm import CLEARED_FOR, Alarm, AlarmEvent, AlarmStatus, Source, Told
from .questions import Question, Standing
from .step import Step


def answered(
    alarm: Alarm, by: str | None, number: str | None, source: Source, now: datetime
) -> Step:
    """Let somebody take over, where nobody has; who came first stands."""
    if not alarm.answerable:
        return Step(alarm=alarm)
    after = _ended(alarm, AlarmStatus.ACKNOWLEDGED, now)
    after = replace(after, by=by, by_number=number, source=source)
    told = Told(
        type=AlarmEvent.ACKNOWLEDGED, at=now, number=number, by=by, source=source
    )
    news = _others(alarm, number) if alarm.rules.tell_others else []
    return Step(alarm=after, told=[told], news=news, ended=True)


def cleared(alarm: Alarm, message: str | None, now: datetime) -> Step:
    """End an alarm because its cause is gone; the message follows a little later."""
    unanswered_still = alarm.status is AlarmStatus.UNANSWERED and now < alarm.over_at
    if alarm.status is AlarmStatus.CLEARED or (
        alarm.is_over(now) and not unanswered_still
    ):
        return Step(alarm=alarm)
    after = replace(
        alarm,
        status=AlarmStatus.CLEARED,
        before_clear=alarm.status,
        ended_before=alarm.ended_at,
        ended_at=now,
        # The notification goes; where it is raised again, it is told anew.
        blocked=None,
        clear_message=message,
        news_at=now + CLEARED_FOR,
        raised_in_quiet=False,
    )
    told = Told(type=AlarmEvent.CLEARED, at=now)
    return Step(alarm=after, told=[told], ended=True)


def unanswered(alarm: Alarm, now: datetime) -> Step:
    """End an alarm that nobody answered."""
    return Step(
        alarm=_ended(alarm, AlarmStatus.UNANSWERED, now),
        told=[Told(type=AlarmEvent.UNANSWERED, at=now)],
        ended=True,
    )


def tell_cleared(alarm: Alarm, now: datetime) -> Step:
    """Tell whoever was asked that the cause is gone, once it stayed so for a while."""
    if alarm.news_at is None or now < alarm.news_at:
        return Step(alarm=alarm)
    after = replace(alarm, news_at=None, before_clear=None, ended_before=None)
    news = list(alarm.reached.items()) if alarm.clear_message else []
    return Step(alarm=after, news=news)


def is_late(alarm: Alarm, before: Question, after: Question, now: datetime) -> bool:
    """Return whether a question was on its way when somebody else took over."""
    return (
        alarm.status is AlarmStatus.ACKNOWLEDGED
        and alarm.ended_at is not None
        and now - alarm.ended_at <= alarm.rules.wait
        and alarm.rules.tell_others
        and after.number != alarm.by_number
        and after.standing.taken
        and not before.standing.taken
    )


def _others(alarm: Alarm, number: str | None) -> list[tuple[str, Channel]]:
    """Return who hears that somebody took over, and by which way.

    Whoever was asked since they heard last, and did not answer.
    """
    heard = dict(alarm.news)
    return [
        (each.number, way)
        for other, way in alarm.reached.items()
        if (each := alarm.last_asked(other)) is not None
        and other != number
        and each.standing is not Standing.DECLINED
        and each.asked_at >= heard.get(other, each.asked_at)
    ]


def _ended(alarm: Alarm, status: AlarmStatus, now: datetime) -> Alarm:
    """Return an alarm that ended, and is quiet for a while."""
    quiet_for = alarm.quiet_for or alarm.rules.quiet_for
    reached = any(each.standing.taken for each in alarm.questions) or any(
        each.standing is Standing.DECLINED for each in alarm.questions
    )
    return replace(
        alarm,
        status=status,
        ended_at=now,
        quiet_for=quiet_for,
        quiet_until=now + (quiet_for if reached else timedelta(0)),
        raised_in_quiet=False,
        blocked=None,
        blocked_since=None,
        catch_up=False,
        probe_at=None,
        resumed_at=None,
    )
