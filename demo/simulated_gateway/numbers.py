"""What the last three digits of a number make of a message to it."""

from collections.abc import Mapping
from typing import Final

REFUSED: Final[Mapping[str, str]] = {
    "901": "number is blacklisted",
    "902": "can't determine country",
    "903": "no route to country",
    "904": "low balance",
    "905": "repeat detected",
}
NO_VIBER: Final = "911"
PHONE_OFF: Final = "912"
FAILED: Final[Mapping[str, str]] = {
    "913": "rejectd",
    "914": "deleted",
    "915": "unknown",
    "916": "undeliv",
}
SUFFIX_LENGTH: Final = 3


def suffix(number: str) -> str:
    """Return the digits that decide."""
    return number[-SUFFIX_LENGTH:]
