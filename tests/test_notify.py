"""Notify entities, and the legacy action beside them."""

import asyncio
from contextlib import nullcontext
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_SERVICE_REMOVED
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers.service import SERVICE_DESCRIPTION_CACHE
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)

from custom_components.inteltele.const import CONF_NOTIFY_ACTION
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, PETRO, disable, enable, restart, settled


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
    assert account.runtime_data.delivery.outbox.room.waiting == 1


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
        ({"target": "12"}, '"12" is not a valid phone number'),
        ({"target": []}, "Nobody to send to"),
        ({"message": " "}, '"Message" is empty'),
        ({"message": "x" * 10_001}, '"Message" has more than 10000 characters'),
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


async def test_the_legacy_action_stays_through_a_reload(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It is the same one all the time, and goes with the account."""
    gone = async_capture_events(home, EVENT_SERVICE_REMOVED)
    for _ in range(3):
        await home.config_entries.async_reload(account.entry_id)
    await _notify(home, "inteltele", target="Olena")
    assert len(gateway.messages) == 1
    assert gone == []
    await home.config_entries.async_remove(account.entry_id)
    assert not home.services.has_service("notify", "inteltele")


async def test_a_legacy_action_keeps_its_name(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Automations call it by that, whatever the account is called later."""
    home.config_entries.async_update_entry(account, title="Holiday home")
    await restart(home, account)
    await disable(home, account)
    assert not home.services.has_service("notify", "inteltele")
    await enable(home, account)
    assert home.services.has_service("notify", "inteltele")
    assert not home.services.has_service("notify", "holiday_home")


async def test_the_legacy_action_is_described(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """As notify does with its own."""
    described = home.data[SERVICE_DESCRIPTION_CACHE]["notify", "inteltele"]
    assert described["fields"].keys() == {"message", "title", "target", "data"}
    assert "IntelTele" in described["description"]


@pytest.mark.parametrize("when", ["first", "later"])
async def test_an_action_of_another_integration_is_not_taken_over(
    home: HomeAssistant,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    when: str,
) -> None:
    """Whoever has the name keeps it, also when the account goes."""
    home.services.async_register("notify", "inteltele", lambda _: None)
    entry.add_to_hass(home)
    kept = {"first": {}, "later": {CONF_NOTIFY_ACTION: "inteltele"}}[when]
    home.config_entries.async_update_entry(entry, data={**entry.data, **kept})
    await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    assert home.services.has_service("notify", "inteltele_2") is (when == "first")
    assert ("gets none" in caplog.text) is (when == "later")
    await disable(home, entry)
    assert home.services.has_service("notify", "inteltele")
    assert not home.services.has_service("notify", "inteltele_2")


async def test_the_legacy_action_waits_for_an_account_that_is_being_set_up(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """As the house starts."""
    entry.add_to_hass(home)
    await async_setup_component(home, "homeassistant", {})
    gateway.settings.misbehaviour.delay = 0.05
    setting_up = home.async_create_task(home.config_entries.async_setup(entry.entry_id))
    async with asyncio.timeout(5):
        while not home.services.has_service("notify", "inteltele"):
            await asyncio.sleep(0)
    assert entry.state is not ConfigEntryState.LOADED
    await _notify(home, "inteltele", target="Olena")
    await setting_up
    assert len(gateway.messages) == 1


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        ({"target": "Olena"}, True),
        ({"target": OLENA}, True),
        ({"target": "Petro"}, False),
        ({"target": PETRO}, False),
        ({"target": "+48601234567"}, False),
        ({}, False),
        ({"target": "Olena", "data": {"media": "camera.hidden"}}, False),
    ],
)
async def test_the_legacy_action_is_no_way_around_permissions(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_admin_user: MockUser,
    call: dict[str, Any],
    allowed: bool,
) -> None:
    """What a user may not do by the action, they may not do by it."""
    home.config.external_url = "https://house.example.org"
    user = MockUser(id="child").add_to_hass(home)
    user.mock_policy({"entities": {"entity_ids": {"notify.olena": True}}})
    outcome = pytest.raises(Unauthorized) if not allowed else nullcontext()
    with outcome:
        await home.services.async_call(
            "notify",
            "inteltele",
            {"message": "Water!", **call},
            blocking=True,
            context=Context(user_id=user.id),
        )
    assert len(gateway.messages) == allowed


async def test_an_alert_is_heard(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It calls actions by their names."""
    home.states.async_set("binary_sensor.water", "off")
    alert = {"name": "Water", "entity_id": "binary_sensor.water", "repeat": 30}
    assert await async_setup_component(
        home, "alert", {"alert": {"water": {**alert, "notifiers": ["inteltele"]}}}
    )
    home.states.async_set("binary_sensor.water", "on")
    await settled(home)
    assert {message.number for message in gateway.messages} == {OLENA, PETRO}
    home.states.async_set("binary_sensor.water", "off")
    await settled(home)


async def test_a_group_of_actions_reaches_us(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """With its own data for us."""
    service = {"action": "inteltele", "data": {"target": ["Petro"]}}
    group = {"platform": "group", "name": "everybody", "services": [service]}
    assert await async_setup_component(home, "notify", {"notify": [group]})
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    await _notify(home, "everybody")
    assert [message.number for message in gateway.messages] == [PETRO]
