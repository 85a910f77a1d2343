"""Actions, triggers and blueprints, as somebody who automates sees them."""

import re
from typing import Final

from demo.house import REPOSITORY

from .settings import Step
from .walk import TALL, Walk


async def actions(walk: Walk) -> None:
    """The form of every action."""
    for action in walk.words["services"]:
        await walk.open("/config/tools/action", TALL)
        picker = walk.page.locator("ha-service-picker")
        await picker.click()
        await picker.locator("input").first.fill(f"inteltele.{action}")
        await walk.photograph(f"action-{action}-picker")
        await walk.page.get_by_text(f"inteltele.{action}", exact=True).first.click()
        form = walk.page.locator("ha-service-control")
        await form.locator("ha-settings-row, ha-selector, ha-form").first.wait_for()
        await walk.expand(form)
        await walk.photograph(f"action-{action}")


async def triggers(walk: Walk) -> None:
    """The trigger of an answer: in the picker, and its form."""
    await walk.desk.open("/config/automation/edit/new")
    await walk.page.set_viewport_size({"width": 1280, "height": 1200})
    label = await walk.localize("ui.panel.config.automation.editor.triggers.add")
    await walk.page.get_by_role("button", name=label).first.click()
    dialog = walk.page.locator("add-automation-element-dialog")
    name = walk.words["triggers"]["answered"]["name"]
    await dialog.locator("input").first.fill(name)
    await walk.photograph("trigger-1-picker")
    await dialog.get_by_text(name).first.click()
    await walk.page.locator("ha-automation-trigger-platform").wait_for()
    await walk.photograph("trigger-2-form")


async def blueprints(walk: Walk) -> None:
    """The form of each blueprint, in the only language that it has."""
    key = "ui.panel.config.automation.picker.add_automation"
    folder = REPOSITORY / "blueprints" / "automation" / "inteltele"
    for path in sorted(folder.glob("*.yaml")):
        [name] = re.findall(r'^  name: "(.*)"$', path.read_text(), re.MULTILINE)
        await walk.open("/config/automation/dashboard", TALL)
        await walk.page.get_by_role("button", name=await walk.localize(key)).click()
        dialog = walk.page.locator("ha-dialog-new-automation")
        await dialog.get_by_text(name).click()
        form = walk.page.locator("blueprint-automation-editor")
        await form.wait_for()
        await walk.expand(form)
        await walk.photograph(f"blueprint-{path.stem}")


STEPS: Final[tuple[Step, ...]] = (actions, triggers, blueprints)
