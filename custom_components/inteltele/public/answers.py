"""Answer links: each lets whoever was sent it answer once."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
import sqlite3

from ..storage import answer_links as answer_store
from ..storage.answer_links import Answer, AnswerLink, GivenAnswer
from ..storage.database import Database
from .tokens import fingerprint, is_token


class AlreadyAnsweredError(Exception):
    """A link was used before; its answer stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """An answer that was given.

    `message_id` is the gateway's for the message that the link was sent in, None where
    the gateway's reply to it is not known.
    """

    link: AnswerLink
    answer: Answer
    message_id: str | None


class AnswerLinks:
    """The answer links of an account that are still valid.

    They are kept in the ledger's file, and in memory, so that guessing asks no disk.
    `on_press` hears of every answer, once it is on disk.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        on_press: Callable[[Pressed], None] = lambda _: None,
    ) -> None:
        """Name the file; nothing is read yet."""
        self._database = database
        self._now = now
        self._on_press = on_press
        self._links: dict[str, AnswerLink] = {}

    def __len__(self) -> int:
        """Return how many links are kept."""
        return len(self._links)

    async def load(self) -> None:
        """Take up the links of before, and forget those whose time is over."""
        now = self._now()
        links = await self._database.read(answer_store.load)
        self._links = {
            link.fingerprint: link for link in links if link.valid_until > now
        }
        if any(link.valid_until <= now and link.given is None for link in links):
            # A full disk, which is told elsewhere, must not keep the account back.
            with suppress(sqlite3.Error):
                await self._database.write(partial(answer_store.prune, now=now))

    async def issue(self, links: Iterable[AnswerLink]) -> None:
        """Make links valid; they are on disk when this returns.

        Raises sqlite3.Error where they cannot be written; none is valid then.
        """
        issued = list(links)
        now = self._now()

        def work(connection: sqlite3.Connection) -> None:
            answer_store.prune(connection, now)
            answer_store.write(connection, issued)

        await self._database.write(work)
        self._links = {
            key: link for key, link in self._links.items() if link.valid_until > now
        } | {link.fingerprint: link for link in issued}

    def find(self, token: str) -> AnswerLink | None:
        """Return the link of a token, None for one that is unknown or too old."""
        if not is_token(token):
            return None
        link = self._links.get(fingerprint(token))
        return link if link is not None and self._now() < link.valid_until else None

    async def press(self, link: AnswerLink, answer: Answer) -> GivenAnswer:
        """Give an answer, once, and return it.

        The use is on disk before anybody hears of it. Raises AlreadyAnsweredError for
        a link that was used, and sqlite3.Error where the use cannot be written; it may
        be tried again then.
        """
        present = self._links.get(link.fingerprint)
        if present is None or present.given is not None:
            raise AlreadyAnsweredError
        given = GivenAnswer(answer=answer, given_at=self._now())
        used = replace(present, given=given)
        # Taken at once, so that a second press in the meantime comes too late.
        self._links[link.fingerprint] = used

        def work(connection: sqlite3.Connection) -> str | None:
            answer_store.write(connection, [used])
            return answer_store.message_id(connection, used.fingerprint)

        try:
            message_id = await self._database.write(work)
        except BaseException:
            self._links[link.fingerprint] = present
            raise
        self._on_press(Pressed(link=used, answer=answer, message_id=message_id))
        return given

    async def forget(self, numbers: Sequence[str]) -> None:
        """Forget the links that were sent to numbers."""
        self._links = {
            key: link for key, link in self._links.items() if link.number not in numbers
        }
        await self._database.write(partial(answer_store.forget, numbers=numbers))
