"""Clock and disk of a real process: set while something waits, slow, and full."""

import asyncio
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Final

from demo.simulated_gateway import Misbehaviour

from .clock import CLOCK
from .figures import Figures
from .process import OLENA, RealPlace, real_place

STEPS: Final = (7200.0, -3600.0)
# As a worn card takes, in seconds.
SLOW_SYNC: Final = 2.0
AT_ONCE: Final = tuple(f"+3806711122{last}" for last in range(50, 58))
WHILE_FULL: Final = 10


async def clock_and_disk_of_a_process(folder: Path, figures: Figures) -> None:
    """Set the clock, and let the disk be slow and full, beneath a real process."""
    async with real_place(folder) as place:
        place.gateway.settings.report_url = None
        await _clock(place, figures)
        await _slow_disk(place, figures)
        await _full_disk(place, figures)
        await _start_on_a_full_disk(place, figures)
        figures.none_of("tracebacks in the log", place.tracebacks)


async def _clock(place: RealPlace, figures: Figures) -> None:
    """Set the clock while a message waits, forward and back."""
    for step in STEPS:
        text = f"Set by {step:g} s"
        await place.take_the_gateway_away()
        await place.send(OLENA, text)
        place.shim.ahead += step
        await asyncio.sleep(1)
        await place.bring_the_gateway_back(Misbehaviour())
        await place.until_taken(text)
    history = {m["text"]: m["status"] for m in await place.until_nothing_waits()}
    taken = place.times_taken()
    accepted = datetime.fromisoformat((await place.remembered())[0]["sent_at"])
    off = accepted.timestamp() - CLOCK.time() - place.shim.ahead
    figures.at_most(
        "minutes by which the clock was not as it was set", abs(off) / 60, 2
    )
    texts = [f"Set by {step:g} s" for step in STEPS]
    figures.exactly(
        "messages that waited while the clock was set, sent once each",
        sum(taken[text] == 1 and history[text] == "sent" for text in texts),
        len(STEPS),
    )


async def _slow_disk(place: RealPlace, figures: Figures) -> None:
    """Let several wait at once where each sync takes its time."""
    place.shim.slow_disk(SLOW_SYNC)
    await place.take_the_gateway_away()
    await _at_once(place, "First")
    took = await _at_once(place, "Behind")
    figures.at_most("syncs that eight which wait took together", took / SLOW_SYNC, 2.5)
    await place.bring_the_gateway_back(Misbehaviour())
    began = CLOCK.real()
    await place.send(OLENA, "Alarm beside a slow disk")
    took = CLOCK.real() - began
    figures.at_most("syncs that an alarm beside them took", took / SLOW_SYNC, 1)
    place.shim.slow_disk(0.0)
    history = await place.until_nothing_waits(3 * 30)
    sent = Counter(m["text"] for m in history if m["status"] == "sent")
    taken = place.times_taken()
    for text in ("First", "Behind"):
        figures.exactly(f"of eight sent: {text}", sent[text], len(AT_ONCE))
        figures.exactly(f"of eight taken: {text}", taken[text], len(AT_ONCE))


async def _at_once(place: RealPlace, text: str) -> float:
    """Send to eight at once, and return how many seconds that took."""
    began = CLOCK.real()
    await asyncio.gather(*(place.send(number, text) for number in AT_ONCE))
    return CLOCK.real() - began


async def _start_on_a_full_disk(place: RealPlace, figures: Figures) -> None:
    """Kill the house while much waits, and start it where nothing fits any more."""
    await place.start()
    await place.take_the_gateway_away()
    text = "Waits through a start on a full disk"
    await asyncio.gather(*(place.send(number, text) for number in AT_ONCE))
    await place.house.kill()
    place.shim.full_disk(full=True)
    await place.start()
    await place.bring_the_gateway_back(Misbehaviour())
    await place.send(OLENA, "Somebody sends")
    async with asyncio.timeout(90):
        while place.times_taken()[text] < len(AT_ONCE):
            await asyncio.sleep(0.1)
    place.shim.full_disk(full=False)
    await place.send(OLENA, "After all")
    history = Counter(
        message["text"]
        for message in await place.until_nothing_waits()
        if message["status"] in {"sent", "delivered"}
    )
    taken = place.times_taken()[text]
    figures.exactly("taken after a start on a full disk", taken, len(AT_ONCE))
    figures.exactly("of these sent in the history", history[text], len(AT_ONCE))


async def _full_disk(place: RealPlace, figures: Figures) -> None:
    """Let nothing fit on the disk: everything goes out, and is there afterwards."""
    place.shim.full_disk(True)
    answers = [await place.send(OLENA, f"Full {index}") for index in range(WHILE_FULL)]
    await place.take_the_gateway_away()
    answers.append(await place.send(OLENA, "Waits beside a full disk"))
    await place.bring_the_gateway_back(Misbehaviour())
    await place.until_taken("Waits beside a full disk")
    statuses = Counter(answer["status"] for answer in answers)
    figures.exactly("sends told sent on a full disk", statuses["sent"], WHILE_FULL)
    figures.exactly("sends that waited in memory", statuses["queued"], 1)
    place.shim.full_disk(False)
    # The next writing brings everything with it.
    await place.send(OLENA, "After it")
    await place.until_nothing_waits()
    await place.house.kill()
    texts = {text for (text,) in place.on_disk("SELECT text FROM messages")}
    kept = {answer["text"] for answer in answers} & texts
    figures.exactly("of these on the disk in the end", len(kept), len(answers))
    taken = place.times_taken()
    figures.none_of("taken twice", (t for t in kept if taken[t] > 1))
