"""The house's own ids of messages: ULIDs whose last bytes name the row."""

from secrets import token_bytes
from typing import Final

from ulid_transform import bytes_to_ulid, ulid_to_bytes_or_none

_TIME_BYTES: Final = 6
_RANDOM_BYTES: Final = 6
_SEQ_BYTES: Final = 4


def new_id(timestamp: float, seq: int) -> str:
    """Return an id for the message with a number, accepted at a time (Unix).

    48 bits are random. The number spares an index, which would cost a page on the disk
    for each message.
    """
    return bytes_to_ulid(
        int(timestamp * 1000).to_bytes(_TIME_BYTES)
        + token_bytes(_RANDOM_BYTES)
        + seq.to_bytes(_SEQ_BYTES)
    )


def seq_of(text: str) -> int | None:
    """Return the number that an id names, None for a text that is no id."""
    value = ulid_to_bytes_or_none(text)
    return None if value is None else int.from_bytes(value[-_SEQ_BYTES:])
