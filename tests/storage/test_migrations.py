"""Files that earlier code wrote: nothing of them is lost, and they go on being used."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import shutil
import sqlite3
from typing import Any

import pytest

from custom_components.inteltele.delivery import Recipient
from custom_components.inteltele.storage.database import Damage, Database
from custom_components.inteltele.storage.ids import seq_of
from custom_components.inteltele.storage.migrations import (
    MIGRATIONS,
    NewerVersionError,
    migrate,
)
from demo.simulated_gateway import SimulatedGateway

from ..delivery.house import House, open_house, stand

FIXTURES = Path(__file__).parent / "fixtures"
CONTENTS: dict[str, dict[str, Any]] = json.loads(
    (FIXTURES / "contents.json").read_text(encoding="utf-8")
)
WITH_OUTBOX = sorted(name for name in CONTENTS if "outbox" in CONTENTS[name])
WITH_LINKS = sorted(name for name in CONTENTS if "answer_links" in CONTENTS[name])
CLOSED_AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
KILLED_AT = datetime(2026, 11, 20, 6, 20, 10, tzinfo=UTC)

type Rows = list[dict[str, Any]]


def _copy(name: str, folder: Path) -> Path:
    """Return a copy of a file, with its log."""
    for part in FIXTURES.glob(f"{name}*"):
        shutil.copy(part, folder / part.name.replace(name, "ledger.db"))
    return folder / "ledger.db"


@pytest.fixture(params=sorted(CONTENTS))
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each file."""
    return str(request.param)


@pytest.fixture
async def path(name: str, tmp_path: Path) -> Path:
    """Return a copy of a file that the present code opened."""
    path = _copy(name, tmp_path)
    database = Database(path)
    assert await database.open() is None
    await database.close()
    return path


def _rows(path: Path, query: str) -> Rows:
    """Return what a file answers to plain SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def _facts(rows: Rows, *names: str) -> list[tuple[Any, ...]]:
    """Return some fields of rows, in no order; what a version lacks is None."""
    return sorted((tuple(row.get(name) for name in names) for row in rows), key=repr)


def _identity(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what names a message in any version."""
    return row["number"], row["sent_at"], row["text"]


def _places(name: str) -> dict[int, tuple[Any, ...]]:
    """Return the messages of a file by the number that they had in it."""
    return {
        row.get("seq", row.get("rowid")): _identity(row)
        for row in CONTENTS[name]["messages"]
    }


async def test_every_message_is_found_again_with_the_same_facts(
    name: str, path: Path
) -> None:
    """But why one waits, which stood elsewhere."""
    facts = (
        *("message_id", "number", "recipient", "sent_at", "ttl", "cost", "country"),
        *("text", "status", "gateway_status", "reported_at", "source", "link"),
        *("picture", "button"),
    )
    rows = _rows(path, "SELECT * FROM messages")
    assert _facts(rows, *facts) == _facts(CONTENTS[name]["messages"], *facts)
    assert {row["channel"] for row in rows} == {"viber"}


async def test_why_it_failed_or_waits_is_known_of_every_message(
    name: str, path: Path
) -> None:
    """Of one that waits, the outbox knew it."""
    places = _places(name)
    waits_for = {
        places[item["seq"]]: item["reason"] for item in CONTENTS[name].get("outbox", [])
    }
    expected = {
        _identity(row): row["reason"] or waits_for.get(_identity(row))
        for row in CONTENTS[name]["messages"]
    }
    rows = _rows(path, "SELECT * FROM messages")
    assert {_identity(row): row["reason"] for row in rows} == expected


async def test_messages_are_in_the_order_in_which_they_were_sent(path: Path) -> None:
    """Whatever numbers they had; the numbers are given without a gap."""
    rows = _rows(path, "SELECT seq, sent_at FROM messages ORDER BY seq")
    moments = [row["sent_at"] for row in rows]
    assert moments == sorted(moments)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


async def test_every_message_has_an_id_of_the_house(path: Path) -> None:
    """One that names its row, and tells when it was sent."""
    rows = _rows(path, "SELECT id, seq FROM messages ORDER BY sent_at, seq")
    assert [seq_of(row["id"]) for row in rows] == [row["seq"] for row in rows]
    assert [row["id"][:10] for row in rows] == sorted(row["id"][:10] for row in rows)


@pytest.mark.parametrize("name", WITH_OUTBOX)
async def test_what_waited_is_in_the_row_of_its_message(name: str, path: Path) -> None:
    """With all that is needed to send it."""
    places = _places(name)
    rows = _rows(path, "SELECT * FROM messages WHERE submission IS NOT NULL")
    found = {_identity(row): json.loads(row["submission"]) for row in rows}
    assert found == {
        places[item["seq"]]: {
            "content": json.loads(item["content"]),
            "until": item["until"],
            "resend_unknown": bool(item["resend_unknown"]),
            "not_before": item["not_before"],
            "attempted_at": item["attempted_at"],
            "alone": bool(item["alone"]),
            "button_until": item.get("button_until"),
        }
        for item in CONTENTS[name]["outbox"]
    }


async def test_the_outbox_is_no_more(path: Path) -> None:
    """Nor anything else that is not used."""
    tables = _rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    assert {table["name"] for table in tables} == {
        "messages",
        "counters",
        "answer_links",
        "untold",
        "alarms",
    }


@pytest.mark.parametrize("name", WITH_LINKS)
async def test_every_link_is_found_again_with_its_message(
    name: str, path: Path
) -> None:
    """And with the answer that came by it."""
    facts = (
        *("fingerprint", "number", "recipient", "answers", "valid_until"),
        *("answered", "answered_at"),
    )
    links = _rows(path, "SELECT * FROM answer_links")
    assert _facts(links, *facts) == _facts(CONTENTS[name]["answer_links"], *facts)
    messages = {
        row["seq"]: row["link"] for row in _rows(path, "SELECT * FROM messages")
    }
    assert [messages[link["message"]] for link in links] == [
        link["fingerprint"] for link in links
    ]


async def test_a_file_is_of_the_present_version_and_stays_as_it_is(path: Path) -> None:
    """Opened once more, nothing of it changes."""
    before = (
        _rows(path, "SELECT * FROM messages"),
        _rows(path, "SELECT * FROM counters"),
    )
    assert _rows(path, "PRAGMA user_version") == [{"user_version": len(MIGRATIONS)}]
    database = Database(path)
    assert await database.open() is None
    await database.close()
    assert before == (
        _rows(path, "SELECT * FROM messages"),
        _rows(path, "SELECT * FROM counters"),
    )


@asynccontextmanager
async def _lived_in(
    name: str, folder: Path, gateway: SimulatedGateway, at: datetime = CLOSED_AT
) -> AsyncGenerator[House]:
    """Return a house that goes on with a file; the gateway does not know its past."""
    async with open_house(_copy(name, folder), gateway, at) as house:
        yield house


async def test_counters_go_on_from_where_they_were(
    name: str, tmp_path: Path, gateway: SimulatedGateway
) -> None:
    """The rows tell a part of them now."""
    kept = {row["name"]: row["value"] for row in CONTENTS[name]["counters"]}
    async with _lived_in(name, tmp_path, gateway, KILLED_AT) as house:
        counters = house.ledger.counters
    assert {
        name: str(getattr(counters, name))
        for name in ("sent", "delivered", "failed", "spent")
    } == kept


@pytest.mark.parametrize(
    ("name", "under_way", "queued", "links"),
    [
        ("v1.db", 1, 0, 0),
        ("v2.db", 2, 5, 0),
        ("v3-first.db", 6, 6, 6),
        ("v3.db", 6, 6, 6),
        ("v4.db", 6, 6, 6),
        ("v4-killed.db", 5, 1, 5),
    ],
)
async def test_what_is_under_way_waits_or_is_remembered_is_taken_up(
    name: str,
    under_way: int,
    queued: int,
    links: int,
    tmp_path: Path,
    gateway: SimulatedGateway,
) -> None:
    """As much as the code found that wrote it.

    Of links, also those whose time has been over for less than 30 days.
    """
    async with _lived_in(name, tmp_path, gateway) as house:
        assert len(house.ledger.under_way) == under_way
        assert len(house.ledger.queued) == queued
        assert len(house.delivery.answers) == links
        assert house.outbox.interrupted == (queued > 0)


async def test_the_message_that_was_sent_last_is_shown(
    name: str, tmp_path: Path, gateway: SimulatedGateway
) -> None:
    """Not the one that changed last, as the numbers of the first version had it."""
    newest = {
        row["number"]: row["sent_at"]
        for row in sorted(
            CONTENTS[name]["messages"],
            key=lambda row: (row["sent_at"], row.get("seq", row.get("rowid"))),
        )
    }
    async with _lived_in(name, tmp_path, gateway, KILLED_AT) as house:
        latest = house.ledger.latest
    assert {
        number: message.sent_at.timestamp() for number, message in latest.items()
    } == newest


async def test_a_file_can_be_used(
    name: str, tmp_path: Path, gateway: SimulatedGateway
) -> None:
    """What waited goes out, something new is sent and answered for."""
    async with _lived_in(name, tmp_path, gateway) as house:
        house.gateway.settings.balance *= 10
        waiting = sum(
            message.attempted_at is None for message in house.ledger.queued.values()
        )
        await house.wait()
        assert len(house.gateway.messages) == waiting
        [message] = await house.send(Recipient(number="+380501112266"))
        assert stand([message]) == [("sent", None)]
        assert await house.report("delivrd")
        await house.restart()
        assert house.ledger.latest["+380501112266"].status == "delivered"
        assert house.ledger.queued == {}


@pytest.mark.parametrize("name", WITH_LINKS)
async def test_a_link_of_before_can_be_answered(
    name: str, tmp_path: Path, gateway: SimulatedGateway
) -> None:
    """Whoever hears of it is told of its message."""
    async with _lived_in(name, tmp_path, gateway) as house:
        links = house.delivery.answers._links.values()
        link = next(link for link in links if link.given is None)
        await house.delivery.answers.press(link, link.answers[0])
        [pressed] = house.pressed
        assert pressed.message is not None
        assert pressed.message.link == link.fingerprint


async def test_what_a_killed_house_was_asking_for_is_asked_for_again(
    tmp_path: Path, gateway: SimulatedGateway
) -> None:
    """It stands in the log of the file only."""
    at = KILLED_AT + timedelta(seconds=30)
    async with _lived_in("v4-killed.db", tmp_path, gateway, at) as house:
        await house.wait()
        assert house.texts == ["Пожежа на кухні! 🔥"]
        assert len(house.ledger.under_way) == 6


def test_a_file_of_the_version_before_keeps_its_rows(name: str, tmp_path: Path) -> None:
    """None of its messages has a second way, and nothing is to be told."""
    added = ("other_id", "second_way", "sms_parts")
    path = _copy(name, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        migrate(connection)
        connection.execute("DROP INDEX messages_by_other_id")
        for column in added:
            connection.execute(f"ALTER TABLE messages DROP COLUMN {column}")
        connection.execute("DROP TABLE alarms")
        connection.execute("ALTER TABLE answer_links DROP COLUMN alarm")
        connection.execute("PRAGMA user_version = 6")
        rows = connection.execute("SELECT * FROM messages").fetchall()
        migrate(connection)
        after = connection.execute("SELECT * FROM messages").fetchall()
        assert after == [(*row, *[None] * len(added)) for row in rows]
        assert connection.execute("SELECT * FROM untold").fetchall() == []


async def test_a_file_of_a_newer_version_is_kept_beside(tmp_path: Path) -> None:
    """Nobody knows what it means."""
    path = _copy("v4.db", tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    database = Database(path)
    assert await database.open() is Damage.NEWER_VERSION
    await database.close()
    kept = path.with_name("ledger.db.damaged-1")
    assert len(_rows(kept, "SELECT * FROM outbox")) == len(CONTENTS["v4.db"]["outbox"])


def test_a_newer_version_is_refused_before_anything_is_changed() -> None:
    """And by its own name."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        with pytest.raises(NewerVersionError):
            migrate(connection)
        assert connection.execute("SELECT * FROM sqlite_master").fetchall() == []


async def test_what_waited_and_cannot_be_read_ends_as_unknown(
    tmp_path: Path, gateway: SimulatedGateway
) -> None:
    """It keeps nothing else of the file back."""
    path = _copy("v4.db", tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE outbox SET content = 'nonsense'")
    async with open_house(path, gateway, CLOSED_AT) as house:
        assert house.ends == [("failed", "outcome_unknown")] * 6
        assert len(house.ledger.under_way) == 6


async def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    """Neither the version nor the rows; it is tried anew at the next start."""
    path = _copy("v4.db", tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE answer_links RENAME TO hidden")
    before = _rows(path, "SELECT * FROM messages")
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.OperationalError),
    ):
        migrate(connection)
    assert _rows(path, "SELECT * FROM messages") == before
    assert _rows(path, "PRAGMA user_version") == [{"user_version": 4}]
