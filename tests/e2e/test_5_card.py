"""The card on every kind of dashboard, and what can be done in it."""

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
import re
from typing import Any, Final

from playwright.async_api import Browser, Locator, WebSocketRoute, expect
import pytest

from demo.house import House, HouseError
from demo.ports import free_port
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from .axe import violations
from .browser import PHONE, chromium, screenshot
from .conftest import API_KEY, BELL, OLENA, PETRO, account_input, until_state
from .desk import SCREEN, Desk, desk_in

DASHBOARD: Final = "our-cards"
CARD: Final = {"type": "custom:inteltele-messages-card", "title": "Messages"}
MESSAGES: Final = 40
LONG: Final = (
    "The window in the children's room has been open for an hour, and it is getting "
    "cold outside. Please close it before you go, or somebody will have to drive back. "
)
WIDTHS: Final = (320, 390, 600, 870, 1280, 1600)
ASKED: Final = BELL | {"button_text": "Open gate", "button_action": "let_in"}


def _grid(**options: Any) -> dict[str, Any]:
    """Return a view of sections with a card in it."""
    card = CARD | {"grid_options": options}
    return {"type": "sections", "sections": [{"type": "grid", "cards": [card]}]}


VIEWS: Final[dict[str, dict[str, Any]]] = {
    "grid": _grid(columns=12, rows=8),
    "smallest": _grid(columns=9, rows=5),
    "auto": _grid(columns=12, rows="auto"),
    "panel": {"type": "panel", "cards": [CARD]},
    "masonry": {"type": "masonry", "cards": [CARD]},
    "sidebar": {
        "type": "sidebar",
        "cards": [
            CARD | {"view_layout": {"position": "sidebar"}},
            CARD | {"view_layout": {"position": "main"}},
        ],
    },
}
# What of a card is not as it should be, in words.
FAULTS: Final = """
card => {
  const faults = [];
  const say = (fault, wrong) => wrong && faults.push(fault);
  const root = card.shadowRoot;
  const frame = root.querySelector("ha-card").getBoundingClientRect();
  const scroller = root.querySelector(".scroller");
  const box = root.querySelector("inteltele-send-box").shadowRoot;
  const text = box.querySelector("textarea").getBoundingClientRect();
  const last = [...root.querySelectorAll(".bubble")].at(-1).getBoundingClientRect();
  const seen = scroller.getBoundingClientRect();
  say(`the card is ${frame.height} px high`, frame.height > 850);
  say("it is wider than its place", frame.width > card.clientWidth + 1);
  say("it can be scrolled sideways", scroller.scrollWidth > scroller.clientWidth);
  say(`only ${seen.height} px are left for messages`, seen.height < 110);
  say("it does not start at the newest", last.bottom > seen.bottom + 1);
  say(`the box is ${text.width} px wide`, text.width < 140);
  say("the box sticks out", text.right > frame.right || text.bottom > frame.bottom + 1);
  const size = getComputedStyle(box.querySelector("textarea")).fontSize;
  say(`text of ${size} makes phones zoom`, parseFloat(size) < 16);
  for (const price of root.querySelectorAll(".foot > span:not(.tick)"))
    say(`a price breaks`, price.getBoundingClientRect().height > 24);
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
    """Return a house of this file's own, with a long conversation."""
    folder: Path = tmp_path_factory.mktemp("card-house")
    async with House(folder, free_port()) as built:
        await built.onboard()
        await built.add_camera()
        flow = await built.start_flow("inteltele")
        flow = await built.submit(flow, **account_input(gateway))
        created = await built.submit(flow)
        gateway.settings.report_url = created["description_placeholders"]["report_url"]
        entry_id = created["result"]["entry_id"]
        for name, phone in (("Olena", OLENA), ("Petro", PETRO)):
            await built.submit_recipient(
                await built.start_recipient(entry_id),
                name=name,
                phone=phone,
                sms_fallback=False,
                test=False,
            )
            await until_state(built, f"notify.{name.lower()}", "unknown")
        for number in range(1, MESSAGES + 1):
            await built.call(
                "inteltele.send_message",
                entity_id="notify.petro" if number % 4 == 0 else "notify.olena",
                message=f"No. {number}. {LONG * (number % 3)}".strip(),
            )
        await built.call("inteltele.send_message", entity_id="notify.olena", **ASKED)
        await _send_in_vain(built, gateway, to=OLENA, **ASKED | {"message": "Hello?"})
        await gateway.settle()
        await built.command(
            "lovelace/dashboards/create",
            url_path=DASHBOARD,
            title="Our cards",
            mode="storage",
        )
        views = [{"path": name, **view} for name, view in VIEWS.items()]
        await _save(built, *views)
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


async def _save(house: House, *views: dict[str, Any]) -> None:
    """Let the dashboard have these views."""
    await house.command(
        "lovelace/config/save", url_path=DASHBOARD, config={"views": list(views)}
    )


async def _show(desk: Desk, house: House, **options: Any) -> None:
    """Show a card with some options, alone on the screen."""
    view = {"path": "one", "type": "panel", "cards": [CARD | options]}
    await _save(house, view)
    await desk.open(f"/{DASHBOARD}/one")
    await expect(desk.bubbles.last).to_be_visible()


@pytest.mark.parametrize("view", list(VIEWS))
async def test_the_card_fits_into_every_view(
    desk: Desk, house: House, view: str
) -> None:
    """From the narrowest phone to a wide desk, and starts at the newest message."""
    faults: dict[str, list[str]] = {}
    for width in WIDTHS:
        await desk.page.set_viewport_size({"width": width, "height": 844})
        await desk.open(f"/{DASHBOARD}/{view}")
        cards = desk.page.locator("inteltele-messages-card")
        await expect(cards.first.locator(".out").last).to_be_visible()
        await desk.page.wait_for_timeout(300)
        await screenshot(desk.page, f"card-{view}-{width}")
        for card in await cards.all():
            await expect(card.locator(".out").last).to_be_attached()
            if found := await card.evaluate(FAULTS):
                faults[f"{view} at {width}"] = found
    assert faults == {}


@contextmanager
def _without_money(gateway: SimulatedGateway) -> Generator[None]:
    """Let the gateway refuse everything for a while."""
    balance, gateway.settings.balance = gateway.settings.balance, Decimal(-10)
    try:
        yield
    finally:
        gateway.settings.balance = balance


async def _send_in_vain(house: House, gateway: SimulatedGateway, **fields: Any) -> None:
    """Send a message that fails."""
    with _without_money(gateway), pytest.raises(HouseError, match="balance"):
        await house.call("inteltele.send_message", **fields)


def _region(desk: Desk) -> Locator:
    """Return the part of the card that can be scrolled."""
    return desk.card.get_by_role("region", name="Messages")


async def test_a_failed_message_is_sent_again(
    desk: Desk, house: House, gateway: SimulatedGateway
) -> None:
    """In its own words, once what was in its way is gone."""
    await desk.page.set_viewport_size(PHONE)
    await _send_in_vain(
        house, gateway, entity_id="notify.olena", title="Cellar", message="Water!"
    )
    await _show(desk, house)
    failed = desk.bubbles.last
    await expect(failed).to_contain_text("Failed: the balance was too low")
    again = desk.card.get_by_role("button", name="Send again")
    count = await again.count()
    with _without_money(gateway):
        await again.last.click()
        await expect(desk.card.locator(".out [role=alert]")).to_contain_text(
            "the balance is too low"
        )
    await screenshot(desk.page, "card-failed-again")
    await expect(again).to_have_count(count + 1)
    await again.last.click()
    await expect(again).to_have_count(count)
    await expect(desk.bubbles.last.locator("[role=img]")).to_have_attribute(
        "aria-label", re.compile("Sent|Delivered")
    )
    await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)
    assert gateway.messages[-1].text == "*Cellar*\nWater!"
    assert gateway.messages[-1].number.endswith(OLENA[1:])


async def test_of_a_message_with_a_button_only_the_text_can_be_sent_again(
    desk: Desk, house: House, gateway: SimulatedGateway
) -> None:
    """Which the card says beforehand."""
    sent = ASKED | {"message": "Is anybody at home?"}
    await _send_in_vain(house, gateway, to=OLENA, **sent)
    again = desk.bubbles.last.get_by_role("button", name="Send only the text again")
    await expect(again).to_be_visible()
    await _show(desk, house, send_box=False)
    await expect(desk.bubbles.last).to_contain_text("Failed")
    await expect(again).to_have_count(0)


async def test_a_picture_opens_in_full(desk: Desk, house: House) -> None:
    """The keyboard stays with it, Escape closes it, and goes back to where it was."""
    await house.call(
        "inteltele.send_message",
        entity_id="notify.petro",
        **ASKED | {"message": "Post."},
    )
    await _show(desk, house)
    picture = desk.bubbles.last.get_by_role("button", name="Picture")
    await picture.focus()
    await desk.page.keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="Picture sent with the message")
    shown = dialog.get_by_role("img")
    await shown.evaluate("image => image.decode()")
    small = await picture.locator("img").evaluate("image => image.naturalWidth")
    assert await shown.evaluate("image => image.naturalWidth") > small
    close = dialog.get_by_role("button", name="Close")
    for _ in range(3):
        await expect(close).to_be_focused()
        await desk.page.keyboard.press("Tab")
    assert await violations(dialog) == []
    await screenshot(desk.page, "card-picture")
    await desk.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(picture).to_be_focused()


async def test_going_back_closes_a_picture(desk: Desk, house: House) -> None:
    """As a phone's way back does, and nothing else changes."""
    await _show(desk, house)
    address = desk.page.url
    dialog = desk.page.get_by_role("dialog", name="Picture sent with the message")
    for close in (desk.page.go_back, dialog.get_by_role("button").click):
        await desk.bubbles.get_by_role("button", name="Picture").last.click()
        await expect(dialog).to_be_visible()
        await close()
        await expect(dialog).to_have_count(0)
        await expect(desk.bubbles.last).to_be_visible()
        assert desk.page.url == address


async def test_addresses_in_a_text_are_links(desk: Desk, house: House) -> None:
    """Those of web pages, and nothing else."""
    await house.call(
        "inteltele.send_message",
        entity_id="notify.olena",
        message=(
            "See https://a.example/b?c=1&d=(e), (http://b.example) or "
            'javascript:alert(1) https://"><b>x</b> ftp://c.example.'
        ),
    )
    links = desk.bubbles.last.get_by_role("link")
    await expect(links).to_have_text(
        ["https://a.example/b?c=1&d=(e)", "http://b.example"]
    )
    for link in await links.all():
        assert await link.get_attribute("href") == await link.inner_text()
        assert await link.get_attribute("rel") == "noopener noreferrer"
        assert await link.get_attribute("target") == "_blank"


async def test_who_reads_older_messages_is_told_of_new_ones(
    desk: Desk, house: House
) -> None:
    """Stays where they are, and gets to the newest by a button."""
    await _show(desk, house)
    newest = desk.card.get_by_role("button", name="To the newest")
    await expect(newest).to_have_count(0)
    await _region(desk).hover()
    await desk.page.mouse.wheel(0, -900)
    await expect(newest).to_have_text("To the newest")
    for number in (1, 2):
        await house.call(
            "inteltele.send_message",
            entity_id="notify.olena",
            message=f"News {number}, to be read later.",
        )
    await expect(newest).to_have_text("To the newest (2)")
    assert await violations(desk.card) == []
    await screenshot(desk.page, "card-unread")
    await newest.click()
    await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)
    await expect(newest).to_have_count(0)
    mark = desk.card.locator("li.new")
    await expect(mark).to_have_text("New")
    await expect(mark.locator("xpath=following-sibling::li[1]")).to_contain_text(
        "News 1"
    )
    await expect(_region(desk)).to_be_focused()


async def test_an_own_message_is_shown_after_sending(
    desk: Desk, gateway: SimulatedGateway
) -> None:
    """Also where older ones were being read."""
    await _region(desk).hover()
    await desk.page.mouse.wheel(0, -900)
    await expect(desk.bubbles.last).not_to_be_in_viewport()
    await desk.card.get_by_role("textbox", name="Message").fill("I wrote this.")
    await desk.page.keyboard.press("Enter")
    await expect(desk.bubbles.last).to_contain_text("I wrote this.")
    await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)
    await gateway.settle()


async def test_options_change_what_is_shown(desk: Desk, house: House) -> None:
    """Whose messages, how many, without prices, and how high the card is."""
    await _show(
        desk,
        house,
        recipients=["notify.petro", "notify.gone"],
        max_messages=3,
        show_price=False,
        height=420,
    )
    await expect(desk.bubbles).to_have_count(3)
    for bubble in await desk.bubbles.all():
        await expect(bubble).to_contain_text("Petro")
        await expect(bubble).not_to_contain_text("UAH")
    frame = await desk.card.locator("ha-card").bounding_box()
    assert frame is not None
    assert frame["height"] == 420
    await house.call(
        "inteltele.send_message", entity_id="notify.petro", message="The fourth."
    )
    await expect(desk.bubbles.last).to_contain_text("The fourth.")
    await expect(desk.bubbles).to_have_count(3)
    await expect(desk.card.get_by_role("button", name="Older")).to_have_count(0)
    await expect(desk.card.get_by_role("combobox")).to_have_count(0)


async def test_a_theme_may_colour_the_bubbles(desk: Desk, house: House) -> None:
    """By variables of CSS, each kind by its own."""
    await _show(desk, house)
    wanted = {
        "--inteltele-bubble-color": (".out.delivered", "background-color"),
        "--inteltele-bubble-text-color": (".out.delivered", "color"),
        "--inteltele-failed-bubble-color": (".out.failed", "background-color"),
        "--inteltele-bubble-radius": (".out.failed", "border-top-left-radius"),
    }
    values = ["rgb(1, 2, 3)", "rgb(250, 251, 252)", "rgb(4, 5, 6)", "3px"]
    for (variable, (kind, style)), value in zip(wanted.items(), values, strict=True):
        await desk.page.locator(":root").evaluate(
            "(root, [name, value]) => root.style.setProperty(name, value)",
            [variable, value],
        )
        await expect(desk.card.locator(kind).last).to_have_css(style, value)


async def test_the_heading_can_be_tapped(desk: Desk, house: House) -> None:
    """Where an action is set."""
    action = {"action": "navigate", "navigation_path": f"/{DASHBOARD}/one?tapped"}
    await _show(desk, house, tap_action=action)
    await desk.card.get_by_role("button", name="Messages", exact=True).click()
    await desk.page.wait_for_url("**/one?tapped")
    await _show(desk, house)
    heading = desk.card.get_by_role("heading", name="Messages")
    await expect(heading.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"recipients": "notify.petro"}, "recipients must be a list"),
        ({"recipients": ["light.a"]}, "recipients must be a list"),
        ({"recipients": []}, "recipients must be a list"),
        ({"entity": "notify.a", "recipients": ["notify.b"]}, "use either entity"),
        ({"entity": "light.a"}, "entity must be a notify entity"),
        ({"max_messages": 0}, "max_messages must be"),
        ({"height": "high"}, "height must be"),
    ],
)
async def test_a_wrong_option_is_named(
    desk: Desk, house: House, options: dict[str, Any], sentence: str
) -> None:
    """In the place of the card, where it can be set right."""
    await _save(house, {"path": "one", "type": "panel", "cards": [CARD | options]})
    await desk.open(f"/{DASHBOARD}/one?edit=1")
    await expect(desk.page.locator("hui-error-card").first).to_contain_text(sentence)


async def test_the_editor_has_every_option(desk: Desk, house: House) -> None:
    """And hides what says nothing beside something else."""
    empty = {"type": "grid", "cards": []}
    await _save(house, {"path": "messages", "type": "sections", "sections": [empty]})
    await desk.page.set_viewport_size({"width": 1280, "height": 1400})
    editor = await desk.add_card(DASHBOARD)
    always = ["Recipient", "Title", "Show message field", "Show prices", "Height"]
    always += ["Maximum number of messages", "Tap behavior"]
    without = ["Several recipients", "Account"]
    for label in always:
        await expect(editor.get_by_text(label, exact=True).first).to_be_visible()
    for label in without:
        await expect(editor.get_by_text(label, exact=True)).to_have_count(0)
    preview = desk.page.locator("hui-card inteltele-messages-card").last
    await expect(preview.locator("ol")).to_contain_text("UAH")
    await editor.locator("ha-selector-boolean ha-switch").nth(1).click()
    await expect(preview.locator("ol")).not_to_contain_text("UAH")
    await editor.evaluate("(editor, card) => editor.setConfig(card)", CARD)
    for label in without:
        await expect(editor.get_by_text(label, exact=True).first).to_be_visible()
    await desk.photograph("card-editor-options")


@pytest.mark.parametrize("language", ["en", "de", "uk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_in_the_card_is_hard_to_use(
    browser: Browser, house: House, scheme: Any, language: str
) -> None:
    """For those who see little, use the keyboard alone, or hear it read."""

    async def pretend(socket: WebSocketRoute) -> None:
        """Let some messages be what this gateway cannot make of them."""
        server = socket.connect_to_server()

        def change(text: str | bytes) -> None:
            """Let one of two be an SMS, and failures be unknown."""
            words = text if isinstance(text, str) else text.decode()
            words = re.sub(
                r'("message_id":"[^"]*[0-7]","channel":)"viber"', r'\1"sms"', words
            )
            known, wanted = '"low_balance"', '"outcome_unknown"'
            socket.send(words.replace(known, wanted, 1))

        server.on_message(change)

    async with desk_in(browser, house) as desk:
        page = desk.page
        await page.route_web_socket(re.compile("api/websocket"), pretend)
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(
            f"localStorage.setItem('selectedLanguage', JSON.stringify('{language}'))"
        )
        for name, size in (("phone", PHONE), ("desk", {"width": 1280, "height": 900})):
            await page.set_viewport_size(size)
            await _show(desk, house)
            unknown = desk.card.locator(".out.unknown").last
            await expect(unknown.locator(".again")).to_be_visible()
            await expect(desk.card.locator(".out.sms").last).to_contain_text("SMS")
            colours = {
                await desk.card.locator(kind).last.evaluate(
                    "bubble => getComputedStyle(bubble).backgroundColor"
                )
                for kind in (
                    ".out.sms.delivered",
                    ".out.viber.delivered",
                    ".out.failed",
                )
            }
            assert len(colours) == 3
            await unknown.scroll_into_view_if_needed()
            assert await violations(desk.card) == []
            await screenshot(page, f"card-{name}-{scheme}-{language}")
        assert desk.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de", "uk"])
async def test_nothing_on_an_answer_page_is_hard_to_use(
    browser: Browser,
    house: House,
    gateway: SimulatedGateway,
    scheme: Any,
    language: str,
) -> None:
    """With the question and its picture, and once it is answered."""
    await house.call(
        "inteltele.send_message",
        to=OLENA,
        **ASKED | {"message": f"Somebody is at the gate ({scheme}, {language})."},
    )
    context = await browser.new_context(
        viewport=PHONE, locale=language, color_scheme=scheme, java_script_enabled=True
    )
    page = await context.new_page()
    link = gateway.messages[-1].button_link
    assert link is not None
    await page.goto(link)
    picture = page.get_by_role("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") > 0
    await expect(page.locator("blockquote")).to_contain_text("Somebody is at the gate")
    assert await violations(page) == []
    await screenshot(page, f"answer-page-{scheme}-{language}")
    await page.get_by_role("button", name="Open gate").click()
    await expect(page.locator("blockquote")).to_have_count(0)
    assert await violations(page) == []
    await page.goto(link)
    assert await violations(page) == []
    await screenshot(page, f"answer-page-used-{scheme}-{language}")
    await context.close()


@pytest.fixture(scope="module")
async def maria(house: House) -> str:
    """Add somebody who gets an SMS where there is no Viber."""
    [entry] = await house.command("config_entries/get", domain="inteltele")
    await house.submit_recipient(
        await house.start_recipient(entry["entry_id"]),
        name="Maria",
        phone="+380671112255",
        sms_fallback=True,
        sms_sender="MyHouse",
        test=False,
    )
    await until_state(house, "notify.maria", "unknown")
    return "notify.maria"


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("en", "light"), ("de", "dark"), ("pl", "light"), ("ru", "dark"), ("uk", "light")],
)
async def test_the_box_tells_how_much_room_is_left(
    browser: Browser, house: House, maria: str, scheme: Any, language: str
) -> None:
    """Only where that is of interest, for eyes and for screen readers."""
    await _save(house, {"path": "one", "type": "panel", "cards": [CARD]})
    async with desk_in(browser, house) as desk:
        page = desk.page
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(
            f"localStorage.setItem('selectedLanguage', JSON.stringify('{language}'))"
        )
        for name, size in (("phone", PHONE), ("desk", SCREEN)):
            await page.set_viewport_size(size)
            await desk.open(f"/{DASHBOARD}/one")
            box = desk.card.locator("inteltele-send-box")
            text, room = box.locator("textarea"), box.locator("#room")
            told = box.get_by_role("status")
            await expect(text).to_be_visible()
            await text.fill("Short.")
            await page.wait_for_timeout(1000)
            await expect(room).to_be_hidden()
            await text.fill("я" * 820)
            await expect(room).to_contain_text(re.compile(r"^\D+: 180$"))
            await expect(told).to_contain_text("180")
            await box.locator("select").select_option(maria)
            await expect(room).to_contain_text(re.compile(r"SMS\D* 4 \D+ · \D+: 180$"))
            await expect(told).to_have_text(await room.inner_text())
            assert await violations(desk.card) == []
            await screenshot(page, f"card-room-{name}-{scheme}-{language}")
            await text.fill("я" * 71)
            await expect(room).to_contain_text(re.compile(r"SMS\D*: 2$"))
            await screenshot(page, f"card-parts-{name}-{scheme}-{language}")
            await text.fill("")
            await expect(room).to_be_hidden()
        assert desk.problems == []


async def test_an_action_tells_what_it_would_send(
    house: House, gateway: SimulatedGateway, maria: str
) -> None:
    """By both ways and for how much, and nothing leaves but a question for prices."""
    sent = len(gateway.messages)
    fields = {"entity_id": maria, "message": "я" * 71, "sms_after": {"minutes": 3}}
    for _ in range(2):
        preview = await house.call("inteltele.preview_message", **fields)
        [message] = preview["messages"]
        assert [(way["channel"], way["after"]) for way in message["ways"]] == [
            ("viber", 0),
            ("sms", 180),
        ]
        assert message["ways"][1]["parts"] == 2
        assert message["ways"][1]["price"] == {"lowest": 0.86, "highest": 0.9}
    assert gateway.request_count("/rates/") == 1
    assert len(gateway.messages) == sent


async def test_the_console_heard_no_complaint(desk: Desk) -> None:
    """Of our code, in all that time, but of what was set wrongly."""
    assert [line for line in desk.problems if "must be" not in line] == []
