"""What a long history costs: in time at each send, and in memory."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
import gc
from pathlib import Path
import tracemalloc
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.inteltele.delivery.repeat_window import REPEAT_WINDOW
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.ids import new_id
from custom_components.inteltele.storage.message import (
    Message,
    MessageStatus,
    ReceiptSource,
)
from custom_components.inteltele.storage.messages import insert
from custom_components.inteltele.storage.schema import connect

from .rounds import Comparison, interleaved
from .sending import SENDS, our_action

ROUNDS: Final = 7
MANY: Final = 100_000
MEASURED: Final = 2000
MOST_KIBIBYTES: Final = 64


def fill(
    path: Path, count: int, statuses: Sequence[MessageStatus] | None = None
) -> None:
    """Write messages into a ledger's file that nobody has open.

    All are delivered, unless `statuses` tells the status of each.
    """
    now = datetime.now(UTC)
    with closing(connect(path)) as file:
        insert(
            file,
            (
                Message(
                    seq=number + 1,
                    id=new_id(now.timestamp(), number + 1),
                    message_id=f"old-{number}",
                    number=f"+38063{number % 5000:07d}",
                    sent_at=now - timedelta(days=30, seconds=-number * 20),
                    text="Somebody is at the front door.",
                    status=statuses[number] if statuses else MessageStatus.DELIVERED,
                    gateway_status="delivrd",
                    reported_at=now - timedelta(days=30, seconds=-number * 20 - 5),
                    source=ReceiptSource.WEBHOOK,
                )
                for number in range(count)
            ),
        )


async def long_history(hass: HomeAssistant) -> Sequence[Comparison]:
    """Compare a send of an account with a long history with one of a new account."""
    times = await interleaved(
        {
            "ours": our_action(hass, "notify.recipient_0_2"),
            "theirs": our_action(hass, "notify.recipient_0"),
        },
        rounds=ROUNDS,
        count=SENDS,
    )
    return [
        Comparison(
            measure=f"send_message with {MANY} messages in the ledger",
            against="with few",
            at_most=1.1,
            **times,
        )
    ]


async def memory(hass: HomeAssistant, entry: ConfigEntry) -> float:
    """Return how many KiB a thousand finished messages keep in memory."""
    ledger = entry.runtime_data.ledger
    send = our_action(hass, "notify.recipient_0")

    async def finish(count: int) -> None:
        """Send messages and let them be delivered."""
        for _ in range(count):
            await send()
        for message in ledger.under_way:
            await entry.runtime_data.delivery.receive(
                parse_receipt({"msgid": message.message_id, "status": "delivrd"}),
                ReceiptSource.WEBHOOK,
            )
        # What went out within the gateway's minute without repetitions is remembered.
        await asyncio.sleep(REPEAT_WINDOW + 1)
        await send()
        gc.collect()

    tracemalloc.start()
    # Twice as it is measured then: caches and tables fill only once.
    await finish(MEASURED)
    await finish(MEASURED)
    before, _ = tracemalloc.get_traced_memory()
    await finish(MEASURED)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / 1024 / (MEASURED / 1000)
