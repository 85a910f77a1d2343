"""What an alarm becomes, and what is to be done because of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..storage.message import Channel
from .alarm import Alarm, Told
from .turns import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An alarm as it is now, and what is to be done because of it.

    `news` are the numbers that hear of its end, with the way to each. With `ended`
    nothing more of it may leave.
    """

    alarm: Alarm
    asks: Sequence[Ask] = ()
    told: Sequence[Told] = ()
    news: Sequence[tuple[str, Channel]] = ()
    ended: bool = False
