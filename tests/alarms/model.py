"""An alarm in a world that answers, refuses, falls silent and comes back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from custom_components.inteltele.alarms import endings, escalation
from custom_components.inteltele.alarms.alarm import Alarm, AlarmStatus, Source, Told
from custom_components.inteltele.alarms.questions import Question, Standing
from custom_components.inteltele.alarms.raised import Content, Person, Rules
from custom_components.inteltele.alarms.record import read, written
from custom_components.inteltele.alarms.step import Step
from custom_components.inteltele.alarms.turns import Ask

START: Final = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
PEOPLE: Final = tuple(
    Person(number=f"+38067111220{place}", name=name)
    for place, name in enumerate(("Olena", "Petro", "Mariia"), 1)
)
OLENA, PETRO, MARIIA = (person.number for person in PEOPLE)
WATER: Final = Content(message="Water in the cellar!")


class World:
    """One alarm, its clock, and what the gateway does with each question."""

    def __init__(self, people: int = 3, rules: Rules = Rules()) -> None:  # noqa: B008
        """Raise the alarm."""
        self.now = START
        self.seq = 0
        # What becomes of the next questions; taken at once where nothing is said.
        self.outcomes: dict[str, tuple[Standing, str | None]] = {}
        self.everyone = False
        self.asked: list[tuple[datetime, str, Ask]] = []
        self.told: list[Told] = []
        self.news: list[tuple[datetime, str]] = []
        self.alarm = Alarm(
            id="01",
            key="water",
            people=PEOPLE[:people],
            content=WATER,
            rules=rules,
            raised_at=START,
            raised_last_at=START,
            opened_at=START,
        )
        self.work()

    def take(self, step: Step) -> None:
        """Take in a step, and do what it says."""
        self.alarm = step.alarm
        self.told += step.told
        self.news += [(self.now, number) for number, _ in step.news]
        if step.ended:
            self.alarm = self.alarm.replaced(
                [
                    replace(each, standing=Standing.WITHDRAWN)
                    for each in self.alarm.questions
                    if each.standing.in_hand or each.standing is Standing.HELD
                ]
            )
        if step.asks:
            self.take(
                escalation.with_questions(
                    self.alarm, map(self._question, step.asks), self.now
                )
            )
            batch = self.alarm.questions[-1].batch
            for each in [q for q in self.alarm.questions if q.batch == batch]:
                standing, reason = self.outcomes.get(
                    each.number, (Standing.TAKEN, None)
                )
                self.becomes(each, standing, reason)

    def work(self) -> None:
        """Do what is due now, until nothing is."""
        for _ in range(100):
            due = escalation.next_due(self.alarm, self.now, everyone=self.everyone)
            if due is None or due > self.now:
                return
            self.take(escalation.advance(self.alarm, self.now, everyone=self.everyone))
        message = "It would never come to rest"
        raise AssertionError(message)

    def sleep(self, time: timedelta) -> None:
        """Let time go by, with everything done when it is due."""
        until = self.now + time
        while True:
            self.work()
            due = escalation.next_due(self.alarm, self.now, everyone=self.everyone)
            if due is None or due > until:
                break
            self.now = due
        self.now = until

    def be_off(self, time: timedelta) -> None:
        """Let the house be without power for a while."""
        self.now += time
        again = read(written(self.alarm))
        assert again == self.alarm
        self.work()

    def becomes(
        self, question: Question, standing: Standing, reason: str | None = None
    ) -> None:
        """Let a question stand otherwise."""
        self.take(
            escalation.stands(self.alarm, question, standing, self.now, reason=reason)
        )
        self.work()

    def answer(self, number: str) -> None:
        """Let somebody take over."""
        person = self.alarm.person(number)
        self.take(
            endings.answered(self.alarm, person.name, number, Source.LINK, self.now)
        )

    def decline(self, number: str) -> None:
        """Let somebody say that they cannot."""
        self.take(escalation.declined(self.alarm, number, Source.LINK, self.now))
        self.work()

    def raise_again(self) -> bool:
        """Raise the alarm again; return whether that would be a new one."""
        if self.alarm.is_over(self.now):
            return True
        self.take(escalation.raised_again(self.alarm, WATER, self.now))
        self.work()
        return False

    def clear(self, message: str | None = None) -> None:
        """Clear the alarm."""
        self.take(endings.cleared(self.alarm, message, self.now))

    def open_questions(self) -> Iterator[Question]:
        """Yield the questions that are still to leave, or may be reported on."""
        for each in self.alarm.questions:
            if not each.standing.void and each.standing is not Standing.FAILED:
                yield each

    @property
    def when(self) -> list[tuple[int, str]]:
        """Return after how many seconds each person was asked."""
        return [
            (int((at - START).total_seconds()), number) for at, number, _ in self.asked
        ]

    @property
    def types(self) -> list[str]:
        """Return what was told, but who was asked."""
        return [told.type for told in self.told if told.type != "asked"]

    @property
    def is_open(self) -> bool:
        """Return whether the alarm is open."""
        return self.alarm.status is AlarmStatus.OPEN

    def _question(self, ask: Ask) -> Question:
        """Return a question as it is when its message was just accepted."""
        self.seq += 1
        self.asked.append((self.now, ask.number, ask))
        return Question(
            number=ask.number,
            cycle=self.alarm.cycle,
            round=self.alarm.round,
            batch=0,
            channel=ask.channel,
            asked_at=self.now,
            since=self.now,
            seq=self.seq,
            id=f"id {self.seq}",
        )
