"""What is looked at every day: cards, pages on the phone, entities, Activity."""

from decimal import Decimal
from typing import Any, Final

from demo.house import HouseError

from ..browser import PHONE
from ..conftest import ANSWERS, BELL, OLENA
from .settings import Step
from .walk import TALL, Walk

NOTIFICATIONS: Final = ".notifications, #sidebar-notifications"
PAGE: Final = {"width": 1280, "height": 1500}
DASHBOARD: Final = "our-house"
MESSAGES: Final = {"type": "custom:inteltele-messages-card"}
ALARMS: Final = {"type": "custom:inteltele-alarm-card", "show_when_idle": True}
ASKED: Final = BELL | {"entity_id": "notify.olena", "button_text": "Answer"}
WATER: Final = {
    "title": "Water",
    "message": "There is water in the cellar.",
    "recipients": ["notify.olena", "notify.petro"],
    "wait": {"minutes": 1},
    "rounds": 1,
}


FIRE: Final = WATER | {"title": "Fire", "message": "There is smoke in the attic."}


async def messages(walk: Walk) -> None:
    """The answer pages on the phone, after messages that fare differently."""
    house, gateway = walk.house, walk.gateway
    for kind, fields in (
        ("one", {"button_action": "let_in"}),
        ("several", {"answers": ANSWERS, "message": "Somebody is at the gate again."}),
    ):
        await house.call("inteltele.send_message", **ASKED | fields)
        link = gateway.messages[-1].button_link or ""
        phone = await walk.phone(link)
        await walk.photograph(f"answer-{kind}-1", phone)
        await phone.get_by_role("button").last.click()
        await walk.photograph(f"answer-{kind}-2-done", phone)
        await phone.goto(link)
        await walk.photograph(f"answer-{kind}-3-again", phone)
        await phone.goto(f"{link}x")
        await walk.photograph("answer-link-gone", phone)
        await phone.context.close()
    await house.call("inteltele.send_message", to=OLENA, message="Hello. " * 40)
    await house.call(
        "inteltele.send_message", to="+380671112915", message="It is unknown."
    )
    balance, gateway.settings.balance = gateway.settings.balance, Decimal(-10)
    try:
        await house.call("inteltele.send_message", to=OLENA, message="In vain.")
    except HouseError as err:
        (walk.pictures / "exception.txt").write_text(str(err))
    gateway.settings.balance = balance
    await gateway.settle()


async def _dashboard(walk: Walk, *cards: dict[str, Any]) -> None:
    """Show cards, one beneath the other."""
    listed = await walk.house.command("lovelace/dashboards/list")
    if not any(found["url_path"] == DASHBOARD for found in listed):
        await walk.house.command(
            "lovelace/dashboards/create",
            url_path=DASHBOARD,
            title="Our house",
            mode="storage",
        )
    grid = {"type": "grid", "cards": list(cards)}
    views = [{"path": "messages", "type": "sections", "sections": [grid]}]
    await walk.house.command(
        "lovelace/config/save", url_path=DASHBOARD, config={"views": views}
    )


async def cards(walk: Walk) -> None:
    """Both cards, without and with alarms in every state, and in their editors."""
    house = walk.house
    await _dashboard(walk, MESSAGES, ALARMS)
    await walk.open(f"/{DASHBOARD}/messages", {"width": 1280, "height": 1100})
    await walk.desk.bubbles.last.wait_for()
    await walk.photograph("cards-1-idle")
    await house.call("inteltele.raise_alarm", **WATER | {"tag": "unanswered"})
    await house.call("inteltele.raise_alarm", **FIRE | {"tag": "open"})
    await walk.gateway.settle()
    links = [message.button_link or "" for message in walk.gateway.messages[-2:]]
    await walk.photograph("cards-2-open")
    await walk.open(f"/{DASHBOARD}/messages", PHONE)
    await walk.desk.bubbles.last.wait_for()
    await walk.photograph("cards-3-phone")
    phone = await walk.phone(links[1])
    await walk.photograph("alarm-page-1", phone)
    await phone.get_by_role("button").last.click()
    await walk.photograph("alarm-page-2-declined", phone)
    await phone.goto(links[1])
    await phone.get_by_role("button").first.click()
    await walk.photograph("alarm-page-3-taken", phone)
    other = next(
        message.button_link
        for message in reversed(walk.gateway.messages)
        if message.button_link
    )
    await phone.goto(other)
    await walk.photograph("alarm-page-4-another", phone)
    await phone.context.close()
    balance, walk.gateway.settings.balance = (
        walk.gateway.settings.balance,
        Decimal(-10),
    )
    await house.call("inteltele.raise_alarm", **WATER | {"tag": "blocked"})
    await walk.open(f"/{DASHBOARD}/messages", {"width": 1280, "height": 1400})
    await walk.desk.bubbles.last.wait_for()
    await walk.photograph("cards-4-blocked")
    await walk.page.wait_for_timeout(2000)
    await walk.page.locator("ha-sidebar").locator(NOTIFICATIONS).first.click()
    await walk.photograph("notifications-1-blocked")
    walk.gateway.settings.balance = balance
    await house.call("inteltele.clear_alarm", tag="blocked")
    # The other alarm ends by itself.
    await walk.page.wait_for_timeout(60_000)
    await walk.open(f"/{DASHBOARD}/messages", {"width": 1280, "height": 1400})
    await walk.desk.bubbles.last.wait_for()
    await walk.photograph("cards-5-ended")
    await walk.page.locator("ha-sidebar").locator(NOTIFICATIONS).first.click()
    await walk.photograph("notifications-2-unanswered")


async def editors(walk: Walk) -> None:
    """The picker of cards, and the form of each of ours."""
    for name, card in (("messages", MESSAGES), ("alarm", ALARMS)):
        await _dashboard(walk, card)
        await walk.open(f"/{DASHBOARD}/messages?edit=1", PAGE)
        options = walk.page.locator("hui-card-options, hui-card-edit-mode")
        await options.first.hover()
        await options.first.dblclick()
        await walk.page.locator(f"inteltele-{name}-card-editor").wait_for()
        await walk.photograph(f"editor-{name}")


async def send_box(walk: Walk) -> None:
    """The box of the card, with too much in it, and what it says when it failed."""
    await _dashboard(walk, MESSAGES)
    await walk.open(f"/{DASHBOARD}/messages", {"width": 700, "height": 900})
    await walk.desk.bubbles.last.wait_for()
    balance, walk.gateway.settings.balance = (
        walk.gateway.settings.balance,
        Decimal(-10),
    )
    await walk.desk.card.locator("textarea").fill("Text " * 190)
    await walk.photograph("send-box-1-long")
    await walk.desk.card.locator("textarea").fill("In vain.")
    await walk.page.keyboard.press("Enter")
    await walk.desk.card.locator("p[role=alert]").wait_for()
    await walk.photograph("send-box-2-refused")
    walk.gateway.settings.balance = balance


async def entities(walk: Walk) -> None:
    """Names of entities, and their states."""
    listed = await walk.entities()
    for entity in listed:
        if entity["disabled_by"] == "integration":
            await walk.house.command(
                "config/entity_registry/update",
                entity_id=entity["entity_id"],
                disabled_by=None,
            )
    devices = {entity["device_id"] for entity in listed}
    for number, device in enumerate(sorted(filter(None, devices))):
        await walk.open(f"/config/devices/device/{device}", PAGE)
        await walk.photograph(f"device-{number}")
    for entity in listed:
        if entity["entity_id"].split(".")[0] in {"event", "binary_sensor"}:
            await walk.open(f"/history?more-info-entity-id={entity['entity_id']}")
            await walk.photograph(f"more-info-{entity['entity_id']}")
    await walk.open("/config/entities?domain=inteltele")
    await walk.photograph("entities")


async def activity(walk: Walk) -> None:
    """What happened, in a sentence for each."""
    await walk.open("/logbook", TALL)
    await walk.page.wait_for_timeout(2000)
    await walk.photograph("activity")


STEPS: Final[tuple[Step, ...]] = (
    messages,
    cards,
    editors,
    send_box,
    entities,
    activity,
)
