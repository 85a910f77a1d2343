"""Adding a recipient, and changing one."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.const import SUBENTRY_RECIPIENT
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.plain import escaped
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import OLENA, PETRO, WEBHOOK_ID, stop
from ..translations import ENGLISH

OKSANA = {
    "name": " Oksana ",
    "phone": "067 111 22 55",
    "sms_fallback": False,
    "test": False,
}


async def _add(
    home: HomeAssistant, entry: MockConfigEntry, **changes: Any
) -> SubentryFlowResult:
    """Open the form for a new recipient and submit it."""
    flow = await home.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_RECIPIENT), context={"source": SOURCE_USER}
    )
    assert flow["type"] is FlowResultType.FORM
    assert flow["errors"] == {}
    assert flow["description_placeholders"] is None
    # On a small phone, what costs is seen without scrolling.
    assert list(map(str, flow["data_schema"].schema))[:3] == ["name", "phone", "test"]
    return await home.config_entries.subentries.async_configure(
        flow["flow_id"], {**OKSANA, **changes}
    )


async def test_a_recipient_is_added_and_can_be_written_to(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The number is kept as E.164."""
    flow = await _add(home, account)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert (flow["title"], flow["unique_id"]) == ("Oksana", "+380671112255")
    assert flow["data"] == {"phone": "+380671112255", "sms_fallback": False}
    await home.async_block_till_done()
    assert gateway.request_count("/im/send/") == 0
    await home.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.oksana", "message": "Hello"},
        blocking=True,
    )
    assert [message.number for message in gateway.messages] == ["+380671112255"]


@pytest.mark.parametrize(
    "phone", ["\u202a+380671112255\u202c", "067\t111 22 55\ufeff", "671112255.0"]
)
async def test_a_number_is_kept_without_what_cannot_be_seen(
    home: HomeAssistant, account: MockConfigEntry, phone: str
) -> None:
    """It was copied from somewhere."""
    flow = await _add(home, account, phone=phone, name=" Oksana\n P. ")
    assert flow["data"]["phone"] == "+380671112255"
    assert flow["title"] == "Oksana P."


async def test_a_recipient_keeps_its_fallback(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With the sender of the SMS."""
    flow = await _add(home, account, sms_fallback=True, sms_sender=" House ")
    assert flow["data"] == {
        "phone": "+380671112255",
        "sms_fallback": True,
        "sms_sender": "House",
    }


async def test_a_recipient_keeps_after_what_time_an_sms_follows(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The test message goes out with it; changing shows it, and takes it away."""
    after = {"hours": 0, "minutes": 1, "seconds": 30}
    entered = {"sms_after": after, "sms_sender": "House"}
    flow = await _add(home, account, test=True, **entered)
    assert flow["data"] == {"phone": "+380671112255", "sms_fallback": False} | entered
    await home.async_block_till_done()
    assert gateway.messages[-1].ttl == 80
    [subentry_id] = {
        subentry.subentry_id
        for subentry in account.subentries.values()
        if subentry.title == "Oksana"
    }
    change = await account.start_subentry_reconfigure_flow(home, subentry_id)
    suggested = {
        str(field): (field.description or {}).get("suggested_value")
        for field in change["data_schema"].schema
    }
    assert suggested["sms_after"] == after
    # A phone shows without scrolling that the sender is missing.
    assert list(suggested)[-2:] == ["sms_sender", "sms_after"]
    await home.config_entries.subentries.async_configure(
        change["flow_id"], OKSANA | {"sms_after": {"minutes": 0}}
    )
    assert account.subentries[subentry_id].data == {
        "phone": "+380671112255",
        "sms_fallback": False,
    }


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        *(
            ({"sms_after": after, "sms_sender": "House"}, {"sms_after": key})
            for after in ({"seconds": 59}, {"hours": 24, "seconds": 1})
            for key in ("sms_after_out_of_range",)
        ),
        ({"sms_after": {"minutes": 3}}, {"sms_sender": "sms_sender_missing"}),
        *(
            (
                {"phone": phone, "sms_sender": "House"} | sms,
                {"phone": "no_sms_to_number"},
            )
            for phone in ("+380 900 212 345", "+48 801 234 567")
            for sms in ({"sms_fallback": True}, {"sms_after": {"minutes": 3}})
        ),
        ({"name": " "}, {"name": "name_missing"}),
        ({"phone": "12"}, {"phone": "invalid_phone"}),
        *(
            ({"phone": phone}, {"phone": "invalid_phone"})
            for phone in (
                "0501112299; 0671112299",
                "501112299, 671112299",
                "0501112299 #12",
                "0501112299x12",
                "+380 50 111 22 334",
                "067 FLOWERS",
            )
        ),
        ({"name": "\u200b\t"}, {"name": "name_missing"}),
        ({"name": "x" * 101}, {"name": "name_too_long"}),
        ({"name": "olena "}, {"name": "name_taken"}),
        ({"name": "Ole\x00na"}, {"name": "name_taken"}),
        ({"name": "O\u200elena"}, {"name": "name_taken"}),
        ({"phone": OLENA}, {"phone": "already_configured"}),
        ({"sms_fallback": True}, {"sms_sender": "sms_sender_missing"}),
        (
            {"sms_fallback": True, "sms_sender": "ab"},
            {"sms_sender": "sms_sender_invalid"},
        ),
        ({"sms_sender": "abcdefghijkl"}, {"sms_sender": "sms_sender_invalid"}),
        (
            {"name": "", "phone": "x", "sms_fallback": True},
            {
                "name": "name_missing",
                "phone": "invalid_phone",
                "sms_sender": "sms_sender_missing",
            },
        ),
    ],
)
async def test_wrong_fields_are_named_and_can_be_corrected(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """All at once; no test message is sent to a wrong number."""
    flow = await _add(home, account, test=True, **changes)
    assert flow["errors"] == errors
    assert gateway.request_count() == 0
    flow = await home.config_entries.subentries.async_configure(flow["flow_id"], OKSANA)
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_a_test_message_is_sent_before_the_recipient_is_kept(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """In the house's words."""
    flow = await _add(home, account, test=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    [message] = gateway.messages
    assert message.text == "This is a test message from Home Assistant."


async def test_the_sms_of_a_test_message_has_the_sender_that_was_entered(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Although the recipient is not kept yet."""
    await _add(home, account, test=True, sms_fallback=True, sms_sender="House")
    [message] = gateway.messages
    assert message.sms_source == "House"


async def test_the_receipt_of_a_test_message_finds_the_new_recipient(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Although it was sent before there was one."""
    await _add(home, account, test=True)
    await home.async_block_till_done()
    [message] = gateway.messages
    await account.runtime_data.delivery.receive(
        parse_receipt({"msgid": message.message_id, "status": "delivrd"}),
        ReceiptSource.WEBHOOK,
    )
    await home.async_block_till_done()
    state = home.states.get("event.oksana_delivery")
    assert state.attributes["event_type"] == "delivered"


@pytest.mark.parametrize(
    ("phone", "sentence"),
    [
        ("+380671112901", "blacklisted"),
        ("+380671112902", "unknown_country"),
        ("+380671112903", "no_route"),
        ("+380671112904", "low_balance"),
        ("+380671112905", "repeat_detected"),
    ],
)
async def test_a_failed_test_message_is_told_and_the_recipient_is_kept(
    home: HomeAssistant, account: MockConfigEntry, phone: str, sentence: str
) -> None:
    """With what to do about it."""
    flow = await _add(home, account, phone=phone, test=True)
    assert (flow["type"], flow["description"]) == (
        FlowResultType.CREATE_ENTRY,
        "failed",
    )
    words = ENGLISH["exceptions"][sentence]["message"].format(recipients="Oksana")
    assert flow["description_placeholders"]["problem"] == escaped(words)
    assert flow["data"]["phone"] == phone


async def test_a_test_message_needs_a_running_account(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """There is nobody to send it; the recipient is kept all the same."""
    await stop(home, account)
    flow = await _add(home, account, test=True)
    assert (flow["type"], flow["description"]) == (
        FlowResultType.CREATE_ENTRY,
        "failed",
    )
    assert "is not running" in flow["description_placeholders"]["problem"]


@pytest.mark.parametrize(
    ("phone", "delay", "ending"),
    [
        ("+380671112255", 0.1, "delivered"),
        ("+380671112255", 60.0, "sent"),
        ("+380671112916", 0.1, "failed"),
    ],
)
async def test_the_last_page_says_what_became_of_the_test(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    phone: str,
    delay: float,
    ending: str,
) -> None:
    """Although no reports come in yet: the house asks."""
    gateway.settings.delivery_delay = delay
    flow = await _add(home, account, test=True, phone=phone)
    assert (flow["type"], flow["description"]) == (FlowResultType.CREATE_ENTRY, ending)


async def test_a_gateway_that_is_lost_meanwhile_keeps_nobody_waiting(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """What is known is told."""
    gateway.settings.delivery_delay = 60.0
    gateway.settings.misbehaviour = Misbehaviour(
        server_error=502, apply_to=("/im/status/",)
    )
    flow = await _add(home, account, test=True)
    assert (flow["type"], flow["description"]) == (FlowResultType.CREATE_ENTRY, "sent")


@pytest.fixture
async def newcomer(home: HomeAssistant, account: MockConfigEntry) -> MockConfigEntry:
    """Return an account without recipients."""
    for subentry_id in list(account.subentries):
        home.config_entries.async_remove_subentry(account, subentry_id)
    await home.async_block_till_done()
    return account


async def test_only_the_first_recipient_is_tried_unasked(
    home: HomeAssistant, newcomer: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Whoever sets the account up wants to see that it works."""
    entered = {key: value for key, value in OKSANA.items() if key != "test"}
    for count, number in enumerate(("067 111 22 55", "067 111 22 66")):
        flow = await home.config_entries.subentries.async_init(
            (newcomer.entry_id, SUBENTRY_RECIPIENT), context={"source": SOURCE_USER}
        )
        flow = await home.config_entries.subentries.async_configure(
            flow["flow_id"], entered | {"name": f"Oksana {count}", "phone": number}
        )
        assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert [message.number for message in gateway.messages] == ["+380671112255"]


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        (None, True),
        ("http://192.168.1.5:8123", True),
        ("https://house.example.org", False),
    ],
)
async def test_the_last_page_of_the_first_recipient_says_what_comes_next(
    home: HomeAssistant, newcomer: MockConfigEntry, url: str | None, warned: bool
) -> None:
    """Where reports go, with a warning where they cannot, the card, and a blueprint."""
    await home.config.async_update(external_url=url)
    flow = await _add(home, newcomer)
    assert flow["description"] == "not_tested"
    steps = flow["description_placeholders"]["first_steps"]
    assert f"\n{url or ''}/api/webhook/{WEBHOOK_ID}\n" in steps
    assert ("[!WARNING]" in steps) is warned
    assert "/docs/card.md)" in steps
    assert "(/config/blueprint/dashboard/import?blueprint_url=https%3A%2F%2F" in steps
    await home.async_block_till_done()
    flow = await _add(home, newcomer, name="Ivan", phone="067 111 22 66")
    assert flow["description_placeholders"]["first_steps"] == ""


@pytest.mark.parametrize(
    ("phone", "reason"),
    [
        ("+380671112255", "changed_delivered"),
        ("+380671112903", "changed_failed"),
    ],
)
async def test_a_change_is_kept_whatever_becomes_of_the_test(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    phone: str,
    reason: str,
) -> None:
    """And told, in words of our own."""
    gateway.settings.delivery_delay = 0.1
    flow = await account.start_subentry_reconfigure_flow(home, "petro")
    flow = await home.config_entries.subentries.async_configure(
        flow["flow_id"], {**OKSANA, "phone": phone, "test": True}
    )
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, reason)
    assert account.subentries["petro"].data["phone"] == phone


async def test_a_recipient_can_be_changed(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Its entities stay what they are."""
    flow = await account.start_subentry_reconfigure_flow(home, "petro")
    suggested = {
        str(field): (field.description or {}).get("suggested_value")
        for field in flow["data_schema"].schema
    }
    assert suggested == {
        "name": "Petro",
        "phone": PETRO,
        "sms_fallback": True,
        "sms_after": None,
        "sms_sender": "House",
        "test": None,
    }
    flow = await home.config_entries.subentries.async_configure(
        flow["flow_id"],
        {
            "name": "Petro P.",
            "phone": "+380671112266",
            "sms_fallback": False,
            "test": False,
        },
    )
    assert (flow["type"], flow["reason"]) == (
        FlowResultType.ABORT,
        "reconfigure_successful",
    )
    await home.async_block_till_done()
    subentry = account.subentries["petro"]
    assert (subentry.title, subentry.unique_id) == ("Petro P.", "+380671112266")
    assert subentry.data == {"phone": "+380671112266", "sms_fallback": False}
    assert home.states.get("notify.petro").name == "Petro P."


async def test_a_recipient_keeps_its_own_number_but_takes_nobody_elses(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Changing a name is no duplicate."""
    flow = await account.start_subentry_reconfigure_flow(home, "petro")
    entered = {"name": "petro", "phone": OLENA, "sms_fallback": False, "test": False}
    flow = await home.config_entries.subentries.async_configure(
        flow["flow_id"], entered
    )
    assert flow["errors"] == {"phone": "already_configured"}
    flow = await home.config_entries.subentries.async_configure(
        flow["flow_id"], {**entered, "phone": PETRO}
    )
    assert flow["type"] is FlowResultType.ABORT


async def test_a_test_message_falls_back_with_the_recipient_s_own_sender(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """As later messages will."""
    await _add(home, account, test=True, sms_fallback=True, sms_sender="Oksana")
    [request] = [item for item in gateway.requests if item.path == "/im/send/"]
    assert request.parameters["sms_source"] == "Oksana"
