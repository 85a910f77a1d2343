"""Setting an account up and taking it down."""

import asyncio
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
import sqlite3
import threading
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    device_registry as dr,
    entity_platform,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.inteltele.account import work as work_module
from custom_components.inteltele.account.account import ledger_path
from custom_components.inteltele.account.accounts import async_find_account
from custom_components.inteltele.care.report_addresses import (
    async_get_report_addresses,
)
from custom_components.inteltele.const import DOMAIN, EVENT_DELIVERY_STATUS
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from .conftest import (
    API_KEY,
    OLENA,
    WEBHOOK_ID,
    Damage,
    disable,
    enable,
    recipient,
    settled,
    stop,
)


async def test_an_account_is_set_up_and_disabled(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Nothing of it stays behind."""
    assert account.state is ConfigEntryState.LOADED
    assert home.services.has_service("notify", "inteltele")
    await disable(home, account)
    assert not home.services.has_service("notify", "inteltele")
    assert home.states.get("sensor.inteltele_balance").state == STATE_UNAVAILABLE
    assert async_find_account(home, account.entry_id) is None
    await enable(home, account)
    assert home.services.has_service("notify", "inteltele")
    assert home.states.get("sensor.inteltele_balance").state == "25.00"


@pytest.mark.parametrize(
    ("language", "models"),
    [
        ("en", ("Viber and SMS gateway", "Recipient")),
        ("de", ("Viber- und SMS-Gateway", "Empfänger")),
        ("pl", ("Bramka Viber i SMS", "Odbiorca")),
    ],
)
async def test_devices_say_what_they_are_in_the_language_of_the_house(
    home: HomeAssistant, entry: MockConfigEntry, language: str, models: tuple[str, str]
) -> None:
    """Home Assistant shows their model as it is."""
    home.config.language = language
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    registry = dr.async_get(home)
    shown = {
        device.model
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
    }
    assert shown == set(models)


async def test_a_device_leads_to_where_something_can_be_done(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """To the provider, and to the form that sends."""
    registry = dr.async_get(home)
    places = {
        device.name: device.configuration_url
        for device in dr.async_entries_for_config_entry(registry, account.entry_id)
    }
    assert places["IntelTele"] == "https://intel-tele.com"
    assert places["Olena"] == places["Petro"]
    assert places["Olena"].endswith("/tools/action?service=inteltele.send_message")


async def test_recipients_hang_on_the_account(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Each is a device of its own, reached through the account's."""
    registry = dr.async_get(home)
    own = registry.async_get_device_by_identifier((DOMAIN, "account"), "account")
    olena = registry.async_get_device_by_identifier((DOMAIN, "olena"), "account")
    assert own is not None
    assert olena is not None
    assert olena.via_device_id == own.id
    assert {entity.unique_id for entity in er.async_get(home).entities.values()} == {
        "account_alarm",
        "account_balance",
        "account_credit",
        "account_delivered",
        "account_failed",
        "account_gateway_problem",
        "account_low_balance",
        "account_pending",
        "account_sent",
        "account_spent",
        "olena_last_message",
        "petro_last_message",
        "olena_notify",
        "olena_delivery",
        "petro_notify",
        "petro_delivery",
    }


@pytest.mark.parametrize("path", ["/balance/", "/credit/"])
async def test_a_recipient_who_comes_during_the_set_up_is_there_after_it(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway, path: str
) -> None:
    """Several may be added one after the other."""
    gateway.settings.misbehaviour = Misbehaviour(delay=0.1, apply_to=(path,))
    entry.add_to_hass(home)
    setting_up = home.async_create_task(home.config_entries.async_setup(entry.entry_id))
    async with asyncio.timeout(5):
        while not gateway.request_count(path):
            await asyncio.sleep(0.01)
    home.config_entries.async_add_subentry(
        entry, recipient("maria", "Maria", "+380671112255")
    )
    await setting_up
    await home.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    await home.services.async_call(
        DOMAIN,
        "send_message",
        {"entity_id": "notify.maria", "message": "Water!"},
        blocking=True,
    )
    await home.async_block_till_done()
    assert home.states.get("event.maria_delivery").attributes["event_type"] == "sent"


async def test_a_gateway_out_of_reach_does_not_fail_the_set_up(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Receipts must be heard all the same; only the money is not known."""
    await gateway.stop()
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert home.states.get("sensor.inteltele_balance").state == STATE_UNAVAILABLE
    assert home.states.get("notify.olena").state != STATE_UNAVAILABLE


@pytest.fixture
def _nobody_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a set-up end although the gateway has not answered."""
    monkeypatch.setattr(work_module, "ANSWERED_WITHIN", 0.01)


@pytest.mark.usefixtures("_nobody_is_waited_for")
async def test_a_gateway_that_does_not_answer_does_not_delay_the_set_up(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Messages can be sent meanwhile; what only it knows is not shown as known."""
    gateway.settings.misbehaviour = Misbehaviour(delay=60, apply_to=("/balance/",))
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert {
        state.entity_id
        for state in home.states.async_all()
        if state.state == STATE_UNAVAILABLE
    } == {
        "binary_sensor.inteltele_gateway",
        "binary_sensor.inteltele_low_balance",
        "sensor.inteltele_balance",
        "sensor.inteltele_credit",
    }
    await home.services.async_call(
        DOMAIN,
        "send_message",
        {"entity_id": "notify.olena", "message": "Water!"},
        blocking=True,
    )
    assert len(gateway.messages) == 1
    await disable(home, entry)


async def test_a_message_at_the_start_waits_for_the_first_answer(
    home: HomeAssistant, entry: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It would be refused with the same key once more."""
    gateway.settings.api_keys = ("another-key",)
    gateway.settings.misbehaviour.delay = 0.2
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    with pytest.raises(HomeAssistantError, match="rejects the API key"):
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {"to": OLENA, "message": "Water!"},
            blocking=True,
        )
    assert gateway.request_count() == 1


async def test_a_wrong_key_makes_one_request_and_asks_for_a_new_one(
    home: HomeAssistant,
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """Neither sends nor reloads try it again: the gateway would lock us out."""
    settings.api_keys = ("another-key",)
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    with pytest.raises(Exception, match="rejects the API key"):
        await home.services.async_call(
            "notify",
            "send_message",
            {"entity_id": "notify.olena", "message": "Water!"},
            blocking=True,
        )
    await home.config_entries.async_reload(entry.entry_id)
    await home.async_block_till_done()
    assert gateway.request_count() == 1
    assert [
        flow["context"]["source"] for flow in home.config_entries.flow.async_progress()
    ] == [SOURCE_REAUTH]


async def test_a_key_rejected_while_sending_asks_for_a_new_one(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """With the two requests that begin together, whatever the number of recipients."""
    settings.api_keys = ("another-key",)
    with pytest.raises(Exception, match="Not sent to Olena, Petro"):
        await home.services.async_call(
            "notify", "inteltele", {"message": "Water!"}, blocking=True
        )
    await home.async_block_till_done()
    assert gateway.request_count() == 2
    assert list(account.async_get_active_flows(home, {SOURCE_REAUTH}))


@pytest.mark.parametrize("rejected_by", ["balance", "send"])
async def test_a_key_that_was_rejected_by_mistake_is_in_order_again(
    home: HomeAssistant,
    account: MockConfigEntry,
    settings: GatewaySettings,
    freezer: FrozenDateTimeFactory,
    rejected_by: str,
) -> None:
    """The next send finds it out, and nobody is asked for another one."""
    send = {"to": OLENA, "message": "Water!"}
    settings.api_keys = ("another-key",)
    if rejected_by == "balance":
        await account.runtime_data.coordinator.async_refresh()
    with pytest.raises(HomeAssistantError, match="rejects the API key"):
        await home.services.async_call(DOMAIN, "send_message", send, blocking=True)
    await settled(home)
    issues = ir.async_get(home).issues
    assert list(account.async_get_active_flows(home, {SOURCE_REAUTH}))
    assert any("reauth" in issue_id for _, issue_id in issues)
    settings.api_keys = (API_KEY,)
    freezer.tick(timedelta(minutes=6))
    await home.services.async_call(DOMAIN, "send_message", send, blocking=True)
    await settled(home)
    assert not list(account.async_get_active_flows(home, {SOURCE_REAUTH}))
    assert not any("reauth" in issue_id for _, issue_id in issues)
    await account.runtime_data.coordinator.async_refresh()
    assert account.runtime_data.coordinator.last_update_success


async def test_a_new_recipient_appears_without_a_restart(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And the legacy action stays, once."""
    home.config_entries.async_remove_subentry(account, "petro")
    await home.async_block_till_done()
    assert account.state is ConfigEntryState.LOADED
    assert home.states.get("notify.petro") is None
    assert home.services.has_service("notify", "inteltele")


async def test_removal_takes_everything_away(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """No entity, no action of the account stays."""
    await home.config_entries.async_remove(account.entry_id)
    await home.async_block_till_done()
    assert home.states.async_entity_ids() == []
    assert not home.services.has_service("notify", "inteltele")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"This is a shopping list." * 100, "ledger_damaged_unreadable"),
        (None, "ledger_damaged_not_writable"),
    ],
)
async def test_a_damaged_ledger_is_told_and_stops_nothing(
    home: HomeAssistant,
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
    tmp_path: Path,
    content: bytes | None,
    key: str,
) -> None:
    """And the issue goes when it is cured."""
    path = tmp_path / ".storage" / "inteltele.account.db"
    spoil = {True: path.mkdir, False: path.touch}[content is None]
    path.parent.mkdir()
    spoil()
    with suppress(IsADirectoryError):
        path.write_bytes(content or b"")
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    issues = ir.async_get(home).issues
    assert issues[DOMAIN, "ledger_damaged_account"].translation_key == key
    await home.services.async_call(
        "notify", "inteltele", {"message": "Water!"}, blocking=True
    )
    assert len(gateway.messages) == 2
    await stop(home, entry)
    with suppress(OSError):
        path.rmdir()
    await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    assert (DOMAIN, "ledger_damaged_account") not in issues


def _keeps_files(folder: Path) -> bool:
    """Return whether there is anything of the account's own on the disk."""
    return any(folder.glob(".storage/inteltele.account*"))


@pytest.mark.parametrize("reason", ["disabled", "removed"])
async def test_a_send_outlives_an_account_that_does_not_come_back(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    tmp_path: Path,
    reason: str,
) -> None:
    """It is remembered where its account is; an account that is gone stays so."""
    gateway.settings.misbehaviour.delay = 0.2
    sending = home.async_create_task(
        home.services.async_call(
            DOMAIN,
            "send_message",
            {"entity_id": "notify.olena", "message": "Water!"},
            blocking=True,
            return_response=True,
        )
    )
    await asyncio.sleep(0.05)
    gateway.settings.misbehaviour.delay = 0
    if reason == "removed":
        await home.config_entries.async_remove(account.entry_id)
    else:
        await home.config_entries.async_set_disabled_by(
            account.entry_id, ConfigEntryDisabler.USER
        )
    response = await sending
    assert response["messages"][0]["status"] == "sent"
    await asyncio.sleep(0.1)
    assert _keeps_files(tmp_path) is (reason == "disabled")
    if reason == "removed":
        return
    await home.config_entries.async_set_disabled_by(account.entry_id, None)
    await home.async_block_till_done()
    [message] = await account.runtime_data.ledger.history(None, None, 10)
    assert message.text == "Water!"


async def test_a_ledger_that_cannot_be_loaded_leaves_nothing_open(
    home: HomeAssistant, account: MockConfigEntry, damage: Damage
) -> None:
    """The set-up fails, and succeeds once the file is mended."""
    await damage("counters", "gone")
    await stop(home, account)
    assert not await home.config_entries.async_setup(account.entry_id)
    assert not [
        thread for thread in threading.enumerate() if "account.db" in thread.name
    ]
    with closing(sqlite3.connect(ledger_path(home, account.entry_id))) as file:
        file.execute("ALTER TABLE gone RENAME TO counters")
    assert await home.config_entries.async_reload(account.entry_id)


async def test_a_reload_during_a_send_loses_nothing(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Neither the message nor what becomes of it."""
    events = async_capture_events(home, EVENT_DELIVERY_STATUS)
    gateway.settings.misbehaviour.delay = 0.2
    sending = home.async_create_task(
        home.services.async_call(
            "notify",
            "send_message",
            {"entity_id": "notify.olena", "message": "Water!"},
            blocking=True,
        )
    )
    await asyncio.sleep(0.05)
    gateway.settings.misbehaviour.delay = 0
    await home.config_entries.async_reload(account.entry_id)
    await sending
    [message] = gateway.messages
    await account.runtime_data.delivery.receive(
        parse_receipt({"msgid": message.message_id, "status": "delivrd"}),
        ReceiptSource.WEBHOOK,
    )
    await home.async_block_till_done()
    assert [event.data["message_id"] for event in events] == [message.message_id]


async def test_removal_takes_the_file_away(
    home: HomeAssistant, account: MockConfigEntry, tmp_path: Path
) -> None:
    """The history goes with its account."""
    folder = tmp_path / ".storage"
    assert [path.name for path in folder.glob("inteltele.account*")]
    await home.config_entries.async_remove(account.entry_id)
    assert [path.name for path in folder.glob("inteltele.account*")] == []


async def test_with_the_last_account_goes_the_last_file(
    home: HomeAssistant, account: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    """Nothing of ours stays behind."""
    (await async_get_report_addresses(home)).hand_out(WEBHOOK_ID, "/api/webhook/x")
    await home.async_block_till_done()
    assert "inteltele.report_addresses" in hass_storage
    await home.config_entries.async_remove(account.entry_id)
    await home.async_block_till_done()
    assert [name for name in hass_storage if name.startswith("inteltele")] == []


async def test_no_log_line_holds_the_key(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not even when the gateway goes away."""
    await gateway.stop()
    await account.runtime_data.coordinator.async_refresh()
    await account.runtime_data.coordinator.async_refresh()
    lines = [record.getMessage() for record in caplog.records]
    assert not any(API_KEY in line for line in lines)
    assert sum("Could not connect to IntelTele" in line for line in lines) == 1


async def test_a_gateway_that_goes_and_comes_back_is_logged_once_each_way(
    home: HomeAssistant,
    account: MockConfigEntry,
    settings: GatewaySettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What else the account knows stays available meanwhile."""
    settings.misbehaviour.server_error = 502
    for _ in range(3):
        await account.runtime_data.coordinator.async_refresh()
    await home.async_block_till_done()
    unavailable = {
        state.entity_id
        for state in home.states.async_all()
        if state.state == STATE_UNAVAILABLE
    }
    assert unavailable == {
        "binary_sensor.inteltele_low_balance",
        "sensor.inteltele_balance",
        "sensor.inteltele_credit",
    }
    settings.misbehaviour.server_error = None
    for _ in range(3):
        await account.runtime_data.coordinator.async_refresh()
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.inteltele")
        and record.levelname != "DEBUG"
    ]
    assert [line.partition(":")[0] for line in lines] == [
        "Error fetching IntelTele data",
        "Fetching IntelTele data recovered",
    ]


async def test_no_entity_is_polled(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Each is told when something changes."""
    polled = [
        entity.entity_id
        for platform in entity_platform.async_get_platforms(home, DOMAIN)
        for entity in platform.entities.values()
        if entity.should_poll
    ]
    assert polled == []
