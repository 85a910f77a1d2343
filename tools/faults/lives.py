"""Two accounts side by side, and houses that reload or stop in the middle of a send."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Final, override

from homeassistant.config_entries import ConfigEntryState

from demo.ports import free_port
from demo.simulated_gateway import Misbehaviour, SimulatedGateway
from demo.simulated_gateway.refusals import Doorkeeper

from ..house import call_action
from .clock import CLOCK
from .figures import Figures
from .load import left_over, memory
from .log import KeptLog
from .place import (
    API_KEY,
    OLENA,
    USERNAME,
    Place,
    add_account_under_fire,
    gateway_settings,
    house_under_fire,
    listening,
)

SECOND: Final = "second"
A_DAY: Final = 86_400 + 60
SENDS_AT_THE_STOP: Final = 10
RELOADS: Final = 10
MEMORY_TOLERANCE: Final = 1024 * 1024
MARTA: Final = "+380671112255"


class TwoTenants(Doorkeeper):
    """Lets a second account in by the same keys."""

    @override
    def check(
        self, address: str, username: str | None, api_key: str | None, now: datetime
    ) -> None:
        """Take the second account for the first."""
        super().check(
            address, USERNAME if username == SECOND else username, api_key, now
        )


async def two_accounts(place: Place) -> None:
    """Have a second account at the same gateway; neither must feel the other."""
    figures, gateway = place.figures, place.gateway
    gateway.doorkeeper = TwoTenants(gateway.settings)
    first = place.entry
    second = await add_account_under_fire(
        place.hass, gateway, username=SECOND, recipients={"Marta": MARTA}
    )
    sent_by = {entry.entry_id: 0 for entry in (first, second)}
    async with listening(place.hass, "inteltele_delivery_status") as events:
        told = await asyncio.gather(
            *(
                place.send(config_entry_id=entry_id, to=[f"+38067222{index:04d}"])
                for index, entry_id in enumerate([*sent_by] * 20)
            )
        )
        # The gateway reports everything to the first account's webhook.
        await gateway.delivery.settle()
        await place.settle()
        by_entry = [event.data["entry_id"] for event in events]
    figures.exactly("sends that failed", sum(m[0]["status"] != "sent" for m in told))
    figures.exactly("outcomes of the first", by_entry.count(first.entry_id), 20)
    figures.exactly(
        "outcomes of the second by the first's webhook",
        by_entry.count(second.entry_id),
    )
    for entry in (first, second):
        history = await place.call(
            "inteltele.get_messages", config_entry_id=entry.entry_id, limit=1000
        )
        ids = {message["message_id"] for message in history["messages"]}
        mine = {
            m[0]["message_id"]
            for index, m in enumerate(told)
            if [*sent_by][index % 2] == entry.entry_id
        }
        others = {m[0]["message_id"] for m in told} - mine
        figures.exactly("own messages missing in the history", len(mine - ids))
        figures.exactly("the other's messages in the history", len(others & ids))
    await _lock_out(place, second.entry_id)
    await place.hass.config_entries.async_remove(second.entry_id)
    await place.settle()
    gateway.doorkeeper = Doorkeeper(gateway.settings)
    figures.exactly("files of the removed account", _files(place, second.entry_id))
    figures.exactly(
        "the first account is loaded", int(first.state is ConfigEntryState.LOADED), 1
    )


async def _lock_out(place: Place, second: str) -> None:
    """Be locked out by one account; the other must be silent, too."""
    gateway = place.gateway
    gateway.settings.lock_out_after = 1
    gateway.settings.api_keys = ("another",)
    await place.send(config_entry_id=second)
    asked = gateway.request_count()
    for _ in range(5):
        await place.send(config_entry_id=place.entry.entry_id)
    place.figures.exactly(
        "requests of the first while the second is locked out",
        gateway.request_count() - asked,
    )
    gateway.settings.api_keys = (API_KEY,)
    gateway.settings.lock_out_after = 5
    await place.advance(301)
    [told] = await place.send(config_entry_id=place.entry.entry_id)
    place.figures.exactly(
        "messages sent when that is over", int(told["status"] == "sent"), 1
    )


def _files(place: Place, entry_id: str) -> int:
    """Return how many files there are of an account."""
    storage = place.folder / "house" / ".storage"
    return sum(entry_id in path.name for path in storage.iterdir())


async def reload_in_the_middle_of_a_send(place: Place) -> None:
    """Reload again and again while the gateway is being asked."""
    figures, gateway, entry = place.figures, place.gateway, place.entry
    gateway.settings.misbehaviour = Misbehaviour(delay=0.1, apply_to=("/im/send/",))
    ids: list[str] = []
    before = 0
    async with listening(place.hass, "inteltele_delivery_status") as events:
        for turn in range(RELOADS):
            text = place.text()
            sending = asyncio.create_task(place.send(message=text, retry_for=600))
            asked = gateway.request_count("/im/send/")
            while gateway.request_count("/im/send/") == asked:
                await asyncio.sleep(0.005)
            await place.hass.config_entries.async_reload(entry.entry_id)
            [told] = await sending
            taken = [m for m in gateway.messages if m.text == text]
            if told["status"] == "sent" and len(taken) == 1:
                ids.append(told["message_id"])
            await gateway.delivery.settle()
            await place.settle()
            if turn == 1:
                before = memory()
        # A report that came while nobody listened is asked for when its time is over.
        await place.advance(A_DAY)
        figures.exactly("messages sent, once each", len(set(ids)), RELOADS)
        told_of = [e.data["message_id"] for e in events if e.data["message_id"] in ids]
        figures.exactly("outcomes told, once each", len(told_of), RELOADS)
    gateway.settings.misbehaviour = Misbehaviour()
    history = await place.call("inteltele.get_messages", limit=100)
    known = {message["message_id"] for message in history["messages"]}
    figures.exactly("messages missing in the history", len(set(ids) - known))
    figures.at_most("bytes kept by reloads", memory() - before, MEMORY_TOLERANCE)


async def a_script_that_gives_up(place: Place) -> None:
    """Cancel actions while the gateway is being asked; what it takes is remembered."""
    figures, gateway = place.figures, place.gateway
    gateway.settings.misbehaviour = Misbehaviour(delay=0.2, apply_to=("/im/send/",))
    texts = [place.text() for _ in range(RELOADS)]
    sends = [
        asyncio.create_task(place.send(message=text, to=[OLENA])) for text in texts
    ]
    await asyncio.sleep(0.1)
    for send in sends:
        send.cancel()
    await asyncio.gather(*sends, return_exceptions=True)
    await place.settle()
    await gateway.delivery.settle()
    await place.settle()
    gateway.settings.misbehaviour = Misbehaviour()
    taken = [m.text for m in gateway.messages if m.text in texts]
    history = await place.call("inteltele.get_messages", limit=100)
    known = [m["text"] for m in history["messages"] if m["text"] in texts]
    figures.exactly(
        "messages taken that the history lacks", len(set(taken) ^ set(known))
    )
    figures.exactly("messages taken twice", len(taken) - len(set(taken)))


async def stop_in_the_middle_of_a_send(folder: Path, figures: Figures) -> None:
    """Stop the house while the gateway is being asked, and start it again."""
    log, port = KeptLog(folder), free_port()
    async with SimulatedGateway(gateway_settings(), CLOCK.utcnow) as gateway:
        async with house_under_fire(folder / "house", port, log) as hass:
            await add_account_under_fire(hass, gateway)
            gateway.settings.misbehaviour = Misbehaviour(
                delay=0.5, apply_to=("/im/send/",)
            )
            texts = [f"Stopped {number}" for number in range(SENDS_AT_THE_STOP)]
            sends = [
                asyncio.create_task(
                    call_action(
                        hass,
                        "inteltele.send_message",
                        to=[OLENA],
                        message=text,
                        retry_for={"hours": 1},
                    )
                )
                for text in texts
            ]
            while gateway.request_count("/im/send/") < SENDS_AT_THE_STOP:
                await asyncio.sleep(0.005)
        told = await asyncio.gather(*sends, return_exceptions=True)
        gateway.settings.misbehaviour = Misbehaviour()
        async with house_under_fire(folder / "house", port, log) as hass:
            await asyncio.sleep(1)
            await hass.async_block_till_done()
            history = await call_action(hass, "inteltele.get_messages", limit=100)
    taken = [message.text for message in gateway.messages]
    known = [message["text"] for message in history["messages"]]
    answered = [item for item in told if not isinstance(item, BaseException)]
    figures.exactly("sends that were not answered", len(texts) - len(answered))
    figures.exactly("messages taken, once each", len(set(taken)), len(texts))
    figures.exactly("messages taken twice", len(taken) - len(set(taken)))
    figures.exactly("messages missing in the history", len(set(taken) - set(known)))
    figures.exactly("messages in the history twice", len(known) - len(set(known)))
    figures.none_of("tracebacks in the log", log.tracebacks)


async def the_end(place: Place) -> None:
    """Remove the account, and look what is left of it."""
    entry_id = place.entry.entry_id
    figures = place.figures
    await place.disable()
    figures.none_of("left over where it is disabled", left_over(place.hass))
    await place.hass.config_entries.async_remove(entry_id)
    await place.settle()
    figures.exactly("files of the removed account", _files(place, entry_id))
    figures.exactly(
        "entities and devices left",
        sum("inteltele" in state.entity_id for state in place.hass.states.async_all()),
    )
