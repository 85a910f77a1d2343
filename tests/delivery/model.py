"""What must hold of an account's messages, whatever happens to them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from custom_components.inteltele.delivery import Outcome
from custom_components.inteltele.gateway import DeliveryReceipt, ErrorReason
from custom_components.inteltele.storage.message import (
    Message,
    MessageStatus,
    ReceiptSource,
)
from custom_components.inteltele.storage.messages import Counters

EARLY_FOR = timedelta(seconds=60)
GATEWAY_AHEAD = timedelta(minutes=5)
DAY = timedelta(days=1)

type State = tuple[MessageStatus, datetime | None]
type Key = tuple[str, str]


@dataclass(slots=True)
class Known:
    """A message with an id, and the states that it went through."""

    number: str
    sent_at: datetime
    ttl: int
    slow: bool
    states: list[State] = field(
        default_factory=lambda: [(MessageStatus.SENT, None)], init=False
    )
    safe: int = 0


@dataclass(slots=True)
class Model:
    """The messages as they must stand; `early` are receipts that came too soon."""

    known: dict[str, Known] = field(default_factory=dict)
    queued: dict[int, Key] = field(default_factory=dict)
    early: dict[str, list[tuple[DeliveryReceipt, datetime]]] = field(
        default_factory=dict
    )
    counters: Counters = field(default_factory=Counters)
    safe_counters: Counters = field(default_factory=Counters)
    expected: list[tuple[str, State]] = field(default_factory=list)
    seen: list[tuple[str, State]] = field(default_factory=list)

    @property
    def pending(self) -> int:
        """Return how many messages have no end."""
        under_way = sum(
            known.states[-1][0] is MessageStatus.SENT for known in self.known.values()
        )
        return under_way + len(self.queued)

    def sent(self, outcome: Outcome, ttl: int, now: datetime) -> None:
        """Take up a message that the gateway took."""
        self._count(sent=1, spent=outcome.cost or Decimal(0))
        if outcome.message_id is None:
            return
        assert outcome.message_id not in self.known
        self.known[outcome.message_id] = Known(
            outcome.recipient.number, outcome.sent_at, ttl, now > outcome.sent_at
        )
        for receipt, arrived_at in self.early.pop(outcome.message_id, []):
            if arrived_at >= now - EARLY_FOR:
                self.received(receipt, arrived_at)

    def received(self, receipt: DeliveryReceipt, now: datetime) -> None:
        """Take in a receipt: the first end stands, but a later delivery counts."""
        known = self.known.get(receipt.message_id)
        if known is None:
            self.early.setdefault(receipt.message_id, []).append((receipt, now))
            return
        at, (status, since) = receipt.reported_at, known.states[-1]
        if at is None or not (
            known.sent_at.replace(microsecond=0) <= at <= now + GATEWAY_AHEAD
        ):
            at = now
        better = status is MessageStatus.FAILED and receipt.delivered and at > since
        if receipt.final and (status is MessageStatus.SENT or better):
            delivered = MessageStatus.DELIVERED, MessageStatus.FAILED
            state = delivered[not receipt.delivered], at
            known.states.append(state)
            self.expected.append((receipt.message_id, state))

    def changed(self, message: Message, now: datetime) -> None:
        """See what the house told of a message."""
        state = message.status, message.reported_at
        name = {MessageStatus.DELIVERED: "delivered", MessageStatus.FAILED: "failed"}
        self._count(**{name[message.status]: 1})
        if message.message_id is None:
            del self.queued[message.seq]
            return
        if message.source is ReceiptSource.HOUSE:
            known = self.known[message.message_id]
            assert known.states[-1][0] is MessageStatus.SENT
            assert now >= known.sent_at + timedelta(seconds=known.ttl) + DAY
            known.states.append(state)
            self.expected.append((message.message_id, state))
        self.seen.append((message.message_id, state))

    def written(self) -> None:
        """Note that everything up to now is on disk."""
        self.safe_counters = self.counters
        for known in self.known.values():
            known.safe = len(known.states)

    def forget(self, number: str, kept: set[int]) -> None:
        """Forget what went to a number, and what waits for it, but for some."""
        self.known = {
            name: known for name, known in self.known.items() if known.number != number
        }
        self.queued = {
            seq: key
            for seq, key in self.queued.items()
            if key[1] != number or seq in kept
        }

    def lost_power(self, rows: dict[str, Message], counters: Counters) -> None:
        """Hold what is left after a power cut against what was on disk before."""
        for name, known in list(self.known.items()):
            if (row := rows.get(name)) is None:
                assert not known.safe, f"{name} is lost"
                del self.known[name]
                continue
            state = row.status, row.reported_at
            assert state in known.states[max(known.safe - 1, 0) :]
            del known.states[known.states.index(state) + 1 :]
        for name in ("sent", "delivered", "failed", "spent"):
            before = getattr(self.safe_counters, name)
            assert before <= getattr(counters, name) <= getattr(self.counters, name)
        self.counters = counters
        self.early.clear()
        self.expected.clear()
        self.seen.clear()

    def check(self, counters: Counters, pending: int) -> None:
        """Hold the house's word against all this."""
        assert Counter(self.seen) == Counter(self.expected)
        assert counters == self.counters, (counters, self.counters)
        assert pending == self.pending, (pending, self.pending)

    def _count(self, **more: int | Decimal) -> None:
        """Count one more of something."""
        self.counters = Counters(
            **{
                name: getattr(self.counters, name) + more.get(name, 0)
                for name in ("sent", "delivered", "failed", "spent")
            }
        )


def may_have_been_taken(message: Message) -> bool:
    """Return whether a message that failed in the house may have been sent."""
    return message.reason is ErrorReason.OUTCOME_UNKNOWN
