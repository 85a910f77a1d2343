"""A long life in a short time: days of sending, while nothing may grow."""

from dataclasses import dataclass
import threading
from typing import Final

from demo.simulated_gateway import Misbehaviour

from .load import left_over, memory, our_memory
from .place import OLENA, PETRO, Place

STEP: Final = 60.0
DAY: Final = 86_400.0
WARM_UP: Final = DAY / 8
# Home Assistant's own caches fill for some time.
MEMORY_TOLERANCE: Final = 2 * 2**20
OUR_TOLERANCE: Final = 64 * 1024
SEND_EVERY: Final = 5
PRESS_EVERY: Final = 30
HARM_EVERY: Final = 3
AWAY: Final = range(200, 215)
RELOAD_EVERY: Final = 360


@dataclass(slots=True)
class _Life:
    """What happened so far, as counts; and where the gateway listens."""

    sent: int = 0
    answered: int = 0
    port: int = 0


async def soak(place: Place, days: float) -> None:
    """Live some days, and hold the end against the time after the first hours."""
    figures, gateway = place.figures, place.gateway
    life = _Life()
    sent_before = place.entry.runtime_data.ledger.counters.sent
    before = ours = threads = 0
    total = int((WARM_UP + days * DAY) / STEP)
    for minute in range(total):
        if minute == int(WARM_UP / STEP):
            before, ours = memory(), our_memory()
            threads = threading.active_count()
        await _minute(place, life, minute)
        await place.advance(STEP)
    await gateway.delivery.settle()
    # Whatever nobody reported is asked for.
    for _ in range(50):
        await place.advance(3600)
    ledger = place.entry.runtime_data.ledger
    counters = ledger.counters
    gateway.messages.clear()
    gateway.requests.clear()
    figures.at_least("simulated minutes", total, int(days * DAY / STEP))
    figures.at_least("messages sent", life.sent, int(days * 200))
    figures.at_least("answers given", life.answered, int(days * 10))
    figures.exactly("sends counted", counters.sent - sent_before, life.sent)
    figures.exactly("messages without an end", ledger.pending)
    figures.at_most(
        "bytes more than after the first hours", memory() - before, MEMORY_TOLERANCE
    )
    figures.at_most("bytes more in our own objects", our_memory() - ours, OUR_TOLERANCE)
    figures.at_most("threads more", threading.active_count() - threads, 0)
    await place.disable()
    figures.none_of("left over where it is disabled", left_over(place.hass))
    await place.enable()


async def _minute(place: Place, life: _Life, minute: int) -> None:
    """Live one minute."""
    gateway = place.gateway
    of_the_day = minute % int(DAY / STEP)
    if of_the_day == AWAY.start:
        life.port = await place.lose_the_gateway()
    if of_the_day == AWAY.stop:
        await gateway.start(port=life.port)
    if minute % SEND_EVERY == 0:
        await _send(place, life, minute)
    if minute % HARM_EVERY == 0:
        await _knock(place, minute)
    if minute % RELOAD_EVERY == RELOAD_EVERY - 1:
        await place.hass.config_entries.async_reload(place.entry.entry_id)
    if minute % RELOAD_EVERY == 0:
        del gateway.messages[:-50]
        gateway.requests.clear()


async def _send(place: Place, life: _Life, minute: int) -> None:
    """Send something, now and then with a button that is pressed."""
    gateway = place.gateway
    button = (
        {"button_text": "Open", "button_action": "open", "button_valid": {"hours": 1}}
        if minute % PRESS_EVERY == 0
        else {}
    )
    gateway.settings.misbehaviour = Misbehaviour(
        cut_off="after_work" if minute % 50 == 0 else "none",
        apply_to=("/im/send/",),
        times=1,
    )
    [told] = await place.send(
        to=[OLENA if minute % 2 else PETRO], retry_for={"hours": 1}, **button
    )
    life.sent += told["status"] in {"sent", "queued"}
    link = gateway.messages[-1].button_link if gateway.messages else None
    if button and told["status"] == "sent" and link:
        async with place.session.post(link, data={"answer": "0"}) as response:
            life.answered += response.status == 200
    # What is on its way would be too late after a jump.
    await gateway.delivery.settle()


async def _knock(place: Place, minute: int) -> None:
    """Report what nobody knows, and guess a token."""
    body = {"msgid": f"unknown-{minute}", "status": "delivrd"}
    async with place.session.post(place.webhook, data=body):
        pass
    token = f"{minute:022d}"
    async with place.session.get(f"{place.url}/api/inteltele/a/{token}"):
        pass
