"""A house of its own, set up and used at a desk, click by click and in this order."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
import re
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect
import pytest
import yaml

from demo.house import CONFIG, House
from demo.past import remember_week
from demo.ports import free_port
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from .browser import ARTEFACTS, PHONE, chromium, screenshot
from .conftest import ANSWERS, API_KEY, BELL, OLENA, PATIENCE, PETRO, until_state
from .desk import Desk, desk_in

DASHBOARD = "our-house"
DEMO = "demo-house"
ASKED = BELL | {
    "entity_id": "notify.olena",
    "button_text": "Answer",
    "answers": ANSWERS,
}
GRID: dict[str, Any] = {"type": "grid", "cards": []}
# How much brighter the brighter of text and ground is, as WCAG counts it.
CONTRAST = """
bubble => {
  const parse = text => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = text => parse(text)
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const style = getComputedStyle(bubble);
  const [dark, bright] =
    [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
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
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[House]:
    """Return a house of this file's own, with an empty dashboard."""
    folder: Path = tmp_path_factory.mktemp("desk-house")
    async with House(folder, free_port()) as built:
        await built.onboard()
        await built.add_camera()
        await _create_dashboard(
            built,
            DASHBOARD,
            {"views": [{"type": "sections", "path": "messages", "sections": [GRID]}]},
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


@pytest.fixture(scope="module")
async def phone(browser: Browser, gateway: SimulatedGateway) -> AsyncGenerator[Page]:
    """Return Olena's phone."""
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(gateway.url)
    yield page
    await context.close()


async def _create_dashboard(house: House, path: str, config: dict[str, Any]) -> None:
    """Add a dashboard to the house."""
    await house.command(
        "lovelace/dashboards/create",
        url_path=path,
        title=path.replace("-", " ").capitalize(),
        mode="storage",
    )
    await house.command("lovelace/config/save", url_path=path, config=config)


async def test_a_wrong_key_is_told_in_the_form(
    desk: Desk, gateway: SimulatedGateway
) -> None:
    """The question whether to go on without encryption has a way back."""
    await desk.choose_integration()
    website = desk.form.get_by_role("link", name="IntelTele website")
    await expect(website).to_have_attribute("href", "https://intel-tele.com")
    await desk.fill(username="demo", api_key="wrong")
    await desk.photograph("account-form")
    await desk.form.get_by_text("Connection", exact=True).click()
    await desk.fill(url=gateway.url)
    await desk.press("Connect")
    await desk.reads("No encryption")
    await desk.photograph("no-encryption")
    await desk.choose("Back to the form")
    await desk.press("Connect")
    await desk.choose("Continue unencrypted")
    await desk.reads("does not accept this username and API key")
    await desk.fill(api_key="wrong again")
    await desk.press("Connect")
    await desk.reads("does not accept this username and API key")
    await desk.photograph("wrong-key")


async def test_five_clicks_lead_to_a_message_on_the_phone(
    desk: Desk, gateway: SimulatedGateway, phone: Page
) -> None:
    """Although the form of before was left open; one is for plain HTTP."""
    await desk.choose_integration()
    await desk.fill(username="demo", api_key=API_KEY)
    # Nobody else has to say where the gateway is.
    await desk.form.get_by_text("Connection", exact=True).click()
    await desk.fill(url=gateway.url)
    await desk.press("Connect")
    await desk.choose("Continue unencrypted")
    await desk.reads("Who should receive messages?")
    await desk.fill(name="Olena", phone="067 111 22 33")
    await desk.photograph("recipient-form")
    await desk.press("Add recipient")
    await phone.get_by_role("button", name="Olena").click()
    await phone.get_by_text("This is a test message from Home Assistant.").wait_for()
    await desk.reads("The test message was delivered.")
    assert await desk.clicks() - 1 == 5


async def test_the_last_page_names_the_next_steps(
    desk: Desk, gateway: SimulatedGateway
) -> None:
    """With the address for reports, which nobody outside can reach here."""
    report_url = await desk.form.locator("pre").inner_text()
    gateway.settings.report_url = report_url.strip()
    await desk.reads("IntelTele cannot reach this address")
    await desk.photograph("recipient-created")
    card = desk.form.get_by_role("link", name="messages card")
    await expect(card).to_have_attribute("href", re.compile(r"/docs/card\.md$"))
    url = desk.form.get_by_role("link", name="Set a public URL")
    await expect(url).to_have_attribute("href", "/config/network")
    await desk.form.get_by_role("link", name="doorbell blueprint").click()
    address = desk.page.get_by_role("textbox", name="Blueprint address")
    await expect(address).to_have_value(re.compile(r"/doorbell_snapshot\.yaml$"))
    await desk.photograph("blueprint-import")


async def test_a_message_from_the_tools_arrives_on_the_phone(
    desk: Desk, gateway: SimulatedGateway, phone: Page
) -> None:
    """Written into the action's form."""
    await desk.send_by_form("Olena", "Dinner is ready.")
    await phone.get_by_role("button", name="Olena").click()
    await phone.get_by_text("Dinner is ready.").wait_for()
    await desk.photograph("action-form")
    await screenshot(phone, "desk-phone-dinner")
    await gateway.settle()


async def test_the_card_is_found_in_the_picker_and_set_up_by_a_form(
    desk: Desk,
) -> None:
    """Nobody has to know its name, or to add a resource."""
    editor = await desk.add_card(DASHBOARD)
    preview = desk.page.locator("hui-card inteltele-messages-card h2").last
    await expect(preview).to_have_text("Olena")
    await editor.locator("input[name=title]").fill("Olena's messages")
    await expect(preview).to_have_text("Olena's messages")
    await desk.photograph("card-editor")
    await desk.page.get_by_role("button", name="Save").click()
    await desk.page.get_by_role("button", name="Done").click()
    await expect(desk.bubbles.first).to_contain_text("This is a test message")
    await expect(desk.bubbles).to_have_count(2)
    await expect(desk.bubbles.last).to_contain_text("Dinner is ready.")
    await expect(desk.bubbles.last.locator("[role=img]")).to_have_attribute(
        "aria-label", "Delivered"
    )
    await desk.photograph("card")


async def test_the_tick_changes_with_the_receipt(
    desk: Desk, house: House, gateway: SimulatedGateway
) -> None:
    """And a screen reader is told."""
    report_url, gateway.settings.report_url = gateway.settings.report_url, None
    await house.call("inteltele.send_message", **ASKED)
    bubble = desk.bubbles.last
    await expect(bubble).to_contain_text("Somebody is at the gate.")
    await expect(bubble.locator("[role=img]")).to_have_attribute("aria-label", "Sent")
    picture = bubble.get_by_role("img", name="Picture sent with the message")
    assert await picture.evaluate("image => image.decode().then(() => true)")
    await desk.photograph("card-sent")
    gateway.settings.report_url = report_url
    await gateway.settle()
    await gateway.report(gateway.messages[-1].message_id, "delivrd")
    await expect(bubble.locator("[role=img]")).to_have_attribute(
        "aria-label", "Delivered"
    )
    await expect(desk.card.get_by_role("log")).to_contain_text(
        "Message to Olena, Delivered"
    )


async def test_an_answer_on_the_phone_shows_in_the_card(
    desk: Desk, phone: Page
) -> None:
    """At once, and at its message."""
    async with phone.context.expect_page() as opened:
        await phone.get_by_role("link", name="Answer").last.click()
    page = await opened.value
    await page.get_by_role("button", name="Open gate").wait_for()
    await screenshot(page, "desk-answer-page")
    await page.get_by_role("button", name="Open gate").click()
    await expect(desk.card.locator(".in")).to_contain_text("Open gate")
    await expect(desk.card.get_by_role("log")).to_contain_text(
        "Olena answered: Open gate"
    )
    await desk.photograph("card-answered")
    await page.close()


async def test_a_message_is_sent_from_the_card(
    desk: Desk, gateway: SimulatedGateway
) -> None:
    """With the keyboard alone."""
    await desk.card.get_by_role("textbox", name="Message").focus()
    await desk.page.keyboard.type("Who is it?")
    await desk.page.keyboard.press("Enter")
    await expect(desk.bubbles.last).to_contain_text("Who is it?")
    await expect(desk.card.get_by_role("textbox")).to_have_value("")
    assert gateway.messages[-1].text == "Who is it?"
    await gateway.settle()


async def test_what_keeps_a_message_from_being_sent_is_said(
    desk: Desk, gateway: SimulatedGateway
) -> None:
    """In a sentence, and the text is not lost."""
    balance, gateway.settings.balance = gateway.settings.balance, -10
    box = desk.card.get_by_role("textbox")
    await box.fill("Is anybody there?")
    await desk.card.get_by_role("button", name="Send", exact=True).click()
    await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)
    await expect(desk.card.locator("p[role=alert]")).to_have_text(
        "Not sent to Olena: the balance is too low. Top up your IntelTele account."
    )
    await expect(box).to_have_value("Is anybody there?")
    await desk.photograph("card-refused")
    gateway.settings.balance = balance
    await desk.card.get_by_role("button", name="Send", exact=True).click()
    await expect(desk.card.locator("p[role=alert]")).to_have_count(0)
    await expect(desk.bubbles.last).to_contain_text("Is anybody there?")
    await gateway.settle()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_card_can_be_read_in_every_light(
    desk: Desk, house: House, scheme: Any
) -> None:
    """Its text stands out from every bubble."""
    config = await house.command("lovelace/config", url_path=DASHBOARD)
    [card] = config["views"][0]["sections"][0]["cards"]
    card["grid_options"] = {"columns": 12, "rows": 11}
    await house.command("lovelace/config/save", url_path=DASHBOARD, config=config)
    await desk.page.emulate_media(color_scheme=scheme)
    await desk.open(f"/{DASHBOARD}/messages")
    await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)
    assert await desk.bubbles.last.evaluate(CONTRAST) >= 4.5
    await desk.card.screenshot(path=ARTEFACTS / f"desk-card-{scheme}.png")


async def _press_until_at_the_top(desk: Desk, scroller: Locator) -> None:
    """Press Home, again where a picture that came in kept the place."""
    async with asyncio.timeout(PATIENCE):
        while await scroller.evaluate("list => list.scrollTop") > 0:
            await desk.page.keyboard.press("Home")
            await desk.page.wait_for_timeout(500)


async def test_older_messages_come_when_somebody_scrolls_up(
    desk: Desk, house: House, gateway: SimulatedGateway
) -> None:
    """Page by page, without a jump."""
    for number in range(1, 61):
        await house.call(
            "inteltele.send_message", entity_id="notify.olena", message=f"No. {number}"
        )
    await gateway.settle()
    await desk.page.reload()
    await expect(desk.bubbles).to_have_count(30)
    scroller = desk.card.get_by_role("region", name="Messages")
    for oldest, count in (("No. 31", 60), ("No. 1", 67)):
        await scroller.evaluate("list => list.scrollTo({top: 0, behavior: 'instant'})")
        await expect(desk.bubbles).to_have_count(count)
        read = desk.bubbles.filter(has_text=re.compile(rf"{oldest}\b"))
        await expect(read).to_be_in_viewport()
    await desk.card.locator("img").first.evaluate("picture => picture.decode()")
    await scroller.focus()
    await expect(desk.bubbles.first).to_contain_text("This is a test message")
    await _press_until_at_the_top(desk, scroller)
    await expect(desk.bubbles.first).to_be_in_viewport()
    await house.call(
        "inteltele.send_message", entity_id="notify.olena", message="Not to be seen."
    )
    await expect(desk.bubbles).to_have_count(68)
    await expect(desk.bubbles.first).to_be_in_viewport()
    await desk.photograph("card-older")


async def test_the_card_goes_on_after_a_power_cut(desk: Desk, house: House) -> None:
    """By itself."""
    await house.kill()
    await house.start()
    await house.wait_until_running()
    await house.call(
        "inteltele.send_message", entity_id="notify.olena", message="Up again."
    )
    await expect(desk.bubbles.last).to_contain_text("Up again.", timeout=60_000)


async def test_the_card_reads_from_right_to_left(
    desk: Desk,
) -> None:
    """Where the language does."""
    await desk.page.emulate_media(color_scheme="light")
    await desk.page.evaluate(
        "localStorage.setItem('selectedLanguage', JSON.stringify('he'))"
    )
    await desk.open(f"/{DASHBOARD}/messages")
    await expect(desk.card.locator("ha-card")).to_have_attribute("dir", "rtl")
    await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)
    bubble = await desk.bubbles.last.bounding_box()
    card = await desk.card.bounding_box()
    assert bubble is not None
    assert card is not None
    assert bubble["x"] - card["x"] < 20
    await desk.photograph("card-right-to-left")
    await desk.page.evaluate("localStorage.removeItem('selectedLanguage')")


async def test_a_recipient_is_changed_by_a_form(desk: Desk) -> None:
    """And the card calls them by the new name."""
    await desk.open_integration()
    await desk.page.get_by_role("button", name="Edit recipient").click()
    await desk.fill(name="Olena K.")
    await desk.photograph("recipient-change")
    await desk.press("Save")
    await desk.reads("The changes were saved.")
    await desk.press("Close")
    await expect(desk.page.get_by_text("Olena K.").first).to_be_visible()


async def test_options_are_set_by_a_form(desk: Desk) -> None:
    """With words for each of them."""
    await desk.open_integration()
    await desk.page.get_by_role("button", name="Configure").first.click()
    await desk.fill(sender="MyHouse")
    await desk.photograph("options")
    keep = desk.form.get_by_text("History for administrators only")
    await keep.scroll_into_view_if_needed()
    await desk.photograph("options-history")
    await desk.press("Save")
    await desk.reads("Options successfully saved")
    await desk.press("Finish")


async def _forget_everything(house: House) -> None:
    """Let no message be left, also none that an automation still sent meanwhile."""
    async with asyncio.timeout(PATIENCE):
        while messages := (await house.call("inteltele.get_messages"))["messages"]:
            for number in {message["number"] for message in messages}:
                await house.act("inteltele.delete_messages", number=number)
            await asyncio.sleep(0.1)


async def test_the_demo_explains_itself(
    desk: Desk, house: House, gateway: SimulatedGateway, phone: Page
) -> None:
    """Its dashboard shows message, receipt, and answer without an error."""
    gateway.settings.delivery_delay = 0.2
    [entry] = await house.request(
        "GET", "/api/config/config_entries/entry?domain=inteltele"
    )
    await house.submit_recipient(
        await house.start_recipient(entry["entry_id"]),
        name="Petro",
        phone=PETRO,
        sms_fallback=True,
        sms_sender="MyHouse",
        test=False,
    )
    await until_state(house, "notify.petro", "unknown")
    await _forget_everything(house)
    gateway.reset()
    await remember_week(house)
    text = (CONFIG / "dashboard.yaml").read_text().replace("{gateway}", gateway.url)
    await _create_dashboard(house, DEMO, yaml.safe_load(text))
    await desk.page.set_viewport_size({"width": 1600, "height": 860})
    await desk.open(f"/{DEMO}/messages")
    await desk.card.get_by_text("No messages yet").wait_for()
    await house.act("input_button.press", entity_id="input_button.doorbell")
    await expect(desk.bubbles.last).to_contain_text("Somebody rang at")
    await gateway.settle()
    await phone.reload()
    await phone.get_by_role("button", name="Olena").click()
    await phone.get_by_role("link", name="Answer").last.scroll_into_view_if_needed()
    await screenshot(phone, "desk-phone")
    async with phone.context.expect_page() as opened:
        await phone.get_by_role("link", name="Answer").last.click()
    page = await opened.value
    await page.get_by_role("button", name="Open gate").click()
    await expect(desk.card.locator(".in")).to_contain_text("Open gate")
    await expect(desk.bubbles.last).to_contain_text("The gate is open.")
    await gateway.settle()
    await expect(desk.card.locator(".bubble").last).to_be_in_viewport(ratio=1)
    await expect(desk.page.locator("hui-error-card")).to_have_count(0)
    await desk.photograph("demo")


async def test_removal_leaves_nothing_behind(desk: Desk, house: House) -> None:
    """Neither the account nor its files; the card says that it is gone."""
    await desk.open_integration()
    row = desk.page.locator("ha-config-entry-row > div > ha-row-item ha-dropdown")
    await row.first.click()
    await desk.page.get_by_text("Delete", exact=True).first.click()
    await desk.photograph("removal")
    dialog = desk.page.locator("dialog-box")
    await dialog.get_by_role("button", name="Delete").click()
    await desk.page.get_by_text("Olena K.").first.wait_for(state="detached")
    async with asyncio.timeout(10):
        while list((house.folder / ".storage").glob("inteltele.*.db*")):
            await asyncio.sleep(0.1)
    await desk.open(f"/{DASHBOARD}/messages")
    await expect(desk.card.locator("p[role=alert]")).to_contain_text("no longer exists")
    await desk.photograph("card-without-account")


async def test_the_console_heard_no_complaint(desk: Desk) -> None:
    """Of our code, in all that time."""
    assert desk.problems == []
