"""Letting an action end with what became of its messages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ..coordinator import IntelTeleConfigEntry
from ..delivery import Outcome, SendStatus, WaitFor, Watch

DEFAULT_WAIT_TIMEOUT: Final = timedelta(minutes=5)

_ON_THE_WAY: Final = frozenset({SendStatus.SENT, SendStatus.QUEUED})


async def async_wait[Entry: IntelTeleConfigEntry](
    watch: Watch,
    outcomes: Mapping[Entry, list[Outcome]],
    wait_for: WaitFor,
    at_most: timedelta | None,
) -> dict[Entry, list[Outcome]]:
    """Wait for the ends of messages, or for the first answer; return what became known.

    An answer ends the waiting for everyone. So does the end of all messages, where
    none of them can be answered any more.
    """

    def seen() -> dict[Entry, list[Outcome]]:
        """Return what is known now."""
        return {
            entry: [_seen(watch, entry, outcome) for outcome in sent]
            for entry, sent in outcomes.items()
        }

    def over() -> bool:
        """Return whether there is nothing to wait for any more."""
        known = [outcome for sent in seen().values() for outcome in sent]
        if wait_for is WaitFor.DELIVERED:
            return not any(_is_open(outcome) for outcome in known)
        return any(outcome.answer is not None for outcome in known) or not any(
            _can_be_answered(outcome) for outcome in known
        )

    await watch.wait(over, DEFAULT_WAIT_TIMEOUT if at_most is None else at_most)
    return seen()


def _seen(watch: Watch, entry: IntelTeleConfigEntry, outcome: Outcome) -> Outcome:
    """Return an outcome with what was heard of it."""
    return replace(
        outcome,
        ended=watch.end_of(entry.entry_id, outcome.seq),
        answer=watch.answer_by(outcome.link),
    )


def _is_open(outcome: Outcome) -> bool:
    """Return whether a message is on its way without an end so far."""
    return outcome.status in _ON_THE_WAY and outcome.seq > 0 and outcome.ended is None


def _can_be_answered(outcome: Outcome) -> bool:
    """Return whether the recipient may still answer.

    Also where the reply to the send was lost: the message may have arrived.
    """
    if outcome.link is None or outcome.status is SendStatus.FAILED:
        return False
    return outcome.ended is None or not outcome.ended.lost
