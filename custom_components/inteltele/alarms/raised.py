"""What somebody raises: what an alarm says, whom it asks, and how."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
import re
from typing import Final

from .pictures import ComingPicture

MIN_WAIT: Final = timedelta(minutes=1)
MAX_WAIT: Final = timedelta(minutes=60)
DEFAULT_WAIT: Final = timedelta(minutes=3)
MAX_ROUNDS: Final = 10
DEFAULT_ROUNDS: Final = 2
MAX_PEOPLE: Final = 10
# A plan lasts no longer.
LONGEST_PLAN: Final = timedelta(hours=12)
DEFAULT_QUIET_FOR: Final = timedelta(minutes=30)
LONGEST_QUIET: Final = timedelta(hours=24)
# So long the first question waits for a picture. A sentence names it.
PICTURE_AWAITED: Final = timedelta(seconds=5)


class Order(StrEnum):
    """In which order people are asked."""

    ONE_BY_ONE = "one_by_one"
    ALL_AT_ONCE = "all_at_once"


class Sms(StrEnum):
    """When a question goes by SMS."""

    AS_SET = "as_set"
    LAST_ROUND = "last_round"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to ask: by number (E.164), and name and subentry where they are known.

    `number` tells people apart.
    """

    number: str
    name: str | None = None
    subentry_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an alarm says.

    `image` is where its picture is, a path for one of this house, whose small file has
    the name `picture`.
    """

    message: str
    title: str | None = None
    sms_message: str | None = None
    picture: str | None = None
    image: str | None = None

    def with_picture(self, picture: str | None, image: str | None) -> Content:
        """Return the same with a picture, or with none."""
        return replace(self, picture=picture, image=image)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How an alarm asks.

    `acknowledge_text` is what somebody chose for the button, None where nobody did:
    whoever looks at it reads it in their own language then.
    """

    order: Order = Order.ONE_BY_ONE
    wait: timedelta = DEFAULT_WAIT
    rounds: int = DEFAULT_ROUNDS
    sms: Sms = Sms.LAST_ROUND
    acknowledge_text: str | None = None
    tell_others: bool = True
    quiet_for: timedelta = DEFAULT_QUIET_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What somebody raises; without `tag`, the text tells causes apart.

    `picture` is one that is not there yet.
    """

    content: Content
    people: Sequence[Person]
    rules: Rules
    tag: str | None = None
    picture: ComingPicture | None = None

    @property
    def key(self) -> str:
        """Return by what two raises are of one alarm."""
        if self.tag is not None:
            return self.tag
        text = f"{self.content.title or ''}\n{self.content.message}"
        return sha256(re.sub(r"\d+", "", text).encode()).hexdigest()
