"""An account's alarms, as a card shows them."""

from collections.abc import Sequence
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..account.account import Account
from ..alarms.alarm import MAX_OPEN, Alarm
from ..alarms.book import REMEMBERED
from ..sending.alarm_actions import status_of
from ..sending.alarm_rights import may_answer
from ..settings.recipients import recipients_by_number
from .permissions import readable_numbers
from .responses import iso

# Of those that ended, the newest.
MAX_ENDED: Final = 10


@callback
def alarms_as_json(
    hass: HomeAssistant, account: Account, user: User, numbers: Sequence[str] | None
) -> list[dict[str, Any]]:
    """Return the alarms about which some of these numbers are asked, None for all.

    First the open ones, then those that ended within a day, each the newest first, and
    of each cause only the newest. Of whom they ask, those are named whose messages the
    user may read.
    """
    since = dt_util.utcnow() - REMEMBERED
    newest = {alarm.key: alarm for alarm in account.alarms}
    shown = [
        alarm
        for alarm in reversed(list(account.alarms))
        if newest[alarm.key] is alarm
        and (numbers is None or any(each.number in numbers for each in alarm.people))
    ]
    opened = [alarm for alarm in shown if alarm.is_open]
    ended = [alarm for alarm in shown if alarm.ended_at and alarm.ended_at > since]
    ended.sort(key=lambda alarm: alarm.ended_at or since, reverse=True)
    readable = readable_numbers(hass, account.entry, user)
    return [
        _alarm(hass, account, alarm, user, readable)
        for alarm in (*opened[:MAX_OPEN], *ended[:MAX_ENDED])
    ]


def _alarm(
    hass: HomeAssistant,
    account: Account,
    alarm: Alarm,
    user: User,
    readable: Sequence[str] | None,
) -> dict[str, Any]:
    """Return one alarm."""
    may_be_named = alarm.by_number is None or _may_read(readable, alarm.by_number)
    return {
        "id": alarm.id,
        "status": alarm.status,
        "title": alarm.content.title,
        # Where texts are not kept, that of an alarm goes with its end.
        "message": alarm.content.message or None,
        "raised": alarm.raised,
        "raised_at": alarm.raised_at.isoformat(),
        "blocked": alarm.blocked,
        "ended_at": iso(alarm.ended_at),
        "by": alarm.by if may_be_named else None,
        "button": alarm.rules.acknowledge_text,
        "may_answer": alarm.answerable and may_answer(hass, account, alarm, user),
        "people": _people(account, alarm, readable),
    }


def _people(
    account: Account, alarm: Alarm, readable: Sequence[str] | None
) -> list[dict[str, Any]]:
    """Return whom an alarm asks, in order: what became of it, and whose turn is next.

    `status` is None for somebody who was not asked since the alarm was opened last.
    """
    names = recipients_by_number(account.entry)
    due, next_numbers = account.alarms.coming(alarm) or (None, ())
    # The last question to each.
    asked = {
        each.number: each
        for each in alarm.questions
        if each.cycle == alarm.cycle and not each.standing.void
    }
    return [
        {
            "name": names.get(person.number, person).name,
            "number": person.number,
            "status": question and status_of(question),
            "reason": question and question.reason,
            "channel": question and question.channel,
            "asked_at": iso(question.asked_at if question else None),
            "next_at": iso(due if person.number in next_numbers else None),
        }
        for person in alarm.people
        if _may_read(readable, person.number)
        for question in (asked.get(person.number),)
    ]


def _may_read(readable: Sequence[str] | None, number: str) -> bool:
    """Return whether a number is among those whose messages may be read."""
    return readable is None or number in readable
