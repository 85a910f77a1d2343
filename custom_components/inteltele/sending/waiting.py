"""Letting an action end with what became of its messages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ..delivery import WaitFor, Watch
from .outcomes import Sent

DEFAULT_WAIT_TIMEOUT: Final = timedelta(minutes=5)


async def async_wait(
    watch: Watch,
    sent: Sequence[Sent],
    wait_for: WaitFor,
    at_most: timedelta,
) -> list[Sent]:
    """Wait for the ends of messages, or for the first answer; return what became known.

    An answer ends the waiting for everyone. So does the end of all messages, where
    none of them can be answered any more.
    """

    def seen() -> list[Sent]:
        """Return what is known now."""
        return [
            replace(
                item,
                message=watch.now(item.message),
                answer=watch.answer_by(item.message.link),
            )
            for item in sent
        ]

    def over() -> bool:
        """Return whether there is nothing to wait for any more."""
        known = [item for item in seen() if not watch.forgotten(item.message)]
        if wait_for is WaitFor.DELIVERED:
            return all(_is_settled(item) for item in known)
        return any(item.answer is not None for item in known) or not any(
            _can_be_answered(item) for item in known
        )

    await watch.wait(over, at_most)
    return seen()


def _is_settled(sent: Sent) -> bool:
    """Return whether nothing more will be heard of a message.

    Of one that was taken without an id, nothing ever is.
    """
    message = sent.message
    return message.ended or (message.taken and message.message_id is None)


def _can_be_answered(sent: Sent) -> bool:
    """Return whether the recipient may still answer.

    Also where the reply to the send was lost: the message may have arrived.
    """
    return sent.message.link is not None and not sent.message.lost
