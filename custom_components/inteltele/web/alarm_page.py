"""The page by which people answer an alarm."""

from datetime import datetime
from http import HTTPStatus

from aiohttp import web
from homeassistant.components.http import KEY_HASS

from ..account.account import Account
from ..account.alarm_host import who
from ..alarms.alarm import Alarm, AlarmStatus, Source
from ..alarms.letters import ACKNOWLEDGE, DECLINE
from ..alarms.questions import Standing
from ..public import Button, Question
from ..storage.answer_links import AnswerLink
from .page_responses import async_picture_file, async_words, page, with_picture
from .page_texts import LINK_GONE, PageWords


async def async_alarm_page(
    request: web.Request,
    account: Account,
    link: AnswerLink,
    key: str | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    """Show an alarm to somebody who was asked; `key` is what kind of page, if known."""
    words = await async_words(request)
    alarm = account.alarms.get(link.alarm or "")
    if alarm is None:
        return page(words, LINK_GONE, status=HTTPStatus.GONE)
    declined = _declined(alarm, link)
    if key is None or not alarm.answerable:
        key, status = _kind(alarm, link, declined=declined), HTTPStatus.OK
    return page(
        words,
        key,
        _told(alarm, words),
        buttons=_buttons(alarm, words, declined=declined),
        question=await _async_question(request, account, alarm, words),
        status=status,
    )


async def async_answer_alarm(
    request: web.Request, account: Account, link: AnswerLink, value: str
) -> web.Response:
    """Take what somebody answers to an alarm, and show what it is then.

    It is on disk before that. An answer that comes too late is shown who was faster.
    """
    alarm = account.alarms.get(link.alarm or "")
    if alarm is None or not alarm.answerable:
        return await async_alarm_page(request, account, link)
    number = _number(alarm, link)
    if value == ACKNOWLEDGE:
        by = who(alarm, number)
        await account.alarms.acknowledge(alarm.id, by, number, Source.LINK)
    elif value == DECLINE:
        await account.alarms.decline(alarm.id, number, Source.LINK)
    else:
        bad = HTTPStatus.BAD_REQUEST
        return await async_alarm_page(request, account, link, "answer_unclear", bad)
    return await async_alarm_page(request, account, link)


def picture_of_alarm(account: Account, link: AnswerLink) -> str | None:
    """Return the picture that a page shows, which it does while the alarm is open."""
    alarm = account.alarms.get(link.alarm or "")
    return alarm.content.picture if alarm is not None and alarm.is_open else None


def _number(alarm: Alarm, link: AnswerLink) -> str:
    """Return by which number an alarm knows the one who was sent a link.

    It may have changed since.
    """
    asked = alarm.with_message(link.message) if link.message else None
    return link.number if asked is None else asked.number


def _declined(alarm: Alarm, link: AnswerLink) -> bool:
    """Return whether somebody said that they cannot, and was not asked again."""
    mine = alarm.last_asked(_number(alarm, link))
    return mine is not None and mine.standing is Standing.DECLINED


def _kind(alarm: Alarm, link: AnswerLink, *, declined: bool) -> str:
    """Return what kind of page tells how an alarm stands."""
    if alarm.is_open:
        return "alarm_declined" if declined else "alarm_open"
    if alarm.status is AlarmStatus.ACKNOWLEDGED:
        mine = alarm.by_number == _number(alarm, link)
        return "alarm_yours" if mine else "alarm_theirs"
    return f"alarm_{alarm.status}"


def _told(alarm: Alarm, words: PageWords) -> dict[str, str | datetime]:
    """Return what a page says of how an alarm ended."""
    return {
        "by": alarm.by or words.text("alarm_somebody", {}),
        "moment": alarm.ended_at or alarm.raised_at,
    }


def _buttons(alarm: Alarm, words: PageWords, *, declined: bool) -> list[Button]:
    """Return by what an alarm can be answered now."""
    if not alarm.answerable:
        return []
    text = alarm.rules.acknowledge_text or words.text("alarm_acknowledge", {})
    buttons = [Button(value=ACKNOWLEDGE, text=text)]
    if alarm.is_open and not declined:
        cannot = words.text("alarm_decline", {})
        buttons.append(Button(value=DECLINE, text=cannot, minor=True))
    return buttons


async def _async_question(
    request: web.Request, account: Account, alarm: Alarm, words: PageWords
) -> Question | None:
    """Return what an alarm says: all while it is open, its text after that.

    None where the text went with the end.
    """
    content = alarm.content
    asked = words.text("alarm_asked", {"moment": alarm.raised_at})
    if not alarm.is_open:
        kept = account.options.keep_text and content.message
        if not kept:
            return None
        return Question(asked=asked, title=content.title, text=content.message)
    hass, name = request.app[KEY_HASS], content.picture
    shown = await async_picture_file(hass, account, name, full=False) is not None
    return Question(
        asked=asked,
        title=content.title,
        text=content.message,
        who=words.text("alarm_who", {"names": ", ".join(_names(alarm))}),
        **(with_picture(request, words) if shown else {}),
    )


def _names(alarm: Alarm) -> list[str]:
    """Return who was asked, as far as it is known to have worked, each once."""
    return list(
        dict.fromkeys(
            who(alarm, each.number)
            for each in alarm.questions
            if each.seq
            and not each.standing.void
            and each.standing is not Standing.FAILED
        )
    )
