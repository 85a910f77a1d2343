"""The table of what was not told yet."""

from dataclasses import replace
import sqlite3

import pytest

from custom_components.inteltele.storage import messages as table, untold
from custom_components.inteltele.storage.message import MessageStatus
from custom_components.inteltele.storage.untold import Happening

from .messages import OLENA, PETRO, empty_file, message

DELIVERED = Happening(
    place=1,
    number=OLENA,
    type="delivered",
    attributes={"id": "01", "seconds": 3, "reason": None},
    message=1,
    before=MessageStatus.SENT,
)
PRESSED = replace(
    DELIVERED,
    place=2,
    type="button_pressed",
    attributes={"text": "Відчинити 🚪"},
    before=None,
)
OF_NO_MESSAGE = replace(PRESSED, place=3, message=None)
OF_PETRO = replace(DELIVERED, place=4, number=PETRO, message=2)


@pytest.fixture
def connection() -> sqlite3.Connection:
    """Return a file with two messages, and what is to be told about them."""
    connection = empty_file()
    table.insert(connection, [message(1), message(2, number=PETRO)])
    for happening in (OF_PETRO, OF_NO_MESSAGE, PRESSED, DELIVERED):
        untold.write(connection, happening)
    return connection


def test_it_comes_back_as_it_was(connection: sqlite3.Connection) -> None:
    """In the order in which it happened."""
    assert untold.load(connection) == [DELIVERED, PRESSED, OF_NO_MESSAGE, OF_PETRO]


def test_what_was_told_is_forgotten(connection: sqlite3.Connection) -> None:
    """And nothing else; what is not there does no harm."""
    untold.delete(connection, {1, 3, 17})
    assert untold.load(connection) == [PRESSED, OF_PETRO]


def test_what_is_about_a_message_goes_with_it(connection: sqlite3.Connection) -> None:
    """What is about none stays until it is told."""
    table.delete(connection, OLENA)
    untold.prune(connection)
    assert untold.load(connection) == [OF_NO_MESSAGE, OF_PETRO]


@pytest.mark.parametrize(
    ("number", "kept", "left"),
    [
        (OLENA, [], [OF_PETRO]),
        (OLENA, [1], [DELIVERED, PRESSED, OF_PETRO]),
        (PETRO, [1], [DELIVERED, PRESSED, OF_NO_MESSAGE]),
    ],
)
def test_what_is_about_a_number_is_forgotten_but_that_of_some_messages(
    connection: sqlite3.Connection, number: str, kept: list[int], left: list[Happening]
) -> None:
    """What is about no message goes in any case."""
    untold.forget(connection, number, kept)
    assert untold.load(connection) == left
