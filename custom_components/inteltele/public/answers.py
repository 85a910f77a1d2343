"""Answer links: each lets whoever was sent it answer once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
import sqlite3
from typing import Final

from ..storage import answer_links, messages as table, untold
from ..storage.answer_links import Answer, AnswerLink, GivenAnswer
from ..storage.database import Database
from ..storage.message import Message
from ..storage.untold import Happening, names_of
from .tokens import fingerprint, is_token

BUTTON_PRESSED: Final = "button_pressed"


class NotOpenError(Exception):
    """A link was used before, and its answer stands, or its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """An answer that was given.

    `message` is what the link was sent in, None where that was deleted. `place` is the
    one that it has in what is to be told.
    """

    link: AnswerLink
    answer: Answer
    message: Message | None
    place: int

    @property
    def happening(self) -> Happening:
        """Return what is to be told of it."""
        return Happening(
            place=self.place,
            number=self.link.number,
            type=BUTTON_PRESSED,
            attributes={
                "action": self.answer.action,
                **names_of(self.message),
                "text": self.answer.text,
            },
            message=None if self.message is None else self.message.seq,
        )


class AnswerLinks:
    """The answer links of an account: those that are valid, and those of lately.

    They are kept in the ledger's file, and in memory, so that guessing asks no disk.
    `on_press` hears of every answer, once it is on disk together with what is to be
    told of it, whose place `next_place` gives.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        next_place: Callable[[], int],
        on_press: Callable[[Pressed], None] = lambda _: None,
    ) -> None:
        """Name the file; nothing is read yet."""
        self._database = database
        self._now = now
        self._next_place = next_place
        self._on_press = on_press
        self._links: dict[str, AnswerLink] = {}

    def __len__(self) -> int:
        """Return how many links are kept."""
        return len(self._links)

    async def load(self) -> None:
        """Take up the links of before."""
        links = await self._database.read(answer_links.load)
        self._links = self._remembered(links)

    def give(
        self, links: Iterable[AnswerLink], messages: Iterable[Message]
    ) -> list[AnswerLink]:
        """Make links valid, each with the message that it is sent in.

        Returns them as they are to be written, together with the messages.
        """
        seqs = {message.link: message.seq for message in messages if message.link}
        given = [
            replace(link, message=seqs[link.fingerprint])
            for link in links
            if link.fingerprint in seqs
        ]
        if given:
            self._links = self._remembered([*self._links.values(), *given])
        return given

    def find(self, token: str) -> AnswerLink | None:
        """Return the link of a token, None for one that is unknown or long over."""
        return self._links.get(fingerprint(token)) if is_token(token) else None

    def is_open(self, link: AnswerLink) -> bool:
        """Return whether a link can still be answered.

        What answers an alarm is the alarm's own.
        """
        # First: a clock that notices that it was set moves links.
        now = self._now()
        link = self._links.get(link.fingerprint, link)
        return link.given is None and link.alarm is None and now < link.valid_until

    def was_given_in(self, seq: int) -> bool:
        """Return whether the link that was sent in a message has been answered."""
        return any(
            link.message == seq and link.given is not None
            for link in self._links.values()
        )

    def move(self, by: timedelta, since: int) -> None:
        """Move until when links are valid, because the clock was set.

        Those of messages after a number only.
        """
        moved = {
            key: replace(link, valid_until=link.valid_until + by)
            for key, link in self._links.items()
            if (link.message or 0) > since
        }
        self._links |= moved
        if moved:
            self._database.submit(partial(answer_links.move, links=[*moved.values()]))

    async def press(self, link: AnswerLink, answer: Answer) -> GivenAnswer:
        """Give an answer, once, and return it.

        The use is on disk before anybody hears of it. Raises NotOpenError for a link
        that was used or is over, and sqlite3.Error where the use cannot be written; it
        may be tried again then.
        """
        now = self._now()
        present = self._links.get(link.fingerprint)
        if present is None or not self.is_open(present):
            raise NotOpenError
        given = GivenAnswer(answer=answer, given_at=now)
        used = replace(present, given=given)
        # Taken at once, so that a second press in the meantime comes too late.
        self._links[link.fingerprint] = used

        place = self._next_place()

        def work(connection: sqlite3.Connection) -> Pressed:
            """Write the use and that it is to be told, so that it is told after all."""
            answer_links.write(connection, [used])
            pressed = Pressed(
                link=used,
                answer=answer,
                message=table.with_seq(connection, used.message or 0),
                place=place,
            )
            untold.write(connection, pressed.happening)
            return pressed

        try:
            pressed = await self._database.write(work)
        except BaseException:
            self._links[link.fingerprint] = present
            raise
        self._on_press(pressed)
        return given

    def forget(self, number: str, stays: Callable[[int | None], bool]) -> None:
        """Forget the links that were sent to a number, but those of what stays.

        The file has forgotten them already.
        """
        self._links = {
            key: link
            for key, link in self._links.items()
            if link.number != number or stays(link.message)
        }

    def _remembered(self, links: Iterable[AnswerLink]) -> dict[str, AnswerLink]:
        """Return the links that still tell something, by their fingerprints."""
        since = self._now() - answer_links.REMEMBERED
        return {link.fingerprint: link for link in links if link.valid_until > since}
