"""The action, the trigger and a card that is set up wrong, at a desk."""

import asyncio
from collections.abc import AsyncGenerator
import re

from playwright.async_api import Browser, expect
import pytest

from demo.house import House
from demo.simulated_gateway import SimulatedGateway

from .browser import PHONE, chromium, screenshot
from .conftest import OLENA, PATIENCE, PETRO, SetUpAccount, until_event_type
from .desk import SCREEN, Desk, desk_in

QUESTION = {
    "message": "The flowers are dry.",
    "button_text": "Answer",
    "answers": [
        {"action": "water_flowers", "text": "Water them"},
        {"action": "leave_flowers", "text": "Leave them"},
    ],
}


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """Return a browser for all tests of this file."""
    async with chromium() as running:
        yield running


@pytest.fixture
async def desk(
    browser: Browser, house: House, account: SetUpAccount
) -> AsyncGenerator[Desk]:
    """Return a desk; the tools remember what was entered before at the same one."""
    async with desk_in(browser, house) as built:
        yield built
        assert built.problems == []


async def _reached(gateway: SimulatedGateway, text: str) -> str:
    """Wait until a text was sent, and return to whom."""
    async with asyncio.timeout(PATIENCE):
        while not (
            numbers := [item.number for item in gateway.messages if item.text == text]
        ):
            await asyncio.sleep(0.05)
    [number] = numbers
    return number


async def _answer(browser: Browser, gateway: SimulatedGateway, answer: str) -> None:
    """Answer the newest message on a phone."""
    page = await browser.new_page(viewport=PHONE)
    await page.goto(gateway.messages[-1].button_link or "")
    await page.get_by_role("button", name=answer).click()
    await page.get_by_text("Done").wait_for()
    await page.close()


async def test_a_recipient_is_all_that_a_message_needs(
    desk: Desk, quiet_gateway: SimulatedGateway
) -> None:
    """There is no target that would have to be filled in."""
    await desk.open_action_form()
    await desk.fill_action_form("By recipient.", recipient="Olena")
    await desk.photograph("action-recipient")
    await desk.page.get_by_role("button", name="Perform action").click()
    assert await _reached(quiet_gateway, "By recipient.") == OLENA


async def test_a_number_is_all_that_a_message_needs(
    desk: Desk, quiet_gateway: SimulatedGateway
) -> None:
    """On the screen of a phone as well."""
    await desk.page.set_viewport_size(PHONE)
    await desk.open_action_form()
    await desk.fill_action_form("By number.", number="067 111 29 11")
    await desk.photograph("action-number")
    await desk.page.get_by_role("button", name="Perform action").click()
    assert await _reached(quiet_gateway, "By number.") == PETRO
    await desk.page.set_viewport_size(SCREEN)


async def test_what_is_missing_is_called_as_the_form_calls_it(
    desk: Desk, quiet_gateway: SimulatedGateway
) -> None:
    """Nobody at a form knows the names of YAML."""
    await desk.open_action_form()
    await desk.fill_action_form("To nobody.")
    await desk.page.get_by_role("button", name="Perform action").click()
    told = desk.page.get_by_text('Fill in "Recipients" or "Phone numbers"')
    await expect(told.first).to_be_visible()
    await desk.photograph("action-nobody")


async def test_an_automation_starts_with_an_answer(
    desk: Desk, browser: Browser, house: House, quiet_gateway: SimulatedGateway
) -> None:
    """It is built without a line of YAML, and passes over another answer."""
    await desk.open_automation()
    await desk.add_to_automation("trigger", "Message answered")
    await desk.fill_trigger(recipient="Olena", answer="Water them")
    await desk.photograph("automation-trigger")
    await desk.add_to_automation("action", "Send message")
    await desk.fill_action_form("The flowers get water.", number="067 111 29 11")
    await desk.photograph("automation-action")
    await desk.save_automation("Flowers")
    await house.wait_until_there("automation.flowers")
    for answer in ("Leave them", "Water them"):
        await house.call(
            "inteltele.send_message",
            entity_id="notify.olena",
            **QUESTION | {"message": f"The flowers are dry. {answer}?"},
        )
        await _answer(browser, quiet_gateway, answer)
    assert await _reached(quiet_gateway, "The flowers get water.") == PETRO


@pytest.fixture
async def silent_doorbell(house: House) -> AsyncGenerator[None]:
    """Keep the automation that the house has for its doorbell from sending."""
    automation = {"entity_id": "automation.the_doorbell_rings"}
    await house.act("automation.turn_off", **automation)
    yield
    await house.act("automation.turn_off", entity_id="automation.front_door")
    await house.act("automation.turn_on", **automation)


@pytest.mark.usefixtures("silent_doorbell")
async def test_a_doorbell_is_built_from_its_blueprint(
    desk: Desk, browser: Browser, house: House, quiet_gateway: SimulatedGateway
) -> None:
    """With nothing but clicks: picture and answers are on the phone, and one counts."""
    await desk.open_blueprint("doorbell with picture")
    await desk.choose_in_blueprint("Doorbell", "Ring the doorbell")
    await desk.choose_in_blueprint("Camera", "porch")
    await desk.choose_in_blueprint("Recipients", "Olena")
    await desk.photograph("blueprint")
    await desk.save_automation("Front door")
    await house.wait_until_there("automation.front_door")
    await house.act("input_button.press", entity_id="input_button.doorbell")
    async with asyncio.timeout(PATIENCE):
        while not quiet_gateway.messages:
            await asyncio.sleep(0.05)
    [message] = quiet_gateway.messages
    assert message.number == OLENA
    phone = await browser.new_page(viewport=PHONE)
    await phone.goto(quiet_gateway.url)
    await phone.get_by_role("button", name=re.compile("67.?111.?22.?33")).click()
    await expect(phone.get_by_text("Somebody rang at").last).to_be_visible()
    picture = phone.locator("img").last
    assert await picture.evaluate("image => image.decode().then(() => true)")
    await expect(phone.get_by_role("link", name="Answer").last).to_be_visible()
    await screenshot(phone, "blueprint-phone")
    await phone.close()
    await _answer(browser, quiet_gateway, "I am coming")
    await until_event_type(house, "event.olena_delivery", "button_pressed")


async def test_a_card_does_not_ask_again_for_what_only_its_settings_can_change(
    desk: Desk, house: House
) -> None:
    """It says which one."""
    await house.command(
        "lovelace/dashboards/create", url_path="wrong-card", title="Wrong card"
    )
    card = {"type": "custom:inteltele-messages-card", "config_entry_id": "gone"}
    view = {"path": "messages", "cards": [card]}
    await house.command(
        "lovelace/config/save", url_path="wrong-card", config={"views": [view]}
    )
    asked: list[str] = []

    def hear(frame: str | bytes) -> None:
        """Note what the card asks for."""
        asked.extend(re.findall("inteltele/messages/subscribe", str(frame)))

    desk.page.on("websocket", lambda socket: socket.on("framesent", hear))
    await desk.open("/wrong-card/messages")
    await expect(desk.card.locator("p[role=alert]")).to_have_text(
        "This account no longer exists. Choose another one in the card configuration."
    )
    once = len(asked)
    await desk.page.wait_for_timeout(5_000)
    assert len(asked) == once > 0
    await desk.photograph("card-wrong")
    [dashboard] = [
        item
        for item in await house.command("lovelace/dashboards/list")
        if item["url_path"] == "wrong-card"
    ]
    await house.command("lovelace/dashboards/delete", dashboard_id=dashboard["id"])
