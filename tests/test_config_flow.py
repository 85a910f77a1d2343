"""Setting up an account, changing it, and giving it a new key."""

import asyncio
from collections.abc import AsyncGenerator
import ssl
from typing import Any

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.const import (
    CONF_API_KEY,
    CONF_URL,
    CONF_USERNAME,
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
import trustme

from custom_components.inteltele.const import (
    CONF_CONNECTION,
    CONF_CURRENCY,
    DOMAIN,
    SUBENTRY_RECIPIENT,
)
from custom_components.inteltele.gateway import GatewayClient
from custom_components.inteltele.plain import escaped
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from .conftest import API_KEY, OLENA, USERNAME, settled
from .translations import ENGLISH

WORDS = {
    "website": "https://intel-tele.com",
    "public_ip": "",
}


@pytest.fixture
def authority() -> trustme.CA:
    """Return a certificate authority of the tests."""
    return trustme.CA()


@pytest.fixture
async def encrypted_gateway(
    settings: GatewaySettings, authority: trustme.CA
) -> AsyncGenerator[SimulatedGateway]:
    """Return a simulated gateway that speaks TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    simulated = SimulatedGateway(settings=settings)
    await simulated.start(ssl_context=context)
    yield simulated
    await simulated.stop()


@pytest.fixture
def _house_trusts_the_authority(
    home: HomeAssistant, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let Home Assistant's session accept certificates of the tests' authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)

    monkeypatch.setattr("homeassistant.util.ssl.client_context", lambda *_: context)


def _input(url: str, **changes: Any) -> dict[str, Any]:
    """Return what a person enters."""
    return {
        CONF_USERNAME: USERNAME,
        CONF_API_KEY: API_KEY,
        CONF_CURRENCY: "UAH",
        CONF_CONNECTION: {CONF_URL: url},
        **changes,
    }


async def _submit(
    home: HomeAssistant, flow: ConfigFlowResult, entered: dict[str, Any]
) -> ConfigFlowResult:
    """Submit a form."""
    return await home.config_entries.flow.async_configure(flow["flow_id"], entered)


async def _agree(home: HomeAssistant, flow: ConfigFlowResult) -> ConfigFlowResult:
    """Choose to go on without encryption."""
    assert (flow["type"], flow["step_id"]) == (FlowResultType.MENU, "insecure")
    return await _submit(home, flow, {"next_step_id": "unencrypted"})


async def _start(home: HomeAssistant, entered: dict[str, Any]) -> ConfigFlowResult:
    """Open the account's form and submit it."""
    flow = await home.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert flow["type"] is FlowResultType.FORM
    assert flow["errors"] == {}
    return await _submit(home, flow, entered)


async def test_the_form_suggests_the_currency_of_the_house(
    home: HomeAssistant,
) -> None:
    """The gateway does not tell the account's."""
    flow = await home.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    suggested = {
        str(field): field.description["suggested_value"]
        for field in flow["data_schema"].schema
        if field.description
    }
    assert suggested == {CONF_CURRENCY: "UAH"}


@pytest.mark.usefixtures("_house_trusts_the_authority")
async def test_an_encrypted_gateway_is_set_up_without_a_question(
    home: HomeAssistant, encrypted_gateway: SimulatedGateway
) -> None:
    """With the webhook that receipts come in by."""
    flow = await _start(home, _input(encrypted_gateway.url))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["title"] == "IntelTele"
    webhook_id = flow["data"].pop("webhook_id")
    assert flow["data"] == {
        CONF_USERNAME: USERNAME,
        CONF_API_KEY: API_KEY,
        CONF_CURRENCY: "UAH",
        CONF_URL: encrypted_gateway.url,
    }
    assert flow["result"].unique_id == USERNAME.casefold()
    assert flow["description_placeholders"] == {
        "report_url": f"/api/webhook/{webhook_id}"
    }


@pytest.mark.parametrize("scheme", ["https://", "http://", ""])
async def test_plain_http_is_used_only_after_a_question(
    home: HomeAssistant, gateway: SimulatedGateway, scheme: str
) -> None:
    """Whatever was typed before the host; nothing was sent until then."""
    host = gateway.url.removeprefix("http://")
    flow = await _start(home, _input(f" {scheme}{host}/ "))
    assert flow["menu_options"] == ["unencrypted", "back"]
    assert flow["description_placeholders"] == {"host": escaped(host)}
    assert gateway.request_count() == 0
    flow = await _agree(home, flow)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["data"][CONF_URL] == f"http://{host}"


async def test_the_report_url_is_the_public_one(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """The provider reaches the house from outside."""
    await home.config.async_update(external_url="https://house.example.org")
    flow = await _agree(home, await _start(home, _input(gateway.url)))
    assert flow["description_placeholders"]["report_url"].startswith(
        "https://house.example.org/api/webhook/"
    )


async def test_the_set_up_leads_on_to_the_first_recipient(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """An account without one is of no use."""
    flow = await _agree(home, await _start(home, _input(gateway.url)))
    kind, flow_id = flow["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    next_flow = home.config_entries.subentries.async_get(flow_id)
    assert next_flow["handler"] == (flow["result"].entry_id, SUBENTRY_RECIPIENT)


async def test_the_second_account_has_a_title_of_its_own(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """So that their actions have, too."""
    settings.username = "Second"
    url = account.data[CONF_URL]
    flow = await _start(home, _input(url, username="Second"))
    assert flow["title"] == "IntelTele (Second)"
    await settled(home)
    assert home.services.has_service("notify", "inteltele_second")


async def test_whoever_was_asked_once_is_not_asked_after_a_wrong_key(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """But for another address."""
    flow = await _start(home, _input(gateway.url, api_key="wrong"))
    flow = await _agree(home, flow)
    assert flow["errors"] == {"base": "invalid_auth"}
    flow = await _submit(home, flow, _input(gateway.url, api_key="wrong again"))
    assert (flow["type"], flow["errors"]) == (
        FlowResultType.FORM,
        {"base": "invalid_auth"},
    )
    async with SimulatedGateway(settings=gateway.settings) as other:
        asked = await _submit(home, flow, _input(other.url))
        assert asked["step_id"] == "insecure"
        flow = await _submit(home, asked, {"next_step_id": "back"})
    flow = await _submit(home, flow, _input(gateway.url))
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_there_is_a_way_back_from_the_question(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """With everything that was entered; nothing was sent, and nothing agreed to."""
    flow = await _start(home, _input(gateway.url))
    flow = await _submit(home, flow, {"next_step_id": "back"})
    assert (flow["type"], flow["step_id"], flow["errors"]) == (
        FlowResultType.FORM,
        "user",
        {},
    )
    suggested = {
        str(field): field.description["suggested_value"]
        for field in flow["data_schema"].schema
        if field.description
    }
    assert suggested == {
        CONF_USERNAME: USERNAME,
        CONF_API_KEY: API_KEY,
        CONF_CURRENCY: "UAH",
    }
    assert gateway.request_count() == 0
    flow = await _submit(home, flow, _input(gateway.url))
    assert flow["step_id"] == "insecure"


async def test_the_question_can_be_answered_without_a_choice(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """By a script, which was shown what it means."""
    flow = await _start(home, _input(gateway.url))
    flow = await _submit(home, flow, {})
    assert flow["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("url", "error", "unfolded"),
    [
        ("ftp://example.org", "invalid_url", True),
        ("https://xn--/", "invalid_url", True),
        ("the address", "invalid_url", True),
        ("http://127.0.0.1:1", "cannot_connect", True),
        (None, "invalid_auth", False),
    ],
)
async def test_an_error_of_the_address_unfolds_its_section(
    home: HomeAssistant,
    gateway: SimulatedGateway,
    url: str | None,
    error: str,
    unfolded: bool,
) -> None:
    """And puts it first: nobody has to look where the address is."""
    flow = await _start(home, _input(url or gateway.url, api_key="wrong"))
    if url is None:
        flow = await _agree(home, flow)
    assert flow["errors"] == {"base": error}
    fields = flow["data_schema"].schema
    assert fields[CONF_CONNECTION].options["collapsed"] is not unfolded
    assert list(fields).index(CONF_CONNECTION) == (0 if unfolded else 3)


async def test_the_form_says_what_to_do_at_the_provider(
    home: HomeAssistant, gateway: SimulatedGateway, settings: GatewaySettings
) -> None:
    """With the address that has to be allowed there; the error repeats it."""
    settings.allowed_ips = ()
    await home.config.async_update(external_url="https://1.1.1.1:8123")
    flow = await home.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    known = WORDS | {"public_ip": " (1.1.1.1)"}
    assert flow["description_placeholders"] == known
    flow = await _agree(home, await _submit(home, flow, _input(gateway.url)))
    assert flow["errors"] == {"base": "ip_not_allowed"}
    assert flow["description_placeholders"] == known
    words = ENGLISH["config"]
    for text in (
        words["error"]["ip_not_allowed"],
        words["step"]["user"]["description"],
    ):
        assert "IP address{public_ip}." in text


async def test_an_account_is_set_up_once(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """However its name is spelled."""
    flow = await _start(home, _input(gateway.url, username=" hOUSE "))
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "already_configured"
    assert gateway.request_count() == 0


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"api_keys": ("other",)}, "invalid_auth"),
        ({"username": "other"}, "invalid_auth"),
        ({"allowed_ips": ("10.0.0.0/8",)}, "ip_not_allowed"),
        ({"api_keys": ("other",), "lock_out_after": 1}, "locked_out"),
        ({"misbehaviour": Misbehaviour(html_body=True)}, "invalid_response"),
        ({"misbehaviour": Misbehaviour(server_error=502)}, "cannot_connect"),
        ({"misbehaviour": Misbehaviour(cut_off="before_work")}, "cannot_connect"),
    ],
)
async def test_every_error_has_its_sentence_and_a_way_on(
    home: HomeAssistant,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
    wrong: dict[str, Any],
    error: str,
) -> None:
    """What was entered stays; the next try can succeed."""
    right = {name: getattr(settings, name) for name in wrong}
    for name, value in wrong.items():
        setattr(settings, name, value)
    flow = await _agree(home, await _start(home, _input(gateway.url)))
    assert (flow["step_id"], flow["errors"]) == ("user", {"base": error})
    assert gateway.request_count() == 1
    for name, value in right.items():
        setattr(settings, name, value)
    gateway.reset()
    home.data["inteltele_access"]._locked_until.clear()
    flow = await _submit(home, flow, _input(gateway.url))
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_a_bug_is_told_as_such(
    home: HomeAssistant,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And goes into the log."""

    async def fail(_: GatewayClient) -> None:
        raise KeyError("nobody thought of it")

    monkeypatch.setattr(GatewayClient, "balance", fail)
    flow = await _start(home, _input(gateway.url))
    assert flow["errors"] == {"base": "unknown"}
    assert "nobody thought of it" in caplog.text


async def test_a_locked_out_house_is_told_without_asking_again(
    home: HomeAssistant, gateway: SimulatedGateway, settings: GatewaySettings
) -> None:
    """Each request would prolong it."""
    settings.api_keys = ("other",)
    settings.lock_out_after = 1
    flow = await _agree(home, await _start(home, _input(gateway.url)))
    flow = await _submit(home, flow, _input(gateway.url))
    assert flow["errors"] == {"base": "locked_out"}
    assert gateway.request_count() == 1


@pytest.mark.usefixtures("handshakes_may_fail")
async def test_a_bad_certificate_is_an_error_and_no_reason_for_plain_http(
    home: HomeAssistant, encrypted_gateway: SimulatedGateway
) -> None:
    """Somebody may be listening in between."""
    flow = await _start(home, _input(encrypted_gateway.url))
    assert flow["errors"] == {"base": "cannot_connect"}
    assert encrypted_gateway.request_count() == 0


async def test_a_port_where_nobody_answers_is_an_error(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """Plain HTTP would not be answered there either."""
    await gateway.stop()
    flow = await _start(home, _input(gateway.url))
    assert flow["errors"] == {"base": "cannot_connect"}


async def test_a_gateway_that_vanishes_after_the_question_is_an_error(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """Told where it can be entered again."""
    flow = await _start(home, _input(gateway.url))
    await gateway.stop()
    flow = await _agree(home, flow)
    assert (flow["step_id"], flow["errors"]) == ("user", {"base": "cannot_connect"})


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org", "https://", "http://[", "https://a:b@example.org", "?"],
)
async def test_what_is_no_address_is_refused(home: HomeAssistant, url: str) -> None:
    """Before anybody is asked."""
    flow = await _start(home, _input(url))
    assert flow["errors"] == {"base": "invalid_url"}


async def test_a_new_key_cures_a_rejected_one(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """A wrong one is told first."""
    settings.api_keys = ("new-key",)
    flow = await account.start_reauth_flow(home)
    assert flow["description_placeholders"] == {
        "name": "IntelTele",
        "username": USERNAME,
        **WORDS,
    }
    flow = await _submit(home, flow, {CONF_API_KEY: "wrong"})
    assert flow["errors"] == {"base": "invalid_auth"}
    flow = await _submit(home, flow, {CONF_API_KEY: " new-key "})
    assert (flow["type"], flow["reason"]) == (
        FlowResultType.ABORT,
        "reauth_successful",
    )
    await settled(home)
    assert account.data[CONF_API_KEY] == "new-key"
    assert home.states.get("sensor.inteltele_balance").state == "25.00"


async def test_the_same_key_may_be_entered_again(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """The provider may have enabled it meanwhile."""
    settings.api_keys = ("other",)
    await account.runtime_data.coordinator.async_refresh()
    settings.api_keys = (API_KEY,)
    [flow] = account.async_get_active_flows(home, {"reauth"})
    flow = await _submit(home, flow, {CONF_API_KEY: API_KEY})
    assert flow["reason"] == "reauth_successful"
    await settled(home)
    assert home.states.get("sensor.inteltele_balance").state == "25.00"


async def test_a_new_key_is_not_tried_where_tls_is_gone(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """An account that was set up encrypted stays so."""
    home.config_entries.async_update_entry(
        account,
        data={**account.data, CONF_URL: gateway.url.replace("http:", "https:")},
    )
    await settled(home)
    gateway.requests.clear()
    flow = await account.start_reauth_flow(home)
    flow = await _submit(home, flow, {CONF_API_KEY: "new-key"})
    assert flow["errors"] == {"base": "cannot_connect"}
    assert gateway.request_count() == 0


async def _start_reconfigure(
    home: HomeAssistant, account: MockConfigEntry, entered: dict[str, Any]
) -> ConfigFlowResult:
    """Open the form that changes an account, and submit it."""
    flow = await account.start_reconfigure_flow(home)
    assert (flow["step_id"], flow["errors"]) == ("reconfigure", {})
    return await _submit(home, flow, entered)


def _changes(url: str, **changes: Any) -> dict[str, Any]:
    """Return what a person enters to change an account, without a new key."""
    entered = _input(url, **changes)
    del entered[CONF_API_KEY]
    return entered


async def test_the_form_that_changes_an_account_shows_what_it_has(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """But never the key."""
    flow = await account.start_reconfigure_flow(home)
    suggested = {
        str(field): field.description["suggested_value"]
        for field in flow["data_schema"].schema
        if field.description
    }
    [connection] = [
        field
        for field in flow["data_schema"].schema[CONF_CONNECTION].schema.schema
        if field.description
    ]
    assert suggested == {CONF_USERNAME: USERNAME, CONF_CURRENCY: "UAH"}
    assert connection.description["suggested_value"] == account.data[CONF_URL]


async def test_an_account_moves_to_another_gateway_and_currency(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """With its key, its webhook, its title and its recipients."""
    before = dict(account.data)
    async with SimulatedGateway(settings=settings) as other:
        flow = await _start_reconfigure(
            home, account, _changes(other.url, currency="EUR")
        )
        assert other.request_count() == 0
        flow = await _agree(home, flow)
        assert (flow["type"], flow["reason"]) == (
            FlowResultType.ABORT,
            "reconfigure_successful",
        )
        await settled(home)
        assert dict(account.data) == before | {
            CONF_URL: other.url,
            CONF_CURRENCY: "EUR",
        }
        assert (account.title, len(account.subentries)) == ("IntelTele", 2)
        state = home.states.get("sensor.inteltele_balance")
        assert (state.state, state.attributes["unit_of_measurement"]) == (
            "25.00",
            "EUR",
        )
        assert other.request_count("/credit/") == 1


@pytest.mark.usefixtures("_house_trusts_the_authority")
async def test_an_account_becomes_encrypted_without_a_question(
    home: HomeAssistant, account: MockConfigEntry, encrypted_gateway: SimulatedGateway
) -> None:
    """Where its gateway speaks TLS now."""
    flow = await _start_reconfigure(home, account, _changes(encrypted_gateway.url))
    assert flow["reason"] == "reconfigure_successful"
    await settled(home)
    assert account.runtime_data.client.encrypted


async def test_another_user_is_another_account(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It must not get the recipients and the history of this one."""
    flow = await _start_reconfigure(
        home, account, _changes(gateway.url, username="Second")
    )
    assert (flow["type"], flow["reason"]) == (
        FlowResultType.ABORT,
        "unique_id_mismatch",
    )
    assert gateway.request_count() == 0
    assert account.data[CONF_USERNAME] == USERNAME


async def test_the_spelling_of_a_username_can_be_changed(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """The gateway may care about it."""
    settings.username = "HOUSE"
    flow = await _start_reconfigure(
        home, account, _changes(account.data[CONF_URL], username=" HOUSE ")
    )
    assert flow["reason"] == "reconfigure_successful"
    await settled(home)
    assert account.data[CONF_USERNAME] == "HOUSE"
    assert account.unique_id == USERNAME.casefold()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"api_keys": ("other",)}, "invalid_auth"),
        ({"allowed_ips": ("10.0.0.0/8",)}, "ip_not_allowed"),
        ({"api_keys": ("other",), "lock_out_after": 1}, "locked_out"),
        ({"misbehaviour": Misbehaviour(html_body=True)}, "invalid_response"),
        ({"misbehaviour": Misbehaviour(server_error=502)}, "cannot_connect"),
    ],
)
async def test_every_error_of_a_change_has_a_way_on(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
    wrong: dict[str, Any],
    error: str,
) -> None:
    """The account stays as it was until the gateway takes what was entered."""
    right = {name: getattr(settings, name) for name in wrong}
    for name, value in wrong.items():
        setattr(settings, name, value)
    before = dict(account.data)
    entered = _input(gateway.url, currency="EUR")
    flow = await _start_reconfigure(home, account, entered)
    assert (flow["step_id"], flow["errors"]) == ("reconfigure", {"base": error})
    assert dict(account.data) == before
    for name, value in right.items():
        setattr(settings, name, value)
    gateway.reset()
    home.data["inteltele_access"]._locked_until.clear()
    flow = await _submit(home, flow, entered)
    assert flow["reason"] == "reconfigure_successful"
    await settled(home)
    assert account.data[CONF_CURRENCY] == "EUR"


async def test_what_is_no_address_can_be_entered_again(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """In the form that changes an account, too."""
    flow = await _start_reconfigure(home, account, _changes("ftp://example.org"))
    assert (flow["step_id"], flow["errors"]) == (
        "reconfigure",
        {"base": "invalid_url"},
    )
    flow = await _submit(home, flow, _changes(gateway.url))
    assert flow["reason"] == "reconfigure_successful"


async def test_a_rejected_key_is_not_tried_again_unless_it_is_entered_again(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    settings: GatewaySettings,
) -> None:
    """Leaving the field empty is not enough; entering it ends what asked for it."""
    settings.api_keys = ("other",)
    await account.runtime_data.coordinator.async_refresh()
    settings.api_keys = (API_KEY,)
    gateway.requests.clear()
    flow = await _start_reconfigure(home, account, _changes(gateway.url))
    assert flow["errors"] == {"base": "invalid_auth"}
    assert gateway.request_count() == 0
    flow = await _submit(home, flow, _input(gateway.url))
    assert flow["reason"] == "reconfigure_successful"
    await settled(home)
    assert list(account.async_get_active_flows(home, {SOURCE_REAUTH})) == []
    assert home.states.get("sensor.inteltele_balance").state == "25.00"


async def test_an_unchanged_account_is_asked_again(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Somebody may have mended something else."""
    await settled(home)
    gateway.requests.clear()
    await _start_reconfigure(home, account, _changes(gateway.url))
    await settled(home)
    # Once by the form, once by the account.
    assert gateway.request_count("/balance/") == 2


async def test_an_account_that_does_not_run_is_started_by_a_change(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody listens to its changes then."""
    await home.config_entries.async_unload(account.entry_id)
    await _start_reconfigure(home, account, _changes(gateway.url, currency="EUR"))
    await settled(home)
    assert account.state is ConfigEntryState.LOADED
    state = home.states.get("sensor.inteltele_balance")
    assert state.attributes["unit_of_measurement"] == "EUR"


async def test_a_form_that_was_left_open_blocks_nobody(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """It is closed by the one that was finished."""
    left_open = await _start(home, _input(gateway.url))
    assert left_open["step_id"] == "insecure"
    flow = await _start(home, _input(gateway.url))
    flow = await _agree(home, flow)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await settled(home)
    assert home.config_entries.flow.async_progress() == []


async def test_the_slower_of_two_forms_sets_nothing_up(
    home: HomeAssistant, gateway: SimulatedGateway
) -> None:
    """The account of the other one stays what it is."""
    slow = await _start(home, _input(gateway.url))
    quick = await _start(home, _input(gateway.url))
    gateway.settings.misbehaviour = Misbehaviour(delay=0.2, times=1)
    finishing = home.async_create_task(_agree(home, slow))
    async with asyncio.timeout(5):
        while not gateway.requests:
            await asyncio.sleep(0.01)
    created = await _agree(home, quick)
    assert (await finishing)["reason"] == "already_configured"
    await settled(home)
    assert home.config_entries.async_entries(DOMAIN) == [created["result"]]
    assert created["result"].state is ConfigEntryState.LOADED


async def test_a_change_is_taken_up_without_a_reload(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And Home Assistant finds no fault with how."""
    await settled(home)
    gateway.requests.clear()
    changes = async_capture_events(home, EVENT_STATE_CHANGED)
    await _start_reconfigure(home, account, _changes(gateway.url, currency="EUR"))
    await settled(home)
    # By the form: the same credentials need not be tried again.
    assert gateway.request_count("/balance/") == 1
    assert "update listener" not in caplog.text
    states = {change.data["new_state"].state for change in changes}
    assert states
    assert STATE_UNAVAILABLE not in states


async def test_a_number_may_be_a_recipient_of_several_accounts(
    home: HomeAssistant, account: MockConfigEntry, settings: GatewaySettings
) -> None:
    """Each sends from its own."""
    settings.username = "Second"
    flow = await _start(home, _input(account.data[CONF_URL], username="Second"))
    _, flow_id = flow["next_flow"]
    result = await home.config_entries.subentries.async_configure(
        flow_id,
        {"name": "Olena", "phone": OLENA, "sms_fallback": False, "test": False},
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await settled(home)
    assert home.states.get("notify.olena_2") is not None
