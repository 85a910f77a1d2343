"""A real Home Assistant in a process of its own, whose power and line can be cut."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from decimal import Decimal
from pathlib import Path
import re
import sqlite3
from typing import Any, Final

from demo.house import House
from demo.ports import free_port
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from .shim import Shim

USERNAME: Final = "demo"
API_KEY: Final = "key-of-a-house-without-power"
OLENA: Final = "+380671112233"
PATIENCE: Final = 30.0
_OURS: Final = "custom_components/inteltele/"
# A token must not be younger than the clock that it is held against.
LONG_AGO: Final = -86_400.0
FOR_SET_UP: Final = """
config:
onboarding:
"""
CONFIGURATION: Final = """
homeassistant:
  country: UA
  currency: UAH
  language: en
  internal_url: {url}
  external_url: {url}
api:
logger:
  default: warning
"""


class RealPlace:
    """A house with an account, and a gateway that can go out of reach."""

    def __init__(
        self, house: House, gateway: SimulatedGateway, port: int, shim: Shim
    ) -> None:
        """Begin with both where they should be."""
        self.house = house
        self.gateway = gateway
        self.shim = shim
        self._port = port
        self.file = Path()
        self.entry_id = ""

    def configure(self, besides: str = "") -> None:
        """Let the house hold little, so that a start is short."""
        configuration = CONFIGURATION.format(url=self.house.url) + besides
        (self.house.folder / "configuration.yaml").write_text(configuration)

    async def set_up(self) -> None:
        """Set the account up, and have all of it written."""
        await self.house.onboard()
        await self.house.stay_logged_in()
        flow = await self.house.start_flow("inteltele")
        flow = await self.house.submit(
            flow,
            username=USERNAME,
            api_key=API_KEY,
            currency="UAH",
            connection={"url": self.gateway.url},
        )
        created = await self.house.submit(flow, next_step_id="unencrypted")
        self.entry_id = created["result"]["entry_id"]
        self.gateway.settings.report_url = created["description_placeholders"][
            "report_url"
        ]
        self.file = self.house.folder / ".storage" / f"inteltele.{self.entry_id}.db"
        await self.house.stop()
        self.configure()
        # It may be set back from now on: the token stays older than any clock.
        self.shim.ahead = LONG_AGO / 2
        await self.start()

    async def start(self) -> None:
        """Start the house, until it takes sends."""
        await self.house.start()
        await self.house.wait_until_running()

    async def reload(self) -> None:
        """Reload the account."""
        await self.house.request(
            "POST", f"/api/config/config_entries/entry/{self.entry_id}/reload"
        )

    async def send(self, number: str, text: str, **fields: Any) -> dict[str, Any]:
        """Send something that may wait, and return what became of it."""
        response = await self.house.call(
            "inteltele.send_message",
            to=[number],
            message=text,
            retry_for={"hours": 1},
            **fields,
        )
        return {"text": text, **response["messages"][0]}

    async def take_the_gateway_away(self) -> None:
        """Let nobody reach the gateway."""
        await self.gateway.stop()

    async def bring_the_gateway_back(self, behaviour: Misbehaviour) -> None:
        """Let the gateway be reached, well or badly."""
        await self.gateway.stop()
        self.gateway.settings.misbehaviour = behaviour
        await self.gateway.start(port=self._port)

    async def remembered(self) -> list[dict[str, Any]]:
        """Return the house's history."""
        response = await self.house.call("inteltele.get_messages", limit=1000)
        return list(response["messages"])

    async def until_nothing_waits(
        self, patience: float = PATIENCE
    ) -> list[dict[str, Any]]:
        """Wait until everything was sent or given up, and return the history."""
        history = await self.remembered()
        async with asyncio.timeout(patience):
            while any(message["status"] == "queued" for message in history):
                await asyncio.sleep(0.2)
                history = await self.remembered()
        return history

    def on_disk(self, query: str) -> list[tuple[Any, ...]]:
        """Return what the account's file holds."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    @property
    def tracebacks(self) -> list[str]:
        """Return what each traceback of ours in the log ends with."""
        blocks = re.findall(
            r"^Traceback .*\n(?:[ ].*\n|\n)*.*", self.house.log, re.MULTILINE
        )
        return [block.splitlines()[-1] for block in blocks if _OURS in block]

    async def until_taken(self, text: str, patience: float = 3 * PATIENCE) -> None:
        """Wait until the gateway took a text."""
        async with asyncio.timeout(patience):
            while not self.times_taken()[text]:
                await asyncio.sleep(0.05)

    def times_taken(self) -> Counter[str]:
        """Return how often the gateway took each text."""
        return Counter(message.text for message in self.gateway.messages)


@asynccontextmanager
async def real_place(folder: Path) -> AsyncGenerator[RealPlace]:
    """Run a house that holds little, with an account at a gateway of its own."""
    port = free_port()
    settings = GatewaySettings(
        username=USERNAME, api_keys=(API_KEY,), balance=Decimal(1000)
    )
    gateway = SimulatedGateway(settings)
    await gateway.start(port=port)
    try:
        house = House(folder, free_port())
        shim = Shim(folder)
        await shim.build()
        shim.ahead = LONG_AGO
        house.environment = shim.environment
        place = RealPlace(house, gateway, port, shim)
        place.configure(FOR_SET_UP)
        async with house:
            await place.set_up()
            yield place
    finally:
        await gateway.stop()
