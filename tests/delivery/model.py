"""What must hold of an account's messages, whatever happens to them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from custom_components.inteltele.gateway import DeliveryReceipt
from custom_components.inteltele.storage.counters import Counters
from custom_components.inteltele.storage.message import (
    HouseReason,
    Message,
    MessageStatus,
    ReceiptSource,
)

EARLY_FOR = timedelta(seconds=60)
GATEWAY_AHEAD = timedelta(minutes=5)
DAY = timedelta(days=1)

type State = tuple[MessageStatus, datetime | None]
type Key = tuple[str, str]


@dataclass(slots=True)
class Known:
    """A message, and the states that it went through; `safe` are on the disk."""

    key: Key
    number: str
    states: list[State]
    message_id: str | None = None
    sent_at: datetime | None = None
    ttl: int = 0
    slow: bool = False
    safe: int = 1

    @property
    def status(self) -> MessageStatus:
        """Return how it stands."""
        return self.states[-1][0]


@dataclass(slots=True)
class Model:
    """The messages as they must stand; `early` are receipts that came too soon."""

    known: dict[int, Known] = field(default_factory=dict)
    early: dict[str, list[tuple[DeliveryReceipt, datetime]]] = field(
        default_factory=dict
    )
    counters: Counters = field(default_factory=Counters)
    safe_counters: Counters = field(default_factory=Counters)
    only_counted: int = 0
    expected: list[tuple[int, State]] = field(default_factory=list)
    seen: list[tuple[int, State]] = field(default_factory=list)

    @property
    def queued(self) -> dict[int, Key]:
        """Return the messages that the gateway did not answer for yet."""
        return {
            seq: known.key
            for seq, known in self.known.items()
            if known.status is MessageStatus.QUEUED
        }

    @property
    def pending(self) -> int:
        """Return how many messages have no end."""
        return len(self.queued) + sum(
            known.status is MessageStatus.SENT and known.message_id is not None
            for known in self.known.values()
        )

    def by_id(self, message_id: str) -> tuple[int, Known] | None:
        """Return the message with one of the gateway's ids."""
        return next(
            (
                (seq, known)
                for seq, known in self.known.items()
                if known.message_id == message_id
            ),
            None,
        )

    def accepted(self, message: Message, key: Key) -> None:
        """Take up a new message, which is on disk."""
        assert message.seq not in self.known
        if message.status is not MessageStatus.QUEUED:
            # It had no chance.
            assert message.reason is HouseReason.QUEUE_FULL
            self._count(failed=1)
        self.known[message.seq] = Known(key, message.number, [_state(message)])

    def refused(self, count: int) -> None:
        """Count what had no chance and gets no row."""
        self._count(failed=count)
        self.only_counted += count

    def sent(self, message: Message, now: datetime) -> None:
        """Take up that the gateway took a message."""
        known = self.known[message.seq]
        assert known.status is MessageStatus.QUEUED
        self._count(sent=1, spent=message.cost or Decimal(0))
        known.states.append(_state(message))
        known.sent_at, known.ttl = message.sent_at, message.ttl or 0
        known.slow = now > message.sent_at
        if message.message_id is not None:
            assert self.by_id(message.message_id) is None
            known.message_id = message.message_id
            for receipt, arrived_at in self.early.pop(message.message_id, []):
                if arrived_at >= now - EARLY_FOR:
                    self.received(receipt, arrived_at)

    def given_up(self, message: Message) -> None:
        """Take up that a message ended without having been taken."""
        known = self.known[message.seq]
        assert known.status is MessageStatus.QUEUED
        assert message.source is ReceiptSource.HOUSE
        self._count(failed=1)
        known.states.append(_state(message))

    def received(self, receipt: DeliveryReceipt, now: datetime) -> None:
        """Take in a receipt: the first end stands, but a later delivery counts."""
        found = self.by_id(receipt.message_id)
        if found is None:
            self.early.setdefault(receipt.message_id, []).append((receipt, now))
            return
        seq, known = found
        at, (status, since) = receipt.reported_at, known.states[-1]
        assert known.sent_at is not None
        if at is None or not (
            known.sent_at.replace(microsecond=0) <= at <= now + GATEWAY_AHEAD
        ):
            at = now
        better = (
            status is MessageStatus.FAILED
            and receipt.delivered
            and since is not None
            and at >= since.replace(microsecond=0)
        )
        if receipt.final and (status is MessageStatus.SENT or better):
            delivered = MessageStatus.DELIVERED, MessageStatus.FAILED
            state = delivered[not receipt.delivered], at
            known.states.append(state)
            self.expected.append((seq, state))

    def ended(self, message: Message, now: datetime) -> None:
        """See what the house told of the end of a message that was sent."""
        name = {MessageStatus.DELIVERED: "delivered", MessageStatus.FAILED: "failed"}
        self._count(**{name[message.status]: 1})
        known = self.known[message.seq]
        if message.source is ReceiptSource.HOUSE:
            assert known.status is MessageStatus.SENT
            assert known.sent_at is not None
            assert now >= known.sent_at + timedelta(seconds=known.ttl) + DAY
            known.states.append(_state(message))
            self.expected.append((message.seq, _state(message)))
        self.seen.append((message.seq, _state(message)))

    def written(self) -> None:
        """Note that everything up to now is on disk."""
        # What is only counted is written with the next change.
        self.safe_counters = replace(
            self.counters, failed=self.counters.failed - self.only_counted
        )
        for known in self.known.values():
            known.safe = len(known.states)

    def forget(self, number: str, kept: set[int]) -> None:
        """Forget what went to a number, but for some."""
        self.known = {
            seq: known
            for seq, known in self.known.items()
            if known.number != number or seq in kept
        }

    def lost_power(self, rows: dict[int, Message], counters: Counters) -> None:
        """Hold what is left after a power cut against what was on disk before.

        Nobody is lost: what was told has a row, in a state that it really had.
        """
        assert set(self.known) <= set(rows), "a message is lost"
        for seq, known in self.known.items():
            row = rows[seq]
            state = _state(row)
            assert state in known.states[known.safe - 1 :]
            del known.states[known.states.index(state) + 1 :]
            known.message_id = row.message_id
        for name in ("sent", "delivered", "failed", "spent"):
            before = getattr(self.safe_counters, name)
            assert before <= getattr(counters, name) <= getattr(self.counters, name)
        self.counters = counters
        self.only_counted = 0
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


def _state(message: Message) -> State:
    """Return how a message stands."""
    return message.status, message.reported_at
