"""An alarm as the file holds it, and back."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
import json
from typing import TYPE_CHECKING, Any, Final

from ..storage.message import Channel
from .alarm import Alarm, AlarmEvent, AlarmStatus, Source, Told
from .questions import Question, Standing
from .raised import Content, Order, Person, Rules, Sms

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# What a field holds that JSON has no kind for; all the rest is kept as it is.
_READ: Final[dict[str, Any]] = {
    **dict.fromkeys(
        (
            "asked_at",
            "at",
            "blocked_since",
            "ended_at",
            "ended_before",
            "news_at",
            "opened_at",
            "probe_at",
            "quiet_until",
            "raised_at",
            "raised_last_at",
            "resumed_at",
            "round_began_at",
            "since",
        ),
        lambda stamp: datetime.fromtimestamp(stamp, UTC),
    ),
    **dict.fromkeys(("quiet_for", "wait"), lambda seconds: timedelta(seconds=seconds)),
    "before_clear": AlarmStatus,
    "channel": Channel,
    "content": lambda values: _read(Content, values),
    "news": lambda items: tuple(
        (number, datetime.fromtimestamp(stamp, UTC)) for number, stamp in items
    ),
    "order": Order,
    "people": lambda items: tuple(_read(Person, item) for item in items),
    "questions": lambda items: tuple(_read(Question, item) for item in items),
    "rules": lambda values: _read(Rules, values),
    "sms": Sms,
    "source": Source,
    "standing": Standing,
    "status": AlarmStatus,
    "type": AlarmEvent,
    "untold": lambda items: tuple(_read(Told, item) for item in items),
}


def written(alarm: Alarm) -> str:
    """Return an alarm as the file holds it."""
    return json.dumps(_plain(alarm), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Alarm | None:
    """Return an alarm from what the file holds; None where that cannot be read."""
    try:
        return _read(Alarm, json.loads(text))
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        return None


def _read[T: DataclassInstance](kind: type[T], values: dict[str, Any]) -> T:
    """Return one of the parts, without what another version knew of it."""
    known = {item.name for item in fields(kind)}
    return kind(
        **{
            name: _READ[name](value) if name in _READ and value is not None else value
            for name, value in values.items()
            if name in known
        }
    )


def _plain(value: Any) -> Any:
    """Return something as JSON has it; what is not set is left out."""
    if is_dataclass(value):
        return {
            item.name: _plain(held)
            for item in fields(value)
            if (held := getattr(value, item.name)) is not None
        }
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
