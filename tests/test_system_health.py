"""System health: how the accounts of the house stand together."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.inteltele import system_health
from custom_components.inteltele.const import DOMAIN
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from .conftest import WEBHOOK_ID

type ClientGenerator = Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]]


async def _health(home: HomeAssistant) -> dict[str, Any]:
    """Return what a person sees."""
    assert await async_setup_component(home, "system_health", {})
    shown = await get_system_health_info(home, DOMAIN)
    return {**shown, "gateway_reachable": await shown["gateway_reachable"]}


async def test_a_house_in_order_is_shown(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Before the first report."""
    assert await _health(home) == {
        "accounts": 1,
        "gateway_reachable": "ok",
        "encrypted": False,
        "last_receipt": None,
        "queued": 0,
    }


async def test_the_last_report_is_shown(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
) -> None:
    """By its time of arrival."""
    await home.services.async_call(
        "notify", "inteltele", {"message": "Water!"}, blocking=True
    )
    client = await hass_client_no_auth()
    message_id = gateway.messages[0].message_id
    await client.get(f"/api/webhook/{WEBHOOK_ID}?msgid={message_id}&status=delivrd")
    assert isinstance((await _health(home))["last_receipt"], datetime)


async def test_messages_that_wait_are_counted(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """For as long as the gateway takes nothing."""
    settings.allowed_ips = ("10.0.0.0/8",)
    await home.services.async_call(
        "notify", "inteltele", {"message": "Water!"}, blocking=True
    )
    assert (await _health(home))["queued"] == 2


async def test_an_account_that_does_not_run_is_counted_but_not_asked(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody wants it to be."""
    await home.config_entries.async_set_disabled_by(
        account.entry_id, ConfigEntryDisabler.USER
    )
    health = await _health(home)
    assert (health["accounts"], health["gateway_reachable"]) == (1, "ok")
    assert gateway.request_count() == 0
    await home.config_entries.async_set_disabled_by(account.entry_id, None)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"allowed_ips": ("10.0.0.0/8",)}, "ip_not_allowed"),
        ({"misbehaviour": Misbehaviour(html_body=True)}, "invalid_response"),
        ({"misbehaviour": Misbehaviour(server_error=502)}, "cannot_connect"),
        ({"misbehaviour": Misbehaviour(delay=30)}, "cannot_connect"),
    ],
)
async def test_why_the_gateway_does_not_answer_is_shown(
    home: HomeAssistant,
    account: MockConfigEntry,
    settings: GatewaySettings,
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, Any],
    error: str,
) -> None:
    """Soon, because the page waits for it."""
    monkeypatch.setattr(system_health, "ANSWERS_WITHIN", 0.5)
    for name, value in wrong.items():
        setattr(settings, name, value)
    assert (await _health(home))["gateway_reachable"] == {
        "type": "failed",
        "error": error,
    }


@pytest.mark.parametrize(
    ("lock_out_after", "error"), [(5, "invalid_auth"), (1, "locked_out")]
)
async def test_a_gateway_that_must_not_be_asked_is_not(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
    lock_out_after: int,
    error: str,
) -> None:
    """However often somebody looks."""
    settings.api_keys, settings.lock_out_after = ("other",), lock_out_after
    await account.runtime_data.coordinator.async_refresh()
    gateway.requests.clear()
    for _ in range(2):
        assert (await _health(home))["gateway_reachable"]["error"] == error
    assert gateway.request_count() == 0
