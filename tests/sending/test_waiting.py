"""Actions that end with what became of their messages."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.answer_links import AnswerLink
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from ..conftest import disable

BUTTON = {
    "button_text": "Answer",
    "answers": [{"action": "on_my_way", "text": "On my way"}],
}
SHORT = timedelta(milliseconds=300)


@pytest.fixture
def settings() -> GatewaySettings:
    """Return a gateway whose reports the tests make."""
    return GatewaySettings(
        username="House", api_keys=("key-of-the-tests",), report_url=None
    )


@pytest.fixture(autouse=True)
def _house_on_the_internet(home: HomeAssistant) -> None:
    """Give the house a public address."""
    home.config.external_url = "https://house.example.org"


def _sending(home: HomeAssistant, **fields: Any) -> asyncio.Task[Any]:
    """Begin an action that waits."""
    return home.async_create_task(
        home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "entity_id": "notify.olena"} | fields,
            blocking=True,
            return_response=True,
        )
    )


async def _until_sent(gateway: SimulatedGateway, count: int = 1) -> None:
    """Wait until the gateway took so many messages, and the house knows it."""
    async with asyncio.timeout(5):
        while len(gateway.messages) < count:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)


async def _report(account: MockConfigEntry, message_id: str, status: str) -> None:
    """Let the gateway report."""
    receipt = parse_receipt({"msgid": message_id, "status": status})
    await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)


async def _answer(account: MockConfigEntry, number: str) -> None:
    """Let the one with a number answer."""
    links: dict[str, AnswerLink] = account.runtime_data.answers._links
    [link] = [link for link in links.values() if link.number == number]
    await account.runtime_data.answers.press(link, link.answers[0])


@pytest.mark.parametrize(
    ("gateway_status", "status", "error"),
    [("delivrd", "delivered", None), ("rejectd", "failed", "rejected")],
)
async def test_an_action_ends_with_the_delivery(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    gateway_status: str,
    status: str,
    error: str | None,
) -> None:
    """Or with why there was none."""
    task = _sending(home, wait_for="delivered")
    await _until_sent(gateway)
    assert not task.done()
    await _report(account, gateway.messages[0].message_id, gateway_status)
    [message] = (await task)["messages"]
    assert (message["status"], message["error"]) == (status, error)
    assert "answer" not in message


async def test_it_waits_for_everyone(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The last delivery ends it."""
    task = _sending(
        home, wait_for="delivered", entity_id=["notify.olena", "notify.petro"]
    )
    await _until_sent(gateway, 2)
    await _report(account, gateway.messages[0].message_id, "delivrd")
    await asyncio.sleep(0.05)
    assert not task.done()
    await _report(account, gateway.messages[1].message_id, "delivrd")
    statuses = [message["status"] for message in (await task)["messages"]]
    assert statuses == ["delivered", "delivered"]


async def test_the_first_answer_ends_it(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And the response says who answered."""
    task = _sending(
        home, wait_for="answered", entity_id=["notify.olena", "notify.petro"], **BUTTON
    )
    await _until_sent(gateway, 2)
    await _answer(account, "+380671112244")
    answers = {
        message["entity_id"]: message["answer"] for message in (await task)["messages"]
    }
    assert answers == {"notify.olena": None, "notify.petro": "on_my_way"}


async def test_delivery_alone_is_no_answer(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The wait goes on until its time is over, and tells of the delivery."""
    task = _sending(home, wait_for="answered", wait_timeout=SHORT, **BUTTON)
    await _until_sent(gateway)
    await _report(account, gateway.messages[0].message_id, "delivrd")
    [message] = (await task)["messages"]
    assert (message["status"], message["answer"]) == ("delivered", None)


async def test_time_runs_out(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """What is known then is told."""
    [message] = (await _sending(home, wait_for="delivered", wait_timeout=SHORT))[
        "messages"
    ]
    assert (message["status"], message["error"]) == ("sent", None)


async def test_nobody_waits_for_the_answer_of_those_who_got_nothing(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """An alarm must go on to the next one at once."""
    task = _sending(home, wait_for="answered", **BUTTON)
    await _until_sent(gateway)
    await _report(account, gateway.messages[0].message_id, "undeliv")
    [message] = (await task)["messages"]
    assert (message["status"], message["answer"]) == ("failed", None)


async def test_an_expired_message_may_still_be_answered(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Its fallback SMS may get through."""
    task = _sending(home, wait_for="answered", entity_id="notify.petro", **BUTTON)
    await _until_sent(gateway)
    await _report(account, gateway.messages[0].message_id, "expired")
    await asyncio.sleep(0.05)
    assert not task.done()
    await _answer(account, "+380671112244")
    assert (await task)["messages"][0]["answer"] == "on_my_way"


@pytest.mark.parametrize("return_response", [True, False])
async def test_an_answer_to_a_message_whose_reply_was_lost_is_no_failure(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    return_response: bool,
) -> None:
    """Who answered has got it."""
    gateway.settings.misbehaviour = Misbehaviour(
        cut_off="after_work", apply_to=("/im/send/",)
    )
    gateway.settings.repeat_detection = "off"
    task = home.async_create_task(
        home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "entity_id": "notify.olena"}
            | {"wait_for": "answered"}
            | BUTTON,
            blocking=True,
            return_response=return_response,
        )
    )
    await _until_sent(gateway, 2)
    await _answer(account, "+380671112233")
    response = await task
    answers = [message["answer"] for message in (response or {}).get("messages", [])]
    assert answers == ["on_my_way"] * return_response


async def test_a_report_before_its_reply_is_heard(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It may come while the message is still being sent."""
    gateway.settings.misbehaviour = Misbehaviour(delay=0.1)
    task = _sending(home, wait_for="delivered", wait_timeout={"seconds": 5})
    ledger = account.runtime_data.ledger
    change = ledger.change

    def change_late(changes: Any) -> None:
        """Let the report come first."""
        for _, message in changes:
            home.async_create_task(_report(account, message.message_id, "delivrd"))
            ledger.change = change
        change(changes)

    ledger.change = change_late
    [message] = (await task)["messages"]
    assert message["status"] == "delivered"


async def test_without_a_response_what_did_not_arrive_is_raised(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """With the reason in words."""
    task = home.async_create_task(
        home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "entity_id": "notify.olena"}
            | {"wait_for": "delivered"},
            blocking=True,
        )
    )
    await _until_sent(gateway)
    await _report(account, gateway.messages[0].message_id, "expired")
    with pytest.raises(HomeAssistantError, match="Not delivered to Olena"):
        await task


async def test_a_queued_message_is_waited_for(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Until it was sent and delivered."""
    gateway.settings.allowed_ips = ("10.0.0.1",)
    task = _sending(home, wait_for="delivered", wait_timeout={"seconds": 20})
    async with asyncio.timeout(5):
        while account.runtime_data.delivery.outbox.pauses.until is None:
            await asyncio.sleep(0.01)
    gateway.settings.allowed_ips = ("127.0.0.1",)
    account.runtime_data.delivery.outbox.wake()
    await _until_sent(gateway)
    await _report(account, gateway.messages[0].message_id, "delivrd")
    [message] = (await task)["messages"]
    assert message["status"] == "delivered"


async def test_an_account_that_stops_ends_the_wait(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """With what is known then."""
    task = _sending(home, wait_for="answered", **BUTTON)
    await _until_sent(gateway)
    await disable(home, account)
    [message] = (await task)["messages"]
    assert (message["status"], message["answer"]) == ("sent", None)


async def test_who_was_not_sent_anything_is_not_waited_for(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Where nobody was, the action fails at once."""
    with pytest.raises(HomeAssistantError, match="opted out"):
        await _sending(
            home, wait_for="answered", entity_id=[], to="+380671112901", **BUTTON
        )
