"""Changing what holds for an account's messages."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, ConfigSubentry
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.const import CONF_SMS_SENDER
from custom_components.inteltele.settings.options import AccountOptions, options_of
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, WEBHOOK_ID, recipient

UNCHANGED: dict[str, Any] = {
    "retry_for": {"minutes": 15},
    "daily_limit": 500,
    "sms_limit": 100,
    "picture_valid": {"hours": 24},
    "keep_text": True,
    "history_for_admins": False,
    "renew_url": False,
}


async def _entered(
    home: HomeAssistant, account: MockConfigEntry, **entered: Any
) -> ConfigFlowResult:
    """Return what comes of options that somebody entered."""
    form = await home.config_entries.options.async_init(account.entry_id)
    result = await home.config_entries.options.async_configure(
        form["flow_id"], UNCHANGED | entered
    )
    await home.async_block_till_done()
    return result


async def test_the_form_shows_where_reports_come_to(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """To hand it to the provider."""
    form = await home.config_entries.options.async_init(account.entry_id)
    assert form["type"] is FlowResultType.FORM
    assert form["description_placeholders"]["report_url"].endswith(
        f"/api/webhook/{WEBHOOK_ID}"
    )


async def test_options_start_with_what_holds(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Where nothing was set."""
    assert options_of(account) == AccountOptions(
        sender=None,
        sms_sender=None,
        sms_after=None,
        ttl=None,
        low_balance=None,
        retry_for=timedelta(minutes=15),
        daily_limit=500,
        sms_limit=100,
        keep_text=True,
        picture_valid=timedelta(hours=24),
        history_for_admins=False,
    )


async def test_options_hold_at_once(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """The account takes them up."""
    result = await _entered(
        home,
        account,
        sender=" MyHouse ",
        sms_sender=" Home ",
        sms_after={"minutes": 3},
        ttl={"hours": 1},
        low_balance=12.5,
        retry_for={"minutes": 2},
        daily_limit=7,
        sms_limit=5,
        keep_text=False,
        picture_valid={"hours": 3},
        history_for_admins=True,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.runtime_data.options == AccountOptions(
        sender="MyHouse",
        sms_sender="Home",
        sms_after=180,
        ttl=3600,
        low_balance=12.5,
        retry_for=timedelta(minutes=2),
        daily_limit=7,
        sms_limit=5,
        keep_text=False,
        picture_valid=timedelta(hours=3),
        history_for_admins=True,
    )
    allowance = account.runtime_data.delivery.allowance
    assert (allowance.limit, allowance.sms_limit) == (7, 5)


@pytest.mark.parametrize(
    "options",
    [
        {
            "sender": "MyHouse",
            "sms_sender": "Home",
            "sms_after": {"minutes": 3},
            "ttl": {"hours": 1},
        }
    ],
)
async def test_what_is_left_empty_is_what_holds_anyway(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """It is not kept as an empty text, or as no time at all."""
    none = {"seconds": 0}
    await _entered(home, account, sender=" ", sms_sender="", sms_after=none, ttl=none)
    assert account.options == {
        key: value for key, value in UNCHANGED.items() if key != "renew_url"
    }


@pytest.mark.parametrize("options", [{"sender": "MyHouse", "ttl": {"hours": 1}}])
async def test_options_are_what_messages_are_sent_with(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Where a call does not say otherwise."""
    for fields in ({}, {"sender": "Other", "ttl": 60}):
        await home.services.async_call(
            "inteltele",
            "send_message",
            {"message": f"Water! {fields}", "entity_id": "notify.olena", **fields},
            blocking=True,
        )
    assert [(message.sender, message.ttl) for message in gateway.messages] == [
        ("MyHouse", 3600),
        ("Other", 60),
    ]


@pytest.mark.parametrize("options", [{"sms_sender": "Home"}])
@pytest.mark.parametrize(
    "recipients", [[recipient("olena", "Olena", OLENA, sms_fallback=True)]]
)
async def test_the_sms_sender_is_that_of_recipients_without_one(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """So that it is entered once."""
    await home.services.async_call(
        "notify",
        "send_message",
        {"message": "Water!", "entity_id": "notify.olena"},
        blocking=True,
    )
    assert [message.sms_source for message in gateway.messages] == ["Home"]


@pytest.mark.parametrize(
    ("entered", "errors"),
    [
        ({"sms_sender": "ab"}, {"sms_sender": "sms_sender_invalid"}),
        ({"sender": "[key](https://e.org)"}, {"sender": "sender_invalid"}),
        ({"ttl": {"seconds": 59}}, {"ttl": "ttl_out_of_range"}),
        ({"ttl": {"hours": 24, "seconds": 1}}, {"ttl": "ttl_out_of_range"}),
        *(
            (
                {"sms_after": after, "sms_sender": "MyHouse"},
                {"sms_after": "sms_after_out_of_range"},
            )
            for after in (
                {"seconds": 59},
                {"hours": 24, "seconds": 1},
            )
        ),
        ({"sms_after": {"minutes": 3}}, {"sms_sender": "sms_sender_missing"}),
        (
            {"picture_valid": {"seconds": 59}},
            {"picture_valid": "picture_valid_out_of_range"},
        ),
    ],
)
async def test_what_the_gateway_would_refuse_is_refused(
    home: HomeAssistant,
    account: MockConfigEntry,
    entered: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """At the field that is to blame; nothing is kept."""
    result = await _entered(home, account, **entered)
    assert result["errors"] == errors
    assert account.options == {}


@pytest.mark.parametrize("options", [{CONF_SMS_SENDER: "Home"}])
@pytest.mark.parametrize(
    "recipients", [[recipient("olena", "Olena", OLENA, sms_fallback=True)]]
)
async def test_an_sms_sender_that_is_needed_cannot_be_taken_away(
    home: HomeAssistant, account: MockConfigEntry, recipients: list[ConfigSubentry]
) -> None:
    """A recipient's fallback would not work any more."""
    result = await _entered(home, account)
    assert result["errors"] == {"sms_sender": "sms_sender_missing"}
    assert account.options == {CONF_SMS_SENDER: "Home"}


@pytest.mark.parametrize("limit", [0, 100_001])
async def test_a_daily_limit_is_a_sensible_number(
    home: HomeAssistant, account: MockConfigEntry, limit: int
) -> None:
    """The form says so by itself."""
    with pytest.raises(InvalidData):
        await _entered(home, account, daily_limit=limit)


async def test_the_address_for_reports_can_be_renewed(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """It is shown first; then only the new one works, and options are kept, too."""
    shown = await _entered(home, account, sender="MyHouse", renew_url=True)
    assert shown["step_id"] == "renewed"
    assert account.data[CONF_WEBHOOK_ID] == WEBHOOK_ID
    await home.config_entries.options.async_configure(shown["flow_id"], {})
    await home.async_block_till_done()
    webhook_id = account.data[CONF_WEBHOOK_ID]
    address = shown["description_placeholders"]["report_url"]
    assert webhook_id != WEBHOOK_ID
    assert address.endswith(f"/api/webhook/{webhook_id}")
    assert list(home.data["webhook"]) == [webhook_id]
    assert account.options["sender"] == "MyHouse"
    assert "renew_url" not in account.options
