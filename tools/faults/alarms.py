"""An alarm in a real process that is killed, cut off, reloaded and set wrong."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import re
from typing import Any, Final

import aiohttp

from demo.ports import HOST
from demo.simulated_gateway import Misbehaviour

from .figures import Figures
from .process import OLENA, RealPlace, real_place

PETRO: Final = "+380671112244"
MARIIA: Final = "+380671112255"
ANNA: Final = "+380671112266"
# The shortest there is, in seconds.
WAIT: Final = 60
_LINK: Final = re.compile(r"https?://\S+")
# It asks an address for its picture each time.
PORCH: Final = """
template:
  - image:
      - name: Porch
        url: {url}
"""


async def an_alarm_that_does_not_give_up(folder: Path, figures: Figures) -> None:
    """Ask three people, with a kill and a reload in between, until one answers."""
    async with real_place(folder) as place:
        await _raise(place, "water", [OLENA, PETRO, MARIIA])
        await _until_asked(place, 1)
        await place.house.kill()
        await place.start()
        await place.reload()
        # Back by an hour: nobody's turn is longer or shorter for it.
        place.shim.ahead -= 3600
        began = asyncio.get_running_loop().time()
        await _until_asked(place, 2)
        took = asyncio.get_running_loop().time() - began
        figures.exactly("asked once each before the answer", _asked(place), 2)
        figures.at_most("seconds of a turn of 60, beside a start", took, 2 * WAIT)
        await place.house.kill()
        await place.start()
        await _answer(place, place.gateway.messages[1].button_link or "")
        await place.house.kill()
        await place.start()
        await asyncio.sleep(WAIT * 1.5)
        texts = Counter(
            (message.number, "asked" if message.button_link else "told")
            for message in place.gateway.messages
        )
        figures.exactly("questions to the first", texts[OLENA, "asked"], 1)
        figures.exactly("questions to who answers", texts[PETRO, "asked"], 1)
        figures.exactly("questions after the answer", texts[MARIIA, "asked"], 0)
        figures.exactly("others who are told, after a kill", texts[OLENA, "told"], 1)
        cleared = await place.house.call("inteltele.clear_alarm", tag="water")
        figures.exactly(
            "taken over by somebody, in the file",
            int(cleared["acknowledged_by"] is not None),
            1,
        )
        figures.none_of("tracebacks in the log", place.tracebacks)


async def an_alarm_while_the_line_is_down(folder: Path, figures: Figures) -> None:
    """Raise it without a line, cut the power, and let the line come back."""
    async with real_place(folder) as place:
        await place.take_the_gateway_away()
        await _raise(place, "smoke", [OLENA, PETRO, MARIIA])
        await asyncio.sleep(WAIT / 2 + 5)
        await place.house.kill()
        await place.start()
        await asyncio.sleep(WAIT)
        figures.exactly("asked without a line", _asked(place), 0)
        await place.bring_the_gateway_back(Misbehaviour())
        await _until_asked(place, 3)
        await asyncio.sleep(5)
        asked = Counter(message.number for message in place.gateway.messages)
        figures.exactly("asked once each when it is back", _asked(place), 3)
        figures.exactly("of these different people", len(asked), 3)
        figures.none_of("tracebacks in the log", place.tracebacks)


async def an_alarm_whose_camera_hangs(folder: Path, figures: Figures) -> None:
    """Raise it with a picture that never comes, and kill the house meanwhile."""
    async with real_place(folder) as place, _silence() as (url, asked):
        place.configure(PORCH.format(url=url))
        await place.house.stop()
        await place.start()
        await place.house.wait_until_there("image.porch")
        everyone = [OLENA, PETRO, MARIIA]
        together = {"media": "image.porch", "order": "all_at_once"}
        raising = asyncio.ensure_future(_raise(place, "door", everyone, **together))
        async with asyncio.timeout(WAIT):
            await asked.wait()
        await asyncio.sleep(1)
        figures.exactly("asked while the picture is awaited", _asked(place), 0)
        await place.house.kill()
        await asyncio.gather(raising, return_exceptions=True)
        await place.start()
        await _until_asked(place, 3)
        await asyncio.sleep(5)
        people = Counter(message.number for message in place.gateway.messages)
        figures.exactly("asked once each after a kill", _asked(place), 3)
        figures.exactly("of these different people", len(people), 3)
        began = asyncio.get_running_loop().time()
        raising = asyncio.ensure_future(_raise(place, "yard", [ANNA], **together))
        await _until_asked(place, 4)
        took = asyncio.get_running_loop().time() - began
        figures.at_most("seconds until somebody is asked", took, 7)
        warnings = (await raising)["warnings"]
        took = asyncio.get_running_loop().time() - began
        figures.at_most("seconds until the caller is answered", took, 7)
        figures.exactly("who is told of the missing picture", len(warnings), 1)
        figures.none_of("tracebacks in the log", place.tracebacks)


@asynccontextmanager
async def _silence() -> AsyncGenerator[tuple[str, asyncio.Event]]:
    """Listen at an address and never answer; yield it, and whether somebody asked."""
    asked = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        """Hear somebody out."""
        await reader.readline()
        asked.set()
        await reader.read()

    server = await asyncio.start_server(listen, HOST, 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield f"http://{HOST}:{port}/porch.jpg", asked
    finally:
        server.close()


async def _raise(
    place: RealPlace, tag: str, numbers: list[str], **fields: Any
) -> dict[str, Any]:
    """Raise an alarm."""
    return await place.house.call(
        "inteltele.raise_alarm",
        tag=tag,
        message="Water in the cellar!",
        to=numbers,
        wait={"seconds": WAIT},
        rounds=2,
        sms="as_set",
        **fields,
    )


def _asked(place: RealPlace) -> int:
    """Return how many questions the gateway took."""
    return sum(message.button_link is not None for message in place.gateway.messages)


async def _until_asked(place: RealPlace, questions: int) -> None:
    """Wait until the gateway took so many questions."""
    async with asyncio.timeout(4 * WAIT):
        while _asked(place) < questions:
            await asyncio.sleep(0.1)


async def _answer(place: RealPlace, link: str) -> None:
    """Press the button on the page behind a link."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(link, data={"answer": "acknowledge"}) as response,
    ):
        response.raise_for_status()
