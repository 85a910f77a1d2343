"""Notify entities, and the legacy action beside them."""

import asyncio
import time
from typing import Any

from homeassistant.components.notify import legacy
from homeassistant.components.notify.legacy import NOTIFY_SERVICES
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.sending.legacy_notify import async_get_service
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, PETRO


async def _notify(home: HomeAssistant, action: str, **data: Any) -> None:
    """Call an action of notify."""
    await home.services.async_call(
        "notify", action, {"message": "Water!", **data}, blocking=True
    )


async def test_a_notify_entity_sends_with_title(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And shows when it did."""
    await _notify(home, "send_message", entity_id="notify.olena", title="Alarm")
    [message] = gateway.messages
    assert (message.number, message.text) == (OLENA, "*Alarm*\nWater!")
    assert home.states.get("notify.olena").state != "unknown"


async def test_a_notify_entity_uses_the_fallback_of_its_recipient(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """As it is configured."""
    await _notify(home, "send_message", entity_id="notify.petro")
    [message] = gateway.messages
    assert (message.sms_source, message.sms_text, message.ttl) == (
        "House",
        "Water!",
        180,
    )


async def test_a_message_that_waits_is_no_failure_of_a_notify_entity(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It is sent when the gateway is there again."""
    await gateway.stop()
    await asyncio.sleep(0.01)
    await _notify(home, "send_message", entity_id="notify.olena")
    assert len(account.runtime_data.delivery.outbox) == 1


@pytest.mark.parametrize("options", [{"retry_for": {"seconds": 0}}])
async def test_a_notify_entity_tells_why_it_failed(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And does not pretend to have sent."""
    await gateway.stop()
    # The house notices the closed connection before it would use it again.
    await asyncio.sleep(0.01)
    with pytest.raises(HomeAssistantError, match="Not sent to Olena: the gateway"):
        await _notify(home, "send_message", entity_id="notify.olena")
    assert home.states.get("notify.olena").state == "unknown"


async def test_the_legacy_action_sends_to_everyone(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Where nobody is named."""
    await _notify(home, "inteltele", title="Alarm")
    assert {message.number for message in gateway.messages} == {OLENA, PETRO}
    await home.async_block_till_done()
    assert home.states.get("notify.olena").state != "unknown"


async def test_the_legacy_action_sends_to_names_and_numbers(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Names in any case, numbers in any way of writing."""
    await _notify(home, "inteltele", target=["olena ", "067 111 22 44", "+48601234567"])
    assert [message.number for message in gateway.messages] == [
        OLENA,
        "+48601234567",
        PETRO,
    ]


async def test_the_legacy_action_takes_the_fields_of_the_full_one(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """In its data."""
    await _notify(
        home,
        "inteltele",
        target="Olena",
        data={"image": "https://example.org/a.jpg", "ttl": {"minutes": 5}},
    )
    [message] = gateway.messages
    assert (message.image, message.button_text, message.ttl) == (
        "https://example.org/a.jpg",
        "Open",
        300,
    )


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ({"target": "Nobody"}, '"Nobody" is not a recipient'),
        ({"target": "12"}, '"12" in the field to is not a possible phone number'),
        ({"target": []}, "Nobody to send to"),
        ({"data": {"picture": "x"}}, "The field data is not right"),
        ({"data": {"ttl": "soon"}}, "The field data is not right"),
        ({"data": {"button_text": "Go"}}, "The field button_url is empty"),
    ],
)
async def test_the_legacy_action_refuses_bad_input(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    call: dict[str, Any],
    sentence: str,
) -> None:
    """With the same sentences."""
    with pytest.raises(ServiceValidationError) as caught:
        await _notify(home, "inteltele", **call)
    assert sentence in str(caught.value)
    assert gateway.request_count() == 0


@pytest.mark.parametrize("recipients", [[]])
async def test_the_legacy_action_needs_recipients(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """An account without any has nobody to send to."""
    with pytest.raises(ServiceValidationError, match="Nobody to send to"):
        await _notify(home, "inteltele")


async def test_reloads_leave_one_legacy_action(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Old ones do not pile up in the list that notify keeps."""
    for _ in range(3):
        await home.config_entries.async_reload(account.entry_id)
        await home.async_block_till_done()
    assert len(home.data[NOTIFY_SERVICES][DOMAIN]) == 1
    await _notify(home, "inteltele", target="Olena")
    assert len(gateway.messages) == 1


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.03, 0.06])
async def test_reloads_in_quick_succession_leave_one_legacy_action(
    home: HomeAssistant,
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    pause: float,
) -> None:
    """As they happen where recipients are added one after the other."""

    def load_slowly(path: str) -> dict[str, Any]:
        time.sleep(0.02)
        return load_yaml_dict(path)

    monkeypatch.setattr(legacy, "load_yaml_dict", load_slowly)
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    for _ in range(3):
        await home.config_entries.async_reload(entry.entry_id)
        await asyncio.sleep(pause)
    await home.async_block_till_done()
    services = home.data[NOTIFY_SERVICES][DOMAIN]
    assert [service.unloaded for service in services].count(False) == 1
    await _notify(home, "inteltele", target="Olena")
    assert len(gateway.messages) == 1


async def test_an_account_that_goes_at_once_leaves_no_legacy_action(
    home: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Although notify was still setting it up."""
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    for _ in range(3):
        await home.config_entries.async_reload(entry.entry_id)
    await home.config_entries.async_remove(entry.entry_id)
    await home.async_block_till_done()
    assert not home.services.has_service("notify", "inteltele")


async def test_an_action_of_another_integration_is_not_taken_over(
    home: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Whoever has the name keeps it, also when the account goes."""
    home.services.async_register("notify", "inteltele", lambda _: None)
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    await home.config_entries.async_unload(entry.entry_id)
    assert home.services.has_service("notify", "inteltele")


@pytest.mark.parametrize("discovered", [None, {"name": "x", "entry_id": "removed"}])
async def test_no_legacy_action_is_made_for_nothing(
    home: HomeAssistant, discovered: dict[str, str] | None
) -> None:
    """In YAML, or for an account that was removed in the meantime."""
    assert await async_get_service(home, {}, discovered) is None


async def test_an_account_has_one_legacy_action(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Also where it is discovered twice, by reloads that follow each other closely."""
    discovered = {"name": account.title, "entry_id": account.entry_id}
    assert await async_get_service(home, {}, discovered) is None
