"""Thousands of reports in a burst, and thousands of requests that mean harm."""

import asyncio
from collections import Counter
import gzip
import random
import sqlite3
from typing import Final
from urllib.parse import urlencode

from yarl import URL

from .load import at_once, lag, memory
from .place import OLENA, Place, listening

SEED: Final = 20261124
A_DAY: Final = 86_400 + 60
WORKERS: Final = 16
NUMBERS_AT_ONCE: Final = 100
MEMORY_TOLERANCE: Final = 2 * 2**20

_METHODS: Final = ("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "PATCH")
_WORDS: Final = (
    *("msgid", "status", "datetime", "answer", "delivrd", "expired", "unknown"),
    *("2026-11-24 12:00:00", "99999999999999999999", "-1", "0", "1", "", "\x00"),
    *("../../secrets.yaml", "<script>alert(1)</script>", "%00%0d%0aX: y", "{{ 1 }}"),
    *("' OR 1=1 --", "\u202e\ud83d\ude00", "A" * 200, "msgid[]", "__proto__"),
)
_TYPES: Final = (
    *("application/x-www-form-urlencoded", "application/json", "text/plain", ""),
    *("multipart/form-data; boundary=x", "multipart/form-data", "\u00e4/\u00f6"),
)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


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


class Stranger:
    """Makes requests that mean harm, the same ones for the same seed.

    Some are no HTTP to the letter, as a client library would not let them pass.
    """

    def __init__(self, place: Place) -> None:
        """Know the addresses that are known to everybody, and the webhook."""
        self._chance = random.Random(SEED)  # noqa: S311 - not for cryptography
        self._place = place

    def request(self) -> bytes:
        """Return what goes over the wire, which need not be HTTP to the letter."""
        chance = self._chance
        body = self._body()
        headers = {
            "Host": "house.example.org",
            "Connection": "close",
            "Content-Length": str(len(body)),
            "Content-Type": chance.choice(_TYPES),
            "Accept-Language": chance.choice(("", "uk", "x" * 2000, "de;q=nan,*")),
        }
        kind = chance.random()
        if kind < 0.1:
            headers["Content-Encoding"] = chance.choice(("gzip", "deflate", "br", "x"))
        elif kind < 0.12:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(b"msgid=a&status=" + b"x" * 5_000_000)
            headers["Content-Length"] = str(len(body))
        elif kind < 0.13:
            headers["X-Forwarded-For"] = chance.choice(("203.0.113.9", "\x7f"))
        elif kind < 0.15:
            # It promises more than it sends, and hangs up.
            headers["Content-Length"] = str(len(body) + 10)
        elif kind < 0.18:
            del headers["Content-Length"]
            headers["Transfer-Encoding"] = "chunked"
            body = b"5\r\nmsgid\r\nzz\r\n" + body
        target = self._address()
        if chance.random() < 0.4:
            target += f"?{self._form()}"
        lines = [
            f"{chance.choice(_METHODS)} {target} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        head = "\r\n".join(lines).encode("utf-8", "surrogatepass")
        return head + b"\r\n\r\n" + body

    def _address(self) -> str:
        """Return the webhook, or something that looks like a link or a picture."""
        chance, base = self._chance, "/api/inteltele"
        kind = chance.random()
        if kind < 0.4:
            return URL(self._place.webhook).path
        token = "".join(chance.choices(_LETTERS, k=chance.choice((22, 22, 22, 5, 300))))
        if kind < 0.45:
            token = chance.choice(
                ("..%2f..%2fsecrets", "%00", "%ff%fe", "a%0d%0ab", "%")
            )
        if kind < 0.7:
            return f"{base}/a/{token}"
        extension = chance.choice(("jpg", "png", "jpeg", "db", "jpg%00", ""))
        full = chance.choice((".", "/full.", "/../full."))
        return f"{base}/picture/{token}{full}{extension}"

    def _body(self) -> bytes:
        """Return a form, bytes, or much of both."""
        kind = self._chance.random()
        if kind < 0.5:
            return self._form().encode("utf-8", "surrogatepass")
        if kind < 0.9:
            return self._chance.randbytes(self._chance.randrange(400))
        return self._chance.randbytes(100) * self._chance.randrange(1500)

    def _form(self) -> str:
        """Return some fields, of ours and of others."""
        chance = self._chance
        pairs = [
            (chance.choice(_WORDS), chance.choice(_WORDS))
            for _ in range(chance.choice((1, 2, 3, 60)))
        ]
        return urlencode(pairs, errors="surrogatepass")[:6000]


async def requests_that_mean_harm(place: Place, count: int) -> None:
    """Be asked thousands of strange things by somebody who knows the webhook."""
    figures = place.figures
    ledger = place.entry.runtime_data.ledger
    counters, rows = ledger.counters, await place.on_disk("SELECT * FROM messages")
    states = {state.entity_id: state.state for state in place.hass.states.async_all()}
    stranger = Stranger(place)
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
