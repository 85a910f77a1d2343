"""The alarms of an account: raised, asked, answered, and told."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
import re
import sqlite3
from typing import Final, Protocol

from ulid_transform import ulid_at_time

from ..delivery import DeliveryService, Plan, RetryPolicy
from ..gateway import ContentError, mask
from ..plain import get_logger
from ..storage import alarms as table
from ..storage.answer_links import AnswerLink
from ..storage.database import Work
from ..storage.message import Channel, Message, MessageStatus
from . import escalation
from .alarm import (
    MAX_OPEN,
    Alarm,
    AlarmEvent,
    AlarmStatus,
    Content,
    Person,
    Question,
    Rules,
    Source,
    Standing,
    Told,
    standing_of,
    standing_since,
)
from .escalation import Ask, Step
from .letters import Host as LettersHost, Letter, news, question, taken_over
from .record import read, written

_LOGGER = get_logger(__name__)

# Nobody gets more messages of alarms an hour; news are left out before questions are.
MAX_AN_HOUR: Final = 12
MAX_NEWS_AN_HOUR: Final = 8
_HOUR: Final = timedelta(hours=1)
# So long the end of an alarm can still be seen, and answered.
REMEMBERED: Final = timedelta(hours=24)
# As long as news may wait for the gateway.
NEWS_FOR: Final = timedelta(hours=1)
TOO_MANY: Final = "too_many_messages"
NOT_A_RECIPIENT: Final = "not_a_recipient"


class Host(LettersHost, Protocol):
    """The house as its alarms know it."""

    @property
    def heard(self) -> bool:
        """Return whether automations hear what is told now."""

    @property
    def keep_text(self) -> bool:
        """Return whether texts are kept."""

    def tell(self, alarm: Alarm, told: Told) -> None:
        """Tell what happened."""

    def changed(self) -> None:
        """Hear that something about the alarms is to be shown otherwise."""


class TooManyAlarmsError(Exception):
    """No more alarms may be open at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What somebody raises; without `tag`, the text tells causes apart."""

    content: Content
    people: Sequence[Person]
    rules: Rules
    tag: str | None = None

    @property
    def key(self) -> str:
        """Return by what two raises are of one alarm."""
        if self.tag is not None:
            return self.tag
        text = f"{self.content.title or ''}\n{self.content.message}"
        return sha256(re.sub(r"\d+", "", text).encode()).hexdigest()


class Alarms:
    """The alarms of an account, open ones and those of the last day.

    Each is a row of the account's file. A step is written together with the messages
    that it sends, before the gateway is asked for them.
    """

    def __init__(
        self,
        delivery: DeliveryService,
        host: Host,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Ask by an account's messages; nothing is read yet."""
        self.on_plan: Callable[[], None] = lambda: None
        self._delivery = delivery
        self._host = host
        self._now = now
        self._alarms: dict[str, Alarm] = {}
        self._asks: dict[int, str] = {}
        self._of_this_run: set[str] = set()
        self._news = asyncio.Event()

    def __iter__(self) -> Iterator[Alarm]:
        """Return all that are known, oldest first."""
        return iter(list(self._alarms.values()))

    @property
    def any_open(self) -> bool:
        """Return whether somebody is being asked."""
        return any(alarm.is_open for alarm in self)

    @property
    def kept(self) -> set[int]:
        """Return the messages of alarms that are open, which must not be deleted."""
        return {seq for seq, of in self._asks.items() if self._alarms[of].is_open}

    async def load(self) -> None:
        """Take up the alarms of before."""
        for alarm_id, state in await self._delivery.database.read(table.load):
            if (alarm := read(state)) is None:
                _LOGGER.error("Alarm %s cannot be read, and is forgotten", alarm_id)
                continue
            self._keep(escalation.not_ahead(alarm, self._now()))
            for each in alarm.questions:
                if each.seq and not each.standing.void:
                    await self._recall(each)

    async def _recall(self, asked: Question) -> None:
        """Take in what became of a question meanwhile."""
        message: Message | None = None
        with suppress(sqlite3.Error):
            message = await self._delivery.ledger.with_seq(asked.seq)
        if message is not None:
            self.hear(message)

    def get(self, alarm_id: str) -> Alarm | None:
        """Return an alarm, None where it is unknown or ended a day ago."""
        alarm = self._alarms.get(alarm_id)
        return None if alarm is None or self._is_gone(alarm) else alarm

    def find(self, tag: str) -> Alarm | None:
        """Return the newest alarm of a tag, or whatever else is its key."""
        found = [alarm for alarm in self if alarm.key == tag]
        return self.get(found[-1].id) if found else None

    def going_on(self, key: str) -> Alarm | None:
        """Return the alarm that a raise counts for, None where it makes a new one."""
        alarm = self.find(key)
        return None if alarm is None or alarm.is_over(self._now()) else alarm

    async def raise_(self, raised: Raised) -> Alarm:
        """Raise an alarm, or count that it was raised again; return it.

        It is on disk when this returns, and whoever is asked first is being asked.
        Where nobody is left to ask, it ends as one that nobody answers. Raises
        TooManyAlarmsError.
        """
        now = self._now()
        if (known := self.going_on(raised.key)) is not None:
            step = escalation.raised_again(known, raised.content, now)
        else:
            if sum(alarm.is_open for alarm in self) >= MAX_OPEN:
                raise TooManyAlarmsError
            step = self._new(raised, now)
        alarm_id = step.alarm.id
        self._take(step)
        self._advance(alarm_id)
        await self._write(alarm_id)
        return self._alarms[alarm_id]

    def _new(self, raised: Raised, now: datetime) -> Step:
        """Return a new alarm."""
        alarm = Alarm(
            id=ulid_at_time(now.timestamp()),
            key=raised.key,
            tag=raised.tag,
            people=tuple(raised.people),
            content=raised.content,
            rules=raised.rules,
            raised_at=now,
            raised_last_at=now,
            opened_at=now,
        )
        self._of_this_run.add(alarm.id)
        told = Told(type=AlarmEvent.RAISED, at=now)
        if not alarm.people:
            step = escalation.unanswered(alarm, now)
            return replace(step, told=[told, *step.told])
        return Step(alarm=alarm, told=[told])

    async def acknowledge(
        self, alarm_id: str, by: str | None, number: str | None, source: Source
    ) -> Alarm | None:
        """Let somebody take over; return the alarm, as it stands on disk then.

        Whoever came first stands.
        """
        if (alarm := self.get(alarm_id)) is None:
            return None
        step = escalation.answered(alarm, by, number, source, self._now())
        letters = self._news_of(step.alarm, step.news)
        self._take(replace(step, news=()))
        await self._write(alarm_id)
        self._send_news(alarm_id, letters)
        return self._alarms[alarm_id]

    async def decline(self, alarm_id: str, number: str, source: Source) -> Alarm | None:
        """Let somebody say that they cannot; return the alarm."""
        if (alarm := self.get(alarm_id)) is None:
            return None
        step = escalation.declined(alarm, number, source, self._now())
        self._take(step)
        # Whoever cannot come needs no second way.
        self._delivery.withdraw(
            each.seq for each in step.alarm.questions if each.number == number
        )
        self._advance(alarm_id)
        await self._write(alarm_id)
        return self._alarms[alarm_id]

    async def clear(self, alarm_id: str, message: str | None) -> Alarm | None:
        """End an alarm because its cause is gone; return it."""
        if (alarm := self.get(alarm_id)) is None:
            return None
        self._take(escalation.cleared(alarm, message, self._now()))
        await self._write(alarm_id)
        return self._alarms[alarm_id]

    async def wait_ended(self, alarm_id: str, at_most: timedelta) -> Alarm | None:
        """Wait until nobody is asked any more, for some time; return the alarm."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most.total_seconds()):
                while (found := self._alarms.get(alarm_id)) and found.is_open:
                    self._news.clear()
                    await self._news.wait()
        return self._alarms.get(alarm_id)

    def stop(self) -> None:
        """End all waiting, because the account stops."""
        self._news.set()

    def hear(self, message: Message) -> None:
        """Hear of a change of a message, which may ask a question."""
        if (alarm_id := self._asks.get(message.seq)) is None:
            return
        alarm = self._alarms[alarm_id]
        asked = alarm.with_message(message.seq)
        if asked is None:
            return
        step = escalation.stands(
            alarm,
            asked,
            standing_of(message),
            self._now(),
            reason=None if message.reason is None else str(message.reason),
            since=standing_since(message),
            channel=message.channel,
        )
        if step.alarm != alarm:
            self._take(step)
        if not alarm.is_open and message.status is MessageStatus.QUEUED:
            # Not out of the middle of a change.
            loop = asyncio.get_running_loop()
            loop.call_soon(self._delivery.withdraw, [message.seq])

    def try_now(self) -> None:
        """Try again what is blocked, since that may be mended."""
        now = self._now()
        for alarm in self:
            if (after := escalation.probed_now(alarm, now)) != alarm:
                self._take(Step(alarm=after))

    def tell_untold(self) -> None:
        """Tell what had to wait until somebody hears it."""
        for alarm in self:
            if alarm.untold and self._host.heard:
                self._keep(replace(alarm, untold=()))
                for told in alarm.untold:
                    self._host.tell(alarm, told)
                self._submit(alarm.id)

    def move(self, by: timedelta) -> None:
        """Move what is of this run, because the clock was set.

        What was read from the file does not last longer by a clock that was set back.
        """
        after_seq = self._delivery.ledger.seq_at_start
        for alarm in self:
            whole = alarm.id in self._of_this_run or by < timedelta(0)
            after = escalation.moved(alarm, by, after_seq=after_seq, whole=whole)
            if after != alarm:
                self._take(Step(alarm=after))

    def next_due(self) -> datetime | None:
        """Return when something is to be done next, None for never."""
        now, everyone = self._now(), self._host.base_url is None
        moments = [
            due
            for alarm in self
            if (due := escalation.next_due(alarm, now, everyone=everyone)) is not None
        ]
        return min(moments, default=None)

    async def work(self) -> None:
        """Do what is due."""
        for alarm in self:
            self._advance(alarm.id)
        self._prune()

    def _advance(self, alarm_id: str) -> None:
        """Do what is due of one alarm."""
        everyone = self._host.base_url is None
        alarm = self._alarms[alarm_id]
        step = escalation.advance(alarm, self._now(), everyone=everyone)
        if step.alarm != alarm or step.asks:
            self._take(step)

    def _prune(self) -> None:
        """Forget what ended a day ago."""
        gone = [alarm.id for alarm in self if self._is_gone(alarm)]
        for alarm_id in gone:
            del self._alarms[alarm_id]
        if gone:
            self._asks = {
                seq: of for seq, of in self._asks.items() if of in self._alarms
            }
            self._delivery.database.submit(partial(table.delete, alarm_ids=gone))

    def _is_gone(self, alarm: Alarm) -> bool:
        """Return whether an alarm ended a day ago, so that it is nobody's any more."""
        now = self._now()
        return alarm.is_over(now) and (alarm.ended_at or now) + REMEMBERED <= now

    def _keep(self, alarm: Alarm) -> None:
        """Know an alarm as it is now."""
        self._alarms[alarm.id] = alarm
        self._asks |= {each.seq: alarm.id for each in alarm.questions if each.seq}

    def _take(self, step: Step) -> None:
        """Let an alarm become what a step makes of it, and do what goes with it."""
        alarm_id = step.alarm.id
        self._keep(step.alarm)
        if step.ended:
            self._delivery.withdraw(
                each.seq for each in step.alarm.questions if each.seq
            )
        letters = self._news_of(step.alarm, step.news)
        self._tell(alarm_id, step.told)
        if step.ended and not self._host.keep_text:
            self._keep(replace(self._alarms[alarm_id], content=Content(message="")))
        if step.asks:
            self._ask(alarm_id, step.asks)
        else:
            self._submit(alarm_id)
        self._send_news(alarm_id, letters)
        self._news.set()
        self._host.changed()
        self.on_plan()

    def _tell(self, alarm_id: str, all_told: Iterable[Told]) -> None:
        """Tell what happened, or keep it until somebody hears it."""
        for told in all_told:
            alarm = self._alarms[alarm_id]
            if self._host.heard:
                self._host.tell(alarm, told)
            else:
                self._keep(replace(alarm, untold=(*alarm.untold, told)))

    def _ask(self, alarm_id: str, asks: Sequence[Ask]) -> None:
        """Ask people, all in one go."""
        now = self._now()
        plans: list[Plan] = []
        # By the numbers as they are now: somebody's may have changed.
        by_number: dict[str, Ask] = {}
        links: list[AnswerLink] = []
        not_asked: list[Question] = []
        for ask in asks:
            alarm = self._alarms[alarm_id]
            letter = self._letter(alarm, ask, now)
            if isinstance(letter, Letter):
                plans.append(letter.plan)
                by_number |= {
                    recipient.number: ask
                    for recipients in letter.plan.values()
                    for recipient in recipients
                }
                links += [letter.link] if letter.link else []
            else:
                _LOGGER.warning(
                    "Alarm %s does not ask %s: %s", alarm_id, mask(ask.number), letter
                )
                not_asked.append(
                    _question(alarm, ask, now, standing=Standing.FAILED, reason=letter)
                )

        def also(messages: Sequence[Message]) -> Work:
            """Keep the questions that messages ask, with the messages themselves."""
            alarm = self._alarms[alarm_id]
            asked = [
                _question(alarm, by_number[each.number], now, message=each)
                for each in messages
            ]
            step = escalation.with_questions(alarm, [*asked, *not_asked], now)
            self._keep(step.alarm)
            self._tell(alarm_id, step.told)
            for each in messages:
                self.hear(each)
            return partial(
                table.write, alarm_id=alarm_id, state=written(self._alarms[alarm_id])
            )

        if not plans:
            self._delivery.database.submit(also([]))
            return
        joined = {
            composed: recipients
            for each in plans
            for composed, recipients in each.items()
        }
        policy = RetryPolicy(
            retry_for=max(self._alarms[alarm_id].over_at - now, timedelta(minutes=1)),
            resend_unknown=True,
            urgent=True,
        )
        self._delivery.begin(joined, policy, links, also)

    def _letter(self, alarm: Alarm, ask: Ask, now: datetime) -> Letter | str:
        """Return a question to somebody, or why it cannot be asked."""
        recipient = self._host.recipient(alarm.person(ask.number))
        if recipient is None:
            return NOT_A_RECIPIENT
        if self._sent_lately(ask.number, now) >= MAX_AN_HOUR:
            return TOO_MANY
        try:
            return question(alarm, ask, recipient, self._host)
        except ContentError as err:
            return err.rule.value

    def _sent_lately(self, number: str, now: datetime) -> int:
        """Return how many messages of alarms went to a number within an hour."""
        since = now - _HOUR
        return sum(
            (each.number == number and each.seq > 0)
            and not each.standing.void
            and each.asked_at > since
            for alarm in self
            for each in alarm.questions
        ) + sum(
            whose == number and at > since for alarm in self for whose, at in alarm.news
        )

    def _news_of(
        self, alarm: Alarm, whom: Iterable[tuple[str, Channel]]
    ) -> list[tuple[str, Letter]]:
        """Return how an alarm ended, to each who is to hear of it."""
        now = self._now()
        text = (
            alarm.clear_message
            if alarm.status is AlarmStatus.CLEARED
            else taken_over(alarm, self._host)
        )
        letters: list[tuple[str, Letter]] = []
        for number, way in whom:
            recipient = self._host.recipient(alarm.person(number))
            if recipient is None or self._sent_lately(number, now) >= MAX_NEWS_AN_HOUR:
                continue
            try:
                letters.append((number, news(text or "", recipient, way, self._host)))
            except ContentError as err:
                _LOGGER.warning("News could not be sent: %s", err.rule.value)
        return letters

    def _send_news(self, alarm_id: str, letters: Sequence[tuple[str, Letter]]) -> None:
        """Tell people how an alarm ended."""
        now = self._now()
        policy = RetryPolicy(retry_for=NEWS_FOR, urgent=True)
        for number, letter in letters:

            def also(_: Sequence[Message], number: str = number) -> Work:
                """Keep that somebody was told."""
                alarm = self._alarms[alarm_id]
                self._keep(replace(alarm, news=(*alarm.news, (number, now))))
                state = written(self._alarms[alarm_id])
                return partial(table.write, alarm_id=alarm_id, state=state)

            self._delivery.begin(letter.plan, policy, (), also)

    def _submit(self, alarm_id: str) -> None:
        """Keep an alarm as it is now, which nobody waits for."""
        state = written(self._alarms[alarm_id])
        self._delivery.database.submit(
            partial(table.write, alarm_id=alarm_id, state=state)
        )

    async def _write(self, alarm_id: str) -> None:
        """Have an alarm on disk as it is now, where that is possible."""
        state = written(self._alarms[alarm_id])
        await self._delivery.ledger.write(
            partial(table.write, alarm_id=alarm_id, state=state)
        )


def _question(
    alarm: Alarm,
    ask: Ask,
    now: datetime,
    *,
    message: Message | None = None,
    standing: Standing = Standing.ASKING,
    reason: str | None = None,
) -> Question:
    """Return a question that is being asked, or could not be."""
    return Question(
        number=ask.number,
        cycle=alarm.cycle,
        round=alarm.round,
        batch=0,
        channel=message.channel if message else ask.channel,
        asked_at=now,
        since=now,
        seq=message.seq if message else 0,
        id=message.id if message else "",
        link=message.link if message else None,
        standing=standing,
        reason=reason,
    )
