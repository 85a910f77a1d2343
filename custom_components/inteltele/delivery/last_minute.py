"""What the gateway takes repetitions for, after a start."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from ..storage.message import Message
from ..storage.messages import Taken
from .outbox import Outbox
from .repeat_window import REPEAT_WINDOW, RecentRequests
from .tries import alike


def remember_the_last_minute(
    taken: Iterable[Taken],
    outbox: Outbox,
    recent: RecentRequests,
    queued: Iterable[Message],
    now: datetime,
) -> None:
    """Take up what the gateway takes repetitions for, in order."""
    since = now - timedelta(seconds=REPEAT_WINDOW)
    # What was before these in the same moment is noted with them.
    moments: list[tuple[datetime, Callable[[float], object]]] = [
        (group[0].attempted_at, partial(outbox.asking.take_up, group))
        for group in alike(queued)
        if group[0].attempted_at is not None
    ]
    moments += [
        (item.sent_at, partial(recent.remember, [item.number], item.text))
        for item in taken
        if item.sent_at > since
    ]
    for moment, remember in sorted(moments, key=itemgetter(0)):
        remember((now - moment).total_seconds())
