"""The way to the gateway, broken in every place."""

from dataclasses import dataclass
from datetime import timedelta
import ssl
from typing import Final

from homeassistant.helpers.aiohttp_client import async_get_clientsession

from custom_components.inteltele.gateway.transport import MAX_REPLY_BYTES
from demo.ports import free_port

from .certificates import Authority
from .place import REPETITIONS, Place
from .servers import (
    Behaviour,
    Heard,
    a_byte_a_second,
    cut_while_answering,
    cut_while_asked,
    endless_body,
    endless_head,
    no_http,
    redirecting,
    server,
    silent,
    well,
)

# What is on its way when we hang up: what the kernel holds on both sides.
IN_FLIGHT: Final = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A broken way to the gateway, and what a send by it must end with."""

    name: str
    behaviour: Behaviour
    status: str


WAYS: Final = (
    Way(name="cut while asked", behaviour=cut_while_asked, status="unknown"),
    Way(name="cut while answering", behaviour=cut_while_answering, status="unknown"),
    Way(name="no answer", behaviour=silent, status="unknown"),
    Way(name="no HTTP", behaviour=no_http, status="unknown"),
    Way(name="endless body", behaviour=endless_body, status="unknown"),
    Way(name="endless headers", behaviour=endless_head, status="unknown"),
    Way(name="a byte a second", behaviour=a_byte_a_second, status="unknown"),
)


async def broken_ways(place: Place) -> None:
    """Talk to servers that break off, or never end."""
    for way in WAYS:
        async with server(way.behaviour) as heard:
            await _one_send(place, heard, way.name, way.status)
            place.figures.at_most(
                f"bytes taken from it: {way.name}",
                heard.bytes_out,
                2 * (MAX_REPLY_BYTES + IN_FLIGHT),
            )
    await place.point_at(f"http://127.0.0.1:{free_port()}")
    await _failed(place, "nobody listens")
    await place.point_at("http://gateway.invalid")
    await _failed(place, "the name is gone")
    await _well_again(place)


async def redirects(place: Place) -> None:
    """Be sent to another host, by every kind of redirect; the key must not follow."""
    async with server(well) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            to = f"{elsewhere.url.replace('127.0.0.1', 'localhost')}/im/send/"
            async with server(redirecting(to, status)) as heard:
                await place.point_at(heard.url)
                await _failed(place, str(status))
                place.figures.at_least(
                    f"requests to the gateway: {status}", heard.key_seen, 1
                )
        place.figures.exactly("connections to the other host", elsewhere.connections)
    await _well_again(place)


async def certificates(place: Place) -> None:
    """Meet certificates that prove nothing; nothing is said to such a server."""
    trusted, stranger = Authority(place.folder), Authority(place.folder)
    connector = async_get_clientsession(place.hass).connector
    connector._ssl.load_verify_locations(cadata=trusted.pem)  # type: ignore[union-attr]  # noqa: SLF001
    bad = {
        "of a stranger": stranger.context("127.0.0.1", timedelta(days=1)),
        "expired": trusted.context("127.0.0.1", timedelta(days=-1)),
        "for another name": trusted.context("127.0.0.2", timedelta(days=1)),
        "not valid yet": trusted.context(
            "127.0.0.1", timedelta(days=2), valid_in=timedelta(days=1)
        ),
    }
    for name, context in bad.items():
        async with server(well, context) as heard:
            await place.point_at(heard.url)
            await _failed(place, f"certificate {name}")
            place.figures.exactly(f"requests heard: {name}", heard.key_seen)
    # Without this, the above would prove nothing.
    async with server(well, trusted.context("127.0.0.1", timedelta(days=1))) as heard:
        await place.point_at(heard.url)
        place.figures.at_least("requests heard: a good one", heard.key_seen, 1)
    await _clock_set_right(place, trusted, bad["not valid yet"])
    await _well_again(place)


async def _clock_set_right(
    place: Place, trusted: Authority, early: ssl.SSLContext
) -> None:
    """Let a message wait until a certificate is valid, which is here another one."""
    gateway = place.gateway
    await gateway.stop()
    await gateway.start(ssl_context=early)
    await place.point_at(gateway.url)
    text = place.text()
    [told] = await place.send(message=text, retry_for={"minutes": 10})
    place.figures.exactly("messages that wait", told["status"] == "queued", 1)
    port = await place.lose_the_gateway()
    await gateway.start(
        port=port, ssl_context=trusted.context("127.0.0.1", timedelta(days=1))
    )
    await place.advance(15)
    taken = [message for message in gateway.messages if message.text == text]
    place.figures.exactly("messages taken once it is valid", len(taken), 1)
    await gateway.stop()
    await gateway.start()


async def _one_send(place: Place, heard: Heard, name: str, status: str) -> None:
    """Send once by a broken way, and look what is told."""
    await place.point_at(heard.url)
    before = heard.connections
    [told] = await place.send()
    place.statuses[told["status"]] += 1
    place.figures.none_of(
        f"outcomes other than {status}: {name}",
        () if told["status"] == status else [told],
    )
    # The request, and its repetitions within the gateway's minute.
    place.figures.at_most(
        f"connections for one send: {name}",
        heard.connections - before,
        1 + REPETITIONS,
    )
    await heard.all_closed()
    place.figures.exactly(f"connections left open: {name}", heard.open)


async def _failed(place: Place, name: str) -> None:
    """Send where nobody is, and look what is told."""
    [told] = await place.send()
    place.statuses[told["status"]] += 1
    place.figures.none_of(
        f"outcomes other than cannot_connect: {name}",
        ()
        if (told["status"], told["error"]) == ("failed", "cannot_connect")
        else [told],
    )


async def _well_again(place: Place) -> None:
    """Be back at the gateway, and have it take a message."""
    await place.point_at(place.gateway.url)
    text = place.text()
    await place.send(message=text)
    taken = [message for message in place.gateway.messages if message.text == text]
    place.figures.exactly("messages taken once the way is well", len(taken), 1)
