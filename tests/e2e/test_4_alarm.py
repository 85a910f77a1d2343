"""An alarm on two phones: one person cannot, the next one takes over."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from playwright.async_api import Browser, Page
import pytest

from demo.house import House
from demo.simulated_gateway import SimulatedGateway

from .axe import violations
from .browser import NARROW_PHONE, PHONE, chromium, screenshot
from .conftest import OLENA, PATIENCE, PETRO, PORCH, SetUpAccount, heard, until_state

WATER = {
    "title": "Water",
    "message": "There is water in the cellar, next to the boiler.",
    "recipients": ["notify.olena", "notify.petro"],
    "sms": "as_set",
    "media": PORCH,
}


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """Return a browser for all tests of this file."""
    async with chromium() as running:
        yield running


async def _phone_page(browser: Browser, gateway: SimulatedGateway, number: str) -> Page:
    """Open the simulated phone of a number."""
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(gateway.url)
    await page.get_by_role("button", name=number).click()
    return page


async def _opened(page: Page) -> Page:
    """Tap the link of the newest message, and return the page that it opens."""
    async with page.context.expect_page() as opened:
        await page.locator('a[href*="/api/inteltele/a/"]').last.click()
    return await opened.value


async def test_an_alarm_goes_from_one_phone_to_the_next(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    browser: Browser,
) -> None:
    """By clicks alone: the first one cannot, the second one takes over."""
    quiet_gateway.settings.delivery_delay = 0
    async with house.events("inteltele_alarm") as told:
        raised = await house.call("inteltele.raise_alarm", **WATER, tag="hand over")
        assert (raised["status"], raised["warnings"]) == ("open", [])
        assert [(await heard(told))["type"] for _ in range(2)] == ["raised", "asked"]
        await until_state(house, "binary_sensor.inteltele_alarm", "on")

        olena = await _phone_page(browser, quiet_gateway, OLENA)
        await olena.get_by_text("next to the boiler").first.wait_for()
        first = await _opened(olena)
        await first.get_by_role("heading", name="Can you take care of it?").wait_for()
        await first.get_by_text("Asked: Olena").wait_for()
        await screenshot(first, "alarm-open")
        await first.get_by_role("button", name="I can't").click()
        await first.get_by_text("Thanks for letting us know").wait_for()
        await screenshot(first, "alarm-declined")
        assert [(await heard(told))["type"] for _ in range(2)] == ["declined", "asked"]

        # Without Viber: it comes as an SMS.
        petro = await _phone_page(browser, quiet_gateway, PETRO)
        second = await _opened(petro)
        await second.get_by_text("Asked: Olena, Petro").wait_for()
        await second.get_by_role("button", name="I'll take care of it").click()
        await second.get_by_role("heading", name="You took over").wait_for()
        await screenshot(second, "alarm-yours")
        acknowledged = await heard(told)
        assert (acknowledged["type"], acknowledged["by"]) == ("acknowledged", "Petro")
        await until_state(house, "binary_sensor.inteltele_alarm", "off")

        await first.reload()
        await first.get_by_role("heading", name="Petro takes care of it").wait_for()
        assert await first.get_by_role("button").count() == 0
        assert await first.locator("img").count() == 0
        await screenshot(first, "alarm-theirs")
    for page in (olena, petro):
        await page.context.close()


async def test_whoever_was_asked_hears_who_takes_over(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    browser: Browser,
) -> None:
    """Once the gateway takes another message to the same number."""
    raised = await house.call(
        "inteltele.raise_alarm", **WATER, tag="told", order="all_at_once"
    )
    assert raised["status"] == "open"
    petro = await _phone_page(browser, quiet_gateway, PETRO)
    page = await _opened(petro)
    await page.get_by_role("button", name="I'll take care of it").click()
    await page.get_by_role("heading", name="You took over").wait_for()
    olena = await _phone_page(browser, quiet_gateway, OLENA)
    news = olena.get_by_text("Petro takes care of it: Water").last
    await news.wait_for(timeout=100_000)
    await screenshot(olena, "alarm-news")
    for page in (olena, petro):
        await page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "uk-UA", "de-DE"])
async def test_the_page_of_an_alarm_can_be_read_by_anybody(
    house: House,
    account: SetUpAccount,
    quiet_gateway: SimulatedGateway,
    browser: Browser,
    scheme: Any,
    locale: str,
) -> None:
    """At night, with a screen reader, and in every state."""
    tag = f"{locale} {scheme}"
    raised = await house.call("inteltele.raise_alarm", **WATER, tag=tag)
    assert raised["status"] == "open"
    async with asyncio.timeout(PATIENCE):
        while not quiet_gateway.messages:
            await asyncio.sleep(0.05)
    [message] = quiet_gateway.messages
    context = await browser.new_context(
        viewport=PHONE, color_scheme=scheme, locale=locale
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("console", lambda line: problems.append(f"{line.text} {line.location}"))
    await page.goto(message.button_link or "")
    await _check(page, f"alarm-{locale}-{scheme}")
    for button in await page.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    sizes = [
        (await button.bounding_box() or {}).get("height", 0)
        for button in await page.get_by_role("button").all()
    ]
    assert sizes == sorted(sizes, reverse=True)
    async with page.expect_navigation():
        await page.get_by_role("button").last.click()
    await _check(page, f"alarm-{locale}-{scheme}-declined")
    async with page.expect_navigation():
        await page.get_by_role("button").first.click()
    await _check(page, f"alarm-{locale}-{scheme}-yours")
    await page.set_viewport_size(NARROW_PHONE)  # type: ignore[arg-type]
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW_PHONE["width"]
    assert problems == []
    await context.close()


async def _check(page: Page, name: str) -> None:
    """Look at a page, as a judge of accessibility does too."""
    await screenshot(page, name)
    assert await violations(page) == []
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
