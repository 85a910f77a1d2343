"""Faults that pass by themselves: what was sent meanwhile arrives once."""

import asyncio
from typing import Final

from homeassistant.config_entries import SOURCE_REAUTH

from demo.simulated_gateway import Misbehaviour

from .place import API_KEY, OLENA, PETRO, Place
from .servers import Behaviour, Heard, server

STEP: Final = 15.0
MINUTE: Final = 60.0
# Where nobody is.
ELSEWHERE: Final = "http://127.0.0.1:1/"
STRANGERS: Final = {
    "a redirect": Misbehaviour(redirect_to=ELSEWHERE),
    "a page with 200": Misbehaviour(router_page=200),
    "a page with 403": Misbehaviour(router_page=403),
    "a page with 511": Misbehaviour(router_page=511),
}
LOST: Final = {
    "line cut while asked": Misbehaviour(cut_off="before_work", times=5),
    "line cut while answering": Misbehaviour(cut_off="after_work", times=5),
    "502": Misbehaviour(server_error=502, times=5),
    "a page with 502": Misbehaviour(router_page=502, times=5),
}


async def somebody_else_answers(place: Place) -> None:
    """Meet routers and hotspots in the gateway's place; what is sent waits."""
    figures, settings = place.figures, place.gateway.settings
    for name, stranger in STRANGERS.items():
        settings.misbehaviour = stranger
        text = place.text()
        [told] = await place.send(message=text, retry_for={"minutes": 10})
        figures.exactly(f"messages that wait: {name}", told["status"] == "queued", 1)
        settings.misbehaviour = Misbehaviour()
        await place.advance(STEP)
        figures.exactly(f"taken once it has gone: {name}", _taken(place, text), 1)


async def lost_answers(place: Place) -> None:
    """Lose the gateway's answer for some seconds, in several ways."""
    for number, (name, line) in enumerate(LOST.items(), 380671110001):
        place.gateway.settings.misbehaviour = line
        text = place.text()
        # To another number each: a repetition proves nothing behind another message.
        [told] = await place.send(message=text, to=[f"+{number}"])
        place.figures.exactly(f"told to be sent: {name}", told["status"] == "sent", 1)
        place.figures.exactly(f"taken: {name}", _taken(place, text), 1)
    place.gateway.settings.misbehaviour = Misbehaviour()


async def forgetful_router(place: Place) -> None:
    """Send by a router that forgets each connection after its first answer."""
    port = int(place.gateway.url.rpartition(":")[2])
    async with server(forgetting(port)) as heard:
        await place.point_at(heard.url)
        texts = [place.text() for _ in range(6)]
        told = await asyncio.gather(
            *(place.send(message=text, to=[OLENA, PETRO]) for text in texts[:3])
        )
        told += [await place.send(message=text) for text in texts[3:]]
        statuses = [message["status"] for messages in told for message in messages]
        place.figures.none_of(
            "other outcomes than sent", (s for s in statuses if s != "sent")
        )
        place.figures.exactly(
            "messages taken", sum(_taken(place, text) for text in texts), 9
        )
        await heard.all_closed()
        place.figures.exactly("connections left open", heard.open)
    await place.point_at(place.gateway.url)


async def key_rejected_by_mistake(place: Place) -> None:
    """Have the right key rejected for an hour, then taken again."""
    figures, gateway = place.figures, place.gateway
    gateway.settings.api_keys = ("another",)
    before = gateway.request_count()
    for _ in range(60):
        await place.send()
        await place.advance(MINUTE)
    figures.exactly("requests in an hour of sends", gateway.request_count() - before, 4)
    gateway.settings.api_keys = (API_KEY,)
    await place.advance(24 * 60 * MINUTE)
    [told] = await place.send()
    await place.settle()
    figures.exactly("messages sent afterwards", told["status"] == "sent", 1)
    flows = place.entry.async_get_active_flows(place.hass, {SOURCE_REAUTH})
    figures.none_of("questions for another key", list(flows))


def _taken(place: Place, text: str) -> int:
    """Return how often the gateway took a text."""
    return sum(message.text == text for message in place.gateway.messages)


def forgetting(port: int) -> Behaviour:
    """Return a way to a port of this machine that forgets used connections."""

    async def forget(
        _: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass one request and its answer on, and nothing that comes later."""
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            there_writer.write(await reader.read(0x10000))
            writer.write(await there_reader.read(0x10000))
            while await reader.read(0x10000):
                pass
        finally:
            there_writer.close()

    return forget
