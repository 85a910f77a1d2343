"""What a page of the history costs by status, against one of all messages."""

from collections.abc import Sequence
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.inteltele.storage.message import MessageStatus

from ..house import call_action
from .remembering import MANY
from .rounds import Comparison, Work, interleaved

FEW: Final = 50
ROUNDS: Final = 7
PAGES: Final = 30


def status_of(many: MessageStatus, few: MessageStatus) -> Sequence[MessageStatus]:
    """Return the status of each message: the oldest are the few, hardest to find."""
    return [few] * FEW + [many] * (MANY - FEW)


async def pages(
    hass: HomeAssistant, entry: ConfigEntry[Any], many: MessageStatus
) -> Sequence[Comparison]:
    """Compare the page of each status with that of all, where nearly all are alike."""

    def page(**fields: str) -> Work:
        """Return the question for a page."""

        async def work() -> None:
            await call_action(
                hass,
                "inteltele.get_messages",
                config_entry_id=entry.entry_id,
                **fields,
            )

        return work

    statuses = (MessageStatus.DELIVERED, MessageStatus.FAILED, MessageStatus.SENT)
    times = await interleaved(
        {"all": page(), **{status: page(status=status) for status in statuses}},
        rounds=ROUNDS,
        count=PAGES,
    )
    return [
        Comparison(
            measure=f"get_messages, status {status}, of {MANY} nearly all {many}",
            against="the same without a status",
            at_most=2,
            ours=times[status],
            theirs=times["all"],
        )
        for status in statuses
    ]
