"""The alarms of an account, in memory and in its file."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from ..delivery import DeliveryService
from ..plain import get_logger
from ..storage import alarms as table
from ..storage.database import Work
from ..storage.message import Message
from .alarm import Alarm
from .questions import Question
from .record import read, written

_LOGGER = get_logger(__name__)

# So long the end of an alarm can still be seen, and answered.
REMEMBERED: Final = timedelta(hours=24)


class AlarmBook:
    """Alarms that are open, and those of the last day; each is a row of the file."""

    def __init__(
        self, delivery: DeliveryService, *, now: Callable[[], datetime]
    ) -> None:
        """Keep alarms in the file of an account's messages; nothing is read yet."""
        self._delivery = delivery
        self._now = now
        self._alarms: dict[str, Alarm] = {}
        self._asks: dict[int, str] = {}

    def __iter__(self) -> Iterator[Alarm]:
        """Return all that are known, oldest first."""
        return iter(list(self._alarms.values()))

    def __getitem__(self, alarm_id: str) -> Alarm:
        """Return an alarm that is known."""
        return self._alarms[alarm_id]

    @property
    def any_open(self) -> bool:
        """Return whether somebody is being asked."""
        return any(alarm.is_open for alarm in self)

    @property
    def kept(self) -> set[int]:
        """Return the messages of alarms that are open, which must not be deleted."""
        return {seq for seq, of in self._asks.items() if self[of].is_open}

    def get(self, alarm_id: str) -> Alarm | None:
        """Return an alarm, None where it is unknown or long over."""
        return self._alarms.get(alarm_id)

    def find(self, key: str) -> Alarm | None:
        """Return the newest alarm with a key, such as its tag."""
        found = [alarm for alarm in self if alarm.key == key]
        return found[-1] if found else None

    def asked_by(self, message: Message) -> tuple[Alarm, Question] | None:
        """Return the question that a message asks, and its alarm."""
        if (alarm_id := self._asks.get(message.seq)) is None:
            return None
        asked = self[alarm_id].with_message(message.seq)
        # The number of a message that was deleted may be given again.
        if asked is None or asked.id != message.id:
            return None
        return self[alarm_id], asked

    def keep(self, alarm: Alarm) -> None:
        """Know an alarm as it is now."""
        self._alarms[alarm.id] = alarm
        self._asks |= {each.seq: alarm.id for each in alarm.questions if each.seq}

    async def read_all(self) -> list[Alarm]:
        """Return the alarms of the file; one that cannot be read is forgotten."""
        found: list[Alarm] = []
        for alarm_id, state in await self._delivery.database.read(table.load):
            if (alarm := read(state)) is None:
                _LOGGER.error("Alarm %s cannot be read, and is forgotten", alarm_id)
            else:
                found.append(alarm)
        return found

    def row_of(self, alarm_id: str) -> Work:
        """Return what keeps an alarm in the file as it is now."""
        state = written(self[alarm_id])
        return partial(table.write, alarm_id=alarm_id, state=state)

    def submit(self, alarm_id: str) -> None:
        """Keep an alarm as it is now, which nobody waits for."""
        self._delivery.database.submit(self.row_of(alarm_id))

    async def on_disk(self) -> None:
        """Have what was handed in until now on disk, where that is possible."""
        await self._delivery.ledger.write(lambda _: None)

    def forgotten_at(self, alarm: Alarm) -> datetime | None:
        """Return when nobody can see an alarm any more, None where that is open."""
        if alarm.ended_at is None or alarm.reopens:
            return None
        return alarm.ended_at + REMEMBERED

    def prune(self) -> None:
        """Forget what ended a day ago."""
        now = self._now()
        gone = [
            alarm.id
            for alarm in self
            if (at := self.forgotten_at(alarm)) is not None and at <= now
        ]
        if not gone:
            return
        for alarm_id in gone:
            del self._alarms[alarm_id]
        self._asks = {seq: of for seq, of in self._asks.items() if of in self._alarms}
        self._delivery.database.submit(partial(table.delete, alarm_ids=gone))
