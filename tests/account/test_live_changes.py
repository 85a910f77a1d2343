"""What a person changes at an account: taken up while it works, without a reload."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import (
    CONF_API_KEY,
    CONF_URL,
    CONF_WEBHOOK_ID,
    EVENT_STATE_CHANGED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.inteltele.const import (
    CONF_CURRENCY,
    CONF_PHONE,
    CONF_SMS_FALLBACK,
    CONF_SMS_SENDER,
    DOMAIN,
)
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from ..conftest import API_KEY, OLENA, PETRO, USERNAME, recipient, settled

MARIA = "+380671112255"

type Change = Callable[[HomeAssistant, MockConfigEntry], object]


@pytest.fixture
def settings() -> GatewaySettings:
    """Return a gateway whose reports the tests make."""
    return GatewaySettings(username=USERNAME, api_keys=(API_KEY,), report_url=None)


@pytest.fixture
async def changes(
    home: HomeAssistant, account: MockConfigEntry
) -> AsyncGenerator[list[Event]]:
    """Return the states that are written; none of them may be "unavailable"."""
    before = account.runtime_data
    written = async_capture_events(home, EVENT_STATE_CHANGED)
    yield written
    states = [change.data["new_state"] for change in written]
    assert [
        state.entity_id
        for state in states
        if state is not None and state.state == STATE_UNAVAILABLE
    ] == []
    assert account.runtime_data is before


def _sending(home: HomeAssistant, **fields: Any) -> asyncio.Task[Any]:
    """Begin to send a message."""
    return home.async_create_task(
        home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "entity_id": "notify.olena"} | fields,
            blocking=True,
            return_response=True,
        )
    )


async def _until_asked(gateway: SimulatedGateway, path: str = "/im/send/") -> None:
    """Wait until the gateway is asked something."""
    async with asyncio.timeout(5):
        while not gateway.request_count(path):
            await asyncio.sleep(0.01)


def _add(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Add a recipient."""
    home.config_entries.async_add_subentry(account, recipient("maria", "Maria", MARIA))


def _change(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Give a recipient another name and another number."""
    home.config_entries.async_update_subentry(
        account,
        account.subentries["petro"],
        title="Petro P.",
        data={CONF_PHONE: MARIA, CONF_SMS_FALLBACK: False},
    )


def _remove(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Remove a recipient; Home Assistant 2026.10 tells it before it acts."""
    home.config_entries.async_remove_subentry(account, "petro")


def _remove_and_tell(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Remove a recipient; Home Assistant 2026.11 acts before it tells."""
    [listener] = account.update_listeners
    account.update_listeners.clear()
    home.config_entries.async_remove_subentry(account, "petro")
    account.update_listeners.append(listener)
    home.async_create_task(listener(home, account))


def _set_options(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Save options."""
    home.config_entries.async_update_entry(account, options={"keep_text": False})


def _rename(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Give the account another title."""
    home.config_entries.async_update_entry(account, title="Holiday home")


def _bill_otherwise(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Bill the account in another currency."""
    data = {**account.data, CONF_CURRENCY: "EUR"}
    home.config_entries.async_update_entry(account, data=data)


def _renew(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Renew the address for reports."""
    data = {**account.data, CONF_WEBHOOK_ID: "renewed"}
    home.config_entries.async_update_entry(account, data=data)


def _change_nothing(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Change what the account does not care for."""
    home.config_entries.async_update_entry(account, minor_version=2)


@pytest.mark.usefixtures("changes")
@pytest.mark.parametrize(
    "change",
    [
        *(_add, _change, _remove, _remove_and_tell, _set_options, _rename),
        *(_bill_otherwise, _renew, _change_nothing),
    ],
)
async def test_a_change_ends_no_wait_and_no_request(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    change: Change,
) -> None:
    """An escalation goes on, and what is being sent arrives once."""
    gateway.settings.misbehaviour = Misbehaviour(delay=0.2, apply_to=("/im/send/",))
    waiting = _sending(home, wait_for="delivered")
    await _until_asked(gateway)
    change(home, account)
    await asyncio.sleep(0.3)
    assert not waiting.done()
    [message] = gateway.messages
    receipt = parse_receipt({"msgid": message.message_id, "status": "delivrd"})
    await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)
    [told] = (await waiting)["messages"]
    assert told["status"] == "delivered"
    assert gateway.request_count("/im/send/") == 1


@pytest.mark.usefixtures("changes")
async def test_a_new_recipient_is_there_at_once(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """With all entities, on a device of the account's."""
    _add(home, account)
    _change_nothing(home, account)
    assert {
        state.entity_id
        for state in home.states.async_all()
        if "maria" in state.name.lower()
    } == {"event.maria_delivery", "notify.maria", "sensor.maria_last_message"}
    registry = dr.async_get(home)
    own = registry.async_get_device_by_identifier((DOMAIN, "account"), "account")
    maria = registry.async_get_device_by_identifier((DOMAIN, "maria"), "account")
    assert own is not None
    assert maria is not None
    assert maria.via_device_id == own.id
    await _sending(home, entity_id="notify.maria")
    await home.async_block_till_done()
    assert home.states.get("event.maria_delivery").attributes["event_type"] == "sent"
    assert home.states.get("notify.maria").state != "unknown"


@pytest.mark.usefixtures("changes")
async def test_a_changed_recipient_is_called_and_reached_anew(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And shows what became of messages to the present number."""
    await _sending(home, entity_id="notify.petro")
    await asyncio.sleep(0.2)
    assert home.states.get("sensor.petro_last_message").state == "sent"
    _change(home, account)
    await home.async_block_till_done()
    assert home.states.get("notify.petro").name == "Petro P."
    assert home.states.get("event.petro_delivery").name == "Petro P. Delivery"
    assert home.states.get("sensor.petro_last_message").state == "unknown"
    await _sending(home, entity_id="notify.petro")
    assert [message.number for message in gateway.messages] == [PETRO, MARIA]
    assert gateway.messages[1].sms_text is None


@pytest.mark.usefixtures("changes")
@pytest.mark.parametrize("remove", [_remove, _remove_and_tell])
async def test_a_removed_recipient_is_gone_at_once(
    home: HomeAssistant, account: MockConfigEntry, remove: Change
) -> None:
    """In whichever order Home Assistant acts and tells; others stay."""
    remove(home, account)
    await home.async_block_till_done()
    _change_nothing(home, account)
    await home.async_block_till_done()
    assert not [
        state.entity_id
        for state in home.states.async_all()
        if "petro" in state.entity_id
    ]
    assert home.states.get("notify.olena") is not None
    home.config_entries.async_add_subentry(account, recipient("again", "Petro", PETRO))
    await home.async_block_till_done()
    assert home.states.get("notify.petro").state == "unknown"


async def test_a_removed_recipient_has_no_issue(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody could end it."""
    for number in range(3):
        await _sending(home, message=f"Water {number}!")
        receipt = parse_receipt(
            {"msgid": gateway.messages[number].message_id, "status": "undeliv"}
        )
        await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)
    await home.async_block_till_done()
    issue = (DOMAIN, "undeliverable_olena_account")
    assert issue in ir.async_get(home).issues
    home.config_entries.async_remove_subentry(account, "olena")
    await home.async_block_till_done()
    assert issue not in ir.async_get(home).issues


async def test_a_recipient_who_was_given_a_fallback_has_no_issue(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """That cures it."""
    for number in range(3):
        await _sending(home, message=f"Water {number}!")
        receipt = parse_receipt(
            {"msgid": gateway.messages[number].message_id, "status": "undeliv"}
        )
        await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)
    await home.async_block_till_done()
    home.config_entries.async_update_subentry(
        account,
        account.subentries["olena"],
        data={CONF_PHONE: OLENA, CONF_SMS_FALLBACK: True, CONF_SMS_SENDER: "House"},
    )
    await home.async_block_till_done()
    assert (DOMAIN, "undeliverable_olena_account") not in ir.async_get(home).issues


@pytest.mark.usefixtures("changes")
@pytest.mark.parametrize("options", [{"daily_limit": 1}])
async def test_options_hold_from_the_next_message_on(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Whoever keeps them."""
    await _sending(home)
    home.config_entries.async_update_entry(
        account,
        options={
            "daily_limit": 9,
            "keep_text": False,
            "low_balance": 100.0,
            "sender": "House",
            "ttl": {"minutes": 5},
        },
    )
    await home.async_block_till_done()
    assert home.states.get("binary_sensor.inteltele_low_balance").state == STATE_ON
    await _sending(home, message="Fire!")
    [_, request] = [item for item in gateway.requests if item.path == "/im/send/"]
    assert request.parameters["im_sender"] == "House"
    assert request.parameters["im_ttl"] == "300"
    [fire, water] = await account.runtime_data.ledger.history(None, None, 10)
    assert (water.text, fire.text) == ("Water!", None)


@pytest.mark.parametrize("options", [{"daily_limit": 1}])
async def test_a_raised_limit_ends_its_issue(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """At once."""
    await _sending(home, entity_id=["notify.olena", "notify.petro"])
    issues = ir.async_get(home).issues
    assert (DOMAIN, "limit_reached_account") in issues
    home.config_entries.async_update_entry(account, options={"daily_limit": 2})
    await home.async_block_till_done()
    assert (DOMAIN, "limit_reached_account") not in issues


async def test_a_new_key_cures_a_rejected_one(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """What waited for it goes out, and nothing was reloaded."""
    before = account.runtime_data
    settings.api_keys = ("new-key",)
    await before.coordinator.async_refresh()
    await home.async_block_till_done()
    assert home.states.get("sensor.inteltele_balance").state == STATE_UNAVAILABLE
    gateway.requests.clear()
    home.config_entries.async_update_entry(
        account, data={**account.data, CONF_API_KEY: "new-key"}
    )
    await settled(home)
    assert account.runtime_data is before
    assert gateway.request_count("/balance/") == 1
    assert home.states.get("sensor.inteltele_balance").state == "25.00"
    await _sending(home)
    assert len(gateway.messages) == 1


async def test_a_late_refusal_of_the_old_key_says_nothing_of_the_new_one(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """Nobody is asked for a key that is right."""
    settings.api_keys = ("new-key",)
    settings.misbehaviour = Misbehaviour(delay=0.2, times=1, apply_to=("/im/send/",))
    late = _sending(home)
    await _until_asked(gateway)
    home.config_entries.async_update_entry(
        account, data={**account.data, CONF_API_KEY: "new-key"}
    )
    with pytest.raises(Exception, match="rejects the API key"):
        await late
    await settled(home)
    assert list(account.async_get_active_flows(home, {SOURCE_REAUTH})) == []
    assert home.states.get("binary_sensor.inteltele_gateway").state == STATE_OFF


@pytest.mark.usefixtures("changes")
async def test_an_account_moves_to_another_gateway(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """From the next message on."""
    async with SimulatedGateway(settings) as other:
        home.config_entries.async_update_entry(
            account, data={**account.data, CONF_URL: other.url}
        )
        await _sending(home)
        assert len(other.messages) == 1
        await settled(home)


@pytest.mark.usefixtures("changes")
async def test_another_currency_is_shown_at_once(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With every amount."""
    _bill_otherwise(home, account)
    await home.async_block_till_done()
    assert {
        state.entity_id: state.attributes["unit_of_measurement"]
        for state in home.states.async_all("sensor")
        if state.attributes.get("device_class") == "monetary"
    } == dict.fromkeys(
        (
            "sensor.inteltele_balance",
            "sensor.inteltele_credit",
            "sensor.inteltele_spent",
        ),
        "EUR",
    )


@pytest.mark.usefixtures("changes")
async def test_another_title_is_shown_at_once(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Unless somebody gave the device a name of their own."""
    registry = dr.async_get(home)
    petro = registry.async_get_device_by_identifier((DOMAIN, "petro"), "account")
    assert petro is not None
    registry.async_update_device(petro.id, name_by_user="Dad")
    _rename(home, account)
    _change(home, account)
    await home.async_block_till_done()
    names = {state.entity_id: state.name for state in home.states.async_all()}
    assert names["sensor.inteltele_balance"] == "Holiday home Balance"
    assert names["binary_sensor.inteltele_gateway"] == "Holiday home Gateway"
    assert names["notify.olena"] == "Olena"
    assert names["notify.petro"] == "Dad"
    assert account.runtime_data.coordinator.name == "Holiday home"


async def test_an_account_that_is_not_to_be_polled_is_not(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Home Assistant reloads it for that; on demand it is asked all the same."""
    home.config_entries.async_update_entry(account, pref_disable_polling=True)
    await home.config_entries.async_reload(account.entry_id)
    await settled(home)
    assert account.runtime_data.coordinator.update_interval is None
    gateway.settings.balance = Decimal(7)
    await account.runtime_data.coordinator.async_refresh()
    assert Decimal(home.states.get("sensor.inteltele_balance").state) == 7
