"""Messages for the tests of the storage room."""

from datetime import UTC, datetime
from decimal import Decimal
import sqlite3
from typing import Any

from custom_components.inteltele.storage.ids import new_id
from custom_components.inteltele.storage.message import Message, MessageStatus
from custom_components.inteltele.storage.migrations import migrate

OLENA = "+380671112233"
PETRO = "+380671112244"
STRANGER = "+48601234567"
OPENED: list[sqlite3.Connection] = []
START = datetime(2026, 11, 24, 3, 0, 0, 123457, tzinfo=UTC)


def message(seq: int = 1, **fields: Any) -> Message:
    """Return a message that was delivered, or as the fields say."""
    values: dict[str, Any] = {
        "number": OLENA,
        "sent_at": START,
        "status": MessageStatus.DELIVERED,
        "message_id": f"id-{seq}",
        "cost": Decimal("0.2"),
    }
    return Message(seq=seq, id=new_id(START.timestamp(), seq), **(values | fields))


def empty_file() -> sqlite3.Connection:
    """Return a file of the present version, in memory."""
    connection = sqlite3.connect(":memory:")
    OPENED.append(connection)
    migrate(connection)
    return connection
