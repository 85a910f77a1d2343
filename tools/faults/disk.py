"""A disk that is full, that takes nothing, or that cannot be read."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
import shutil
import sqlite3
from typing import Any, Final

from homeassistant.helpers import issue_registry as ir

from custom_components.inteltele.account.account import ledger_path

from .place import OLENA, PETRO, Place, listening

WHILE_BROKEN: Final = 50
LOG_LINES: Final = 2
_NO_LIMIT: Final = 2**30


async def full_disk(place: Place) -> None:
    """Have no page left: everything goes out, nothing is lost, and it is told."""
    await _broken(place, _leave_no_page, _give_pages)


async def read_only_disk(place: Place) -> None:
    """Have a file that takes nothing: the same must hold."""
    await _broken(
        place,
        lambda connection: connection.execute("PRAGMA query_only = 1"),
        lambda connection: connection.execute("PRAGMA query_only = 0"),
    )


async def unreadable_file(place: Place) -> None:
    """Have a file that cannot be asked: reports are answered, the log stays small."""
    figures = place.figures
    database = place.entry.runtime_data.delivery.database
    [sent] = await place.send()
    await place.gateway.delivery.settle()
    await place.settle()
    errors = place.log.errors
    await database.read(_rename("messages", "elsewhere"))
    answers = [await _report(place, f"unknown-{index}") for index in range(50)]
    await database.read(_rename("elsewhere", "messages"))
    figures.none_of(
        "reports answered other than 200", (a for a in answers if a != HTTPStatus.OK)
    )
    figures.at_most(
        "errors logged for 50 reports", place.log.errors - errors, LOG_LINES
    )
    await place.settle()
    [row] = await place.on_disk(
        "SELECT status FROM messages WHERE message_id = ?", sent["message_id"]
    )
    figures.exactly("messages with their end afterwards", int(row == ("delivered",)), 1)
    place.log.tracebacks.clear()


async def a_folder_where_the_file_should_be(place: Place) -> None:
    """Start where no file can be opened: it goes on in memory, and it is told."""
    figures, entry = place.figures, place.entry
    path = ledger_path(place.hass, entry.entry_id)
    await place.advance(60)
    rows = await place.on_disk("SELECT seq FROM messages")
    await place.disable()
    aside = path.with_suffix(".aside")
    path.rename(aside)
    path.mkdir()
    await place.enable()
    await _goes_on(place)
    figures.exactly("issues that tell of it", _issues(place), 1)
    await place.disable()
    shutil.rmtree(path)
    aside.rename(path)
    await place.enable()
    await place.settle()
    figures.exactly("issues once it is cured", _issues(place))
    after = await place.on_disk("SELECT seq FROM messages")
    figures.exactly("rows lost", len(set(rows) - set(after)))


async def _broken(
    place: Place,
    damage: Callable[[sqlite3.Connection], Any],
    repair: Callable[[sqlite3.Connection], Any],
) -> None:
    """Send while the file takes nothing, and look at it once it does again."""
    figures, gateway = place.figures, place.gateway
    database = place.entry.runtime_data.delivery.database
    errors = place.log.errors
    await place.settle()
    await database.read(damage)
    ids = await _goes_on(place)
    figures.exactly("issues that tell of it", _issues(place), 1)
    figures.at_most("errors logged", place.log.errors - errors, LOG_LINES)
    await database.read(repair)
    # The next writing brings everything with it.
    [last] = await place.send(to=[PETRO])
    await gateway.delivery.settle()
    await place.settle()
    ids.append(last["message_id"])
    rows = await place.on_disk(
        "SELECT message_id FROM messages WHERE status = 'delivered'"
    )
    kept = {message_id for (message_id,) in rows}.intersection(ids)
    figures.exactly("messages on disk once it is cured", len(kept), len(ids))
    figures.exactly("issues once it is cured", _issues(place))


async def _goes_on(place: Place) -> list[str]:
    """Send, with reports, and try to let something wait; return what was sent."""
    figures, gateway = place.figures, place.gateway
    before = len(gateway.messages)
    async with listening(place.hass, "inteltele_delivery_status") as events:
        told: list[dict[str, Any]] = []
        for _ in range(WHILE_BROKEN):
            told += await place.send(to=[OLENA])
        await gateway.delivery.settle()
        await place.settle()
        figures.exactly("outcomes told meanwhile", len(events), WHILE_BROKEN)
    figures.exactly(
        "messages told to be sent",
        sum(message["status"] == "sent" for message in told),
        WHILE_BROKEN,
    )
    figures.exactly("messages gone out", len(gateway.messages) - before, WHILE_BROKEN)
    await _waits_in_memory(place)
    return [message["message_id"] for message in told]


async def _waits_in_memory(place: Place) -> None:
    """Have something wait; it goes out, and it is told that only memory holds it."""
    figures, gateway, text = place.figures, place.gateway, place.text()
    port = await place.lose_the_gateway()
    response = await place.call(
        "inteltele.send_message", message=text, to=[OLENA], retry_for={"minutes": 10}
    )
    await gateway.start(port=port)
    [waiting] = response["messages"]
    figures.exactly("messages that wait", int(waiting["status"] == "queued"), 1)
    figures.exactly("warnings that only memory holds it", len(response["warnings"]), 1)
    await place.advance(60)
    taken = [message for message in gateway.messages if message.text == text]
    figures.exactly("messages that waited and went out", len(taken), 1)
    await gateway.delivery.settle()
    await place.settle()


def _issues(place: Place) -> int:
    """Return how many issues tell of the file."""
    issues = ir.async_get(place.hass).issues
    return sum(
        domain == "inteltele" and "ledger_damaged" in name and issue.active
        for (domain, name), issue in issues.items()
    )


def _leave_no_page(connection: sqlite3.Connection) -> None:
    """Let the file grow no more, and what was deleted make no room."""
    connection.execute("CREATE TABLE filler (x)")
    while connection.execute("PRAGMA freelist_count").fetchone() != (0,):
        connection.execute("INSERT INTO filler VALUES (zeroblob(3000))")
    connection.execute("PRAGMA max_page_count = 1")


def _give_pages(connection: sqlite3.Connection) -> None:
    """Let the file grow again."""
    connection.execute(f"PRAGMA max_page_count = {_NO_LIMIT}")
    connection.execute("DROP TABLE filler")


def _rename(old: str, new: str) -> Callable[[sqlite3.Connection], Any]:
    """Return work that gives a table another name."""
    return partial(_execute, statement=f"ALTER TABLE {old} RENAME TO {new}")


def _execute(connection: sqlite3.Connection, statement: str) -> None:
    """Execute one statement."""
    connection.execute(statement)


async def _report(place: Place, message_id: str) -> int:
    """Report a message, and return how that was answered."""
    body = {"msgid": message_id, "status": "delivrd"}
    async with place.session.post(place.webhook, data=body) as response:
        return response.status
