"""A message as the file holds it, and back."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
import json
from operator import attrgetter
import sqlite3
from typing import Any, Final

from ..gateway import MessageContent, SmsContent
from ..gateway.content import Content
from .message import (
    Channel,
    Message,
    MessageStatus,
    ReceiptSource,
    SecondWay,
    Submission,
    failure_cause,
)

COLUMNS: Final = tuple(field.name for field in fields(Message))
SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM messages"  # noqa: S608

# asdict() would copy every value deeply, in the time of who waits for the row.
_fields_of = attrgetter(*COLUMNS)
_TEXTS: Final = {
    "submission": tuple(field.name for field in fields(Submission)),
    "second_way": tuple(field.name for field in fields(SecondWay)),
}
# json.dumps() would make one of these each time.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# By what a content is told apart from the other kind.
_KINDS: Final = {"sms": SmsContent, "viber": MessageContent}
_CONTENTS: Final = {
    kind: tuple(field.name for field in fields(kind)) for kind in _KINDS.values()
}
_MOMENTS: Final = ("until", "not_before", "attempted_at", "button_until", "due_at")


def row_of(message: Message) -> dict[str, Any]:
    """Return what the file holds of a message, by column."""
    row = dict(zip(COLUMNS, _fields_of(message), strict=True))
    for column, write in _WRITTEN.items():
        if (value := row[column]) is not None:
            row[column] = write(value)
    for column, names in _TEXTS.items():
        if (thing := row[column]) is not None:
            row[column] = _as_text(thing, names, message.text)
    return row


def changed_columns(before: Message, after: Message) -> tuple[str, ...]:
    """Return the columns in which a message is not as it was."""
    fields_of_both = zip(_fields_of(before), _fields_of(after), strict=True)
    return tuple(
        column
        for column, (was, now) in zip(COLUMNS, fields_of_both, strict=True)
        if was != now
    )


def message_of(row: tuple[Any, ...]) -> Message:
    """Return a message from what the file holds.

    One whose content the present rules would refuse comes without it.
    """
    values = dict(zip(COLUMNS, row, strict=True))
    for column, read in _READ.items():
        if values[column] is not None:
            values[column] = read(values[column])
    for column, kind in (("submission", Submission), ("second_way", SecondWay)):
        if values[column] is not None:
            values[column] = _from_text(kind, values[column], values["text"])
    return Message(**values)


def messages_of(rows: sqlite3.Cursor) -> list[Message]:
    """Return messages from what the file holds."""
    return [message_of(row) for row in rows]


def moment(timestamp: float) -> datetime:
    """Return a time from what the file holds."""
    return datetime.fromtimestamp(timestamp, UTC)


_WRITTEN: Final[dict[str, Callable[[Any], Any]]] = {
    "sent_at": datetime.timestamp,
    "reported_at": datetime.timestamp,
    "cost": str,
}
_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "sent_at": moment,
    "reported_at": moment,
    "cost": Decimal,
    "channel": Channel,
    "status": MessageStatus,
    "reason": failure_cause,
    "source": ReceiptSource,
}


def _as_text(
    thing: Submission | SecondWay, names: Iterable[str], text: str | None
) -> str:
    """Return a submission, or a second way, without what the row holds already."""
    values = _set_of(thing, names)
    values["content"] = content = _set_of(thing.content, _CONTENTS[type(thing.content)])
    if isinstance(thing.content, SmsContent):
        values["kind"] = "sms"
    if content["message"] == text:
        del content["message"]
    for name in _MOMENTS:
        if name in values:
            values[name] = values[name].timestamp()
    return _ENCODER.encode(values)


def _from_text[T: Submission | SecondWay](
    kind: type[T], written: str, text: str | None
) -> T | None:
    """Return a submission, or a second way; None where it cannot be sent any more."""
    try:
        values = _set_only(json.loads(written))
        content = {"message": text, **values.pop("content")}
        values["content"] = _KINDS[values.pop("kind", "viber")](**content)
        values |= {name: moment(values[name]) for name in _MOMENTS if name in values}
        return kind(**values)
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        return None


def _set_of(
    thing: Submission | SecondWay | Content, names: Iterable[str]
) -> dict[str, Any]:
    """Return the fields of something that are set."""
    return _set_only({name: getattr(thing, name) for name in names})


def _set_only(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that are set."""
    return {name: value for name, value in values.items() if value is not None}
