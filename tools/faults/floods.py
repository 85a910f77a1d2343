"""Thousands of reports in a burst, and thousands of requests that mean harm."""

import asyncio
from collections import Counter
import random
import sqlite3
from typing import Final

from yarl import URL

from .load import at_once, lag, memory
from .place import OLENA, Place, listening
from .stranger import Stranger

SEED: Final = 20261124
A_DAY: Final = 86_400 + 60
WORKERS: Final = 16
NUMBERS_AT_ONCE: Final = 100
MEMORY_TOLERANCE: Final = 2 * 2**20


def number(index: int) -> str:
    """Return a number of its own that the simulated gateway delivers to."""
    thousands, rest = divmod(index, 900)
    return f"+38067{thousands:04d}{rest:03d}"


async def reports_in_a_burst(place: Place, count: int) -> None:
    """Send to thousands, and have all their reports come at once, some twice."""
    figures, gateway = place.figures, place.gateway
    gateway.settings.report_url = None
    ledger = place.entry.runtime_data.ledger
    counters = ledger.counters
    async with lag() as quiet:
        await asyncio.sleep(1)
    before = memory()
    ids: list[str] = []
    for first in range(0, count, NUMBERS_AT_ONCE):
        numbers = [number(first + index) for index in range(NUMBERS_AT_ONCE)]
        ids += [sent["message_id"] for sent in await place.send(to=numbers)]
    chance = random.Random(SEED)  # noqa: S311 - not for cryptography
    reports = ids + chance.sample(ids, count // 10)
    chance.shuffle(reports)
    answers: Counter[int] = Counter()

    async def report(message_id: str) -> None:
        body = {"msgid": message_id, "status": "delivrd"}
        async with place.session.post(place.webhook, data=body) as response:
            answers[response.status] += 1

    async with listening(place.hass, "inteltele_delivery_status") as events:
        async with lag() as loaded:
            await at_once(reports, report, WORKERS)
        await place.settle()
        told = Counter(event.data["message_id"] for event in events)
    figures.exactly("messages sent", len(set(ids)), count)
    figures.exactly("reports answered 200", answers[200], len(reports))
    figures.exactly("reports answered otherwise", answers.total() - answers[200])
    figures.exactly("outcomes told", len(told), count)
    figures.exactly("outcomes told twice", told.total() - len(told))
    figures.exactly(
        "deliveries counted", ledger.counters.delivered - counters.delivered, count
    )
    rows = await place.on_disk(
        "SELECT message_id FROM messages WHERE status = 'delivered'"
    )
    kept = {message_id for (message_id,) in rows}.intersection(ids)
    figures.exactly("deliveries on disk", len(kept), count)
    gateway.messages.clear()
    gateway.requests.clear()
    ids.clear()
    del events, told, reports, rows, kept
    await _forget(place, [number(index) for index in range(count)])
    # What counts against the daily limit is forgotten a day later, with the next send.
    await place.advance(A_DAY)
    await place.send(to=[OLENA])
    await gateway.delivery.settle()
    # Until its balance was asked for, too.
    await place.advance(60)
    figures.at_most("bytes kept afterwards", memory() - before, MEMORY_TOLERANCE)
    figures.notes["loop without load"] = quiet.as_text()
    figures.notes["loop while reports come in"] = loaded.as_text()
    gateway.settings.report_url = place.webhook


async def _forget(place: Place, numbers: list[str]) -> None:
    """Forget what was sent to numbers, all at once."""
    delivery = place.entry.runtime_data.delivery

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "DELETE FROM messages WHERE number = ?", [(item,) for item in numbers]
        )

    await delivery.database.write(work)
    for item in numbers:
        delivery.ledger.latest.pop(item, None)


async def requests_that_mean_harm(place: Place, count: int) -> None:
    """Be asked thousands of strange things by somebody who knows the webhook."""
    figures = place.figures
    ledger = place.entry.runtime_data.ledger
    # Until the balance was asked for, and what went out before was counted.
    await place.advance(60)
    counters, rows = ledger.counters, await place.on_disk("SELECT * FROM messages")
    states = {state.entity_id: state.state for state in place.hass.states.async_all()}
    stranger = Stranger(place.webhook, SEED)
    answers: Counter[str] = Counter()
    before = memory()

    async def ask(_: int) -> None:
        answers[await _answer(URL(place.url), stranger.request())] += 1

    async with (
        listening(place.hass, "inteltele_delivery_status") as events,
        listening(place.hass, "inteltele_button_pressed") as presses,
    ):
        async with lag() as loaded:
            await at_once(range(count), ask, WORKERS)
        await place.settle()
        figures.exactly("events told", len(events) + len(presses))
    figures.exactly("requests made", answers.total(), count)
    failed = [status for status in answers.elements() if status.startswith("5")]
    figures.none_of("requests that broke something", failed)
    figures.exactly("requests answered 401, which bans addresses", answers["401"])
    figures.at_least("requests answered 429", answers["429"], 1)
    figures.exactly(
        "rows of the ledger changed",
        len(set(rows) ^ set(await place.on_disk("SELECT * FROM messages"))),
    )
    figures.exactly("counters changed", int(counters != ledger.counters))
    after = {state.entity_id: state.state for state in place.hass.states.async_all()}
    figures.exactly("states changed", len(set(states.items()) ^ set(after.items())))
    figures.at_most("bytes kept afterwards", memory() - before, MEMORY_TOLERANCE)
    figures.notes["answers to harm"] = dict(answers)
    figures.notes["loop while harm comes in"] = loaded.as_text()
    await place.advance(700)
    [told] = await place.send()
    figures.exactly("messages sent afterwards", int(told["status"] == "sent"), 1)


async def _answer(house: URL, request: bytes) -> str:
    """Send a request, hang up for sending, and return the status of the answer."""
    reader, writer = await asyncio.open_connection(house.host, house.port)
    try:
        writer.write(request)
        writer.write_eof()
        answer = await reader.read()
    except OSError:
        return "hung up"
    finally:
        writer.close()
    return answer[9:12].decode("latin-1") or "nothing"
