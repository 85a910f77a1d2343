"""Repairs issues: raised by their cause, gone when cured, and ended in their dialog."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
import re
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)

from custom_components.inteltele.care.account_watch import FAILURES_IN_A_ROW
from custom_components.inteltele.care.issues import (
    FIXABLE,
    AccountIssue,
    async_raise_issue,
    async_tell_of_no_public_url,
)
from custom_components.inteltele.care.report_addresses import (
    REPORTS_KEPT_EVERY,
    ReportAddresses,
)
from custom_components.inteltele.care.report_watch import (
    REPORTED_WITHIN,
    REPORTS_MISSED_AFTER,
    UNREPORTED_MESSAGES,
)
from custom_components.inteltele.const import (
    CONF_DAILY_LIMIT,
    CONF_LOW_BALANCE,
    CONF_PHONE,
    CONF_SENDER,
    CONF_SMS_AFTER,
    CONF_SMS_FALLBACK,
    CONF_SMS_SENDER,
    DOMAIN,
)
from custom_components.inteltele.coordinator import UPDATE_INTERVAL
from custom_components.inteltele.gateway import RefusedError, SmsContent, parse_receipt
from custom_components.inteltele.repairs import _FLOWS
from custom_components.inteltele.storage.database import GATHERED_FOR
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from .conftest import OLENA, PETRO, WEBHOOK_ID, recipient, restart, settled, stop

ACCOUNT = {"account": "IntelTele", "account_escaped": "IntelTele"}
HOUSE = "https://house.example.org"
OTHER = "https://other.example.org"
PATH = f"/api/webhook/{WEBHOOK_ID}"

type ClientGenerator = Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]]


@pytest.fixture
async def dialog(
    home: HomeAssistant, account: MockConfigEntry, hass_client: ClientGenerator
) -> TestClient[Any, Any]:
    """Return what the repairs dialog speaks to."""
    assert await async_setup_component(home, "repairs", {})
    return await hass_client()


async def _open(dialog: TestClient[Any, Any], issue_id: str) -> dict[str, Any]:
    """Open the dialog of an issue."""
    response = await dialog.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    return await response.json()


async def _submit(
    dialog: TestClient[Any, Any], flow: dict[str, Any], **entered: str
) -> dict[str, Any]:
    """Go on in the dialog of an issue."""
    response = await dialog.post(
        f"/api/repairs/issues/fix/{flow['flow_id']}", json=entered
    )
    return await response.json()


def _issues(home: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the issues that a person sees, by id."""
    return {
        issue.issue_id: issue
        for issue in ir.async_get(home).issues.values()
        if issue.domain == DOMAIN and issue.active
    }


async def _refresh(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Ask the gateway for the money."""
    await account.runtime_data.coordinator.async_refresh()
    await home.async_block_till_done()


async def _let_pass(
    home: HomeAssistant, freezer: FrozenDateTimeFactory, time: timedelta
) -> None:
    """Let some time pass."""
    freezer.tick(time)
    async_fire_time_changed(home)
    await settled(home)


async def _send(home: HomeAssistant, **fields: Any) -> None:
    """Send a message, whatever becomes of it."""
    with suppress(HomeAssistantError):
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "to": [OLENA], "retry_for": 0, **fields},
            blocking=True,
        )
    await home.async_block_till_done()


async def _send_and_tell(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    *statuses: str,
    number: str = OLENA,
    source: ReceiptSource = ReceiptSource.WEBHOOK,
) -> None:
    """Send a message for each status, and let the gateway tell it."""
    for index, status in enumerate(statuses):
        text = f"Water! {len(gateway.messages)} {index}"
        await _send(home, to=[number], message=text)
        receipt = parse_receipt(
            {"msgid": gateway.messages[-1].message_id, "status": status}
        )
        await account.runtime_data.delivery.receive(receipt, source)
        await home.async_block_till_done()


def test_every_fixable_issue_has_a_dialog() -> None:
    """And no other."""
    assert set(_FLOWS) == FIXABLE


async def test_an_address_that_is_not_allowed_is_told_until_it_is(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """Whoever notices first."""
    allowed, settings.allowed_ips = settings.allowed_ips, ("10.0.0.0/8",)
    await _send(home)
    issue = _issues(home)["ip_not_allowed_account"]
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.translation_placeholders == ACCOUNT
    settings.allowed_ips = allowed
    await _refresh(home, account)
    assert _issues(home) == {}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"allowed_ips": ("10.0.0.0/8",)}, "ip_not_allowed"),
        ({"api_keys": ("other",)}, "invalid_auth"),
        ({"api_keys": ("other",), "lock_out_after": 1}, "locked_out"),
        ({"misbehaviour": Misbehaviour(html_body=True)}, "invalid_response"),
        ({"misbehaviour": Misbehaviour(server_error=502)}, "cannot_connect"),
    ],
)
async def test_the_dialog_tells_what_is_still_wrong(
    home: HomeAssistant,
    account: MockConfigEntry,
    settings: GatewaySettings,
    dialog: TestClient[Any, Any],
    wrong: dict[str, Any],
    error: str,
) -> None:
    """The issue stays."""
    settings.allowed_ips, allowed = ("10.0.0.0/8",), settings.allowed_ips
    await _refresh(home, account)
    settings.allowed_ips = allowed
    for name, value in wrong.items():
        setattr(settings, name, value)
    flow = await _open(dialog, "ip_not_allowed_account")
    flow = await _submit(dialog, flow)
    assert (flow["step_id"], flow["errors"]) == ("confirm", {"base": error})
    assert "ip_not_allowed_account" in _issues(home)


async def test_the_dialog_ends_what_was_mended(
    home: HomeAssistant,
    account: MockConfigEntry,
    settings: GatewaySettings,
    dialog: TestClient[Any, Any],
) -> None:
    """After a try that came too early, and the money is known again at once."""
    allowed, settings.allowed_ips = settings.allowed_ips, ("10.0.0.0/8",)
    await _refresh(home, account)
    flow = await _submit(dialog, await _open(dialog, "ip_not_allowed_account"))
    assert flow["errors"] == {"base": "ip_not_allowed"}
    settings.allowed_ips = allowed
    flow = await _submit(dialog, flow)
    assert flow["type"] == "create_entry"
    assert _issues(home) == {}
    assert home.states.get("sensor.inteltele_balance").state == "25.00"


async def test_the_dialog_cannot_ask_for_an_account_that_does_not_run(
    home: HomeAssistant,
    account: MockConfigEntry,
    settings: GatewaySettings,
    dialog: TestClient[Any, Any],
) -> None:
    """And says so."""
    settings.allowed_ips = ("10.0.0.0/8",)
    await _refresh(home, account)
    await stop(home, account)
    flow = await _open(dialog, "ip_not_allowed_account")
    assert (flow["type"], flow["reason"]) == ("abort", "account_not_loaded")


async def test_a_lock_out_is_told_until_it_is_over(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """Without a request to find out."""
    await home.config.async_set_time_zone("UTC")
    freezer.move_to("2026-11-24 12:00:00+00:00")
    settings.api_keys, settings.lock_out_after = ("other",), 1
    await _refresh(home, account)
    issue = _issues(home)["locked_out_account"]
    assert issue.translation_placeholders == {**ACCOUNT, "time": "12:05"}
    await _refresh(home, account)
    await _let_pass(home, freezer, timedelta(minutes=4, seconds=55))
    assert list(_issues(home)) == ["locked_out_account"]
    await _let_pass(home, freezer, timedelta(seconds=10))
    assert _issues(home) == {}
    assert gateway.request_count() == 1


async def test_an_answer_ends_the_issue_of_a_lock_out(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """Such as one to a request that was made otherwise."""
    keys, settings.lock_out_after = settings.api_keys, 1
    settings.api_keys = ("other",)
    await _refresh(home, account)
    assert list(_issues(home)) == ["locked_out_account"]
    settings.api_keys = keys
    account.runtime_data.client.on_exchange(None)
    assert _issues(home) == {}


async def test_a_banned_sender_is_told_without_its_name(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And over a restart, because it is found out by sending only."""
    home.config_entries.async_update_entry(account, options={CONF_SENDER: "Villa"})
    await home.async_block_till_done()
    await _send(home, sender="Banned", sms_message="Water!", sms_sender="House")
    issue = _issues(home)["sender_banned_account"]
    assert issue.translation_placeholders == ACCOUNT
    assert issue.is_persistent
    assert not re.search("Banned|House|Villa", str(issue.to_json()))
    await restart(home, account)
    assert "sender_banned_account" in _issues(home)


async def test_a_message_with_a_sender_shows_that_it_is_not_banned_any_more(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """One without tells nothing."""
    await _send(home, sender="Banned")
    await _send(home, message="Without")
    assert list(_issues(home)) == ["sender_banned_account"]
    await _send(home, message="With", sender="House")
    assert _issues(home) == {}


async def test_an_sms_shows_nothing_of_the_sender_of_viber_messages(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """It may have gone in place of the message that was refused."""
    await _send(home, sender="Banned")
    content = SmsContent(message="Water!", sender="House")
    await account.runtime_data.client.send_sms(content, [OLENA])
    assert list(_issues(home)) == ["sender_banned_account"]


async def test_the_sender_of_an_sms_may_be_banned_as_well(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """It is named in the same way."""
    content = SmsContent(message="Water!", sender="Banned")
    with pytest.raises(RefusedError):
        await account.runtime_data.client.send_sms(content, [OLENA])
    issue = _issues(home)["sender_banned_account"]
    assert issue.translation_placeholders == ACCOUNT


async def test_another_sender_in_the_options_ends_the_issue(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Before anything is sent with it."""
    home.config_entries.async_update_entry(account, options={CONF_SENDER: "banned"})
    await home.async_block_till_done()
    await _send(home)
    assert list(_issues(home)) == ["sender_banned_account"]
    home.config_entries.async_update_entry(account, options={CONF_SENDER: "House"})
    await home.async_block_till_done()
    assert _issues(home) == {}


@pytest.mark.parametrize("options", [{CONF_LOW_BALANCE: 10.0}])
async def test_a_low_balance_is_told_from_the_threshold_on(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """Until it is above again; a gateway that is away changes nothing."""
    settings.balance = Decimal("10.00")
    await _refresh(home, account)
    issue = _issues(home)["low_balance_account"]
    assert issue.translation_placeholders == {**ACCOUNT, "balance": "10.00 UAH"}
    settings.misbehaviour = Misbehaviour(server_error=502)
    settings.balance = Decimal("10.01")
    await _refresh(home, account)
    assert list(_issues(home)) == ["low_balance_account"]
    settings.misbehaviour = Misbehaviour()
    await _refresh(home, account)
    assert _issues(home) == {}


async def test_the_dialog_of_a_low_balance_asks_whether_it_was_topped_up(
    home: HomeAssistant,
    account: MockConfigEntry,
    settings: GatewaySettings,
    dialog: TestClient[Any, Any],
) -> None:
    """As often as it takes."""
    settings.balance = Decimal("-0.424200")
    await _refresh(home, account)
    flow = await _open(dialog, "low_balance_account")
    assert flow["description_placeholders"]["balance"] == "-0.42 UAH"
    flow = await _submit(dialog, flow)
    assert flow["errors"] == {"base": "low_balance"}
    settings.balance = Decimal(50)
    flow = await _submit(dialog, flow)
    assert flow["type"] == "create_entry"
    assert _issues(home) == {}


@pytest.mark.parametrize("options", [{CONF_DAILY_LIMIT: 1}])
async def test_a_reached_limit_is_told_until_its_time_is_over(
    freezer: FrozenDateTimeFactory, home: HomeAssistant, account: MockConfigEntry
) -> None:
    """A day after what was sent."""
    await _send(home)
    assert _issues(home) == {}
    await _send(home, message="Fire!")
    assert list(_issues(home)) == ["limit_reached_account"]
    await _let_pass(home, freezer, timedelta(days=1, seconds=1))
    await _refresh(home, account)
    assert _issues(home) == {}


async def test_another_public_address_must_be_handed_in(
    home: HomeAssistant,
    account: MockConfigEntry,
    dialog: TestClient[Any, Any],
) -> None:
    """The dialog shows it; a reload does not take it for known."""
    await home.config.async_update(external_url=HOUSE)
    await home.async_block_till_done()
    assert _issues(home) == {}
    await home.config.async_update(external_url=OTHER)
    await home.async_block_till_done()
    await home.config_entries.async_reload(account.entry_id)
    assert list(_issues(home)) == ["report_url_changed_account"]
    flow = await _open(dialog, "report_url_changed_account")
    assert flow["description_placeholders"] == {
        **ACCOUNT,
        "public_ip": "",
        "report_url": f"{OTHER}{PATH}",
        "website": "https://intel-tele.com",
    }
    flow = await _submit(dialog, flow)
    assert flow["type"] == "create_entry"
    await home.config_entries.async_reload(account.entry_id)
    assert _issues(home) == {}


@pytest.mark.parametrize("then", [HOUSE, None])
async def test_the_old_address_or_none_needs_nothing(
    home: HomeAssistant, account: MockConfigEntry, then: str | None
) -> None:
    """There is nothing to hand in."""
    for url in (HOUSE, OTHER, then):
        await home.config.async_update(external_url=url)
        await home.async_block_till_done()
    assert _issues(home) == {}


async def test_a_renewed_address_was_shown(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """When it was made."""
    await home.config.async_update(external_url=HOUSE)
    data = {**account.data, "webhook_id": "renewed"}
    home.config_entries.async_update_entry(account, data=data)
    await home.async_block_till_done()
    assert _issues(home) == {}
    addresses = home.data["inteltele_report_addresses"]
    assert list(addresses.as_dict()) == ["renewed"]
    assert addresses.find("renewed").url == f"{HOUSE}/api/webhook/renewed"


async def test_what_was_handed_out_survives_a_restart(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_storage: dict[str, Any],
) -> None:
    """And so does the time of the last report."""
    await home.config.async_update(external_url=HOUSE)
    await _send_and_tell(home, account, gateway, "delivrd")
    stored = hass_storage["inteltele.report_addresses"]["data"][WEBHOOK_ID]
    await stop(home, account)
    known = home.data.pop("inteltele_report_addresses").find(WEBHOOK_ID)
    await home.config_entries.async_setup(account.entry_id)
    assert stored["url"] == f"{HOUSE}{PATH}"
    assert home.data["inteltele_report_addresses"].find(WEBHOOK_ID) == known
    assert account.runtime_data.care.reports.reported_at is not None


def test_a_report_by_an_address_that_was_renewed_meanwhile_is_not_remembered() -> None:
    """There may be one under way."""
    changes: list[str] = []
    addresses = ReportAddresses(
        None, on_change=lambda: changes.append("kept"), now=dt_util.utcnow
    )
    addresses.reported("renewed")
    assert (addresses.find("renewed"), changes) == (None, [])


async def test_reports_are_kept_now_and_then_only(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_storage: dict[str, Any],
) -> None:
    """Each would write a file."""
    kept = []
    for time in (timedelta(), REPORTS_KEPT_EVERY / 2, REPORTS_KEPT_EVERY / 2):
        freezer.tick(time)
        await _send_and_tell(home, account, gateway, "delivrd")
        stored = hass_storage["inteltele.report_addresses"]["data"][WEBHOOK_ID]
        kept.append(stored["reported_at"])
    assert kept[0] == kept[1] != kept[2]


async def test_a_recipient_that_cannot_be_reached_is_told(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """After three failures in a row, and after a restart; a delivery ends it."""
    failures = ["undeliv"] * FAILURES_IN_A_ROW
    await _send_and_tell(home, account, gateway, *failures[1:], "delivrd")
    await _send_and_tell(home, account, gateway, *failures[1:])
    assert _issues(home) == {}
    await _send_and_tell(home, account, gateway, "undeliv")
    assert list(_issues(home)) == ["undeliverable_olena_account"]
    ir.async_delete_issue(home, DOMAIN, "undeliverable_olena_account")
    await restart(home, account)
    issue = _issues(home)["undeliverable_olena_account"]
    assert issue.translation_placeholders["recipient"] == "Olena"
    await _send_and_tell(home, account, gateway, "delivrd")
    assert _issues(home) == {}


@pytest.mark.parametrize(
    ("number", "statuses"),
    [
        (OLENA, ["undeliv", "expired", "undeliv"]),
        (PETRO, ["undeliv"] * FAILURES_IN_A_ROW),
        ("+380671112255", ["undeliv"] * FAILURES_IN_A_ROW),
    ],
)
async def test_other_failures_are_no_reason_for_an_sms(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    number: str,
    statuses: list[str],
) -> None:
    """Nor those of a recipient that has the fallback, or of a bare number."""
    await _send_and_tell(home, account, gateway, *statuses, number=number)
    assert _issues(home) == {}


async def test_a_ledger_that_cannot_be_read_tells_nothing(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It has an issue of its own."""
    await home.config.async_update(external_url=HOUSE)
    await _send_and_tell(home, account, gateway, "undeliv", "undeliv")
    account.runtime_data.care.reports.async_handed_in()
    await account.runtime_data.delivery.database.write(
        lambda connection: connection.execute("DROP TABLE messages")
    )
    await _refresh(home, account)
    assert _issues(home) == {}
    await _send_and_tell(home, account, gateway, "undeliv")
    await asyncio.sleep(GATHERED_FOR * 2)
    assert list(_issues(home)) == ["ledger_damaged_account"]


async def test_a_removed_recipient_takes_its_issue_along(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """While that of another stays."""
    home.config_entries.async_add_subentry(
        account, recipient("ihor", "Ihor", "+380671112266")
    )
    await home.async_block_till_done()
    for number in (OLENA, "+380671112266"):
        await _send_and_tell(
            home, account, gateway, *["undeliv"] * FAILURES_IN_A_ROW, number=number
        )
    home.config_entries.async_remove_subentry(account, "olena")
    await home.async_block_till_done()
    assert list(_issues(home)) == ["undeliverable_ihor_account"]


@pytest.mark.parametrize("options", [{CONF_SMS_SENDER: "House"}])
async def test_the_dialog_turns_the_sms_fallback_on(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    dialog: TestClient[Any, Any],
) -> None:
    """With the sender of the options."""
    await _send_and_tell(home, account, gateway, *["undeliv"] * FAILURES_IN_A_ROW)
    flow = await _open(dialog, "undeliverable_olena_account")
    assert (flow["step_id"], flow["description_placeholders"]["recipient"]) == (
        "confirm",
        "Olena",
    )
    flow = await _submit(dialog, flow)
    assert flow["type"] == "create_entry"
    await home.async_block_till_done()
    assert account.subentries["olena"].data[CONF_SMS_FALLBACK]
    assert CONF_SMS_SENDER not in account.subentries["olena"].data
    assert _issues(home) == {}


async def test_the_dialog_asks_for_a_sender_where_there_is_none(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    dialog: TestClient[Any, Any],
) -> None:
    """Until it is one."""
    await _send_and_tell(home, account, gateway, *["undeliv"] * FAILURES_IN_A_ROW)
    flow = await _open(dialog, "undeliverable_olena_account")
    assert flow["step_id"] == "sms_sender"
    flow = await _submit(dialog, flow, sms_sender="!")
    assert flow["errors"] == {CONF_SMS_SENDER: "sms_sender_invalid"}
    flow = await _submit(dialog, flow, sms_sender=" House ")
    assert flow["type"] == "create_entry"
    await home.async_block_till_done()
    data = account.subentries["olena"].data
    assert (data[CONF_SMS_FALLBACK], data[CONF_SMS_SENDER]) == (True, "House")
    assert _issues(home) == {}


# Premium rate, in Ukraine.
EXPENSIVE = "+380900223456"


@pytest.mark.parametrize(
    "recipients",
    [
        [recipient("olena", "Olena", EXPENSIVE)],
        [recipient("olena", "Olena", EXPENSIVE, **{CONF_SMS_SENDER: "House"})],
    ],
)
async def test_the_dialog_turns_nothing_on_for_a_number_that_gets_no_sms(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    dialog: TestClient[Any, Any],
    recipients: list[ConfigSubentry],
) -> None:
    """As the recipient's own form does not."""
    await _send_and_tell(
        home, account, gateway, *["undeliv"] * FAILURES_IN_A_ROW, number=EXPENSIVE
    )
    flow = await _open(dialog, "undeliverable_olena_account")
    assert (flow["type"], flow["reason"]) == ("abort", "no_sms_to_number")
    assert not account.subentries["olena"].data[CONF_SMS_FALLBACK]
    assert list(_issues(home)) == ["undeliverable_olena_account"]


async def test_the_dialog_sees_that_the_number_has_changed_meanwhile(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    dialog: TestClient[Any, Any],
) -> None:
    """While somebody thinks about a sender."""
    await _send_and_tell(home, account, gateway, *["undeliv"] * FAILURES_IN_A_ROW)
    flow = await _open(dialog, "undeliverable_olena_account")
    subentry = account.subentries["olena"]
    home.config_entries.async_update_subentry(
        account, subentry, data={**subentry.data, CONF_PHONE: EXPENSIVE}
    )
    flow = await _submit(dialog, flow, sms_sender="House")
    assert (flow["type"], flow["reason"]) == ("abort", "no_sms_to_number")


@pytest.mark.parametrize(
    ("recipients", "options"),
    [
        ([recipient("olena", "Olena", OLENA, sms_after={"minutes": 3})], {}),
        ([recipient("olena", "Olena", OLENA)], {CONF_SMS_AFTER: {"minutes": 3}}),
    ],
)
async def test_who_gets_an_sms_anyway_is_offered_none(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    recipients: list[ConfigSubentry],
    options: dict[str, Any],
) -> None:
    """The gateway's fallback would play no part beside the house's own."""
    await _send_and_tell(home, account, gateway, *["undeliv"] * FAILURES_IN_A_ROW)
    assert _issues(home) == {}


@pytest.mark.parametrize(
    ("recipients", "step", "entered"),
    [
        (
            [recipient("olena", "Olena", OLENA)],
            "sms_sender",
            {CONF_SMS_SENDER: "House"},
        ),
        (
            [recipient("olena", "Olena", OLENA, **{CONF_SMS_SENDER: "House"})],
            "confirm",
            {},
        ),
    ],
)
async def test_the_dialog_of_a_recipient_that_was_removed_meanwhile_ends(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    dialog: TestClient[Any, Any],
    recipients: list[ConfigSubentry],
    step: str,
    entered: dict[str, str],
) -> None:
    """Without an error."""
    await _send_and_tell(home, account, gateway, *["undeliv"] * FAILURES_IN_A_ROW)
    flow = await _open(dialog, "undeliverable_olena_account")
    assert flow["step_id"] == step
    home.config_entries.async_remove_subentry(account, "olena")
    await home.async_block_till_done()
    flow = await _submit(dialog, flow, **entered)
    assert (flow["type"], flow["reason"]) == ("abort", "recipient_removed")


async def _poll(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    messages: int = UNREPORTED_MESSAGES,
) -> None:
    """Send messages whose end is learned by asking only, and wait for reports."""
    await _send_and_tell(
        home, account, gateway, *["delivrd"] * messages, source=ReceiptSource.POLL
    )
    await _let_pass(home, freezer, REPORTED_WITHIN)
    await _let_pass(home, freezer, UPDATE_INTERVAL + timedelta(minutes=1))


@pytest.fixture
async def _house_is_reachable(home: HomeAssistant) -> None:
    """Give the house a public address."""
    await home.config.async_update(external_url=HOUSE)


@pytest.mark.usefixtures("_house_is_reachable")
async def test_reports_that_never_come_in_are_told(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    dialog: TestClient[Any, Any],
    hass_client: Callable[[str], Coroutine[Any, Any, TestClient[Any, Any]]],
    hass_admin_user: MockUser,
) -> None:
    """The dialog shows where they are expected, and gives it another try."""
    await _poll(freezer, home, account, gateway)
    assert list(_issues(home)) == ["no_receipts_account"]
    # Nobody stays logged in for so long.
    [login] = hass_admin_user.refresh_tokens.values()
    dialog = await hass_client(home.auth.async_create_access_token(login))
    flow = await _open(dialog, "no_receipts_account")
    assert flow["description_placeholders"]["report_url"] == f"{HOUSE}{PATH}"
    flow = await _submit(dialog, flow)
    assert flow["type"] == "create_entry"
    await _refresh(home, account)
    assert _issues(home) == {}
    freezer.tick(1)
    await _poll(freezer, home, account, gateway)
    assert list(_issues(home)) == ["no_receipts_account"]


@pytest.mark.usefixtures("_house_is_reachable")
async def test_the_first_report_ends_the_issue(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
) -> None:
    """Even one that comes after it was asked for; a week without raises it again."""
    await _poll(freezer, home, account, gateway)
    client = await hass_client_no_auth()
    message_id = gateway.messages[0].message_id
    await client.get(f"{PATH}?msgid={message_id}&status=delivrd")
    assert _issues(home) == {}
    await _poll(freezer, home, account, gateway)
    assert _issues(home) == {}
    await _let_pass(home, freezer, REPORTS_MISSED_AFTER)
    assert list(_issues(home)) == ["no_receipts_account"]


@pytest.mark.usefixtures("_house_is_reachable")
async def test_a_report_about_a_stranger_s_message_ends_nothing(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
) -> None:
    """Somebody may just have tried the address."""
    await _poll(freezer, home, account, gateway)
    client = await hass_client_no_auth()
    await client.get(f"{PATH}?msgid=1-2&status=delivrd")
    assert list(_issues(home)) == ["no_receipts_account"]


@pytest.mark.usefixtures("_house_is_reachable")
async def test_two_unreported_messages_may_be_chance(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """So nobody is troubled."""
    await _poll(freezer, home, account, gateway, UNREPORTED_MESSAGES - 1)
    assert _issues(home) == {}


async def test_a_house_without_a_public_address_expects_no_reports(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """It asks for outcomes, and that is how it is meant."""
    await _poll(freezer, home, account, gateway)
    assert _issues(home) == {}


@pytest.fixture
def _every_issue(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Raise all there is, for this account and for another."""
    other = MockConfigEntry(
        domain=DOMAIN,
        entry_id="other",
        title="IntelTele 2",
        data={**account.data, "webhook_id": "other"},
    )
    other.add_to_hass(home)
    for entry in (account, other):
        for key in AccountIssue:
            async_raise_issue(home, entry, key)
        async_raise_issue(home, entry, AccountIssue.UNDELIVERABLE, subentry_id="olena")


@pytest.mark.usefixtures("_every_issue")
async def test_a_removed_account_takes_its_issues_along(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And only its own."""
    await home.config_entries.async_remove(account.entry_id)
    assert {issue_id.rpartition("_")[2] for issue_id in _issues(home)} == {"other"}


async def test_the_last_account_takes_the_issue_of_the_house_along(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """Nobody wants to be reached any more."""
    other = MockConfigEntry(
        domain=DOMAIN,
        entry_id="other",
        title="IntelTele 2",
        data={**account.data, "webhook_id": "other"},
        disabled_by=ConfigEntryDisabler.USER,
    )
    other.add_to_hass(home)
    async_tell_of_no_public_url(home, missing=True)
    await home.config_entries.async_remove(account.entry_id)
    assert list(_issues(home)) == ["no_public_url"]
    await home.config_entries.async_remove(other.entry_id)
    assert _issues(home) == {}


async def test_a_send_that_outlives_its_account_raises_nothing(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody would take it back."""
    gateway.settings.misbehaviour.delay = 0.2
    gateway.settings.allowed_ips = ()
    sending = home.async_create_task(
        home.services.async_call(
            DOMAIN,
            "send_message",
            {"to": OLENA, "message": "Water!", "retry_for": {"minutes": 0}},
            blocking=True,
        )
    )
    await asyncio.sleep(0.05)
    await home.config_entries.async_set_disabled_by(
        account.entry_id, ConfigEntryDisabler.USER
    )
    with pytest.raises(HomeAssistantError, match="does not allow"):
        await sending
    assert _issues(home) == {}


@pytest.mark.usefixtures("_every_issue")
async def test_nobody_is_troubled_by_a_disabled_account(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Nobody would see whether its issues are cured."""
    await home.config_entries.async_set_disabled_by(
        account.entry_id, ConfigEntryDisabler.USER
    )
    assert {issue_id.rpartition("_")[2] for issue_id in _issues(home)} == {"other"}
    await home.config_entries.async_set_disabled_by(account.entry_id, None)
