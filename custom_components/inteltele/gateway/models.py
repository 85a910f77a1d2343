"""What the gateway answers, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .reasons import ErrorReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """The gateway's answer for one number.

    Either `message_id` is set and the message is in the gateway's queue, or `error`
    says why it is not. `number` is E.164, `cost` in the account's currency, `country`
    an ISO 3166 alpha-2 code in lower case, and `parts` how many an SMS takes. `words`
    is the gateway's own text of an error that its documentation does not know, not yet
    fit to be shown where it comes straight from a reply.
    """

    number: str
    message_id: str | None = None
    cost: Decimal | None = None
    country: str | None = None
    parts: int | None = None
    error: ErrorReason | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a message stands, in the gateway's words; `zone` is that of the date."""

    status: str
    date: object
    zone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one SMS costs in a network.

    `network` is a mobile network code, None for every network; `price` is in the
    account's currency; `only_delivered` tells that undelivered ones cost nothing.
    """

    network: str | None
    price: Decimal
    only_delivered: bool


type Rates = Mapping[str, tuple[Rate, ...]]
