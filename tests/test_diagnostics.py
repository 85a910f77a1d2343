"""Diagnostics: how an account stands, without a secret, a number or a text."""

import asyncio
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.inteltele.const import CONF_SENDER, CONF_SMS_SENDER, DOMAIN
from custom_components.inteltele.diagnostics import async_get_config_entry_diagnostics
from demo.simulated_gateway import SimulatedGateway

from .alarms.calls import call, raise_alarm
from .conftest import API_KEY, OLENA, PETRO, USERNAME, WEBHOOK_ID, Damage

TEXT = "The cellar is full of water"
UNKNOWN = "+380671112255"


async def _told(home: HomeAssistant, account: MockConfigEntry) -> Any:
    """Return the diagnostics as somebody downloads them."""
    return json.loads(
        json_dumps(await async_get_config_entry_diagnostics(home, account))
    )


@pytest.fixture
async def used(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> MockConfigEntry:
    """Return an account with one message under way, and one that waits."""
    await home.services.async_call(
        "inteltele",
        "send_message",
        {"message": TEXT, "entity_id": "notify.olena"},
        blocking=True,
    )
    await gateway.stop()
    await asyncio.sleep(0.01)
    await home.services.async_call(
        "inteltele",
        "send_message",
        {"message": TEXT, "entity_id": "notify.petro"},
        blocking=True,
    )
    return account


@pytest.mark.parametrize(
    "options", [{"sender": "MyHouse", "sms_sender": "OurHome", "daily_limit": 9}]
)
async def test_nothing_that_is_private_is_told(
    home: HomeAssistant, used: MockConfigEntry
) -> None:
    """No key, no name, no whole number, no text, no sender."""
    told = json.dumps(await _told(home, used))
    private = [
        API_KEY,
        USERNAME,
        WEBHOOK_ID,
        TEXT,
        "MyHouse",
        "OurHome",
        "Olena",
        OLENA.removeprefix("+"),
        PETRO.removeprefix("+"),
        "671112233",
    ]
    assert [secret for secret in private if secret in told] == []


@pytest.mark.parametrize("options", [{"sender": "MyHouse", "daily_limit": 9}])
async def test_how_the_account_stands_is_told(
    home: HomeAssistant, used: MockConfigEntry
) -> None:
    """As far as it helps to find out what is wrong."""
    told = await _told(home, used)
    assert told["account"] == {
        "title": "IntelTele",
        "username": "**REDACTED**",
        "currency": "UAH",
        "options": {"sender": "**REDACTED**", "daily_limit": 9},
    }
    assert told["gateway"] == {
        "encrypted": False,
        "problem": "cannot_connect",
        "locked_until": None,
        "balance_known": True,
    }
    assert told["recipients"] == [
        {
            "number": "+380…2233",
            "sms_fallback": False,
            "sms_sender_set": False,
            "last_message": "sent",
        },
        {
            "number": "+380…2244",
            "sms_fallback": True,
            "sms_sender_set": True,
            "last_message": "queued",
        },
    ]
    assert told["ledger"] == {
        "sent": 1,
        "delivered": 0,
        "failed": 0,
        "spent": "0.200000",
        "under_way": 1,
        "queued": 1,
        "reported_by_webhook_at": None,
    }
    assert told["outbox"]["waiting"] == 1
    assert told["outbox"]["interrupted"] == 0
    assert told["outbox"]["next_due"] == told["outbox"]["paused_until"]
    assert told["outbox"]["left_of_daily_limit"] == 6


async def test_a_recipient_without_messages_has_no_last_one(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """There is nothing to tell of."""
    told = await _told(home, account)
    assert {known["last_message"] for known in told["recipients"]} == {None}


async def test_diagnostics_can_be_downloaded(
    home: HomeAssistant, account: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """By the button of the account."""
    assert await async_setup_component(home, "diagnostics", {})
    told = await get_diagnostics_for_config_entry(home, hass_client, account)
    assert told["account"]["title"] == "IntelTele"


@pytest.fixture
async def _something_was_sent(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Send a message with a button that acts at home, to recipients and a number."""
    await home.config.async_update(external_url="https://house.example.org")
    await home.services.async_call(
        DOMAIN,
        "send_message",
        {
            "message": TEXT,
            "entity_id": ["notify.olena", "notify.petro"],
            "to": [UNKNOWN],
            "button_text": "Open",
            "button_action": "open_gate",
        },
        blocking=True,
    )


async def _device(home: HomeAssistant, identifier: str) -> dr.DeviceEntry:
    """Return a device of the account."""
    device = dr.async_get(home).async_get_device_by_identifier(
        (DOMAIN, identifier), "account"
    )
    assert device is not None
    return device


@pytest.mark.usefixtures("_something_was_sent")
async def test_what_the_house_serves_is_counted(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And whether reports can come in, and do."""
    told = await _told(home, account)
    assert told["reports"] == {"public_url": True, "reported_at": None}
    assert told["public"] == {"answer_links": 3, "picture_files": 0}


@pytest.fixture
async def _alarm_was_raised(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Raise an alarm that asks a recipient, and a number."""
    home.config.external_url = "https://house.example.org"
    await raise_alarm(
        home,
        title="Olena's cellar",
        message=TEXT,
        sms_message=TEXT,
        tag="water at Olena's",
        acknowledge_text="Petro goes",
        recipients=["notify.olena"],
        to=[UNKNOWN],
        order="all_at_once",
    )


@pytest.mark.usefixtures("_alarm_was_raised")
async def test_how_an_alarm_stands_is_told(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With each question, and what became of it."""
    [alarm] = (await _told(home, account))["alarms"]
    assert (alarm["status"], alarm["order"]) == ("open", "all_at_once")
    assert (alarm["wait"], alarm["people"], alarm["raised"]) == (180, 2, 1)
    assert [
        (question["number"], question["round"], question["standing"])
        for question in alarm["questions"]
    ] == [("+380…2233", 1, "taken"), ("+380…2255", 1, "taken")]


@pytest.mark.usefixtures("_alarm_was_raised")
async def test_nothing_private_of_an_alarm_is_told(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """No text, tag, name, number or link; also of who answered."""
    await call(home, "acknowledge_alarm", tag="water at Olena's", by="Petro")
    told = json.dumps(await _told(home, account))
    links = {
        message.button_link.rpartition("/")[2]
        for message in gateway.messages
        if message.button_link
    }
    assert len(links) == 2
    secrets = links | {TEXT, "cellar", "Olena", "Petro", "water", "take care"}
    secrets |= {number.removeprefix("+380") for number in (OLENA, UNKNOWN)}
    assert {secret for secret in secrets if secret in told} == set()


@pytest.mark.usefixtures("_something_was_sent")
async def test_a_recipient_tells_its_newest_messages(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client: ClientSessionGenerator,
) -> None:
    """And nobody else's."""
    told = await get_diagnostics_for_device(
        home, hass_client, account, await _device(home, "olena")
    )
    assert told["recipient"]["number"] == "+380…2233"
    [message] = told["messages"]
    assert message["message_id"] == gateway.messages[0].message_id
    assert (message["status"], message["answer_link"]) == ("sent", True)


async def test_the_device_of_the_account_tells_all(
    home: HomeAssistant, account: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """As the account itself does."""
    told = await get_diagnostics_for_device(
        home, hass_client, account, await _device(home, "account")
    )
    assert told["account"]["title"] == "IntelTele"


@pytest.mark.usefixtures("_something_was_sent")
@pytest.mark.parametrize(
    "options", [{CONF_SENDER: "OurHouse", CONF_SMS_SENDER: "OurSms"}]
)
@pytest.mark.parametrize("identifier", ["account", "olena", "petro"])
async def test_no_diagnostics_hold_what_must_stay_at_home(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client: ClientSessionGenerator,
    identifier: str,
) -> None:
    """Secrets, names, numbers, texts, and links that open something."""
    [link] = {
        request.parameters["im_button_link"].rpartition("/")[2]
        for request in gateway.requests[:1]
    }
    told = json.dumps(
        await get_diagnostics_for_device(
            home, hass_client, account, await _device(home, identifier)
        )
    )
    secrets = {API_KEY, WEBHOOK_ID, USERNAME, TEXT, link}
    secrets |= {"OurHouse", "OurSms", "Olena", "Petro"}
    secrets |= {number.removeprefix("+380") for number in (OLENA, PETRO, UNKNOWN)}
    assert {secret for secret in secrets if secret in told} == set()


@pytest.mark.usefixtures("_something_was_sent")
async def test_diagnostics_can_be_had_where_the_history_cannot_be_read(
    home: HomeAssistant,
    account: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    damage: Damage,
) -> None:
    """They are wanted most then."""
    await damage("messages", "gone")
    told = await get_diagnostics_for_device(
        home, hass_client, account, await _device(home, "olena")
    )
    assert told["messages"] is None
