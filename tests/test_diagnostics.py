"""Diagnostics: how an account stands, without a secret, a number or a text."""

import asyncio
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.inteltele.diagnostics import async_get_config_entry_diagnostics
from demo.simulated_gateway import SimulatedGateway

from .conftest import API_KEY, OLENA, PETRO, USERNAME, WEBHOOK_ID

TEXT = "The cellar is full of water"


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
    assert told["outbox"]["left_of_daily_limit"] == 8


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
