"""What happens to messages while the house starts, which automations must hear."""

from pathlib import Path
from typing import Any, Final

import aiohttp
from homeassistant.const import EVENT_HOMEASSISTANT_START, EVENT_STATE_CHANGED
from homeassistant.core import CoreState, Event, HomeAssistant, callback

from demo.ports import free_port
from demo.simulated_gateway import SimulatedGateway

from ..house import call_action
from .clock import CLOCK
from .figures import Figures
from .log import KeptLog
from .place import add_account_under_fire, gateway_settings, house_under_fire

STARTS: Final = 3
_EVENTS: Final = {
    "inteltele_delivery_status": "outcomes told",
    "inteltele_button_pressed": "presses told",
}
_ENTITIES: Final = ("event.olena_delivery", "sensor.olena_last_message")


class Ears:
    """What automations of a house that starts again and again could hear."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        self.heard: list[str] = []
        self.too_early: list[str] = []

    @callback
    def listen(self, hass: HomeAssistant) -> None:
        """Listen from before the house starts."""

        @callback
        def hear(event: Event[Any]) -> None:
            """Note what is told, and whether it is told too early."""
            what = _EVENTS.get(str(event.event_type)) or _changed(event)
            if what is not None:
                early = hass.state is not CoreState.running
                (self.too_early if early else self.heard).append(what)

        for event_type in _EVENTS:
            hass.bus.async_listen(event_type, hear)
        hass.bus.async_listen(EVENT_STATE_CHANGED, hear)


def _changed(event: Event[Any]) -> str | None:
    """Return which entity changed from a state to another, as a trigger sees it."""
    old, new = event.data["old_state"], event.data["new_state"]
    if old is None or new is None or old.state == "unavailable":
        return None
    changed = new.entity_id in _ENTITIES and new.state not in {old.state, "unavailable"}
    return f"changes of {new.entity_id}" if changed else None


async def a_report_and_a_press_while_the_house_starts(
    folder: Path, figures: Figures
) -> None:
    """Let both come before automations run, and start again when they were told."""
    log, port, ears = KeptLog(folder), free_port(), Ears()
    statuses: list[int | None] = []
    async with SimulatedGateway(gateway_settings(), CLOCK.utcnow) as gateway:
        async with house_under_fire(folder / "house", port, log) as hass:
            entry = await add_account_under_fire(hass, gateway)
            await call_action(
                hass,
                "inteltele.send_message",
                entity_id="notify.olena",
                message="Open?",
                button_text="Open",
                button_action="open",
            )
            webhook_id = entry.data["webhook_id"]
        [message] = gateway.messages
        gateway.settings.report_url = (
            f"http://127.0.0.1:{port}/api/webhook/{webhook_id}"
        )

        async def happen(_: Event[Any]) -> None:
            """Report and press; the start waits for it."""
            statuses.append(await gateway.report(message.message_id, "delivrd"))
            async with (
                aiohttp.ClientSession() as phone,
                phone.post(message.button_link or "", data={"answer": "0"}) as page,
            ):
                statuses.append(page.status)

        def prepare(hass: HomeAssistant) -> None:
            """Listen, and let everything happen while the house starts."""
            ears.listen(hass)
            hass.bus.async_listen_once(EVENT_HOMEASSISTANT_START, happen)

        for _ in range(STARTS):
            async with house_under_fire(folder / "house", port, log, prepare) as hass:
                await hass.async_block_till_done()
    figures.exactly("reports and presses answered", statuses.count(200), 2 * STARTS)
    figures.none_of("told before Home Assistant had started", ears.too_early)
    for what in _EVENTS.values():
        figures.exactly(f"{what} in {STARTS} starts", ears.heard.count(what), 1)
    event, sensor = (ears.heard.count(f"changes of {name}") for name in _ENTITIES)
    figures.exactly("event entity's changes", event, 2)
    figures.exactly("last message's changes", sensor, 1)
    figures.none_of("tracebacks in the log", log.tracebacks)
