"""Everything at once, done to a real process: a night of sends in a storm."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
import random
from typing import Any, Final

import aiohttp

from demo.house import HouseError
from demo.simulated_gateway import Misbehaviour

from .figures import Figures
from .process import RealPlace, real_place

SEED: Final = 20261127
NUMBERS: Final = tuple(f"+3806711122{last}" for last in range(40, 48))
# The pause between two tries is a minute at most.
LAST_PATIENCE: Final = 150.0
LONGEST_CUT: Final = 8.0
LONGEST_STEP: Final = 25 * 60.0
_SLOW_SYNC: Final = 0.2
_ONLY_SENDS: Final = ("/im/send/",)
_BEHAVIOURS: Final = (
    Misbehaviour(),
    Misbehaviour(delay=0.3),
    Misbehaviour(cut_off="before_work", apply_to=_ONLY_SENDS, times=2),
    Misbehaviour(cut_off="after_work", apply_to=_ONLY_SENDS, times=2),
    Misbehaviour(server_error=502, apply_to=_ONLY_SENDS, times=3),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How often each thing happens; the times and the order are drawn."""

    sends: int
    kills: int
    reloads: int
    cuts: int
    clock_steps: int
    slow_syncs: int


SQUALL: Final = Weather(
    sends=40, kills=3, reloads=4, cuts=4, clock_steps=2, slow_syncs=1
)
STORM: Final = Weather(
    sends=200, kills=20, reloads=20, cuts=20, clock_steps=5, slow_syncs=5
)


@dataclass(slots=True, kw_only=True)
class _Night:
    """One house through one night; `answers` are the responses by text."""

    place: RealPlace
    chance: random.Random
    sends: list[asyncio.Task[None]] = field(default_factory=list)
    weather: list[asyncio.Task[None]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    line: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self) -> None:
        """Begin to send something; nobody waits for the answer."""
        text = f"Message {len(self.begun)}"
        self.begun.append(text)
        number = self.chance.choice(NUMBERS)
        self.sends.append(asyncio.create_task(self._hear(number, text)))

    async def kill(self) -> None:
        """Cut the power, and start again."""
        await self.place.house.kill()
        await self.place.start()

    async def reload(self) -> None:
        """Reload the account while it works."""
        await self.place.reload()

    async def cut(self) -> None:
        """Cut the line for a while; then the gateway is there again, well or badly."""
        self.weather = [task for task in self.weather if not task.done()]
        duration = self.chance.uniform(0.2, LONGEST_CUT)
        after = self.chance.choice(_BEHAVIOURS)
        self.weather.append(asyncio.create_task(self._cut(duration, after)))

    async def step(self) -> None:
        """Set the clock, forward or back."""
        self.place.shim.ahead += self.chance.uniform(-LONGEST_STEP, LONGEST_STEP)

    async def slow_sync(self) -> None:
        """Let the disk be slow until the next time."""
        self.place.shim.slow_disk(self.chance.choice((0.0, _SLOW_SYNC)))

    async def _hear(self, number: str, text: str) -> None:
        """Send, and note the answer where one comes."""
        try:
            self.answers[text] = await self.place.send(number, text)
        except aiohttp.ClientError, HouseError:
            # Killed, or nobody was reached.
            return

    async def _cut(self, duration: float, after: Misbehaviour) -> None:
        """Take the gateway away for a while."""
        async with self.line:
            await self.place.take_the_gateway_away()
            await asyncio.sleep(duration)
            await self.place.bring_the_gateway_back(after)

    async def calm(self) -> list[dict[str, Any]]:
        """Let all be well, and return the history once nothing waits."""
        await asyncio.wait(self.weather)
        await self.place.bring_the_gateway_back(Misbehaviour())
        self.place.shim.slow_disk(0.0)
        # Somebody who sends ends the pause.
        await self.send()
        await asyncio.wait(self.sends)
        return await self.place.until_nothing_waits(LAST_PATIENCE)


async def storm(folder: Path, figures: Figures, weather: Weather) -> None:
    """Send all night in a storm: each has its end, and none comes twice."""
    chance = random.Random(SEED)  # noqa: S311 - not for cryptography
    async with real_place(folder) as place:
        place.gateway.settings.report_url = None
        night = _Night(place=place, chance=chance)
        happenings: list[Callable[[], Awaitable[None]]] = [
            *[night.send] * weather.sends,
            *[night.kill] * weather.kills,
            *[night.reload] * weather.reloads,
            *[night.cut] * weather.cuts,
            *[night.step] * weather.clock_steps,
            *[night.slow_sync] * weather.slow_syncs,
        ]
        chance.shuffle(happenings)
        for happens in happenings:
            await happens()
            await asyncio.sleep(chance.expovariate(10))
        history = await night.calm()
        _judge(figures, night, history)
        figures.none_of("tracebacks in the log", place.tracebacks)


def _judge(figures: Figures, night: _Night, history: list[dict[str, Any]]) -> None:
    """Hold the history against what was answered, and what the gateway took."""
    taken = night.place.times_taken()
    rows = Counter(message["text"] for message in history)
    by_text = {message["text"]: message for message in history}
    unknown = {m["text"] for m in history if m["reason"] == "outcome_unknown"}
    sent = {m["text"] for m in history if m["status"] in {"sent", "delivered"}}
    accepted = {
        text
        for text, answer in night.answers.items()
        if answer["error"] != "limit_reached"
    }
    figures.at_least("messages in the history", len(history), len(night.begun) // 2)
    figures.none_of("messages taken twice", (t for t, n in taken.items() if n > 1))
    figures.none_of("messages in the history twice", (t for t in rows if rows[t] > 1))
    figures.none_of("messages answered but not kept", accepted - set(rows))
    figures.none_of("messages taken but not kept", set(taken) - set(rows))
    figures.none_of("messages told sent but not taken", sent - set(taken))
    figures.none_of(
        "messages told failed but taken",
        (
            f"{text}: {by_text[text]['reason']}"
            for text in set(rows) - sent - unknown
            if taken[text]
        ),
    )
    figures.none_of(
        "messages that failed without need",
        (
            f"{text}: {message['reason']}"
            for text, message in by_text.items()
            if message["status"] == "failed" and text not in unknown
        ),
    )
    figures.notes["storm"] = {
        "begun": len(night.begun),
        "answered": Counter(answer["status"] for answer in night.answers.values()),
        "ends": Counter(message["status"] for message in history),
        "of which nobody can tell": len(unknown),
        "of these taken": sum(bool(taken[text]) for text in unknown),
    }
