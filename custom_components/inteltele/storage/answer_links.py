"""How answer links are written into the ledger's file, and read from it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
import json
import sqlite3
from typing import Any, Final

# So long a link that nobody used can still tell that its time is over.
REMEMBERED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One of the answers that a message offers: its button's text, and its action."""

    action: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """An answer that was chosen, and when, in UTC."""

    answer: Answer
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLink:
    """A link that was sent to one person, and the answer that came by it.

    `fingerprint` is the SHA-256 of its token, `number` E.164, times are UTC, `message`
    the `seq` of the message that it is sent in, None before there is one. `alarm` is
    the id of the alarm that it answers, which has a page of its own.
    """

    fingerprint: str
    number: str
    recipient: str | None
    answers: tuple[Answer, ...]
    valid_until: datetime
    given: GivenAnswer | None = None
    message: int | None = None
    alarm: str | None = None


def write(connection: sqlite3.Connection, links: Iterable[AnswerLink]) -> None:
    """Keep links, new or used."""
    connection.executemany(
        "INSERT OR REPLACE INTO answer_links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                link.fingerprint,
                link.number,
                link.recipient,
                json.dumps([asdict(answer) for answer in link.answers]),
                link.valid_until.timestamp(),
                json.dumps(asdict(link.given.answer)) if link.given else None,
                link.given.given_at.timestamp() if link.given else None,
                link.message,
                link.alarm,
            )
            for link in links
        ],
    )


def move(connection: sqlite3.Connection, links: Iterable[AnswerLink]) -> None:
    """Keep until when links are valid; one that was deleted stays deleted."""
    connection.executemany(
        "UPDATE answer_links SET valid_until = ? WHERE fingerprint = ?",
        [(link.valid_until.timestamp(), link.fingerprint) for link in links],
    )


def load(connection: sqlite3.Connection) -> list[AnswerLink]:
    """Return all links."""
    return [_link(row) for row in connection.execute("SELECT * FROM answer_links")]


def given(
    connection: sqlite3.Connection, fingerprints: Sequence[str]
) -> dict[str, GivenAnswer]:
    """Return the answers that were given, by the fingerprints of their links."""
    rows = connection.execute(
        "SELECT * FROM answer_links WHERE answered IS NOT NULL "  # noqa: S608
        f"AND fingerprint IN ({', '.join('?' * len(fingerprints))})",
        fingerprints,
    )
    links = [_link(row) for row in rows]
    return {link.fingerprint: link.given for link in links if link.given}


def prune(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget links that are valid no more, and what became of them.

    Answers last as long as their messages, links that nobody used for a while.
    """
    connection.execute(
        "DELETE FROM answer_links WHERE valid_until <= ? AND ("
        "(answered IS NULL AND valid_until <= ?) "
        "OR NOT EXISTS (SELECT 1 FROM messages WHERE seq = answer_links.message))",
        (now.timestamp(), (now - REMEMBERED).timestamp()),
    )


def forget(connection: sqlite3.Connection, number: str, kept: Iterable[int]) -> None:
    """Delete the links that were sent to a number, but those of some messages."""
    but = ", ".join(str(int(seq)) for seq in kept)
    connection.execute(
        "DELETE FROM answer_links WHERE number = ? "  # noqa: S608 - these are numbers
        f"AND (message IS NULL OR message NOT IN ({but}))",
        (number,),
    )


def _link(row: tuple[Any, ...]) -> AnswerLink:
    """Return a link from what the file holds."""
    (
        fingerprint,
        number,
        recipient,
        answers,
        valid_until,
        answered,
        answered_at,
        message,
        alarm,
    ) = row
    return AnswerLink(
        fingerprint=fingerprint,
        number=number,
        recipient=recipient,
        answers=tuple(Answer(**answer) for answer in json.loads(answers)),
        valid_until=datetime.fromtimestamp(valid_until, UTC),
        given=(
            GivenAnswer(
                answer=Answer(**json.loads(answered)),
                given_at=datetime.fromtimestamp(answered_at, UTC),
            )
            if answered
            else None
        ),
        message=message,
        alarm=alarm,
    )
