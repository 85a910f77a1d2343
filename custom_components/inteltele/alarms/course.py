"""The course of alarms: what each becomes is kept, told, asked, and written."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from ..delivery import Composed, DeliveryService, Plan, Recipient, RetryPolicy
from ..gateway import mask
from ..plain import get_logger
from ..storage.answer_links import AnswerLink
from ..storage.database import Work
from ..storage.message import Channel, Message, MessageStatus
from . import escalation
from .alarm import Alarm, Told
from .book import AlarmBook
from .letters import Host as LettersHost, Letter
from .post import Post
from .questions import Question, Standing, standing_of, standing_since
from .raised import Content
from .step import Step
from .turns import Ask

_LOGGER = get_logger(__name__)

# As long as news may wait for the gateway.
NEWS_FOR: Final = timedelta(hours=1)


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

    def unblocked(self, alarm: Alarm) -> None:
        """Hear that something of an alarm leaves again."""

    def changed(self) -> None:
        """Hear that something about the alarms is to be shown otherwise."""


class AlarmCourse(AlarmBook):
    """Alarms that take one step after the other.

    A step is written together with the messages that it sends, before the gateway is
    asked for them.
    """

    def __init__(
        self,
        delivery: DeliveryService,
        host: Host,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Ask by an account's messages."""
        super().__init__(delivery, now=now)
        self.on_plan: Callable[[], None] = lambda: None
        self._host = host
        self._post = Post(self, host, now=now)
        self._news = asyncio.Event()

    def hear(self, message: Message) -> None:
        """Hear of a change of a message, which may ask a question."""
        # First, here and below: a clock that notices that it was set moves alarms.
        now = self._now()
        if (found := self.asked_by(message)) is None:
            return
        alarm, asked = found
        if message.channel is Channel.SMS and message.other_id is not None:
            asked = replace(asked, by_both=True)
        step = escalation.stands(
            alarm,
            asked,
            standing_of(message),
            now,
            reason=None if message.reason is None else str(message.reason),
            since=standing_since(message),
            channel=message.channel,
        )
        if step.alarm != alarm:
            self._take(replace(step, news=()))
        # Not out of the middle of a change.
        loop = asyncio.get_running_loop()
        if not alarm.is_open and message.status is MessageStatus.QUEUED:
            loop.call_soon(self._delivery.withdraw, [message.seq])
        if letters := self._post.news_of(step.alarm, step.news):
            loop.call_soon(self._send_news, alarm.id, letters)

    def tell_untold(self) -> None:
        """Tell what had to wait until somebody hears it."""
        for alarm in self:
            if alarm.untold and self._host.heard:
                self.keep(replace(alarm, untold=()))
                for told in alarm.untold:
                    self._tell_now(alarm, told)
                self.submit(alarm.id)

    def _take_and_advance(self, step: Step, now: datetime) -> None:
        """Take a step with what is due after it, which is written once."""
        # A fault in what is due costs nobody the step; it is tried again, and logged.
        with suppress(Exception):
            step = self._advanced(step, now)
        try:
            self._take(step)
        except Exception:
            _LOGGER.exception("An alarm could not ask, and tries again")

    def _advance(self, alarm_id: str) -> None:
        """Do what is due of one alarm."""
        now = self._now()
        alarm = self[alarm_id]
        step = self._advanced(Step(alarm=alarm), now)
        if step.alarm != alarm or step.asks:
            self._take(step)

    def _advanced(self, step: Step, now: datetime) -> Step:
        """Return a step together with what is due after it."""
        everyone = self._host.base_url is None
        return escalation.advanced(step, now, everyone=everyone)

    def _take(self, step: Step) -> None:
        """Let an alarm become what a step makes of it, and do what goes with it."""
        alarm_id = step.alarm.id
        before = self.get(alarm_id)
        self.keep(step.alarm)
        if before is not None and before.blocked and not step.alarm.blocked:
            self._host.unblocked(step.alarm)
        if step.ended:
            self._delivery.withdraw(
                each.seq for each in step.alarm.questions if each.seq
            )
        letters = self._post.news_of(step.alarm, step.news)
        self._tell(alarm_id, step.told)
        raised_since = self[alarm_id].raised > step.alarm.raised
        if step.ended and not raised_since and not self._host.keep_text:
            self.keep(replace(self[alarm_id], content=Content(message="")))
        try:
            self._go_on(step)
        except Exception:
            # Whoever is to be asked is so by the next try.
            self.submit(alarm_id)
            self.on_plan()
            raise
        self._send_news(alarm_id, letters)
        self._news.set()
        self._host.changed()
        self.on_plan()

    def _go_on(self, step: Step) -> None:
        """Ask whom a step asks, once that was told, or keep the alarm as it is."""
        alarm_id = step.alarm.id
        if not step.asks:
            self.submit(alarm_id)
        elif self._host.heard and self[alarm_id] is not step.alarm:
            # Whoever heard of it has answered, or raised it again, in the same moment.
            self._advance(alarm_id)
        else:
            self._ask(alarm_id, step.asks)

    def _tell(self, alarm_id: str, all_told: Iterable[Told]) -> None:
        """Tell what happened, or keep it until somebody hears it."""
        for told in all_told:
            alarm = self[alarm_id]
            if self._host.heard:
                self._tell_now(alarm, told)
            else:
                self.keep(replace(alarm, untold=(*alarm.untold, told)))

    def _tell_now(self, alarm: Alarm, told: Told) -> None:
        """Tell something; whoever hears of it must not hold an alarm up."""
        try:
            self._host.tell(alarm, told)
        except Exception:
            _LOGGER.exception("Something about an alarm could not be told")

    def _ask(self, alarm_id: str, asks: Sequence[Ask]) -> None:
        """Ask people, all in one go."""
        now = self._now()
        plans: list[Plan] = []
        # By the numbers as they are now: somebody's may have changed.
        by_number: dict[str, Ask] = {}
        links: list[AnswerLink] = []
        not_asked: list[Question] = []
        for ask in asks:
            alarm = self[alarm_id]
            letter = self._post.letter(alarm, ask)
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
            alarm = self[alarm_id]
            asked = [
                _question(alarm, by_number[each.number], now, message=each)
                for each in messages
            ]
            step = escalation.with_questions(alarm, [*asked, *not_asked], now)
            self.keep(step.alarm)
            self._tell(alarm_id, step.told)
            for each in messages:
                self.hear(each)
            return self.row_of(alarm_id)

        if not plans:
            self._delivery.database.submit(also([]))
            return
        joined = _joined(plans)
        policy = RetryPolicy(
            retry_for=max(self[alarm_id].over_at - now, timedelta(minutes=1)),
            resend_unknown=True,
            urgent=True,
        )
        self._delivery.begin(joined, policy, links, also)

    def _send_news(self, alarm_id: str, letters: Sequence[tuple[str, Letter]]) -> None:
        """Tell people how an alarm ended, which is written with the end itself."""
        if not letters:
            return
        joined = _joined(letter.plan for _, letter in letters)
        now = self._now()

        def also(_: Sequence[Message]) -> Work:
            """Keep that they were told."""
            alarm = self[alarm_id]
            told = tuple((number, now) for number, _ in letters)
            self.keep(replace(alarm, news=(*alarm.news, *told)))
            return self.row_of(alarm_id)

        policy = RetryPolicy(retry_for=NEWS_FOR, urgent=True)
        self._delivery.begin(joined, policy, (), also)


def _joined(plans: Iterable[Plan]) -> Plan:
    """Return plans as one: without links, several people may get the same content."""
    joined: defaultdict[Composed, list[Recipient]] = defaultdict(list)
    for each in plans:
        for composed, recipients in each.items():
            joined[composed] += recipients
    return joined


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
        standing=standing,
        reason=reason,
    )
