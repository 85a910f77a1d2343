"""An SMS where Viber is late, in a real process that is killed between the two."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Final

from .figures import Figures
from .process import OLENA, RealPlace, real_place

WITHOUT_DATA: Final = "+380671112912"
SOON_WITH_DATA: Final = "+380671113912"
# The shortest there is, in seconds.
SMS_AFTER: Final = 60
_BY_BOTH: Final = {"sms_after": SMS_AFTER, "sms_sender": "MyHouse"}


async def an_sms_where_viber_is_late(folder: Path, figures: Figures) -> None:
    """Send to three phones, in a house that gets no reports, and kill it twice."""
    async with real_place(folder) as place:
        place.gateway.settings.report_url = None
        for number in (OLENA, WITHOUT_DATA, SOON_WITH_DATA):
            await place.send(number, number, **_BY_BOTH)
        # The answers are on the disk by then.
        await asyncio.sleep(1)
        await place.house.kill()
        place.gateway.phones.switch(SOON_WITH_DATA, no_data=False)
        await place.start()
        async with asyncio.timeout(3 * SMS_AFTER):
            while not _taken(place)["sms", WITHOUT_DATA]:
                await asyncio.sleep(0.2)
        await place.house.kill()
        await place.start()
        # Whatever the others would send, they would have sent by now.
        await asyncio.sleep(SMS_AFTER / 4)
        taken = _taken(place)
        for name, number, sms in (
            ("that has it on Viber, without a report", OLENA, 0),
            ("without data", WITHOUT_DATA, 1),
            ("that gets data again in time", SOON_WITH_DATA, 0),
        ):
            figures.exactly(
                f"Viber messages to a phone {name}", taken["viber", number], 1
            )
            figures.exactly(f"SMS to a phone {name}", taken["sms", number], sms)
        history = await place.until_nothing_waits()
        rows = Counter((message["text"], message["channel"]) for message in history)
        figures.exactly("messages in the history", len(history), 3)
        figures.exactly("of these by SMS", rows[WITHOUT_DATA, "sms"], 1)
        figures.none_of("tracebacks in the log", place.tracebacks)


def _taken(place: RealPlace) -> Counter[tuple[str, str]]:
    """Return how often the gateway took a message to each number, by each way."""
    return Counter((message.api, message.number) for message in place.gateway.messages)
