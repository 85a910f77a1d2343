"""The simulated phone page: SMS beside Viber, and what a phone cannot do."""

from collections.abc import AsyncGenerator

import aiohttp
from playwright.async_api import Page, expect
import pytest

from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from .browser import NARROW_PHONE, chromium, screenshot

OLENA = "+380671112233"
VIBER = {"to": OLENA[1:], "im_message": "Water in the cellar!"}
SMS = {
    "to": OLENA[1:],
    "from": "House",
    "message": "Nobody has answered. https://house.example.org/a",
}


@pytest.fixture
async def simulated() -> AsyncGenerator[SimulatedGateway]:
    """Return a gateway of its own, with somebody to write to."""
    async with SimulatedGateway(
        GatewaySettings(contacts={OLENA: "Olena", "+380671112244": "Petro"})
    ) as gateway:
        yield gateway


@pytest.fixture
async def page(simulated: SimulatedGateway) -> AsyncGenerator[Page]:
    """Return its page on a narrow phone, which must run without an error."""
    async with chromium() as browser:
        page = await browser.new_page(viewport=NARROW_PHONE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda told: errors.append(told.text))
        await page.goto(simulated.url)
        await page.get_by_role("button", name="Olena").click()
        yield page
        assert errors == []


async def _send(gateway: SimulatedGateway, path: str, asked: dict[str, str]) -> None:
    """Send as a house does."""
    key = {"username": "demo", "api_key": "demo-key"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(gateway.url + path, data=asked | key) as response,
    ):
        assert response.status == 200


async def test_a_phone_without_data_gets_the_sms_alone(
    simulated: SimulatedGateway, page: Page
) -> None:
    """The Viber message arrives once there is data again."""
    await page.get_by_role("button", name="No data").click()
    await expect(
        page.get_by_role("button", name="No data", pressed=True)
    ).to_be_visible()
    await _send(simulated, "/im/send/", VIBER)
    await _send(simulated, "/message/send/", SMS)
    await expect(page.locator(".viber.waiting")).to_contain_text("Water")
    await expect(page.locator(".sms.delivered")).to_contain_text("Nobody has answered.")
    await screenshot(page, "phone-without-data")
    await page.get_by_role("button", name="No data").click()
    await expect(page.locator(".viber.delivered")).to_contain_text("Water")


async def test_a_phone_that_is_off_gets_nothing(
    simulated: SimulatedGateway, page: Page
) -> None:
    """Until it is on; the other phone is not concerned."""
    await page.get_by_role("button", name="Off").click()
    await expect(page.get_by_role("button", name="Off", pressed=True)).to_be_focused()
    await _send(simulated, "/im/send/", VIBER)
    await _send(simulated, "/message/send/", SMS)
    await expect(page.locator("#messages .waiting")).to_have_count(2)
    await page.get_by_role("button", name="Petro").click()
    await expect(page.get_by_role("button", name="Off", pressed=False)).to_be_visible()
    await page.get_by_role("button", name="Olena").click()
    await page.get_by_role("button", name="Off").click()
    await expect(page.locator("#messages .delivered")).to_have_count(2)


async def test_each_app_shows_its_own(simulated: SimulatedGateway, page: Page) -> None:
    """And an address in an SMS is a link."""
    await _send(simulated, "/im/send/", VIBER)
    await _send(simulated, "/message/send/", SMS)
    await page.get_by_role("button", name="SMS 1").click()
    await expect(page.locator("#messages > li")).to_have_count(1)
    link = page.locator(".sms").get_by_role("link")
    await expect(link).to_have_attribute("href", "https://house.example.org/a")
    await page.get_by_role("button", name="Viber 1").click()
    await expect(page.locator("#messages > li")).to_have_class(["viber delivered"])
    await page.get_by_role("button", name="All 2").click()
    await expect(page.locator("#messages > li")).to_have_count(2)
