"""What the last three digits of a number make of a message to it."""

from collections.abc import Mapping
from typing import Final

REFUSED: Final[Mapping[str, str]] = {
    "901": "number is blacklisted",
    "902": "can't determine country",
    "904": "low balance",
    "905": "repeat detected",
}
REFUSED_ON_VIBER: Final[Mapping[str, str]] = {"903": "no route to country"}
NO_VIBER: Final = "911"
NO_DATA: Final = "912"
OFF: Final = "917"
FAILED: Final[Mapping[str, str]] = {"916": "undeliv"}
FAILED_ON_VIBER: Final[Mapping[str, str]] = {
    "913": "rejectd",
    "914": "deleted",
    "915": "unknown",
}
SUFFIX_LENGTH: Final = 3


def suffix(number: str) -> str:
    """Return the digits that decide."""
    return number[-SUFFIX_LENGTH:]
