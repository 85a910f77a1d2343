"""The house that the scenarios run in, and its gateway."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TextIO

import aiohttp
from homeassistant.config_entries import ConfigEntry, ConfigEntryDisabler
from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from demo.ports import HOST, free_port
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from ..house import add_account, call_action, running_house
from .clock import CLOCK
from .figures import Figures
from .log import KeptLog

USERNAME: Final = "demo"
API_KEY: Final = "key-under-fire-4f1c9a"
OLENA: Final = "+380671112233"
PETRO: Final = "+380671112244"
PATIENCE: Final = 30.0
# How often a request whose answer is lost is repeated.
REPETITIONS: Final = 50
_NOTICED_AFTER: Final = 0.05
_OURS: Final = "custom_components/inteltele/"
# What tells the user to look at the phone.
_MAY_HAVE_ARRIVED: Final = frozenset({"outcome_unknown", "invalid_response"})
CONFIGURATION: Final = Path(__file__).with_name("configuration.yaml")


def gateway_settings() -> GatewaySettings:
    """Return an account whose balance is never used up."""
    return GatewaySettings(
        username=USERNAME,
        api_keys=(API_KEY,),
        balance=Decimal(1_000_000),
        lock_out_after=5,
    )


@dataclass(slots=True, kw_only=True)
class Place:
    """A running house, its simulated gateway, and what was recorded of both."""

    hass: HomeAssistant
    gateway: SimulatedGateway
    session: aiohttp.ClientSession
    url: str
    folder: Path
    written: TextIO
    log: KeptLog
    figures: Figures
    statuses: Counter[str] = field(default_factory=Counter)
    heard_errors: list[str] = field(default_factory=list)
    texts: int = 0

    @property
    def entry(self) -> ConfigEntry[Any]:
        """Return the first account."""
        return self.hass.config_entries.async_entries("inteltele")[0]

    @property
    def webhook(self) -> str:
        """Return where the first account's reports go."""
        return f"{self.url}/api/webhook/{self.entry.data['webhook_id']}"

    def text(self) -> str:
        """Return a text that was never sent before."""
        self.texts += 1
        return f"Message {self.texts}"

    def events(self) -> list[str]:
        """Return every event so far, as text."""
        self.written.seek(0)
        return self.written.readlines()

    async def call(self, action: str, **fields: Any) -> dict[str, Any]:
        """Call an action and return its response."""
        return await call_action(self.hass, action, **fields)

    async def send(self, **fields: Any) -> list[dict[str, Any]]:
        """Send something and return what became of it, also where nobody was reached.

        An error that is none of Home Assistant's comes out.
        """
        try:
            response = await self.call(
                "inteltele.send_message",
                **{"message": self.text(), "to": [OLENA], "retry_for": 0} | fields,
            )
        except HomeAssistantError as err:
            self.heard_errors.append(str(err))
            unknown = err.translation_key in _MAY_HAVE_ARRIVED
            status = "unknown" if unknown else "failed"
            return [{"status": status, "error": err.translation_key}]
        return list(response["messages"])

    async def point_at(self, url: str) -> None:
        """Have the first account talk to another address."""
        entry = self.entry
        self.hass.config_entries.async_update_entry(
            entry, data={**entry.data, "url": url}
        )
        await self.hass.config_entries.async_reload(entry.entry_id)
        await self.settle()

    async def disable(self) -> None:
        """Disable the first account, which ends its work."""
        await self._set_disabled_by(ConfigEntryDisabler.USER)

    async def enable(self) -> None:
        """Enable the first account again."""
        await self._set_disabled_by(None)

    async def _set_disabled_by(self, disabler: ConfigEntryDisabler | None) -> None:
        """Disable or enable the first account."""
        await self.hass.config_entries.async_set_disabled_by(
            self.entry.entry_id, disabler
        )
        await self.settle()

    async def lose_the_gateway(self) -> int:
        """Have nobody listen where the gateway was, and return the port."""
        port = int(self.gateway.url.rpartition(":")[2])
        await self.gateway.stop()
        # Until the house has seen that kept connections are closed, a request by one
        # of them may have arrived.
        await asyncio.sleep(_NOTICED_AFTER)
        return port

    async def on_disk(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what the first account's file holds, after all that was handed in."""
        database = self.entry.runtime_data.delivery.database
        return list(
            await database.read(
                lambda connection: connection.execute(query, values).fetchall()
            )
        )

    async def settle(self) -> None:
        """Wait until neither house nor integration does anything."""
        began = CLOCK.real()
        quiet = False
        while True:
            await self.hass.async_block_till_done()
            # Twice: much is told in several turns of the loop, which are no tasks.
            quiet, was_quiet = not our_tasks(), quiet
            if quiet and was_quiet:
                return
            if CLOCK.real() - began > PATIENCE:
                raise TimeoutError(f"Never at rest: {our_tasks()}")
            await asyncio.sleep(0.005)

    async def advance(self, seconds: float) -> None:
        """Let time pass at once, and everything that is due by then be done."""
        CLOCK.ahead += seconds
        await asyncio.sleep(0)
        await self.settle()


def our_tasks() -> list[str]:
    """Return the tasks that run our code."""
    names = []
    for task in asyncio.all_tasks():
        code = getattr(task.get_coro(), "cr_code", None)
        if code is not None and _OURS in code.co_filename and not task.done():
            names.append(f"{task.get_name()} in {code.co_qualname}")
    return names


@asynccontextmanager
async def listening(
    hass: HomeAssistant, event_type: str
) -> AsyncGenerator[list[Event]]:
    """Hear the events of a type while the context lasts."""
    heard: list[Event] = []

    @callback
    def hear(event: Event) -> None:
        heard.append(event)

    stop = hass.bus.async_listen(event_type, hear)
    try:
        yield heard
    finally:
        stop()


@asynccontextmanager
async def house_under_fire(
    folder: Path,
    port: int,
    log: KeptLog,
    before_start: Callable[[HomeAssistant], None] = lambda _: None,
) -> AsyncGenerator[HomeAssistant]:
    """Run a house whose clock can be moved, and whose log is kept."""
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    template = CONFIGURATION.read_text()
    configuration = template.format(url=f"http://{HOST}:{port}", folder=media)
    log.take_over()
    async with running_house(
        folder, port, configuration, log.take_over, before_start
    ) as hass:
        yield hass


async def add_account_under_fire(
    hass: HomeAssistant,
    gateway: SimulatedGateway,
    username: str = USERNAME,
    recipients: Mapping[str, str] = MappingProxyType({"Olena": OLENA, "Petro": PETRO}),
) -> ConfigEntry[Any]:
    """Set up an account at the gateway, with recipients."""
    return await add_account(
        hass,
        gateway.url,
        username=username,
        api_key=API_KEY,
        recipients=recipients,
    )


@callback
def write_down(hass: HomeAssistant, file: TextIO) -> None:
    """Keep every event of a house on disk, as text."""

    @callback
    def hear(event: Event) -> None:
        file.write(f"{event.event_type} {event.data}\n")

    hass.bus.async_listen(MATCH_ALL, hear)


@asynccontextmanager
async def running_place(folder: Path, figures: Figures) -> AsyncGenerator[Place]:
    """Run a house with an account at a gateway that reports to it."""
    log = KeptLog(folder)
    port = free_port()
    with (folder / "events.log").open("w+") as written:
        async with (
            SimulatedGateway(gateway_settings(), CLOCK.utcnow) as gateway,
            aiohttp.ClientSession() as session,
            house_under_fire(folder / "house", port, log) as hass,
        ):
            await add_account_under_fire(hass, gateway)
            place = Place(
                hass=hass,
                gateway=gateway,
                session=session,
                url=f"http://{HOST}:{port}",
                folder=folder,
                written=written,
                log=log,
                figures=figures,
            )
            gateway.settings.report_url = place.webhook
            write_down(hass, written)
            yield place
