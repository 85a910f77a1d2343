"""What an account tells of itself, and what a person mends in Home Assistant."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from demo.house import House
from demo.simulated_gateway import SimulatedGateway

from .conftest import PATIENCE, SetUpAccount, until_state

BALANCE = "sensor.inteltele_balance"


@pytest.fixture
def closed_gateway(quiet_gateway: SimulatedGateway) -> Iterator[SimulatedGateway]:
    """Return a gateway that does not allow the house's address."""
    allowed = quiet_gateway.settings.allowed_ips
    quiet_gateway.settings.allowed_ips = ("10.0.0.0/8",)
    yield quiet_gateway
    quiet_gateway.settings.allowed_ips = allowed


async def _issues(house: House) -> list[str]:
    """Return what the repairs dashboard shows of this integration."""
    listed = await house.command("repairs/list_issues")
    return [
        issue["translation_key"]
        for issue in listed["issues"]
        if issue["domain"] == "inteltele"
    ]


async def _until_unit(house: House, wanted: str) -> None:
    """Wait until the balance is shown in a currency."""
    unit: str | None = None
    async with asyncio.timeout(PATIENCE):
        while unit != wanted:
            unit = (await house.state(BALANCE))["attributes"].get("unit_of_measurement")
            await asyncio.sleep(0.05)


async def test_an_address_that_is_not_allowed_is_mended_in_its_dialog(
    house: House, account: SetUpAccount, closed_gateway: SimulatedGateway
) -> None:
    """A try that comes too early says so; the right one brings the money back."""
    await house.act("homeassistant.update_entity", entity_id=BALANCE)
    await until_state(house, BALANCE, "unavailable")
    assert "ip_not_allowed" in await _issues(house)
    flow = await house.request(
        "POST",
        "/api/repairs/issues/fix",
        {"handler": "inteltele", "issue_id": f"ip_not_allowed_{account.entry_id}"},
    )
    path = f"/api/repairs/issues/fix/{flow['flow_id']}"
    flow = await house.request("POST", path, {})
    assert flow["errors"] == {"base": "ip_not_allowed"}
    closed_gateway.settings.allowed_ips = ("127.0.0.0/8",)
    flow = await house.request("POST", path, {})
    assert flow["type"] == "create_entry"
    assert "ip_not_allowed" not in await _issues(house)
    assert (await house.state(BALANCE))["state"] != "unavailable"


async def test_an_account_is_changed(
    house: House, account: SetUpAccount, quiet_gateway: SimulatedGateway
) -> None:
    """It keeps its key where none is entered, and goes on at once."""
    entered: dict[str, Any] = {
        "username": "demo",
        "currency": "EUR",
        "connection": {"url": quiet_gateway.url},
    }
    for currency in ("EUR", "UAH"):
        flow = await house.request(
            "POST",
            "/api/config/config_entries/flow",
            {"handler": "inteltele", "entry_id": account.entry_id},
        )
        assert flow["step_id"] == "reconfigure"
        flow = await house.submit(flow, **entered | {"currency": currency})
        assert flow["reason"] == "reconfigure_successful"
        await _until_unit(house, currency)


async def test_diagnostics_can_be_downloaded(
    house: House, account: SetUpAccount
) -> None:
    """Of the account, and without its secrets."""
    told = await house.request(
        "GET", f"/api/diagnostics/config_entry/{account.entry_id}"
    )
    assert told["data"]["account"]["currency"] == "UAH"
    assert account.webhook_id not in str(told["data"])
