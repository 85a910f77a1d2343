"""What happened, until it is told."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.inteltele.delivery.untold import Untold
from custom_components.inteltele.storage import untold as table
from custom_components.inteltele.storage.database import Database
from custom_components.inteltele.storage.message import Message, MessageStatus
from custom_components.inteltele.storage.untold import Happening

from ..storage.messages import OLENA, PETRO, message

SENT = message(1, status=MessageStatus.SENT)
DELIVERED = replace(SENT, status=MessageStatus.DELIVERED)
WAITING = replace(SENT, status=MessageStatus.QUEUED)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    """Return an open file."""
    opened = Database(tmp_path / "account.db")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def untold(database: Database) -> Untold:
    """Return what is to be told: nothing yet."""
    return Untold(database)


def _happen(untold: Untold, *changes: tuple[Message | None, Message]) -> None:
    """Let messages change."""
    for before, after in changes:
        happening = untold.change_of(before, after)
        assert happening is not None
        untold.add(happening)


async def _in_the_file(database: Database) -> list[str]:
    """Return the types of what the file holds."""
    return [happening.type for happening in await database.read(table.load)]


def _all_taken(untold: Untold, number: str = OLENA) -> list[Happening]:
    """Take all there is about a number."""
    return [taken for _ in range(5) if (taken := untold.take(number)) is not None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, WAITING),
        (WAITING, replace(WAITING, text="x")),
        (SENT, replace(SENT, message_id="x")),
        (DELIVERED, replace(DELIVERED, gateway_status="delivrd")),
    ],
)
def test_a_message_that_stands_where_it_stood_is_nothing_to_tell(
    untold: Untold, before: Message | None, after: Message
) -> None:
    """Nor is one that waits."""
    assert untold.change_of(before, after) is None


async def test_what_is_told_at_once_is_not_written(
    untold: Untold, database: Database
) -> None:
    """It would wear the disk for each message."""
    _happen(untold, (None, SENT))
    untold.told(_all_taken(untold))
    assert await _in_the_file(database) == []


async def test_what_waits_is_in_the_file_until_it_was_told(
    untold: Untold, database: Database
) -> None:
    """Once, however often it is kept, and in order."""
    _happen(untold, (WAITING, SENT), (SENT, DELIVERED))
    untold.keep(OLENA)
    untold.keep(OLENA)
    untold.keep(PETRO)
    assert await _in_the_file(database) == ["sent", "delivered"]
    first = untold.take(OLENA)
    assert first is not None
    untold.told([first])
    assert await _in_the_file(database) == ["delivered"]


async def test_what_was_not_told_is_taken_up_again(
    untold: Untold, database: Database
) -> None:
    """And what happens then comes after it."""
    _happen(untold, (WAITING, SENT))
    untold.keep(OLENA)
    again = Untold(database)
    await again.load()
    _happen(again, (SENT, DELIVERED))
    again.keep(OLENA)
    assert again.waiting() == {OLENA: 2}
    told = _all_taken(again)
    assert [happening.type for happening in told] == ["sent", "delivered"]
    again.told(told)
    assert await _in_the_file(database) == []


def test_a_message_stands_where_it_was_told_to(untold: Untold) -> None:
    """A step further with each that is told."""
    stands = []
    _happen(untold, (None, message(7)), (None, SENT), (SENT, DELIVERED))
    for _ in range(4):
        stands.append(untold.status_told(DELIVERED))
        untold.take(OLENA)
    assert stands == ["queued", "queued", "sent", "delivered"]


async def test_what_is_forgotten_is_not_told(
    untold: Untold, database: Database
) -> None:
    """What is about another message, or to somebody else, is."""
    other = message(2, number=PETRO)
    _happen(untold, (None, SENT), (None, message(3)), (None, other))
    untold.forget(OLENA, lambda seq: seq == 3)
    assert [happening.message for happening in _all_taken(untold)] == [3]
    assert [happening.message for happening in _all_taken(untold, PETRO)] == [2]
