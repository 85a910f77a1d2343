"""What of an alarm may be sent to somebody now, as a letter or not at all."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from ..gateway import ContentError
from ..plain import get_logger
from ..public import new_token
from ..storage.message import Channel
from .alarm import Alarm, AlarmStatus
from .letters import Host, Letter, news, question, taken_over
from .turns import Ask

_LOGGER = get_logger(__name__)

# Nobody gets more messages of alarms an hour; news are left out before questions are.
MAX_AN_HOUR: Final = 12
MAX_NEWS_AN_HOUR: Final = 8
_HOUR: Final = timedelta(hours=1)
TOO_MANY: Final = "too_many_messages"
NOT_A_RECIPIENT: Final = "not_a_recipient"
UNFORESEEN: Final = "unforeseen"


class Post:
    """Writes an account's letters, and counts them."""

    def __init__(
        self,
        alarms: Iterable[Alarm],
        host: Host,
        *,
        now: Callable[[], datetime],
        new: Callable[[], str] = new_token,
    ) -> None:
        """Count by all alarms of an account; `new` gives a link's token."""
        self._alarms = alarms
        self._host = host
        self._now = now
        self._new = new

    def letter(self, alarm: Alarm, ask: Ask) -> Letter | str:
        """Return a question to somebody, or why it cannot be asked."""
        recipient = self._host.recipient(alarm.person(ask.number))
        if recipient is None:
            return NOT_A_RECIPIENT
        if self._sent_lately(ask.number) >= MAX_AN_HOUR:
            return TOO_MANY
        try:
            return question(alarm, ask, recipient, self._host, new=self._new)
        except ContentError as err:
            return err.rule.value
        except Exception:
            # Whatever is wrong with one question, the others are asked.
            _LOGGER.exception("A question could not be written")
            return UNFORESEEN

    def news_of(
        self, alarm: Alarm, whom: Iterable[tuple[str, Channel]]
    ) -> list[tuple[str, Letter]]:
        """Return how an alarm ended, to each who is to hear of it."""
        letters: list[tuple[str, Letter]] = []
        for number, way in whom:
            recipient = self._host.recipient(alarm.person(number))
            if recipient is None or self._sent_lately(number) >= MAX_NEWS_AN_HOUR:
                continue
            try:
                text = (
                    alarm.clear_message
                    if alarm.status is AlarmStatus.CLEARED
                    else taken_over(alarm, self._host)
                )
                letters.append((number, news(text or "", recipient, way, self._host)))
            except ContentError as err:
                _LOGGER.warning("News could not be sent: %s", err.rule.value)
            except Exception:
                # Whoever takes over has taken over all the same.
                _LOGGER.exception("News could not be written")
        return letters

    def _sent_lately(self, number: str) -> int:
        """Return how many messages of alarms went to a number within an hour."""
        since = self._now() - _HOUR
        questions = sum(
            1 + each.by_both
            for alarm in self._alarms
            for each in alarm.questions
            if each.number == number
            and each.seq > 0
            and not each.standing.void
            and each.asked_at > since
        )
        return questions + sum(
            whose == number and at > since
            for alarm in self._alarms
            for whose, at in alarm.news
        )
