"""What happens to an account over time: a wrong key, a power cut, its removal.

In a house of its own, because nothing of the account is left at the end.
"""

import asyncio
from collections.abc import AsyncGenerator
import re

import pytest

from demo.house import House, HouseError
from demo.simulated_gateway import SimulatedGateway

from .conftest import (
    API_KEY,
    PATIENCE,
    SetUpAccount,
    check_secrets,
    heard,
    new_gateway,
    new_house,
    set_up_account,
    until_event_type,
    until_state,
    until_stored,
)


@pytest.fixture(scope="module")
async def gateway() -> AsyncGenerator[SimulatedGateway]:
    """Return the gateway of this file alone."""
    async with new_gateway() as simulated:
        yield simulated


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[House]:
    """Return the house of this file alone."""
    async with new_house(tmp_path_factory.mktemp("house")) as built:
        yield built


@pytest.fixture(scope="module")
async def account(house: House, gateway: SimulatedGateway) -> SetUpAccount:
    """Return the account that is removed at the end."""
    return await set_up_account(house, gateway)


async def test_a_receipt_after_a_power_cut_is_recognised(
    house: House, account: SetUpAccount, quiet_gateway: SimulatedGateway
) -> None:
    """The cut came half a second after the message was sent."""
    quiet_gateway.settings.report_url = None
    await house.act("notify.send_message", entity_id="notify.olena", message="Water!")
    [message] = quiet_gateway.messages
    await asyncio.sleep(0.5)
    await house.kill()
    await house.start()
    await house.wait_until_running()
    quiet_gateway.settings.report_url = account.report_url
    await quiet_gateway.report(message.message_id, "delivrd")
    # The house may have asked by itself, at once after its start.
    response = await house.call("inteltele.get_messages", limit=1)
    [known] = response["messages"]
    assert (known["message_id"], known["status"]) == (message.message_id, "delivered")


async def test_a_key_that_is_rejected_later_is_used_no_more(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """The first action asks for two at once, no other at all; a new key cures it."""
    quiet_gateway.settings.api_keys = ("new-key",)
    for _ in range(3):
        with pytest.raises(HouseError):
            await house.act("notify.inteltele", message="Water!")
    assert quiet_gateway.request_count() == 2
    [flow] = await house.command("config_entries/flow/progress")
    assert flow["context"]["source"] == "reauth"
    refused = await house.submit(flow, api_key="wrong")
    assert refused["errors"] == {"base": "invalid_auth"}
    accepted = await house.submit(flow, api_key="new-key")
    assert accepted["reason"] == "reauth_successful"
    await until_state(house, "sensor.inteltele_balance", "25.00")
    await house.act("notify.inteltele", message="Water!")
    assert len(quiet_gateway.messages) == 2


async def test_a_power_cut_takes_nothing_away(
    house: House, quiet_gateway: SimulatedGateway
) -> None:
    """The house starts again and goes on, once Home Assistant wrote the new key."""
    quiet_gateway.settings.api_keys = ("new-key",)
    await until_stored(house, "new-key")
    await house.kill()
    await house.start()
    await house.wait_until_running()
    await until_state(house, "sensor.inteltele_balance", "25.00")
    async with house.events("inteltele_delivery_status") as events:
        await house.act(
            "notify.send_message", entity_id="notify.olena", message="Water!"
        )
        assert (await heard(events))["status"] == "delivered"
    await until_event_type(house, "event.olena_delivery", "delivered")


async def test_a_removed_account_leaves_nothing_behind(
    house: House, account: SetUpAccount, quiet_gateway: SimulatedGateway
) -> None:
    """Neither entities nor the action of its name."""
    await house.request(
        "DELETE", f"/api/config/config_entries/entry/{account.entry_id}"
    )
    states = await house.request("GET", "/api/states")
    assert not [
        state["entity_id"]
        for state in states
        if re.search("olena|petro|inteltele", state["entity_id"])
    ]
    services = await house.request("GET", "/api/services")
    [notify] = [entry for entry in services if entry["domain"] == "notify"]
    assert "inteltele" not in notify["services"]
    async with asyncio.timeout(PATIENCE):
        assert await quiet_gateway.report("any", "delivrd") == 200


async def test_the_log_tells_of_refusals_and_of_nothing_else(
    house: House,
) -> None:
    """Each once, because it happened once."""
    ours = [line for line in house.log.splitlines() if "custom_components" in line]
    problems = [line for line in ours if " WARNING " in line or " ERROR " in line]
    for refusal in ("rejects the API key", "does not allow your public IP"):
        told = [line for line in problems if refusal in line]
        assert len(told) <= 1
        problems = [line for line in problems if line not in told]
    assert problems == []


async def test_the_log_keeps_secrets(house: House, account: SetUpAccount) -> None:
    """The keys, and the address that reports come to."""
    check_secrets(house, API_KEY, "new-key", account.webhook_id)
