"""An alarm on a dashboard: seen on both cards, and taken over by a button."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
from typing import Any, Final

from playwright.async_api import Browser, Locator, WebSocketRoute, expect
import pytest

from demo.house import House
from demo.ports import free_port
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from .axe import violations
from .browser import NARROW_PHONE, PHONE, chromium, screenshot
from .conftest import (
    API_KEY,
    OLENA,
    PETRO,
    account_input,
    heard,
    until_state,
)
from .desk import Desk, desk_in

DASHBOARD: Final = "our-alarms"
ALARM_CARD: Final = {"type": "custom:inteltele-alarm-card"}
CARDS: Final = [
    {"type": "custom:inteltele-messages-card", "title": "Messages"},
    ALARM_CARD,
]
DESK: Final = {"width": 1280, "height": 900}
WATER: Final = {
    "title": "Water",
    "message": "There is water in the cellar. See https://house.example.org/cellar.",
    "recipients": ["notify.olena", "notify.petro"],
}
WIDTHS: Final = (320, 390, 600, 870, 1280, 1600)
# What of a card with an alarm is not as it should be, in words.
FAULTS: Final = """
card => {
  const faults = [];
  const say = (fault, wrong) => wrong && faults.push(fault);
  const root = card.shadowRoot;
  const frame = root.querySelector("ha-card").getBoundingClientRect();
  const alarms = root.querySelector(".alarms");
  const take = root.querySelector(".take").getBoundingClientRect();
  const seen = alarms.getBoundingClientRect();
  say("it is wider than its place", frame.width > card.clientWidth + 1);
  say("it can be scrolled sideways", alarms.scrollWidth > alarms.clientWidth);
  say(`the button is ${take.height} px high`, take.height < 44);
  say("the button is out of sight", take.bottom > seen.bottom + 1);
  for (const { children: [story, bar] } of root.querySelectorAll(".alarm")) {
    const { bottom } = story.querySelector(".head").getBoundingClientRect();
    say("a button hides its alarm", bar?.getBoundingClientRect().top < bottom);
  }
  say("the alarms stick out", seen.bottom > frame.bottom + 1);
  const box = root.querySelector("inteltele-send-box")?.getBoundingClientRect();
  say("the box sticks out", box && box.bottom > frame.bottom + 1);
  return faults;
}
"""


@pytest.fixture(scope="module")
async def gateway() -> AsyncGenerator[SimulatedGateway]:
    """Return a gateway of this file's own."""
    settings = GatewaySettings(
        api_keys=(API_KEY,), contacts={OLENA: "Olena", PETRO: "Petro"}
    )
    async with SimulatedGateway(settings) as simulated:
        yield simulated


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, gateway: SimulatedGateway
) -> AsyncGenerator[House]:
    """Return a house of this file's own, with both cards, and with a guest."""
    folder: Path = tmp_path_factory.mktemp("alarm-house")
    async with House(folder, free_port()) as built:
        await built.onboard()
        flow = await built.start_flow("inteltele")
        flow = await built.submit(flow, **account_input(gateway))
        created = await built.submit(flow)
        gateway.settings.report_url = created["description_placeholders"]["report_url"]
        for name, phone in (("Olena", OLENA), ("Petro", PETRO)):
            await built.submit_recipient(
                await built.start_recipient(created["result"]["entry_id"]),
                name=name,
                phone=phone,
                sms_fallback=False,
                test=False,
            )
            await until_state(built, f"notify.{name.lower()}", "unknown")
        await built.command(
            "config/core/update", external_url="https://house.example.org"
        )
        for number in range(3):
            await built.call(
                "inteltele.send_message", to=OLENA, message=f"Message {number}"
            )
        await built.command(
            "lovelace/dashboards/create",
            url_path=DASHBOARD,
            title="Our alarms",
            mode="storage",
        )
        await _save(built, *CARDS)
        guest = await built.command(
            "config/auth/create", name="Guest", group_ids=["system-read-only"]
        )
        await built.command(
            "config/auth_provider/homeassistant/create",
            user_id=guest["user"]["id"],
            username="guest",
            password="guest",
        )
        yield built


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """Return a browser for all tests of this file."""
    async with chromium() as running:
        yield running


@pytest.fixture(scope="module")
async def desk(browser: Browser, house: House) -> AsyncGenerator[Desk]:
    """Return a desk whose owner has logged in."""
    async with desk_in(browser, house) as built:
        yield built


async def _save(house: House, *cards: dict[str, Any]) -> None:
    """Let the dashboard have these cards, one beneath the other."""
    grid = {"type": "grid", "cards": list(cards)}
    view = {"path": "one", "type": "sections", "sections": [grid]}
    await house.command(
        "lovelace/config/save", url_path=DASHBOARD, config={"views": [view]}
    )


@asynccontextmanager
async def _open_alarm(
    house: House, tag: str, **fields: Any
) -> AsyncGenerator[dict[str, Any]]:
    """Let an alarm be open for a while, with a text of its own; yield the response."""
    alarm = WATER | {"tag": tag, "message": f"{WATER['message']} ({tag})"} | fields
    try:
        yield await house.call("inteltele.raise_alarm", **alarm)
    finally:
        await house.call("inteltele.clear_alarm", tag=tag)


def _cards(desk: Desk) -> tuple[Locator, Locator]:
    """Return the conversation and the alarms."""
    page = desk.page
    return page.locator("inteltele-messages-card"), page.locator("inteltele-alarm-card")


def _alarm(card: Locator, tag: str = "open") -> Locator:
    """Return the alarms of a card that stand somehow."""
    return card.locator(f".alarm.{tag}")


def _spoken(card: Locator) -> Locator:
    """Return what a screen reader says at once."""
    return card.locator(".unseen[role=alert]")


async def test_without_an_alarm_its_card_takes_no_room(
    desk: Desk, house: House
) -> None:
    """Or says so in one line, where that is wished for."""
    await desk.open(f"/{DASHBOARD}/one")
    conversation, alarms = _cards(desk)
    await expect(conversation.locator(".out").last).to_be_visible()
    await expect(alarms).to_be_hidden()
    await expect(alarms).to_be_attached()
    await expect(_alarm(conversation)).to_have_count(0)
    await _save(house, *CARDS[:1], ALARM_CARD | {"show_when_idle": True})
    await desk.open(f"/{DASHBOARD}/one")
    await expect(alarms).to_have_text(re.compile("No alarm"))
    assert await violations(alarms) == []
    await _save(house, *CARDS)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_an_alarm_is_seen_on_both_cards_and_taken_over(
    desk: Desk, house: House, size: Any
) -> None:
    """By the keyboard, with the name of who is logged in, and told on the bus."""
    await desk.page.set_viewport_size(size)
    await desk.open(f"/{DASHBOARD}/one")
    cards = _cards(desk)
    await expect(cards[0].locator(".out").last).to_be_visible()
    tag = f"water-{size['width']}"
    async with _open_alarm(house, tag) as raised:
        for card in cards:
            alarm = _alarm(card)
            await expect(alarm).to_be_visible()
            await expect(alarm.locator("strong")).to_have_text("Water")
            await expect(alarm).to_contain_text("There is water in the cellar.")
            await expect(alarm.get_by_role("link")).to_have_count(1)
            people = alarm.get_by_role("listitem")
            await expect(people.first).to_have_text(
                re.compile(r"Olena\s+Asked: \d+:\d+ · (Sent|Delivered)")
            )
            await expect(people.last).to_have_text(re.compile(r"Petro\s+Next: \d"))
            await expect(_spoken(card)).to_have_text("Alarm: Water")
            assert await violations(card) == []
        again = WATER | {"message": "Still.", "tag": tag}
        await house.call("inteltele.raise_alarm", **again)
        for card in cards:
            await expect(_alarm(card)).to_contain_text(
                re.compile(r"Still\.\s+Raised: .* · 2 times")
            )
        await screenshot(desk.page, f"alarm-open-{size['width']}")
        async with house.events("inteltele_alarm") as events:
            take = cards[1].get_by_role("button", name="I'll take care of it")
            await take.focus()
            await desk.page.keyboard.press("Enter")
            told = await heard(events)
        assert told["type"] == "acknowledged"
        assert told["alarm_id"] == raised["alarm_id"]
        assert (told["by"], told["source"]) == ("Demo", "home_assistant")
        for card in cards:
            ended = _alarm(card, "acknowledged").first
            await expect(ended).to_contain_text("Demo takes care of it · ")
            await expect(
                card.get_by_role("button", name="I'll take care")
            ).to_have_count(0)
            await expect(_spoken(card)).to_contain_text(
                "Alarm: Water: Demo takes care of it"
            )
            assert await violations(card) == []
        await expect(_alarm(cards[1], "acknowledged").first).to_be_focused()
        await screenshot(desk.page, f"alarm-ended-{size['width']}")
    # Closed on one card, it is closed on the other, and stays so.
    await cards[0].get_by_role("button", name="Close").click()
    for card in cards:
        await expect(card.locator(".alarm")).to_have_count(0)
    await expect(cards[1]).to_be_hidden()
    await desk.open(f"/{DASHBOARD}/one")
    await expect(cards[0].locator(".out").last).to_be_visible()
    await expect(cards[0].locator(".alarm")).to_have_count(0)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ({"code": 3}, "That did not work. Please try again."),
        ({"code": "unauthorized", "message": "No"}, "You are not allowed to answer"),
    ],
)
async def test_what_fails_is_said(
    browser: Browser, house: House, error: dict[str, Any], sentence: str
) -> None:
    """In words beneath the alarm, and the button is there again."""
    asked: asyncio.Queue[tuple[WebSocketRoute, int]] = asyncio.Queue()

    async def pretend(socket: WebSocketRoute) -> None:
        """Let nobody take over."""
        server = socket.connect_to_server()

        def change(text: str | bytes) -> None:
            """Keep what takes over."""
            command = json.loads(text)
            if "acknowledge_alarm" in str(text):
                asked.put_nowait((socket, command["id"]))
            else:
                server.send(text)

        socket.on_message(change)

    tag = f"fails-{error['code']}"
    async with _open_alarm(house, tag), desk_in(browser, house) as desk:
        await desk.page.route_web_socket(re.compile("api/websocket"), pretend)
        await desk.open(f"/{DASHBOARD}/one")
        alarms = _cards(desk)[1]
        take = alarms.get_by_role("button", name="I'll take care of it")
        await take.click()
        busy = alarms.get_by_role("button", name="One moment…")
        await expect(busy).to_be_disabled()
        assert await violations(alarms) == []
        socket, command_id = await asked.get()
        answer = {"type": "result", "success": False, "error": error}
        socket.send(json.dumps({"id": command_id, **answer}))
        said = _alarm(alarms).get_by_role("alert")
        await expect(said).to_contain_text(sentence)
        await expect(take).to_be_enabled()
        assert await violations(alarms) == []


async def test_who_may_not_answer_has_no_button(browser: Browser, house: House) -> None:
    """Though the alarm is seen."""
    async with _open_alarm(house, "guest"):
        context = await browser.new_context(viewport=DESK, locale="en-GB")
        guest = Desk(await context.new_page(), house)
        await guest.open("/")
        await guest.page.get_by_label("Username").fill("guest")
        await guest.page.get_by_label("Password").first.fill("guest")
        await guest.page.keyboard.press("Enter")
        await guest.page.locator("ha-sidebar").wait_for()
        await guest.open(f"/{DASHBOARD}/one")
        for card in _cards(guest):
            await expect(_alarm(card)).to_contain_text("Olena")
            await expect(card.locator(".take")).to_have_count(0)
            assert await violations(card) == []
        await context.close()


async def test_an_alarm_fits_at_every_width(desk: Desk, house: House) -> None:
    """Also a long one among several, in the smallest conversation."""
    small = CARDS[0] | {"grid_options": {"columns": 9, "rows": 5}}
    await _save(house, small, ALARM_CARD)
    long = "The pump in the cellar does not run. Please look after it at once! " * 12
    async with (
        _open_alarm(house, "long", message=long),
        _open_alarm(house, "fire", title="Fire", order="all_at_once"),
    ):
        faults: dict[str, list[str]] = {}
        for width in WIDTHS:
            await desk.page.set_viewport_size({"width": width, "height": 844})
            await desk.open(f"/{DASHBOARD}/one")
            for card in _cards(desk):
                await expect(_alarm(card)).to_have_count(2)
                await desk.page.wait_for_timeout(200)
                if found := await card.evaluate(FAULTS):
                    faults[f"{card} at {width}"] = found
            await screenshot(desk.page, f"alarm-wide-{width}")
        assert faults == {}


async def test_what_is_over_leaves_the_conversation_its_room(
    desk: Desk, house: House
) -> None:
    """However many alarms that is."""
    await _save(house, *CARDS)
    for tag in ("first", "second", "third"):
        async with _open_alarm(house, tag):
            pass
    await desk.page.set_viewport_size(PHONE)
    await desk.open(f"/{DASHBOARD}/one")
    card, _ = _cards(desk)
    await expect(_alarm(card, "cleared").nth(2)).to_be_attached()
    await expect(_alarm(card)).to_have_count(0)
    over = await card.locator(".alarms").evaluate("alarms => alarms.offsetHeight")
    room = await card.locator(".scroller").evaluate("talk => talk.offsetHeight")
    assert over < room
    await screenshot(desk.page, "alarms-over")


@pytest.mark.parametrize("language", ["en", "de", "uk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_about_an_alarm_is_hard_to_use(
    browser: Browser, house: House, scheme: Any, language: str
) -> None:
    """Open, in the way of something, and ended, in every language and light."""

    async def pretend(socket: WebSocketRoute) -> None:
        """Let nothing leave, and nobody have answered what is over."""
        server = socket.connect_to_server()

        def change(text: str | bytes) -> None:
            words = text if isinstance(text, str) else text.decode()
            words = words.replace('"blocked":null', '"blocked":"cannot_connect"')
            socket.send(words.replace('"status":"cleared"', '"status":"unanswered"'))

        server.on_message(change)

    await _save(house, *CARDS)
    tag = f"{scheme}-{language}"
    async with _open_alarm(house, tag), desk_in(browser, house) as desk:
        page = desk.page
        await page.route_web_socket(re.compile("api/websocket"), pretend)
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(
            f"localStorage.setItem('selectedLanguage', JSON.stringify('{language}'))"
        )
        for size in (NARROW_PHONE, PHONE, DESK):
            await page.set_viewport_size(size)
            await desk.open(f"/{DASHBOARD}/one")
            for card in _cards(desk):
                await expect(_alarm(card).locator(".blocked")).to_be_visible()
                await expect(_alarm(card, "unanswered").first).to_be_attached()
                assert await violations(card) == []
            await screenshot(page, f"alarm-{size['width']}-{scheme}-{language}")
            await _cards(desk)[1].scroll_into_view_if_needed()
            await screenshot(page, f"alarm-{size['width']}-{scheme}-{language}-below")
        assert desk.problems == []


async def test_the_card_is_found_and_has_a_form(desk: Desk, house: House) -> None:
    """In the picker, with its options; what is as ever is not written down."""
    await _save(house)
    await desk.page.set_viewport_size({"width": 1280, "height": 1100})
    await desk.open(f"/{DASHBOARD}/one?edit=1")
    await desk.page.get_by_role("button", name="Add card").first.click()
    dialog = desk.page.locator("hui-dialog-create-card")
    await dialog.get_by_text("By card", exact=True).click()
    await dialog.locator("hui-card-picker input").first.fill("IntelTele alarms")
    found = dialog.locator("hui-card-picker .card", has_text="IntelTele alarms").first
    await screenshot(desk.page, "alarm-card-picker")
    await found.click()
    editor = desk.page.locator("inteltele-alarm-card-editor")
    for label in ("Recipients", "Account", "Show when there is no alarm"):
        await expect(editor.get_by_text(label, exact=True).first).to_be_visible()
    await editor.locator("ha-selector-boolean ha-switch").click()
    await screenshot(desk.page, "alarm-card-editor")
    await (
        desk.page.locator("hui-dialog-edit-card")
        .get_by_role("button", name="Save")
        .click()
    )

    async def saved() -> list[Any]:
        config = await house.command("lovelace/config", url_path=DASHBOARD)
        return list(config["views"][0]["sections"][0]["cards"])

    async with asyncio.timeout(15):
        while not (cards := await saved()):
            await asyncio.sleep(0.1)
    assert cards == [ALARM_CARD | {"show_when_idle": True}]


async def test_the_console_heard_no_complaint(desk: Desk) -> None:
    """Of our code, in all that time."""
    assert desk.problems == []
