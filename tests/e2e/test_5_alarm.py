"""An alarm, from a sensor to the answer on a phone, built at a desk."""

from collections.abc import AsyncGenerator
from typing import Final

from playwright.async_api import Browser
import pytest

from demo.house import House
from demo.simulated_gateway import SimulatedGateway

from .browser import PHONE, chromium, screenshot
from .conftest import OLENA, SetUpAccount, heard, until_state
from .desk import Desk, desk_in

LEAK: Final = "/api/states/binary_sensor.cellar_leak"


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """Return a browser for all tests of this file."""
    async with chromium() as running:
        yield running


@pytest.fixture
async def desk(
    browser: Browser, house: House, account: SetUpAccount
) -> AsyncGenerator[Desk]:
    """Return a desk."""
    async with desk_in(browser, house) as built:
        yield built
        assert built.problems == []


async def _leak(house: House, state: str) -> None:
    """Let the cellar be wet or dry."""
    attributes = {"friendly_name": "Cellar leak", "device_class": "moisture"}
    await house.request("POST", LEAK, {"state": state, "attributes": attributes})


@pytest.fixture
async def _dry_cellar(house: House) -> AsyncGenerator[None]:
    """Give the house a sensor that is dry, before and after."""
    await _leak(house, "off")
    yield
    await house.act("automation.turn_off", entity_id="automation.water")
    await house.call("inteltele.clear_alarm", tag="automation.water")
    await house.request("DELETE", LEAK)


@pytest.mark.usefixtures("_dry_cellar")
async def test_an_alarm_is_built_from_its_blueprint(
    desk: Desk, browser: Browser, house: House, quiet_gateway: SimulatedGateway
) -> None:
    """With nothing but clicks: the sensor asks, and who answers is told."""
    await desk.open_blueprint("alarm until somebody answers")
    await desk.choose_in_blueprint("Alarm", "Cellar leak")
    await desk.choose_in_blueprint("People", "Olena")
    await desk.switch_in_blueprint("SMS in the last round")
    await desk.photograph("blueprint-alarm")
    await desk.save_automation("Water")
    await house.wait_until_there("automation.water")
    async with house.events("inteltele_alarm") as told:
        await _leak(house, "on")
        steps = [await heard(told), await heard(told)]
        assert [step["type"] for step in steps] == ["raised", "asked"]
        assert (steps[1]["recipient"], steps[1]["tag"]) == ("Olena", "automation.water")
        await until_state(house, "binary_sensor.inteltele_alarm", "on")
        await quiet_gateway.settle()
        [message] = quiet_gateway.messages
        assert message.number == OLENA
        assert message.text.startswith("*Alarm*\nCellar leak\n\nRaised at ")
        # The page has to work without scripts.
        phone = await browser.new_page(viewport=PHONE, java_script_enabled=False)
        await phone.goto(message.button_link or "")
        await screenshot(phone, "phone-alarm")
        await phone.get_by_role("button", name="I'll take care of it").click()
        await phone.get_by_text("You took over").wait_for()
        await screenshot(phone, "phone-alarm-taken")
        await phone.close()
        step = await heard(told)
    assert (step["type"], step["by"], step["source"]) == (
        "acknowledged",
        "Olena",
        "link",
    )
    await until_state(house, "binary_sensor.inteltele_alarm", "off")
