"""Reading the history page by page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.inteltele.storage import messages as store
from custom_components.inteltele.storage.database import Database
from custom_components.inteltele.storage.message import Message, MessageStatus, Place
from custom_components.inteltele.storage.migrations import MIGRATIONS
from custom_components.inteltele.storage.writing import write_messages

OLENA = "+380671112233"
PETRO = "+380671112244"
STRANGER = "+48601234567"
START = datetime(2026, 11, 24, 3, 0, 0, 123457, tzinfo=UTC)


@pytest.fixture
def connection() -> sqlite3.Connection:
    """Return a ledger with messages in groups that were sent at the same moment."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(";".join(MIGRATIONS))
    numbers = (OLENA, PETRO, STRANGER)
    write_messages(
        connection,
        [
            Message(
                seq=seq,
                number=numbers[seq % 3],
                sent_at=START + timedelta(seconds=seq // 4),
                status=MessageStatus.DELIVERED,
            )
            for seq in range(1, 41)
        ],
    )
    return connection


def _numbers(pages: list[list[int]]) -> list[int]:
    """Return the numbers of all messages, as the pages follow each other."""
    return list(chain.from_iterable(pages))


def _pages(
    connection: sqlite3.Connection, numbers: list[str] | None, limit: int
) -> list[list[int]]:
    """Return the numbers of the messages on each page, the empty last one too."""
    pages: list[list[int]] = []
    before: Place | None = None
    while not pages or pages[-1]:
        found = store.history(connection, numbers, None, limit, before)
        pages.append([message.seq for message in found])
        before = found[-1].place if found else None
    return pages


@pytest.mark.parametrize("limit", [1, 3, 7, 40, 100])
def test_pages_hold_each_message_once(
    connection: sqlite3.Connection, limit: int
) -> None:
    """Newest first, also where several were sent at the same moment."""
    pages = _pages(connection, None, limit)
    assert _numbers(pages) == list(range(40, 0, -1))
    assert all(len(page) == limit for page in pages[:-2])


def test_pages_hold_only_the_numbers_that_are_asked_for(
    connection: sqlite3.Connection,
) -> None:
    """One of them, several, or none at all."""
    assert _numbers(_pages(connection, [PETRO], 4)) == list(range(40, 0, -3))
    both = [seq for seq in range(40, 0, -1) if seq % 3 != 2]
    assert _numbers(_pages(connection, [OLENA, PETRO], 4)) == both
    assert _pages(connection, [], 4) == [[]]


def test_a_new_message_does_not_move_the_next_page(
    connection: sqlite3.Connection,
) -> None:
    """Because it begins at a message, not at a count."""
    first = store.history(connection, None, None, 5)
    newest = replace(first[0], seq=41, sent_at=START + timedelta(hours=1))
    write_messages(connection, [newest])
    second = store.history(connection, None, None, 5, first[-1].place)
    assert [message.seq for message in second] == [35, 34, 33, 32, 31]


@pytest.mark.parametrize("numbers", [None, [OLENA], [OLENA, PETRO]])
@pytest.mark.parametrize("before", [None, Place(sent_at=START, seq=20)])
def test_a_page_is_read_in_the_order_of_an_index(
    connection: sqlite3.Connection, numbers: list[str] | None, before: Place | None
) -> None:
    """So that it costs the same anywhere in a long history."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    store.history(connection, numbers, None, 5, before)
    connection.set_trace_callback(None)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {statements[0]}").fetchall()
    steps = [step for *_, step in plan]
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    assert any("USING INDEX messages_by_" in step for step in steps)


async def test_a_file_from_before_pictures_is_taken_over(tmp_path: Path) -> None:
    """With its messages, of which nothing more is known."""
    path = tmp_path / "ledger.db"
    connection = sqlite3.connect(path)
    connection.executescript(f"{';'.join(MIGRATIONS[:3])}; PRAGMA user_version = 3;")
    connection.execute(
        "INSERT INTO messages (seq, message_id, number, sent_at, status, link) "
        "VALUES (1, 'a', ?, 1795000000.5, 'sent', 'f')",
        (OLENA,),
    )
    connection.commit()
    connection.close()
    database = Database(path)
    assert await database.open() is None
    [message] = await database.read(
        lambda connection: store.history(connection, None, None, 5)
    )
    await database.close()
    kept: dict[str, Any] = {"picture": message.picture, "button": message.button}
    assert kept == {"picture": None, "button": None}
    assert (message.message_id, message.link) == ("a", "f")


def test_of_several_states_of_a_message_the_last_is_kept(
    connection: sqlite3.Connection,
) -> None:
    """They may come within one moment."""
    sent = Message(seq=50, message_id="a", number=OLENA, sent_at=START)
    delivered = replace(sent, status=MessageStatus.DELIVERED)
    write_messages(connection, [sent, delivered])
    assert store.with_seq(connection, 50) == delivered


def test_an_id_that_is_given_twice_belongs_to_the_later_message(
    connection: sqlite3.Connection,
) -> None:
    """Whether both come within one moment, or not."""
    first, second, third = (
        Message(seq=seq, message_id="a", number=OLENA, sent_at=START)
        for seq in (50, 51, 52)
    )
    write_messages(connection, [first, second])
    assert store.find(connection, "a") == second
    assert store.with_seq(connection, 50) == replace(first, message_id=None)
    write_messages(connection, [third])
    assert store.find(connection, "a") == third
    assert store.with_seq(connection, 51) == replace(second, message_id=None)


def test_many_messages_are_kept_at_once(connection: sqlite3.Connection) -> None:
    """More than one statement takes."""
    many = [
        Message(seq=seq, message_id=f"id-{seq}", number=PETRO, sent_at=START)
        for seq in range(100, 200)
    ]
    write_messages(connection, many)
    found = [store.with_seq(connection, message.seq) for message in many]
    assert found == many
