"""What a card takes to show its first line, in a browser on a slow computer.

Home Assistant's own logbook card shows a day of one entity of ours, our card the newest
messages to the same person.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
import json
from pathlib import Path
import shutil
import sqlite3
import time
from typing import Any, Final

from playwright.async_api import Browser, Page, async_playwright

from demo.house import PASSWORD, USERNAME, House
from demo.ports import free_port

from .filling import APART, MANY, fill, numbers
from .gateways import API_KEY, least_process
from .rounds import Row, Run, in_turn, ratios

PEOPLE: Final = 10
SLOWER: Final = 4
AT_REST: Final = 1.5
DASHBOARD: Final = "bench-cards"
SCREEN: Final = {"width": 1280, "height": 800}
_CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
_CARDS: Final[dict[str, dict[str, Any]]] = {
    "start": {"type": "markdown", "content": "Start"},
    "ours": {"type": "custom:inteltele-messages-card", "entity": "notify.person_0"},
    "theirs": {"type": "logbook", "entities": ["event.person_0_delivery"]},
}
# By card: its element, and what its first line is.
_FIRST: Final = {
    "ours": ("inteltele-messages-card", ".bubble"),
    "theirs": ("hui-logbook-card", ".entry"),
}
_OPEN: Final = """
([path, card, line]) => new Promise(resolve => {
  const find = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const within = element.shadowRoot && find(element.shadowRoot, selector);
      if (within) return within;
    }
    return null;
  };
  const began = performance.now();
  let place = null;
  const look = () => {
    place ??= find(document, card);
    if (place?.shadowRoot && find(place.shadowRoot, line))
      resolve((performance.now() - began) / 1000);
    else requestAnimationFrame(look);
  };
  history.pushState(null, "", path);
  dispatchEvent(new CustomEvent("location-changed", {detail: {replace: false}}));
  look();
})
"""


async def card(run: Run) -> Sequence[Row]:
    """Compare the cards, each opened from another view of its dashboard."""
    async with (
        least_process() as url,
        House(run.folder, free_port()) as house,
    ):
        await _furnish(house, url)
        times: dict[str, list[float]] = {name: [] for name in _FIRST}
        async with _page(house) as page:
            for turn in range(run.rounds + 1):
                for name in in_turn(list(_FIRST), turn):
                    times[name].append(await _opened(page, house, name))
    # The first of each fills caches.
    ours, theirs = times["ours"][1:], times["theirs"][1:]
    return [
        Row(
            measure=(
                f"card: first bubble after opening, {MANY} messages,"
                f" {SLOWER} x throttled"
            ),
            against="core's logbook card",
            found=ratios(ours, theirs),
            limit=1.0,
        )
    ]


async def _furnish(house: House, url: str) -> None:
    """Set an account up, give it and the recorder a past, and build a dashboard."""
    await house.onboard()
    flow = await house.start_flow("inteltele")
    entered = {
        "username": "demo",
        "api_key": API_KEY,
        "currency": "UAH",
        "connection": {"url": url},
    }
    flow = await house.submit(flow, **entered)
    if "result" not in flow:
        flow = await house.submit(flow, next_step_id="unencrypted")
    entry_id = flow["result"]["entry_id"]
    to = numbers(PEOPLE)
    for place, phone in enumerate(to):
        recipient = await house.start_recipient(entry_id)
        await house.submit_recipient(
            recipient,
            name=f"Person {place}",
            phone=phone,
            sms_fallback=False,
            test=False,
        )
    await house.wait_until_there(f"event.person_{PEOPLE - 1}_delivery")
    await house.command(
        "lovelace/dashboards/create", url_path=DASHBOARD, title="Cards", mode="storage"
    )
    views = [
        {"path": path, "title": path, "cards": [content]}
        for path, content in _CARDS.items()
    ]
    await house.command(
        "lovelace/config/save", url_path=DASHBOARD, config={"views": views}
    )
    await house.stay_logged_in()
    await house.stop()
    [path] = house.folder.rglob(f"inteltele.{entry_id}.db")
    await asyncio.to_thread(path.unlink)
    await asyncio.to_thread(fill, path, MANY, to)
    await asyncio.to_thread(_record, house.folder / "home-assistant_v2.db")
    await house.start()
    await house.wait_until_running()


def _record(path: Path) -> None:
    """Write what the recorder would have of those messages: sent, and delivered."""
    now = time.time()
    apart = APART.total_seconds()
    with closing(sqlite3.connect(path)) as file, file:
        entities = dict(
            file.execute(
                "SELECT entity_id, metadata_id FROM states_meta"
                " WHERE entity_id LIKE 'event.person_%'"
            ).fetchall()
        )
        attributes = {}
        for event_type in ("sent", "delivered"):
            written = json.dumps({"event_type": event_type, "device_class": None})
            attributes[event_type] = file.execute(
                "INSERT INTO state_attributes (hash, shared_attrs) VALUES (?, ?)",
                (len(written), written),
            ).lastrowid
        (last,) = file.execute("SELECT MAX(state_id) FROM states").fetchone()
        first = last + 1
        file.executemany(
            "INSERT INTO states (state_id, old_state_id, metadata_id, state,"
            " attributes_id, last_updated_ts, origin_idx)"
            " VALUES (?, ?, ?, ?, ?, ?, 0)",
            (
                (
                    first + 2 * place + later,
                    first + 2 * place if later else _before(first, place),
                    entities[f"event.person_{place % PEOPLE}_delivery"],
                    time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at)),
                    kind,
                    at,
                )
                for place in range(MANY)
                for later, kind in enumerate(attributes.values())
                for at in [now - (MANY - place) * apart + 5 * later]
            ),
        )


def _before(first: int, place: int) -> int | None:
    """Return the number of the row before that of a message's sending."""
    before = place - PEOPLE
    return None if before < 0 else first + 2 * before + 1


@asynccontextmanager
async def _page(house: House) -> AsyncGenerator[Page]:
    """Open a browser in which somebody has logged in."""
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, _CHROMIUM))),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = await browser.new_page(viewport=SCREEN, locale="en-GB")
        await page.goto(house.url)
        await page.get_by_label("Username").fill(USERNAME)
        await page.get_by_label("Password").first.fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.locator("ha-sidebar").wait_for()
        yield page
        await browser.close()


async def _opened(page: Page, house: House, name: str) -> float:
    """Return how many seconds a card takes to show its first line."""
    await page.goto(f"{house.url}/{DASHBOARD}/start")
    await page.get_by_text("Start", exact=True).last.wait_for()
    await asyncio.sleep(AT_REST)
    browser = await page.context.new_cdp_session(page)
    await browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    path = f"/{DASHBOARD}/{name}"
    try:
        async with asyncio.timeout(60):
            return float(await page.evaluate(_OPEN, [path, *_FIRST[name]]))
    finally:
        await browser.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        await browser.detach()
