"""An hour without a gateway, and clocks that jump."""

from typing import Final

from demo.simulated_gateway import Misbehaviour

from .clock import CLOCK
from .place import OLENA, Place, listening

STEP: Final = 15.0
HOUR: Final = 3600.0
# Pauses of 5, 10, 20, 40 and then 60 seconds, and the last try of the impatient one.
ATTEMPTS_IN_AN_HOUR: Final = 65
AN_HOUR: Final = {
    "button_text": "Answer",
    "button_action": "seen",
    "button_valid": {"hours": 1},
}
JUMPS: Final = (3600.0, -7200.0, 86_400.0, -172_800.0, 30.0, -30.0)


async def refused_for_an_hour(place: Place) -> None:
    """Let messages wait for an hour while every connection is refused."""
    figures, gateway = place.figures, place.gateway
    attempts = 0
    client = place.entry.runtime_data.client
    told = client.on_send

    def count(*exchange: object) -> None:
        nonlocal attempts
        attempts += 1
        told(*exchange)

    port = await place.lose_the_gateway()
    texts = [place.text() for _ in range(3)]
    waiting = [
        (await place.send(message=text, retry_for={"hours": 2}))[0] for text in texts
    ]
    [hopeless] = await place.send(retry_for={"minutes": 10}, to=["+380671112277"])
    client.on_send = count
    async with listening(place.hass, "inteltele_delivery_status") as events:
        for _ in range(int(HOUR / STEP)):
            await place.advance(STEP)
        given_up = [event.data["reason"] for event in events]
    client.on_send = told
    figures.exactly(
        "messages that wait", sum(m["status"] == "queued" for m in waiting), 3
    )
    figures.exactly(
        "the one without patience waits", int(hopeless["status"] == "queued"), 1
    )
    figures.exactly("given up in time", given_up.count("cannot_connect"), 1)
    figures.at_least("attempts in an hour", attempts, 5)
    figures.at_most("attempts in an hour", attempts, ATTEMPTS_IN_AN_HOUR)
    await gateway.start(port=port)
    for _ in range(30):
        await place.advance(STEP)
    await gateway.delivery.settle()
    await place.settle()
    taken = [m.text for m in gateway.messages if m.text in texts]
    figures.exactly("messages sent once it is back", len(taken), 3)
    figures.exactly("out of order", int(taken != texts))


async def clock_jumps(place: Place) -> None:
    """Set the wall clock while messages wait, are on their way, and are asked about."""
    figures, gateway = place.figures, place.gateway
    gateway.settings.report_url = None
    place.entry.runtime_data.delivery.receipts.reported_by_webhook_at = None
    texts: list[str] = []
    links: list[int] = []
    async with listening(place.hass, "inteltele_delivery_status") as events:
        for jump in JUMPS:
            gateway.settings.misbehaviour = Misbehaviour()
            on_the_way = place.text()
            texts.append(on_the_way)
            await place.send(message=on_the_way, **AN_HOUR)
            await gateway.delivery.settle()
            link = gateway.messages[-1].button_link or ""
            port = await place.lose_the_gateway()
            queued = place.text()
            [told] = await place.send(message=queued, retry_for={"minutes": 10})
            texts += [queued] if told["status"] == "queued" else []
            CLOCK.off += jump
            await place.advance(STEP)
            async with place.session.get(link) as response:
                links.append(response.status)
            await gateway.start(port=port)
            for _ in range(60):
                await place.advance(STEP)
            await gateway.delivery.settle()
            await place.settle()
        CLOCK.off = 0.0
        for _ in range(3):
            await place.advance(HOUR)
        told_of = [event.data["message_id"] for event in events]
    gateway.settings.report_url = place.webhook
    taken = [message.text for message in gateway.messages if message.text in texts]
    figures.exactly("messages made", len(texts), 2 * len(JUMPS))
    figures.exactly("links that went on working", links.count(200), len(JUMPS))
    figures.exactly("messages sent twice", len(taken) - len(set(taken)))
    figures.exactly("messages lost", len(set(texts) - set(taken)))
    figures.exactly("outcomes told twice", len(told_of) - len(set(told_of)))
    figures.at_least("outcomes told", len(set(told_of)), 2 * len(JUMPS))
    figures.exactly(
        "messages that still wait",
        place.entry.runtime_data.delivery.outbox.room.waiting,
    )
    [told] = await place.send(to=[OLENA])
    figures.exactly("messages sent afterwards", int(told["status"] == "sent"), 1)
