"""What a picture is, and what may be wrong with one; known without its decoder."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

MAX_MEBIBYTES: Final = 20

type Extension = Literal["jpg", "png"]


class PictureRule(StrEnum):
    """What a picture must keep to."""

    NOT_A_PICTURE = "picture_not_a_picture"
    TOO_LARGE = "picture_too_large"
    TOO_MANY_PIXELS = "picture_too_many_pixels"
    TOO_MUCH_MEMORY = "picture_too_much_memory"
    ANIMATED = "picture_animated"
    CORRUPT = "picture_corrupt"


class PictureError(ValueError):
    """A picture breaks a rule; `value` is what the sentence to the user may quote.

    That is the limit in MiB (TOO_LARGE, TOO_MUCH_MEMORY) or megapixels
    (TOO_MANY_PIXELS), the format (ANIMATED), or nothing.
    """

    def __init__(self, rule: PictureRule, value: str = "") -> None:
        """Remember the rule and the value."""
        self.rule = rule
        self.value = value
        super().__init__(rule.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One file made from a picture."""

    content: bytes = field(repr=False)
    extension: Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The two files of a picture, both of one format."""

    small: bytes = field(repr=False)
    full: bytes = field(repr=False)
    extension: Extension
