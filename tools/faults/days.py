"""A hundred days: nothing is kept for longer than is promised."""

from pathlib import Path
from typing import Final

from custom_components.inteltele.account.paths import ledger_path, pictures_path

from .clock import CLOCK
from .place import OLENA, Place

DAY: Final = 86_400
DAYS: Final = 100
STEP: Final = DAY / 2
KEPT_FOR: Final = 90 * DAY
# What is due is done once a night.
A_NIGHT: Final = DAY


async def a_hundred_days(place: Place) -> None:
    """Send once a day, and look for what is older than it may be."""
    figures, entry_id = place.figures, place.entry.entry_id
    path = ledger_path(place.hass, entry_id)
    aside = path.with_name(f"{path.name}.damaged-1")
    await place.hass.async_add_executor_job(aside.write_text, "set aside")
    first = "Once upon a time"
    sent = 0
    for day in range(DAYS):
        [told] = await place.send(
            to=[OLENA],
            message=first if day == 0 else place.text(),
            button_text="Answer",
            button_action="seen",
            button_valid={"hours": 1},
        )
        sent += told["status"] == "sent"
        for _ in range(int(DAY / STEP)):
            await place.advance(STEP)
    figures.exactly("messages sent", sent, DAYS)
    oldest = CLOCK.time() - KEPT_FOR - A_NIGHT
    [[old]] = await place.on_disk(
        "SELECT count(*) FROM messages WHERE sent_at < ?", oldest
    )
    figures.exactly("messages older than 90 days", old)
    [[kept]] = await place.on_disk("SELECT count(*) FROM messages")
    figures.at_least("messages kept", kept, 85)
    counted = place.entry.runtime_data.ledger.counters.sent
    figures.at_least("messages counted all the same", counted, DAYS)
    [[links]] = await place.on_disk("SELECT count(*) FROM answer_links")
    figures.at_most("links kept", links, 90 + 1)
    found = await place.hass.async_add_executor_job(_traces, path, first)
    figures.none_of("files that still hold the first text", found)
    figures.exactly("files set aside that are kept", int(aside.exists()))
    pictures = pictures_path(place.hass, entry_id)
    left = list(pictures.iterdir()) if pictures.exists() else []
    figures.none_of("pictures kept", (picture.name for picture in left))


def _traces(path: Path, text: str) -> list[str]:
    """Return the files of an account that still hold a text."""
    wanted = text.encode()
    return [
        file.name
        for file in path.parent.glob(f"{path.name}*")
        if wanted in file.read_bytes()
    ]
