"""Long histories, written into an account's file that nobody has open."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from custom_components.inteltele.storage.ids import new_id
from custom_components.inteltele.storage.message import (
    Message,
    MessageStatus,
    ReceiptSource,
)
from custom_components.inteltele.storage.messages import insert
from custom_components.inteltele.storage.schema import connect

MANY: Final = 100_000
FEW: Final = 10
APART: Final = timedelta(seconds=20)
TEXT: Final = "Somebody is at the front door."


def numbers(count: int) -> list[str]:
    """Return so many phone numbers."""
    return [f"+38063{number:07d}" for number in range(count)]


def fill(
    path: Path,
    count: int,
    to: Sequence[str],
    failed: int = 0,
) -> None:
    """Write messages into a file, the last of them just now, to some numbers in turn.

    So many have `failed`: the oldest, which are hardest to find.
    """
    first = datetime.now(UTC) - count * APART
    with closing(connect(path)) as file:
        insert(
            file,
            (
                Message(
                    seq=place + 1,
                    id=new_id((at := first + place * APART).timestamp(), place + 1),
                    message_id=f"old-{place}",
                    number=to[place % len(to)],
                    sent_at=at,
                    text=f"{TEXT} {place}",
                    status=(
                        MessageStatus.FAILED
                        if place < failed
                        else MessageStatus.DELIVERED
                    ),
                    gateway_status="delivrd",
                    reported_at=at + timedelta(seconds=5),
                    source=ReceiptSource.WEBHOOK,
                )
                for place in range(count)
            ),
        )
