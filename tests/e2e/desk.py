"""A desk: a browser with Home Assistant in it, and what a person does there."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final

from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
)

from demo.house import PASSWORD, USERNAME, House

from .browser import screenshot

SCREEN: Final = {"width": 1280, "height": 800}
OURS: Final = "inteltele"
PATIENCE: Final = 15_000
AT_REST: Final = 300
CLOSING: Final = 3_000

expect.set_options(timeout=PATIENCE)


class Desk:
    """Home Assistant in a browser; `problems` are those of our own code."""

    def __init__(self, page: Page, house: House) -> None:
        """Watch what the page complains about."""
        self.page = page
        self.problems: list[str] = []
        self._house = house
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._blame(f"{error}{error.stack}"))

    @property
    def form(self) -> Locator:
        """Return the dialog of a set-up."""
        return self.page.locator("dialog-data-entry-flow")

    @property
    def card(self) -> Locator:
        """Return the card on the dashboard."""
        return self.page.locator("inteltele-messages-card").last

    @property
    def bubbles(self) -> Locator:
        """Return the messages that the card shows."""
        return self.card.locator(".out")

    async def open(self, path: str) -> None:
        """Open a page of the house."""
        url = f"{self._house.url}{path}"
        # Under load, a dialog that was answered is in the history for a while still,
        # and its going back would undo what comes next.
        with suppress(Error):
            await self.page.wait_for_function("!history.state?.dialog", timeout=CLOSING)
        try:
            await self.page.goto(url)
        except Error:
            # A dialog that closes goes back in the history, and takes us with it.
            await self.page.goto(url)
        await self.page.locator("#ha-launch-screen").wait_for(state="detached")

    async def log_in(self) -> None:
        """Enter name and password."""
        await self.page.get_by_label("Username").fill(USERNAME)
        await self.page.get_by_label("Password").first.fill(PASSWORD)
        await self.page.keyboard.press("Enter")
        await self.page.locator("ha-sidebar").wait_for()

    async def fill(self, **fields: str) -> None:
        """Fill fields of the form."""
        for name, value in fields.items():
            await self.form.locator(f"input[name={name}]").fill(value)

    async def press(self, name: str) -> None:
        """Press a button of the form."""
        footer = self.form.locator("ha-dialog-footer")
        await footer.get_by_role("button", name=name).click()

    async def choose(self, name: str) -> None:
        """Choose from a menu of the form."""
        await self.form.locator("ha-list-item").get_by_text(name).click()

    async def count_clicks(self) -> None:
        """Count clicks from now on, while the page stays."""
        await self.page.evaluate(
            "addEventListener('click', event => {"
            " window.clicks = (window.clicks ?? 0) + event.isTrusted; }, true)"
        )

    async def clicks(self) -> int:
        """Return how many clicks there were since they are counted."""
        return int(await self.page.evaluate("window.clicks"))

    async def reads(self, words: str) -> None:
        """Wait until the form says something."""
        await self.form.get_by_text(words).first.wait_for()

    async def choose_integration(self) -> None:
        """Find the integration among all that can be added."""
        await self.open("/config/integrations/dashboard")
        await self.count_clicks()
        await self.page.get_by_role("button", name="Add integration").click()
        # The page beneath has a search of its own.
        dialog = self.page.locator("dialog-add-integration")
        await dialog.get_by_placeholder("Search").fill("viber")
        await (
            dialog.locator("ha-integration-list-item").get_by_text("IntelTele").click()
        )
        await self.form.locator("input[name=username]").wait_for()

    async def open_action_form(self) -> None:
        """Open the form of sending in the tools."""
        await self.open("/config/tools/action")
        picker = self.page.locator("ha-service-picker")
        await picker.click()
        await picker.locator("input").first.fill("inteltele.send")
        await self.page.get_by_text("inteltele.send_message").click()
        await self.page.get_by_text("Recipients", exact=True).wait_for()

    async def fill_action_form(
        self, message: str, *, recipient: str | None = None, number: str | None = None
    ) -> None:
        """Fill in the form of sending, here or in an automation."""
        text = self._row("Message").locator("textarea")
        # A form that has just opened drops what is entered before it is at rest.
        while await text.input_value() != message:
            await text.fill(message)
            await self.page.wait_for_timeout(AT_REST)
        if recipient is not None:
            row = self._row("Recipients")
            await row.locator("ha-checkbox").click()
            await row.locator("ha-entity-picker").last.click()
            await self.page.locator("ha-picker-combo-box input").last.fill(recipient)
            found = self.page.locator("ha-combo-box-item", has_text=recipient)
            await found.first.click()
            await row.get_by_role("button", name="Add entity").wait_for()
        if number is not None:
            row = self._row("Phone numbers")
            await row.locator("ha-checkbox").click()
            await row.get_by_role("button", name="Add").click()
            await row.locator("input").last.fill(number)

    def _row(self, label: str) -> Locator:
        """Return a field of an action's form."""
        return self.page.locator("ha-service-control ha-settings-row").filter(
            has=self.page.get_by_text(label, exact=True)
        )

    async def send_by_form(self, recipient: str, message: str) -> None:
        """Send a message with the form of the tools."""
        await self.open_action_form()
        await self.fill_action_form(message, recipient=recipient)
        await self.page.get_by_role("button", name="Perform action").click()

    async def open_automation(self) -> None:
        """Begin a new automation."""
        await self.open("/config/automation/edit/new")
        await self.page.get_by_role("button", name="Add trigger").first.wait_for()

    async def add_to_automation(self, kind: str, name: str) -> None:
        """Add a trigger or an action, found by its name."""
        await self.page.get_by_role("button", name=f"Add {kind}").first.click()
        dialog = self.page.locator("add-automation-element-dialog")
        await dialog.locator("input").first.fill(name)
        await dialog.get_by_text(name).first.click()

    async def fill_trigger(self, *, recipient: str, answer: str) -> None:
        """Fill in the trigger of an answer."""
        form = self.page.locator("ha-automation-trigger-platform")
        await form.get_by_text("Add target").click()
        picker = form.locator("ha-target-picker")
        await picker.locator("input").first.fill(recipient)
        await picker.locator("ha-combo-box-item", has_text=recipient).first.click()
        await form.locator("ha-checkbox").click()
        await form.get_by_role("button", name="Add", exact=True).click()
        await form.locator("ha-selector-text input").last.fill(answer)

    async def save_automation(self, name: str) -> None:
        """Give the automation a name."""
        await self.page.get_by_role("button", name="Save").first.click()
        dialog = self.page.locator("ha-dialog-automation-save")
        await dialog.locator("input").first.fill(name)
        await dialog.get_by_role("button", name="Save").click()

    async def open_blueprint(self, name: str) -> None:
        """Begin a new automation with a blueprint."""
        await self.open("/config/automation/dashboard")
        await self.page.get_by_role("button", name="Create automation").click()
        await self.page.locator("ha-dialog-new-automation").get_by_text(name).click()
        await self.page.locator("blueprint-automation-editor").wait_for()

    async def choose_in_blueprint(self, label: str, entity: str) -> None:
        """Choose an entity for an input of the blueprint, found by its name."""
        form = self.page.locator("blueprint-automation-editor")
        row = form.locator("ha-settings-row").filter(
            has=self.page.get_by_text(label, exact=True)
        )
        await row.locator("ha-entity-picker").last.click()
        await self.page.locator("ha-picker-combo-box input").last.fill(entity)
        found = self.page.locator("ha-combo-box-item", has_text=entity)
        await found.first.click()
        await expect(row).to_contain_text(entity)

    async def switch_in_blueprint(self, label: str) -> None:
        """Turn a switch of the blueprint, found by its name."""
        form = self.page.locator("blueprint-automation-editor")
        row = form.locator("ha-settings-row").filter(
            has=self.page.get_by_text(label, exact=True)
        )
        await row.locator("ha-switch").click()

    async def add_card(self, dashboard: str) -> Locator:
        """Find the card in the picker of a dashboard, and return its editor."""
        await self.open(f"/{dashboard}/messages?edit=1")
        await self.page.get_by_role("button", name="Add card").first.click()
        dialog = self.page.locator("hui-dialog-create-card")
        await dialog.get_by_text("By card", exact=True).click()
        await dialog.locator("hui-card-picker input").first.fill("viber")
        found = dialog.locator(".card", has_text="IntelTele messages").first
        await found.locator("inteltele-messages-card .scroller").wait_for()
        await screenshot(self.page, "desk-card-picker")
        await found.click()
        editor = self.page.locator("inteltele-messages-card-editor")
        await editor.locator("ha-form").wait_for()
        return editor

    async def open_integration(self) -> None:
        """Open the page of the integration."""
        await self.open("/config/integrations/integration/inteltele")
        await self.page.get_by_role("button", name="Edit recipient").first.wait_for()

    async def photograph(self, name: str) -> None:
        """Keep what the page looks like, once what moves in it has come to rest."""
        await self.page.wait_for_timeout(AT_REST)
        await screenshot(self.page, f"desk-{name}")

    def _hear(self, line: ConsoleMessage) -> None:
        """Note what the console says of us."""
        if line.type in {"error", "warning"}:
            self._blame(f"{line.text} {line.location.get('url', '')}")

    def _blame(self, words: str) -> None:
        """Note what is of our own making; the house has problems of its own."""
        if OURS in words:
            self.problems.append(words)


@asynccontextmanager
async def desk_in(browser: Browser, house: House) -> AsyncGenerator[Desk]:
    """Open a browser window at the house's login."""
    context = await browser.new_context(
        viewport=SCREEN, timezone_id="Europe/Kyiv", locale="en-GB"
    )
    desk = Desk(await context.new_page(), house)
    await desk.open("/")
    await desk.log_in()
    yield desk
    await context.close()
