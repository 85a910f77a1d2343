"""Account and recipients: set up, changed, and in need of a new key."""

from collections.abc import Awaitable, Callable
from typing import Final

from ..conftest import API_KEY, PETRO
from .walk import TALL, Walk

type Step = Callable[[Walk], Awaitable[None]]
PAGE: Final = "/config/integrations/integration/inteltele"


async def account_form(walk: Walk) -> None:
    """The form of the account, and what can be wrong in it."""
    await walk.open("/config/integrations/dashboard/add?domain=inteltele")
    dialog = walk.page.locator("dialog-box")
    await dialog.locator("ha-dialog-footer ha-button").last.click()
    await walk.form.locator("input[name=username]").wait_for()
    await walk.photograph("setup-1-account")
    await walk.desk.fill(username="demo", api_key="wrong")
    await walk.expand(walk.form)
    await walk.photograph("setup-2-connection")
    await walk.desk.fill(url="http://:")
    await walk.submit()
    await walk.form.locator("ha-alert").first.wait_for()
    await walk.photograph("setup-3-wrong-address")
    await walk.desk.fill(url=walk.gateway.url)
    await walk.submit()
    menu = walk.words["config"]["step"]["insecure"]["menu_options"]
    await walk.desk.reads(menu["unencrypted"])
    await walk.photograph("setup-4-unencrypted")
    await walk.desk.choose(menu["unencrypted"])
    await walk.form.locator("ha-alert").first.wait_for()
    await walk.photograph("setup-5-wrong-key")
    await walk.desk.fill(api_key=API_KEY)
    await walk.submit()


async def recipient_form(walk: Walk) -> None:
    """The form of a recipient, and what comes after it."""
    await walk.form.locator("input[name=phone]").wait_for()
    await walk.page.set_viewport_size(TALL)
    await walk.photograph("recipient-1-form")
    await walk.desk.fill(name="Olena", phone="12")
    await walk.submit()
    await walk.form.locator("ha-alert").first.wait_for()
    await walk.photograph("recipient-2-wrong-number")
    await walk.desk.fill(phone="067 111 22 33")
    await walk.submit()
    report_url = await walk.form.locator("pre").inner_text(timeout=30_000)
    walk.gateway.settings.report_url = report_url.strip()
    await walk.photograph("recipient-3-end")
    [entry] = await walk.house.request(
        "GET", "/api/config/config_entries/entry?domain=inteltele"
    )
    walk.entry_id = entry["entry_id"]
    await walk.house.submit_recipient(
        await walk.house.start_recipient(walk.entry_id),
        name="Petro",
        phone=PETRO,
        sms_fallback=True,
        sms_sender="MyHouse",
        test=False,
    )
    await walk.house.wait_until_there("notify.olena", "notify.petro")


async def integration_page(walk: Walk) -> None:
    """The page of the integration, and the menu of the account."""
    await walk.open(PAGE)
    await walk.photograph("integration")
    row = walk.page.locator("ha-config-entry-row > div > ha-row-item ha-dropdown")
    await row.first.click()
    await walk.photograph("integration-menu")


async def options(walk: Walk) -> None:
    """The options of the account."""
    await walk.open(PAGE, TALL)
    label = await walk.localize("ui.panel.config.integrations.config_entry.configure")
    await walk.page.get_by_role("button", name=label).first.click()
    await walk.form.locator("ha-form").first.wait_for()
    await walk.expand(walk.form)
    await walk.photograph("options")


async def recipient_change(walk: Walk) -> None:
    """The form that changes a recipient."""
    await walk.open(PAGE, TALL)
    label = walk.words["config_subentries"]["recipient"]["initiate_flow"]["reconfigure"]
    await walk.page.get_by_role("button", name=label).first.click()
    await walk.form.locator("input[name=phone]").wait_for()
    await walk.photograph("recipient-change")
    await walk.submit()
    await walk.form.locator("input[name=phone]").wait_for(state="detached")
    await walk.photograph("recipient-change-end")


async def reconfigure(walk: Walk) -> None:
    """The form that changes the account."""
    await walk.open(PAGE)
    row = walk.page.locator("ha-config-entry-row > div > ha-row-item ha-dropdown")
    await row.first.click()
    label = await walk.localize("ui.panel.config.integrations.config_entry.reconfigure")
    await walk.page.get_by_text(label, exact=True).first.click()
    await walk.form.locator("input[name=username]").wait_for()
    await walk.expand(walk.form)
    await walk.photograph("reconfigure")
    await walk.submit()
    await walk.form.locator("input[name=username]").wait_for(state="detached")
    await walk.photograph("reconfigure-end")


async def reauth(walk: Walk) -> None:
    """The form that asks for a new key."""
    walk.gateway.settings.api_keys = ("another",)
    await walk.house.act(
        "homeassistant.update_entity",
        entity_id=[
            entity["entity_id"]
            for entity in await walk.entities()
            if entity["unique_id"].endswith("balance")
        ],
    )
    await walk.open(PAGE)
    await walk.photograph("reauth-1-page")
    label = await walk.localize("ui.panel.config.integrations.reconfigure")
    button = walk.page.get_by_role("button", name=label)
    await button.first.click()
    await walk.form.locator("input[name=api_key]").wait_for()
    await walk.photograph("reauth-2-form")
    walk.gateway.settings.api_keys = (API_KEY,)
    await walk.desk.fill(api_key=API_KEY)
    await walk.submit()
    await walk.form.locator("input[name=api_key]").wait_for(state="detached")
    await walk.photograph("reauth-3-end")


SET_UP: Final[tuple[Step, ...]] = (account_form, recipient_form)
STEPS: Final[tuple[Step, ...]] = (
    integration_page,
    options,
    recipient_change,
    reconfigure,
    reauth,
)
