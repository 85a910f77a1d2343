"""What an account did since it was set up, counted without a write for each message."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
import sqlite3
from typing import Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.inteltele.gateway import ErrorReason
from custom_components.inteltele.storage import counters, messages as table
from custom_components.inteltele.storage.counters import Counters, counted
from custom_components.inteltele.storage.message import (
    Message,
    MessageStatus,
    ReceiptSource,
)

from .messages import OLENA, PETRO, START, empty_file, message

QUEUED, SENT = MessageStatus.QUEUED, MessageStatus.SENT
DELIVERED, FAILED = MessageStatus.DELIVERED, MessageStatus.FAILED


costs = st.none() | st.sampled_from(("0.2", "0.450000", "1")).map(Decimal)
randoms = st.randoms(use_true_random=False)


class Book(RuleBasedStateMachine):
    """A file, and the counters as they are told meanwhile."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.file = empty_file()
        self.told = Counters()
        self.messages: dict[int, Message] = {}
        self.last = 0

    def _any(self, which: Random, *statuses: MessageStatus, known: bool) -> Message:
        """Return a message that stands so, with or without an id of the gateway's."""
        return which.choice(self._with(*statuses, known=known))

    def _with(self, *statuses: MessageStatus, known: bool) -> list[Message]:
        """Return the messages that stand so."""
        return [
            kept
            for kept in self.messages.values()
            if kept.status in statuses and (kept.message_id is not None) is known
        ]

    def _change(self, before: Message, **fields: Any) -> None:
        """Let a message become something, as the ledger does."""
        after = replace(before, **fields)
        self.told += counted(before, after)
        self.messages[after.seq] = after
        table.update(self.file, [(before, after)])
        counters.arrived_after_all(self.file, [after.seq] * before.ended)

    @rule(number=st.sampled_from((OLENA, PETRO)))
    def accept(self, number: str) -> None:
        """Accept a message."""
        self.last += 1
        new = message(
            self.last, number=number, status=QUEUED, message_id=None, cost=None
        )
        self.messages[new.seq] = new
        self.told += counted(None, new)
        table.insert(self.file, [new])

    @rule(which=randoms, cost=costs)
    @precondition(lambda self: self._with(QUEUED, known=False))
    def take(self, which: Random, cost: Decimal | None) -> None:
        """Let the gateway take a message."""
        before = self._any(which, QUEUED, known=False)
        self._change(before, status=SENT, message_id=f"id-{before.seq}", cost=cost)

    @rule(which=randoms)
    @precondition(lambda self: self._with(QUEUED, known=False))
    def take_without_an_id(self, which: Random) -> None:
        """Let the gateway take a message without our hearing of it."""
        self._change(self._any(which, QUEUED, known=False), status=SENT)

    @rule(which=randoms, reason=st.sampled_from(ErrorReason))
    @precondition(lambda self: self._with(QUEUED, known=False))
    def give_up(self, which: Random, reason: ErrorReason) -> None:
        """End a message that was not sent, as far as is known."""
        before = self._any(which, QUEUED, known=False)
        house = ReceiptSource.HOUSE
        self._change(before, status=FAILED, reason=reason, source=house)

    @rule(
        which=randoms,
        status=st.sampled_from((DELIVERED, FAILED)),
        source=st.sampled_from(ReceiptSource),
    )
    @precondition(lambda self: self._with(SENT, known=True))
    def end(self, which: Random, status: MessageStatus, source: ReceiptSource) -> None:
        """Let a message come to its end."""
        before = self._any(which, SENT, known=True)
        self._change(before, status=status, source=source)

    @rule(which=randoms)
    @precondition(lambda self: self._with(FAILED, known=True))
    def arrive_after_all(self, which: Random) -> None:
        """Let a message arrive that had failed."""
        before = self._any(which, FAILED, known=True)
        self._change(before, status=DELIVERED, source=ReceiptSource.WEBHOOK)

    @rule()
    def delete(self) -> None:
        """Delete what went to a number."""
        table.delete(self.file, OLENA)
        self.messages = {
            seq: kept for seq, kept in self.messages.items() if kept.number != OLENA
        }

    @rule()
    def prune(self) -> None:
        """Delete all that is old, which is all but what waits."""
        table.prune(self.file, START + timedelta(days=100))
        self.messages = {
            seq: kept for seq, kept in self.messages.items() if kept.status is QUEUED
        }

    @rule()
    def move_on(self) -> None:
        """Count for good what does not change any more."""
        counters.move_on(self.file)

    @invariant()
    def the_file_tells_what_was_told(self) -> None:
        """At any moment."""
        assert counters.read(self.file) == self.told


def test_the_file_tells_what_was_told_after_any_life() -> None:
    """Deleting, pruning, moving on and late deliveries lose and double nothing."""
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=150, stateful_step_count=40, derandomize=True, deadline=None
        ),
    )


def _counted(connection: sqlite3.Connection) -> tuple[int, int, int, str]:
    """Return the counters as plain values."""
    found = counters.read(connection)
    return found.sent, found.delivered, found.failed, str(found.spent)


def _until(connection: sqlite3.Connection) -> list[tuple[str]]:
    """Return from which message on rows are counted."""
    return connection.execute(
        "SELECT value FROM counters WHERE name = 'until'"
    ).fetchall()


def test_an_empty_file_counts_nothing() -> None:
    """And moving on in it changes nothing."""
    connection = empty_file()
    counters.move_on(connection)
    assert _counted(connection) == (0, 0, 0, "0")
    assert _until(connection) == [("0",)]


def test_rows_are_counted_from_the_first_open_one_on() -> None:
    """The others are counted once for all."""
    connection = empty_file()
    statuses = (DELIVERED, FAILED, SENT, DELIVERED)
    table.insert(
        connection, [message(seq, status=status) for seq, status in enumerate(statuses)]
    )
    counters.move_on(connection)
    assert _until(connection) == [("2",)]
    assert _counted(connection) == (4, 2, 1, "0.8")


def test_one_of_which_nothing_more_will_be_heard_holds_nothing_up() -> None:
    """It was taken without an id."""
    connection = empty_file()
    table.insert(
        connection, [message(1, status=SENT, message_id=None), message(2), message(3)]
    )
    counters.move_on(connection)
    assert _until(connection) == [("4",)]


def test_moving_on_twice_writes_nothing() -> None:
    """There is nothing new to count."""
    connection = empty_file()
    table.insert(connection, [message(1)])
    counters.move_on(connection)
    before = connection.total_changes
    counters.move_on(connection)
    assert connection.total_changes == before


def test_deleting_what_was_counted_writes_no_counters() -> None:
    """Each write wears the disk."""
    connection = empty_file()
    table.insert(connection, [message(1)])
    counters.move_on(connection)
    before = connection.total_changes
    assert table.delete(connection, OLENA) == 1
    assert connection.total_changes == before + 1
    assert _counted(connection) == (1, 1, 0, "0.2")


def test_some_messages_may_be_kept_when_a_number_is_forgotten() -> None:
    """They are counted once, now and later."""
    connection = empty_file()
    table.insert(connection, [message(1), message(2), message(3, number=PETRO)])
    assert table.delete(connection, OLENA, but=[2]) == 1
    assert [kept.seq for kept in table.history(connection, None, None, 9)] == [3, 2]
    assert _counted(connection) == (3, 3, 0, "0.6")


def test_what_has_no_row_is_counted_as_well() -> None:
    """A flood is counted, not kept."""
    connection = empty_file()
    counters.add(connection, Counters(failed=7))
    assert _counted(connection) == (0, 0, 7, "0")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": QUEUED}, Counters()),
        ({"status": SENT}, Counters(sent=1, spent=Decimal("0.2"))),
        ({"status": SENT, "cost": None}, Counters(sent=1)),
        (
            {"status": FAILED, "source": ReceiptSource.HOUSE, "message_id": None}
            | {"reason": ErrorReason.LOW_BALANCE},
            Counters(failed=1),
        ),
    ],
)
def test_a_new_message_counts_for_what_it_is(
    fields: dict[str, object], expected: Counters
) -> None:
    """What was refused at once was never sent."""
    assert counted(None, message(**fields)) == expected


def test_a_change_that_ends_nothing_counts_nothing() -> None:
    """Nor does a second look at the same state."""
    waiting = message(status=QUEUED)
    tried = replace(waiting, reason=ErrorReason.CANNOT_CONNECT)
    assert counted(waiting, tried) == Counters()
    assert counted(message(), message()) == Counters()
