"""The table of what happened and was not told yet."""

from collections.abc import Iterable
from dataclasses import dataclass
import json
import sqlite3
from typing import Any

from .message import Message, MessageStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that automations are to hear once.

    `place` gives the order, `number` is E.164. `type` and `attributes` are what the
    event entity shows. `message` is the `seq` of the message that it is about, None
    where that was deleted, and `before` where that message stood, None where it stands
    as it stood.
    """

    place: int
    number: str
    type: str
    attributes: dict[str, Any]
    message: int | None
    before: MessageStatus | None = None


def names_of(message: Message | None) -> dict[str, Any]:
    """Return what events name a message by; it may be deleted since."""
    return {
        "id": message and message.id,
        "message_id": message and message.message_id,
        "channel": message and message.channel,
    }


def write(connection: sqlite3.Connection, happening: Happening) -> None:
    """Keep something until it is told."""
    connection.execute(
        "INSERT INTO untold VALUES (?, ?, ?, ?, ?, ?)",
        (
            happening.place,
            happening.number,
            happening.type,
            json.dumps(happening.attributes),
            happening.message,
            happening.before,
        ),
    )


def load(connection: sqlite3.Connection) -> list[Happening]:
    """Return all there is to tell, in order."""
    return [
        Happening(
            place=place,
            number=number,
            type=event_type,
            attributes=json.loads(attributes),
            message=message,
            before=before and MessageStatus(before),
        )
        for place, number, event_type, attributes, message, before in (
            connection.execute("SELECT * FROM untold ORDER BY place")
        )
    ]


def delete(connection: sqlite3.Connection, places: Iterable[int]) -> None:
    """Forget what was told."""
    connection.executemany(
        "DELETE FROM untold WHERE place = ?", [(place,) for place in places]
    )


def prune(connection: sqlite3.Connection) -> None:
    """Forget what is about messages that are gone."""
    connection.execute(
        "DELETE FROM untold WHERE message NOT IN (SELECT seq FROM messages)"
    )


def forget(connection: sqlite3.Connection, number: str, kept: Iterable[int]) -> None:
    """Forget what is about a number, but what is about some messages."""
    but = ", ".join(str(int(seq)) for seq in kept)
    connection.execute(
        "DELETE FROM untold WHERE number = ? "  # noqa: S608 - these are numbers
        f"AND (message IS NULL OR message NOT IN ({but}))",
        (number,),
    )
