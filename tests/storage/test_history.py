"""Reading the history page by page."""

from datetime import timedelta
from decimal import Decimal
from itertools import chain, cycle
import sqlite3
from typing import Any

import pytest

from custom_components.inteltele.storage import messages as table
from custom_components.inteltele.storage.message import MessageStatus

from .messages import OLENA, PETRO, START, STRANGER, empty_file, message

DELIVERED, FAILED = MessageStatus.DELIVERED, MessageStatus.FAILED


@pytest.fixture
def connection() -> sqlite3.Connection:
    """Return a ledger with messages in groups that were sent at the same moment."""
    connection = empty_file()
    numbers = cycle((PETRO, STRANGER, OLENA))
    table.insert(
        connection,
        [
            message(
                seq,
                number=next(numbers),
                # A clock that was set back changes no order.
                sent_at=START - timedelta(seconds=seq // 4),
                status=FAILED if seq % 5 == 0 else DELIVERED,
            )
            for seq in range(1, 41)
        ],
    )
    return connection


def _seqs(pages: list[list[int]]) -> list[int]:
    """Return the numbers of all messages, as the pages follow each other."""
    return list(chain.from_iterable(pages))


def _pages(
    connection: sqlite3.Connection,
    numbers: list[str] | None,
    limit: int,
    status: MessageStatus | None = None,
) -> list[list[int]]:
    """Return the numbers of the messages on each page, the empty last one too."""
    pages: list[list[int]] = []
    before: int | None = None
    while not pages or pages[-1]:
        found = table.history(connection, numbers, status, limit, before)
        pages.append([message.seq for message in found])
        before = found[-1].seq if found else None
    return pages


@pytest.mark.parametrize("limit", [1, 3, 7, 40, 100])
def test_pages_hold_each_message_once(
    connection: sqlite3.Connection, limit: int
) -> None:
    """In the order in which they were accepted, newest first."""
    pages = _pages(connection, None, limit)
    assert _seqs(pages) == list(range(40, 0, -1))
    assert all(len(page) == limit for page in pages[:-2])


def test_pages_hold_only_the_numbers_that_are_asked_for(
    connection: sqlite3.Connection,
) -> None:
    """One of them, several, or none at all."""
    assert _seqs(_pages(connection, [PETRO], 4)) == list(range(40, 0, -3))
    both = [seq for seq in range(40, 0, -1) if seq % 3 != 2]
    assert _seqs(_pages(connection, [OLENA, PETRO], 4)) == both
    assert _pages(connection, [], 4) == [[]]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (None, [40, 35, 30, 25, 20, 15, 10, 5]),
        ([PETRO], [40, 25, 10]),
        ([PETRO, OLENA], [40, 30, 25, 15, 10]),
    ],
)
def test_pages_hold_only_the_status_that_is_asked_for(
    connection: sqlite3.Connection, numbers: list[str] | None, expected: list[int]
) -> None:
    """Of all, of one, or of several."""
    assert _seqs(_pages(connection, numbers, 2, FAILED)) == expected


def test_a_new_message_does_not_move_the_next_page(
    connection: sqlite3.Connection,
) -> None:
    """Because it begins at a message, not at a count."""
    first = table.history(connection, None, None, 5)
    table.insert(connection, [message(41)])
    second = table.history(connection, None, None, 5, first[-1].seq)
    assert [found.seq for found in second] == [35, 34, 33, 32, 31]


def _plan(connection: sqlite3.Connection, *question: Any) -> list[str]:
    """Return how a page is looked up."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    table.history(connection, *question)
    connection.set_trace_callback(None)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {statements[0]}").fetchall()
    return [step for *_, step in plan]


@pytest.mark.parametrize("numbers", [None, [OLENA], [OLENA, PETRO]])
@pytest.mark.parametrize("status", [None, FAILED])
@pytest.mark.parametrize("before", [None, 20])
def test_a_page_is_read_in_the_order_of_an_index(
    connection: sqlite3.Connection,
    numbers: list[str] | None,
    status: MessageStatus | None,
    before: int | None,
) -> None:
    """So that it costs the same anywhere in a long history."""
    steps = _plan(connection, numbers, status, 5, before)
    assert [step for step in steps if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize(
    ("numbers", "status", "index"),
    [([OLENA], None, "messages_by_number"), (None, FAILED, "messages_by_status")],
)
def test_one_number_and_one_status_have_an_index(
    connection: sqlite3.Connection,
    numbers: list[str] | None,
    status: MessageStatus | None,
    index: str,
) -> None:
    """Few among very many are found as fast."""
    [step] = _plan(connection, numbers, status, 5)
    assert f"USING INDEX {index}" in step


def test_an_id_that_is_given_twice_belongs_to_the_later_message(
    connection: sqlite3.Connection,
) -> None:
    """Both stay, and case does not matter."""
    table.insert(connection, [message(50, message_id="a"), message(51, message_id="A")])
    found = table.find(connection, "a")
    assert found is not None
    assert found.seq == 51
    assert len(table.history(connection, None, None, 100, None)) == 42


def test_an_id_that_nobody_gave_belongs_to_no_message(
    connection: sqlite3.Connection,
) -> None:
    """Nor has a row that is not there one."""
    assert table.find(connection, "nobody's") is None
    assert table.with_seq(connection, 99) is None


def test_the_latest_message_to_each_number_is_known(
    connection: sqlite3.Connection,
) -> None:
    """That which was accepted last."""
    latest = table.latest(connection)
    assert {number: found.seq for number, found in latest.items()} == {
        PETRO: 40,
        OLENA: 39,
        STRANGER: 38,
    }


def test_what_was_taken_lately_is_found_without_reading_everything(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest are looked through until enough in a row are older."""
    monkeypatch.setattr(table, "_OLDER_IN_A_ROW", 3)
    connection.execute("DELETE FROM messages")
    early, late = START - timedelta(hours=1), START + timedelta(hours=1)
    table.insert(
        connection,
        [
            message(seq, sent_at=sent_at, text=str(seq))
            for seq, sent_at in enumerate(
                # One that waited was taken later than others after it.
                (late, early, early, early, late, early, early, late),
                1,
            )
        ],
    )
    taken = table.taken_since(connection, START)
    assert {item.text for item in taken} == {"5", "8"}
    assert table.spent_since(connection, START) == Decimal("0.4")


def test_what_cost_nothing_so_far_adds_nothing() -> None:
    """Like what waits, or a price that the gateway did not tell."""
    connection = empty_file()
    table.insert(connection, [message(cost=None)])
    assert table.spent_since(connection, START - timedelta(seconds=1)) == 0


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"status": MessageStatus.SENT, "message_id": None}, True),
        ({"status": MessageStatus.FAILED}, True),
        ({"status": MessageStatus.FAILED, "message_id": None}, False),
        ({"status": MessageStatus.QUEUED, "message_id": None}, False),
        (
            {"status": MessageStatus.FAILED, "message_id": None}
            | {"reason": "outcome_unknown"},
            True,
        ),
    ],
)
def test_what_may_have_left_counts_as_taken(fields: dict[str, Any], left: bool) -> None:
    """It may have cost."""
    connection = empty_file()
    table.insert(connection, [message(**fields)])
    taken = table.taken_since(connection, START - timedelta(seconds=1))
    assert bool(taken) is left


def test_numbers_go_on_from_the_last_one(connection: sqlite3.Connection) -> None:
    """Or begin, in an empty file."""
    assert table.last_seq(connection) == 40
    assert table.last_seq(empty_file()) == 0
