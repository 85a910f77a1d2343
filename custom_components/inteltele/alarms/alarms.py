"""The alarms of an account: raised, answered, cleared, and looked after."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
import sqlite3

from ulid_transform import ulid_at_time

from ..delivery import DeliveryService
from ..public import HostedPicture
from . import blocking, endings, escalation, times
from .alarm import MAX_OPEN, Alarm, AlarmEvent, Source, Told
from .course import AlarmCourse, Host
from .forecast import Foreseen, forecast
from .letters import gets_sms
from .pictures import ComingPicture, ComingPictures
from .questions import Question, Standing
from .raised import PICTURE_AWAITED, Raised, Sms
from .step import Step


class TooManyAlarmsError(Exception):
    """No more alarms may be open at once."""


class Alarms(AlarmCourse):
    """The alarms of an account at work."""

    def __init__(
        self,
        delivery: DeliveryService,
        host: Host,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Ask by an account's messages; nothing is read yet."""
        super().__init__(delivery, host, now=now)
        self._pictures = ComingPictures()
        self._of_this_run: set[str] = set()
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

    def forecast(self, raised: Raised) -> Sequence[Foreseen]:
        """Return what an alarm would ask if it were raised now, and nobody answered."""
        return forecast(raised, self._host, self._now())

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
        self._take_and_advance(step, now)
        await self.on_disk()
        return self[alarm_id]

    def _picture_came(self, alarm_id: str, coming: ComingPicture) -> None:
        """Let a picture join its alarm, or let that go on without."""
        picture = self._pictures.take(alarm_id, coming)
        if picture is not None or not self._pictures.are_coming(alarm_id):
            self.go_on(alarm_id, picture)

    def go_on(self, alarm_id: str, picture: HostedPicture | None = None) -> None:
        """Let an alarm go on with a picture, or wait for none any more."""
        now = self._now()
        alarm = self.get(alarm_id)
        if alarm is None or self._stopped:
            return
        step = escalation.pictured(alarm, picture, now)
        if step.alarm != alarm:
            self._take_and_advance(step, now)

    def _new(self, raised: Raised, now: datetime) -> Step:
        """Return a new alarm."""
        alarm = escalation.raised_first(
            raised,
            ulid_at_time(now.timestamp()),
            now,
            wait=PICTURE_AWAITED if self._holds_picture(raised) else timedelta(0),
        )
        self._of_this_run.add(alarm.id)
        told = Told(type=AlarmEvent.RAISED, at=now)
        if not alarm.people:
            step = endings.unanswered(alarm, now)
            return replace(step, told=[told, *step.told])
        return Step(alarm=alarm, told=[told])

    def _holds_picture(self, raised: Raised) -> bool:
        """Return whether somebody's question holds a picture that is on its way."""
        if raised.picture is None or self._host.base_url is None:
            return False
        recipients = filter(None, map(self._host.recipient, raised.people))
        return raised.rules.sms is not Sms.ALWAYS or not all(map(gets_sms, recipients))

    async def acknowledge(
        self, alarm_id: str, by: str | None, number: str | None, source: Source
    ) -> Alarm | None:
        """Let somebody take over; return the alarm, as it stands on disk then.

        Whoever came first stands.
        """
        now = self._now()
        if (alarm := self.get(alarm_id)) is None:
            return None
        self._take(endings.answered(alarm, by, number, source, now))
        await self.on_disk()
        return self[alarm_id]

    async def decline(self, alarm_id: str, number: str, source: Source) -> Alarm | None:
        """Let somebody say that they cannot; return the alarm."""
        now = self._now()
        if (alarm := self.get(alarm_id)) is None:
            return None
        step = escalation.declined(alarm, number, source, now)
        self._take_and_advance(step, now)
        # Whoever cannot come needs no second way.
        self._delivery.withdraw(
            each.seq for each in step.alarm.questions if each.number == number
        )
        await self.on_disk()
        return self[alarm_id]

    async def clear(self, alarm_id: str, message: str | None) -> Alarm | None:
        """End an alarm because its cause is gone; return it, None where it was over."""
        now = self._now()
        if (alarm := self.get(alarm_id)) is None:
            return None
        step = endings.cleared(alarm, message, now)
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

    def try_now(self) -> None:
        """Try again what is blocked, since that may be mended."""
        now = self._now()
        for alarm in self:
            if (after := blocking.probed_now(alarm, now)) != alarm:
                self._take(Step(alarm=after))

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
