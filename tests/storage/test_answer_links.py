"""The table of answer links."""

from dataclasses import replace
from datetime import timedelta
import sqlite3

import pytest

from custom_components.inteltele.storage import answer_links, messages as table
from custom_components.inteltele.storage.answer_links import (
    Answer,
    AnswerLink,
    GivenAnswer,
)

from .messages import OLENA, PETRO, START, empty_file, message

OPEN = Answer(action="OPEN", text="Відчинити 🚪")
LATER = Answer(action="LATER", text="Later")
VALID = AnswerLink(
    fingerprint="valid",
    number=OLENA,
    recipient="Olena",
    answers=(OPEN, LATER),
    valid_until=START + timedelta(hours=1),
    message=1,
)
ANSWERED = replace(
    VALID, fingerprint="answered", given=GivenAnswer(answer=OPEN, given_at=START)
)
BARE = replace(VALID, fingerprint="bare", number=PETRO, recipient=None, message=None)


@pytest.fixture
def connection() -> sqlite3.Connection:
    """Return a file with three links, and the message of two of them."""
    connection = empty_file()
    table.insert(connection, [message(1)])
    answer_links.write(connection, [VALID, ANSWERED, BARE])
    return connection


def _left(connection: sqlite3.Connection) -> set[str]:
    """Return which links there are."""
    return {link.fingerprint for link in answer_links.load(connection)}


def test_a_link_comes_back_as_it_was(connection: sqlite3.Connection) -> None:
    """With the answer that was given, and without one."""
    links = {link.fingerprint: link for link in answer_links.load(connection)}
    assert links == {"valid": VALID, "answered": ANSWERED, "bare": BARE}


def test_a_link_that_was_used_takes_the_place_of_the_unused_one(
    connection: sqlite3.Connection,
) -> None:
    """There is one of each."""
    used = replace(VALID, given=GivenAnswer(answer=LATER, given_at=START))
    answer_links.write(connection, [used])
    assert used in answer_links.load(connection)
    assert len(_left(connection)) == 3


def test_answers_are_found_by_their_links(connection: sqlite3.Connection) -> None:
    """Those that were given."""
    found = answer_links.given(connection, ["valid", "answered", "nobody's"])
    assert found == {"answered": ANSWERED.given}


def test_links_are_pruned_when_their_time_is_over(
    connection: sqlite3.Connection,
) -> None:
    """What became of them is remembered; answers last as long as their messages."""
    answer_links.prune(connection, VALID.valid_until - timedelta(seconds=1))
    assert _left(connection) == {"valid", "answered", "bare"}
    answer_links.prune(connection, VALID.valid_until)
    assert _left(connection) == {"valid", "answered"}
    answer_links.prune(connection, VALID.valid_until + answer_links.REMEMBERED)
    assert _left(connection) == {"answered"}
    table.delete(connection, OLENA)
    answer_links.prune(connection, VALID.valid_until)
    assert _left(connection) == set()


@pytest.mark.parametrize(
    ("number", "kept", "left"),
    [
        (OLENA, [], {"bare"}),
        (OLENA, [1], {"valid", "answered", "bare"}),
        (PETRO, [1], {"valid", "answered"}),
    ],
)
def test_links_to_a_number_are_forgotten_but_those_of_some_messages(
    connection: sqlite3.Connection, number: str, kept: list[int], left: set[str]
) -> None:
    """One without a message goes in any case."""
    answer_links.forget(connection, number, kept)
    assert _left(connection) == left
