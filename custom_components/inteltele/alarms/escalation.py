"""Whom an alarm asks, and when: what it becomes of, without any I/O.

Every function returns the alarm as it is afterwards. What happens besides is in `Step`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ..public import HostedPicture
from ..storage.message import Channel
from . import endings
from .alarm import Alarm, AlarmEvent, AlarmStatus, Source, Told
from .blocking import blocked, blocked_at, probe_at, tell_blocked
from .questions import Question, Standing
from .raised import LONGEST_QUIET, Content, Raised
from .step import Step
from .turns import (
    APART,
    Turn,
    ask_of,
    is_under_way,
    last_contact,
    left_in,
    next_turn,
)


def raised_first(
    raised: Raised, alarm_id: str, now: datetime, *, wait: timedelta = timedelta(0)
) -> Alarm:
    """Return a new alarm, which asks nobody for as long as it is to `wait`."""
    return Alarm(
        id=alarm_id,
        key=raised.key,
        tag=raised.tag,
        people=tuple(raised.people),
        content=raised.content,
        rules=raised.rules,
        raised_at=now,
        raised_last_at=now,
        opened_at=now + wait,
    )


def raised_again(
    alarm: Alarm, content: Content, now: datetime, *, picture_coming: bool = False
) -> Step:
    """Count a raise of an alarm that is not over; the newest text stands from now on.

    With `picture_coming`, that of before stands until the new one is there.
    One that was just cleared goes on where it stood.
    """
    if picture_coming:
        shown = alarm.content
        content = content.with_picture(shown.picture, shown.image)
    else:
        alarm = replace(alarm, opened_at=min(alarm.opened_at, now))
    alarm = replace(alarm, raised=alarm.raised + 1, raised_last_at=now, content=content)
    told: list[Told] = []
    if alarm.status is AlarmStatus.CLEARED and alarm.before_clear is not None:
        alarm = replace(
            alarm,
            status=alarm.before_clear,
            before_clear=None,
            clear_message=None,
            news_at=None,
            opened_at=now,
            ended_at=alarm.ended_before,
            ended_before=None,
        )
        told.append(Told(type=AlarmEvent.RAISED, at=now))
    if not alarm.is_open:
        alarm = replace(alarm, raised_in_quiet=True)
    return Step(alarm=alarm, told=told)


def pictured(alarm: Alarm, picture: HostedPicture | None, now: datetime) -> Step:
    """Let a picture join an alarm, None where it never comes.

    The first question waits no longer. An alarm that ended needs none any more.
    """
    if picture is not None and (alarm.is_open or alarm.raised_in_quiet):
        content = alarm.content.with_picture(picture.file_name, picture.small_path)
        alarm = replace(alarm, content=content)
    return Step(alarm=replace(alarm, opened_at=min(alarm.opened_at, now)))


def declined(alarm: Alarm, number: str, source: Source, now: datetime) -> Step:
    """Let somebody say that they cannot: the next one is asked."""
    mine = alarm.last_asked(number)
    if not alarm.is_open or mine is None or mine.standing is Standing.DECLINED:
        return Step(alarm=alarm)
    question = replace(mine, standing=Standing.DECLINED, since=now)
    told = Told(
        type=AlarmEvent.DECLINED,
        at=now,
        number=number,
        round=question.round,
        by=alarm.person(number).name,
        source=source,
    )
    return Step(alarm=alarm.replaced([question]), told=[told])


def stands(
    alarm: Alarm,
    question: Question,
    standing: Standing,
    now: datetime,
    *,
    reason: str | None = None,
    since: datetime | None = None,
    channel: Channel | None = None,
) -> Step:
    """Take in where a question stands now, since when, and why.

    By which way it went may have changed, too.
    """
    same_kind = question.standing.taken and standing.taken
    after = replace(
        question,
        standing=standing,
        reason=reason,
        channel=channel or question.channel,
        since=(
            question.since
            if same_kind or question.standing is standing
            # By a clock that was set back since, nothing was taken later than now.
            else min(since or now, now)
        ),
    )
    if question.standing is Standing.DECLINED or after == question:
        return Step(alarm=alarm)
    alarm = alarm.replaced([after])
    if endings.is_late(alarm, question, after, now):
        return Step(alarm=alarm, news=[(after.number, after.channel)])
    newest = max(each.batch for each in alarm.questions)
    if (question.cycle, question.batch) != (alarm.cycle, newest) or not alarm.is_open:
        return Step(alarm=alarm)
    if standing is Standing.WAITING:
        return Step(alarm=blocked(alarm, question.asked_at))
    if standing is Standing.BLOCKED:
        alarm = blocked(alarm, question.asked_at)
        return Step(alarm=replace(alarm, probe_at=probe_at(after, now)))
    if standing.taken and not same_kind:
        lost = now - (alarm.blocked_since or question.asked_at)
        alarm = replace(
            alarm,
            blocked=None,
            blocked_since=None,
            probe_at=None,
            catch_up=alarm.catch_up or lost > alarm.rules.wait,
        )
    return Step(alarm=alarm)


def advance(alarm: Alarm, now: datetime, *, everyone: bool = False) -> Step:
    """Do what is due; with `everyone`, whoever is left is asked at once.

    Whoever asks adds the questions to the alarm, by `with_questions`.
    """
    if alarm.status is AlarmStatus.CLEARED:
        return endings.tell_cleared(alarm, now)
    if not alarm.is_open:
        return _reopened(alarm, now, everyone=everyone)
    if now >= alarm.over_at:
        return endings.unanswered(alarm, now)
    alarm, told = tell_blocked(alarm, now)
    turn = next_turn(alarm, everyone=everyone)
    if turn is None or turn.due > now:
        return Step(alarm=alarm, told=told)
    step = _take_turn(alarm, turn, now)
    return replace(step, told=[*told, *step.told])


def advanced(step: Step, now: datetime, *, everyone: bool = False) -> Step:
    """Return a step together with what is due after it."""
    after = advance(step.alarm, now, everyone=everyone)
    return replace(
        after,
        told=[*step.told, *after.told],
        news=[*step.news, *after.news],
        ended=step.ended or after.ended,
    )


def _take_turn(alarm: Alarm, turn: Turn, now: datetime) -> Step:
    """Ask whose turn it is, or end where nobody is left."""
    late = now - turn.due > alarm.rules.wait
    if not turn.numbers:
        if late and alarm.resumed_at is None:
            # Nobody could answer meanwhile, so they get their time again.
            return Step(alarm=replace(alarm, resumed_at=now))
        return endings.unanswered(alarm, now)
    if turn.round != alarm.round or alarm.round_began_at is None:
        alarm = replace(alarm, round=turn.round, round_began_at=now)
    numbers = turn.numbers
    if late and not alarm.blocked_since:
        numbers = [
            number
            for number in left_in(alarm)
            if not is_under_way(alarm, number)
            and last_contact(alarm, number) + APART <= now
        ]
    alarm = replace(alarm, catch_up=False, resumed_at=None)
    return Step(alarm=alarm, asks=[ask_of(alarm, each) for each in numbers])


def with_questions(alarm: Alarm, questions: Iterable[Question], now: datetime) -> Step:
    """Add what was just asked, which is told."""
    batch = max((each.batch for each in alarm.questions), default=0) + 1
    added = [replace(each, batch=batch) for each in questions]
    # What is only tried again is told once.
    before = {(each.number, each.cycle, each.round) for each in alarm.questions}
    told = [
        Told(type=AlarmEvent.ASKED, at=now, number=each.number, round=each.round)
        for each in added
        if each.seq and (each.number, each.cycle, each.round) not in before
    ]
    # What never left is of no use once it is tried again, which may go on for a day.
    again = {each.number for each in added}
    kept = [
        each
        for each in alarm.questions
        if not (each.standing.void and each.number in again)
    ]
    return Step(alarm=replace(alarm, questions=(*kept, *added)), told=told)


def next_due(alarm: Alarm, now: datetime, *, everyone: bool = False) -> datetime | None:
    """Return when `advance` has something to do next, None for never."""
    if alarm.status is AlarmStatus.CLEARED:
        return alarm.news_at
    if not alarm.is_open:
        return alarm.quiet_until if alarm.reopens else None
    moments = [alarm.over_at]
    if alarm.blocked is None and (at := blocked_at(alarm)) is not None:
        moments.append(at)
    if (turn := next_turn(alarm, everyone=everyone)) is not None:
        moments.append(turn.due)
    return min(moments)


def coming(
    alarm: Alarm, *, everyone: bool = False
) -> tuple[datetime, Sequence[str]] | None:
    """Return when somebody is asked next, and whom; None while that is not known."""
    if not alarm.is_open or alarm.blocked_since is not None:
        return None
    turn = next_turn(alarm, everyone=everyone)
    return None if turn is None or not turn.numbers else (turn.due, turn.numbers)


def _reopened(alarm: Alarm, now: datetime, *, everyone: bool) -> Step:
    """Ask again where the cause lasts when the quiet time is over.

    First whoever took over. Each time it is quiet for twice as long.
    """
    if not alarm.reopens or now < (alarm.quiet_until or now):
        return Step(alarm=alarm)
    if now >= alarm.over_at:
        # The house was off when that time came.
        return Step(alarm=replace(alarm, raised_in_quiet=False))
    first = [each for each in alarm.people if each.number == alarm.by_number]
    others = [each for each in alarm.people if each.number != alarm.by_number]
    after = replace(
        alarm,
        status=AlarmStatus.OPEN,
        people=(*first, *others),
        cycle=alarm.cycle + 1,
        round=1,
        round_began_at=None,
        opened_at=now,
        ended_at=None,
        by=None,
        by_number=None,
        source=None,
        quiet_for=min(alarm.quiet_for * 2, LONGEST_QUIET),
        quiet_until=None,
        raised_in_quiet=False,
    )
    step = advance(after, now, everyone=everyone)
    return replace(step, told=[Told(type=AlarmEvent.RAISED, at=now), *step.told])
