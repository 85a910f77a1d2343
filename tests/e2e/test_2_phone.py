"""Pictures and answers, in a real browser at the size of a phone."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from playwright.async_api import Browser, BrowserContext
import pytest

from demo.house import House
from demo.simulated_gateway import SimulatedGateway

from .browser import NARROW_PHONE, PHONE, chromium, screenshot
from .conftest import ANSWERS, BELL, PATIENCE, SetUpAccount, heard, until_state

TO_OLENA = BELL | {"entity_id": "notify.olena"}


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """Return a browser for all tests of this file."""
    async with chromium() as running:
        yield running


@pytest.fixture
async def phone(browser: Browser) -> AsyncGenerator[BrowserContext]:
    """Return a phone that knows no login of the house and runs no scripts of its pages.

    The answer page has to work without.
    """
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context
    await context.close()


async def _gate(house: House) -> str:
    """Return whether the gate is open."""
    return str((await house.state("input_boolean.gate"))["state"])


async def test_a_camera_s_picture_is_in_the_bubble(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    browser: Browser,
) -> None:
    """And its button leads to the answer page, in which a press opens the gate."""
    await house.act("input_boolean.turn_off", entity_id="input_boolean.gate")
    await house.act("input_button.press", entity_id="input_button.doorbell")
    await quiet_gateway.settle()
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(quiet_gateway.url)
    await page.get_by_role("button", name="+380671112233").click()
    picture = page.locator(".bubble img").first
    await picture.wait_for()
    assert await _width(picture) == 400
    await screenshot(page, "phone-doorbell")
    async with context.expect_page() as opened:
        await page.get_by_role("link", name="Answer").first.click()
    answer = await opened.value
    await answer.get_by_role("button", name="Open gate").click()
    await answer.get_by_text("Demo house has been told: Open gate").wait_for()
    await until_state(house, "input_boolean.gate", "on")
    await page.get_by_text("The gate is open.").wait_for()
    await screenshot(page, "phone-gate-opened")
    await context.close()


async def _width(picture: Any) -> int:
    """Return how wide a picture really is, once it was loaded."""
    return int(
        await picture.evaluate(
            "async (image) => { await image.decode(); return image.naturalWidth; }"
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_an_answer_page_can_be_read_on_a_phone(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    browser: Browser,
    scheme: Any,
) -> None:
    """Nothing is wider than the screen, and buttons are within reach of a thumb."""
    await house.call(
        "inteltele.send_message", **TO_OLENA, button_text="Answer", answers=ANSWERS
    )
    [message] = quiet_gateway.messages
    context = await browser.new_context(viewport=PHONE, color_scheme=scheme)
    page = await context.new_page()
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text))
    await page.goto(message.button_link or "")
    await screenshot(page, f"answer-{scheme}")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    for button in await page.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        # Whoever is asked does not have to look for it.
        assert box["y"] + box["height"] <= PHONE["height"]
    assert problems == []
    await context.close()


async def test_an_answer_page_speaks_the_phone_s_language(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    browser: Browser,
) -> None:
    """Here Ukrainian, in an English house, on a narrow phone, to the end."""
    await house.call(
        "inteltele.send_message",
        **TO_OLENA,
        button_text="Відповісти",
        answers=[
            {"action": "open_gate", "text": "Відчинити ворота"},
            {"action": "ignore", "text": "Ігнорувати"},
        ],
    )
    [message] = quiet_gateway.messages
    context = await browser.new_context(
        viewport=NARROW_PHONE, locale="uk-UA", java_script_enabled=False
    )
    page = await context.new_page()
    await page.goto(message.button_link or "")
    await page.get_by_role("heading", name="Ваша відповідь").wait_for()
    assert await page.locator("html").get_attribute("lang") == "uk"
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW_PHONE["width"]
    await screenshot(page, "answer-uk")
    await page.get_by_role("button", name="Ігнорувати").click()
    told = "Demo house уже знає вашу відповідь: Ігнорувати"
    await page.get_by_text(told).wait_for()
    await screenshot(page, "answer-uk-done")
    await context.close()


async def test_a_press_is_heard_at_home_and_counts_once(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    phone: BrowserContext,
) -> None:
    """Opening the page alone does nothing."""
    await house.call(
        "inteltele.send_message", **TO_OLENA, button_text="Answer", answers=ANSWERS
    )
    [message] = quiet_gateway.messages
    async with house.events("inteltele_button_pressed") as presses:
        page = await phone.new_page()
        await page.goto(message.button_link or "")
        await page.reload()
        assert presses.empty()
        await page.get_by_role("button", name="Ignore").click()
        press = await heard(presses)
        assert (press["action"], press["recipient"]) == ("ignore", "Olena")
        await page.get_by_text("Demo house has been told: Ignore").wait_for()
        await screenshot(page, "answer-done")
        again = await phone.new_page()
        await again.goto(message.button_link or "")
        await again.get_by_text("Already answered").wait_for()
        await screenshot(again, "answer-before")
        assert await again.get_by_role("button").count() == 0
        assert presses.empty()


async def test_an_action_waits_for_an_answer(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    phone: BrowserContext,
) -> None:
    """And answers with it, so that an escalation is a few lines."""
    quiet_gateway.settings.delivery_delay = 0
    async with house.events("inteltele_delivery_status") as receipts:
        waiting = house.begin(
            "inteltele.send_message",
            **TO_OLENA,
            button_text="Open gate",
            button_action="open_gate",
            wait_for="answered",
        )
        await heard(receipts)
        page = await phone.new_page()
        await page.goto(quiet_gateway.messages[0].button_link or "")
        await screenshot(page, "answer-one")
        await page.get_by_role("button", name="Open gate").click()
        response = await waiting
    [message] = response["messages"]
    assert (message["answer"], message["status"]) == ("open_gate", "delivered")
    # The house's own automation answers it, which would be heard in the next test.
    async with asyncio.timeout(PATIENCE):
        while quiet_gateway.messages[-1].text != "The gate is open.":
            await asyncio.sleep(0.05)


async def test_the_full_picture_opens_without_a_login(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    phone: BrowserContext,
) -> None:
    """In its own size."""
    await house.call("inteltele.send_message", **TO_OLENA)
    [message] = quiet_gateway.messages
    page = await phone.new_page()
    response = await page.goto(message.button_link or "")
    assert response is not None
    assert response.ok
    assert response.headers["content-type"] == "image/jpeg"
    await screenshot(page, "picture-full")


async def test_an_unknown_link_says_so(
    house: House, account: SetUpAccount, phone: BrowserContext
) -> None:
    """In words, with nothing of the house in them."""
    page = await phone.new_page()
    response = await page.goto(f"{house.url}/api/inteltele/a/{'A' * 22}")
    assert response is not None
    assert response.status == 404
    await page.get_by_text("This link does not work").wait_for()
    assert "Demo house" not in await page.content()
    await screenshot(page, "answer-unknown")
