"""The alarms of an account: raised, asked, answered, and told."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
import sqlite3
from typing import Final, Protocol

from ulid_transform import ulid_at_time

from ..delivery import Composed, DeliveryService, Plan, Recipient, RetryPolicy
from ..gateway import mask
from ..plain import get_logger
from ..storage.answer_links import AnswerLink
from ..storage.database import Work
from ..storage.message import Channel, Message, MessageStatus
from . import blocking, endings, escalation, times
from .alarm import MAX_OPEN, Alarm, AlarmEvent, Source, Told
from .book import AlarmBook
from .letters import Host as LettersHost, Letter
from .pictures import ComingPicture, ComingPictures
from .post import Post
from .questions import Question, Standing, standing_of, standing_since
from .raised import PICTURE_AWAITED, Content, Raised, Sms
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


class TooManyAlarmsError(Exception):
    """No more alarms may be open at once."""


class Alarms(AlarmBook):
    """The alarms of an account at work: raised, asked, answered, told.

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
        """Ask by an account's messages; nothing is read yet."""
        super().__init__(delivery, now=now)
        self.on_plan: Callable[[], None] = lambda: None
        self._host = host
        self._post = Post(self, host, now=now)
        self._pictures = ComingPictures()
        self._of_this_run: set[str] = set()
        self._news = asyncio.Event()
        self._stopped = False

    async def load(self) -> None:
        """Take up the alarms of before, and what became of their questions."""
        for alarm in await self.read_all():
            self.keep(times.not_ahead(alarm, self._now()))
            for each in alarm.questions:
                if each.seq and not each.standing.void:
                    await self._recall(alarm.id, each)

    async def _recall(self, alarm_id: str, asked: Question) -> None:
        """Take in what became of a question meanwhile."""
        try:
            message = await self._delivery.ledger.with_seq(asked.seq)
        except sqlite3.Error:
            return
        if message is not None and message.id == asked.id:
            self.hear(message)
        elif asked.standing.in_hand or asked.standing is Standing.HELD:
            # It was deleted before it left, and is asked anew.
            gone = replace(asked, standing=Standing.WITHDRAWN)
            self.keep(self[alarm_id].replaced([gone]))

    def going_on(self, key: str) -> Alarm | None:
        """Return the alarm that a raise counts for, None where it makes a new one."""
        alarm = self.find(key)
        return None if alarm is None or alarm.is_over(self._now()) else alarm

    def coming(self, alarm: Alarm) -> tuple[datetime, Sequence[str]] | None:
        """Return when an alarm asks next, and whom; None while that is not known."""
        return escalation.coming(alarm, everyone=self._host.base_url is None)

    async def raise_(self, raised: Raised) -> Alarm:
        """Raise an alarm, or count that it was raised again; return it.

        It is on disk when this returns, and whoever is asked first is being asked, or
        is in a few seconds where a picture is still to come. Where nobody is left to
        ask, it ends as one that nobody answers. Raises TooManyAlarmsError.
        """
        now, coming = self._now(), raised.picture
        if (known := self.going_on(raised.key)) is not None:
            step = escalation.raised_again(
                known, raised.content, now, picture_coming=coming is not None
            )
        else:
            if sum(alarm.is_open for alarm in self) >= MAX_OPEN:
                raise TooManyAlarmsError
            step = self._new(raised, now)
        alarm_id = step.alarm.id
        self._pictures.expect(alarm_id, coming)
        if coming is not None:
            coming.add_done_callback(partial(self._picture_came, alarm_id))
        self._take_and_advance(step)
        await self.on_disk()
        return self[alarm_id]

    def _picture_came(self, alarm_id: str, coming: ComingPicture) -> None:
        """Let a picture join its alarm, or let that go on without."""
        picture = self._pictures.take(alarm_id, coming)
        alarm = self.get(alarm_id)
        if alarm is None or self._stopped:
            return
        if picture is None and self._pictures.are_coming(alarm_id):
            return
        step = escalation.pictured(alarm, picture, self._now())
        if step.alarm != alarm:
            self._take_and_advance(step)

    def _new(self, raised: Raised, now: datetime) -> Step:
        """Return a new alarm."""
        shown = self._host.base_url is not None and raised.rules.sms is not Sms.ALWAYS
        waits = raised.picture is not None and shown
        alarm = Alarm(
            id=ulid_at_time(now.timestamp()),
            key=raised.key,
            tag=raised.tag,
            people=tuple(raised.people),
            content=raised.content,
            rules=raised.rules,
            raised_at=now,
            raised_last_at=now,
            opened_at=now + (PICTURE_AWAITED if waits else timedelta(0)),
        )
        self._of_this_run.add(alarm.id)
        told = Told(type=AlarmEvent.RAISED, at=now)
        if not alarm.people:
            step = endings.unanswered(alarm, now)
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
        self._take(endings.answered(alarm, by, number, source, self._now()))
        await self.on_disk()
        return self[alarm_id]

    async def decline(self, alarm_id: str, number: str, source: Source) -> Alarm | None:
        """Let somebody say that they cannot; return the alarm."""
        if (alarm := self.get(alarm_id)) is None:
            return None
        step = escalation.declined(alarm, number, source, self._now())
        self._take_and_advance(step)
        # Whoever cannot come needs no second way.
        self._delivery.withdraw(
            each.seq for each in step.alarm.questions if each.number == number
        )
        await self.on_disk()
        return self[alarm_id]

    async def clear(self, alarm_id: str, message: str | None) -> Alarm | None:
        """End an alarm because its cause is gone; return it, None where it was over."""
        if (alarm := self.get(alarm_id)) is None:
            return None
        step = endings.cleared(alarm, message, self._now())
        if not step.ended:
            return None
        self._take(step)
        await self.on_disk()
        return self[alarm_id]

    async def wait_ended(self, alarm_id: str, at_most: timedelta) -> Alarm | None:
        """Wait until nobody is asked any more, for some time; return the alarm."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most.total_seconds()):
                while (found := self.get(alarm_id)) and found.is_open:
                    if self._stopped:
                        break
                    self._news.clear()
                    await self._news.wait()
        return self.get(alarm_id)

    def stop(self) -> None:
        """End all waiting, because the account stops."""
        self._stopped = True
        self._news.set()

    def hear(self, message: Message) -> None:
        """Hear of a change of a message, which may ask a question."""
        if (found := self.asked_by(message)) is None:
            return
        alarm, asked = found
        if message.channel is Channel.SMS and message.other_id is not None:
            asked = replace(asked, by_both=True)
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
            self._take(replace(step, news=()))
        # Not out of the middle of a change.
        loop = asyncio.get_running_loop()
        if not alarm.is_open and message.status is MessageStatus.QUEUED:
            loop.call_soon(self._delivery.withdraw, [message.seq])
        if letters := self._post.news_of(step.alarm, step.news):
            loop.call_soon(self._send_news, alarm.id, letters)

    def try_now(self) -> None:
        """Try again what is blocked, since that may be mended."""
        now = self._now()
        for alarm in self:
            if (after := blocking.probed_now(alarm, now)) != alarm:
                self._take(Step(alarm=after))

    def tell_untold(self) -> None:
        """Tell what had to wait until somebody hears it."""
        for alarm in self:
            if alarm.untold and self._host.heard:
                self.keep(replace(alarm, untold=()))
                for told in alarm.untold:
                    self._tell_now(alarm, told)
                self.submit(alarm.id)

    def move(self, by: timedelta) -> None:
        """Move what is of this run, because the clock was set.

        What was read from the file does not last longer by a clock that was set back.
        """
        after_seq = self._delivery.ledger.seq_at_start
        for alarm in self:
            whole = alarm.id in self._of_this_run or by < timedelta(0)
            after = times.moved(alarm, by, after_seq=after_seq, whole=whole)
            if after != alarm:
                self._take(Step(alarm=after))

    def next_due(self) -> datetime | None:
        """Return when something is to be done next, None for never."""
        now, everyone = self._now(), self._host.base_url is None
        moments = [
            due
            for alarm in self
            for due in (
                escalation.next_due(alarm, now, everyone=everyone),
                self.forgotten_at(alarm),
            )
            if due is not None
        ]
        return min(moments, default=None)

    async def work(self) -> None:
        """Do what is due; a fault in one alarm keeps no other back."""
        faults: list[Exception] = []
        for alarm in self:
            try:
                self._advance(alarm.id)
            except Exception as err:  # noqa: BLE001 - whatever it is
                faults.append(err)
        self.prune()
        if faults:
            raise faults[0]

    def _advance(self, alarm_id: str) -> None:
        """Do what is due of one alarm."""
        alarm = self[alarm_id]
        step = self._advanced(Step(alarm=alarm))
        if step.alarm != alarm or step.asks:
            self._take(step)

    def _advanced(self, step: Step) -> Step:
        """Return a step together with what is due after it."""
        everyone = self._host.base_url is None
        return escalation.advanced(step, self._now(), everyone=everyone)

    def _take_and_advance(self, step: Step) -> None:
        """Take a step with what is due after it, which is written once."""
        # A fault in what is due costs nobody the step; it is tried again, and logged.
        with suppress(Exception):
            step = self._advanced(step)
        self._take(step)

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
        if step.ended and not self._host.keep_text:
            self.keep(replace(self[alarm_id], content=Content(message="")))
        if step.asks:
            self._ask(alarm_id, step.asks)
        else:
            self.submit(alarm_id)
        self._send_news(alarm_id, letters)
        self._news.set()
        self._host.changed()
        self.on_plan()

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
        joined = {
            composed: recipients
            for each in plans
            for composed, recipients in each.items()
        }
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
        joined: defaultdict[Composed, list[Recipient]] = defaultdict(list)
        for _, letter in letters:
            for composed, recipients in letter.plan.items():
                joined[composed] += recipients
        now = self._now()

        def also(_: Sequence[Message]) -> Work:
            """Keep that they were told."""
            alarm = self[alarm_id]
            told = tuple((number, now) for number, _ in letters)
            self.keep(replace(alarm, news=(*alarm.news, *told)))
            return self.row_of(alarm_id)

        policy = RetryPolicy(retry_for=NEWS_FOR, urgent=True)
        self._delivery.begin(joined, policy, (), also)


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
