"""A house with two accounts: which one sends where none is chosen."""

from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from custom_components.inteltele.const import CONF_SENDER, DOMAIN
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, disable, recipient, settled

STRANGER = "+380671112255"
MARIA = "+380671112266"

type Connect = Callable[..., Coroutine[Any, Any, MockHAClientWebSocket]]


@pytest.fixture
def recipients() -> list[ConfigSubentry]:
    """Return the recipients of the first account."""
    return [recipient("olena", "Olena", OLENA), recipient("petro", "Petro", PETRO)]


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the options of the first account."""
    return {CONF_SENDER: "Home"}


@pytest.fixture
async def office(home: HomeAssistant, account: MockConfigEntry) -> MockConfigEntry:
    """Return a second account, which has one recipient in common with the first."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id="office",
        title="IntelTele office",
        unique_id="office",
        data={**account.data, CONF_WEBHOOK_ID: "webhook-of-the-office"},
        options={CONF_SENDER: "Office"},
        subentries_data=[
            recipient("maria", "Maria", MARIA).as_dict(),
            recipient("petro-office", "Petro at work", PETRO).as_dict(),
        ],
    )
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    return entry


async def _call(home: HomeAssistant, action: str, **data: Any) -> dict[str, Any]:
    """Call an action and return its response."""
    response: Any = await home.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    return dict(response)


async def _send(home: HomeAssistant, **data: Any) -> None:
    """Send a message."""
    await _call(home, "send_message", message="Water!", **data)


def _senders(gateway: SimulatedGateway) -> dict[str, str]:
    """Return by which account each number was sent to."""
    return {message.number: message.sender for message in gateway.messages}


@pytest.mark.parametrize(
    ("fields", "senders"),
    [
        ({"to": [OLENA]}, {OLENA: "Home"}),
        ({"to": [MARIA]}, {MARIA: "Office"}),
        ({"to": [OLENA, MARIA]}, {OLENA: "Home", MARIA: "Office"}),
        ({"entity_id": ["notify.maria"]}, {MARIA: "Office"}),
        (
            {"entity_id": ["notify.maria", "notify.olena"]},
            {OLENA: "Home", MARIA: "Office"},
        ),
        (
            {"entity_id": ["notify.maria"], "to": [STRANGER]},
            {MARIA: "Office", STRANGER: "Office"},
        ),
        ({"to": [MARIA, STRANGER]}, {MARIA: "Office", STRANGER: "Office"}),
        ({"to": [MARIA], "config_entry_id": "account"}, {MARIA: "Home"}),
        (
            {"to": [PETRO, STRANGER], "config_entry_id": "office"},
            {PETRO: "Office", STRANGER: "Office"},
        ),
    ],
)
async def test_the_account_is_known_by_its_recipients(
    home: HomeAssistant,
    office: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
    senders: dict[str, str],
) -> None:
    """Or it is chosen; then it sends to all numbers."""
    await _send(home, **fields)
    assert _senders(gateway) == senders


@pytest.mark.parametrize(
    "fields",
    [
        {"to": [STRANGER]},
        {"to": [PETRO]},
        {"to": [OLENA, MARIA, STRANGER]},
        {"entity_id": ["notify.olena", "notify.maria"], "to": [STRANGER]},
    ],
)
async def test_where_it_is_not_clear_the_field_is_named(
    home: HomeAssistant,
    office: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
) -> None:
    """Nothing is sent by the wrong one."""
    with pytest.raises(ServiceValidationError) as caught:
        await _send(home, **fields)
    assert str(caught.value) == 'You have several accounts. Choose one in "Account"'
    assert gateway.messages == []


async def test_an_account_that_is_disabled_is_no_choice(
    home: HomeAssistant, office: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """There is one only."""
    await disable(home, office)
    await _send(home, to=[MARIA, STRANGER])
    assert _senders(gateway) == {MARIA: "Home", STRANGER: "Home"}


async def test_actions_about_somebody_need_no_account(
    home: HomeAssistant, office: MockConfigEntry
) -> None:
    """A recipient belongs to one."""
    await _send(home, to=[MARIA])
    messages = await _call(home, "get_messages", recipient="notify.maria")
    assert [message["number"] for message in messages["messages"]] == [MARIA]
    assert await _call(home, "delete_messages", number=MARIA) == {"deleted": 1}
    with pytest.raises(ServiceValidationError, match="is not a recipient"):
        await _call(home, "get_messages", recipient="sensor.somebody")
    with pytest.raises(ServiceValidationError, match="You have several accounts"):
        await _call(home, "get_messages")
    with pytest.raises(ServiceValidationError, match="You have several accounts"):
        await _call(home, "delete_messages", number=PETRO)


async def test_a_card_without_an_account_is_told_to_choose(
    home: HomeAssistant,
    office: MockConfigEntry,
    hass_ws_client: Connect,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By a key for which it has a sentence, and nobody logs it."""
    connection = await hass_ws_client(home)
    await connection.send_json_auto_id({"type": "inteltele/messages/subscribe"})
    answer = await connection.receive_json()
    assert answer["error"]["translation_key"] == "account_not_chosen"
    assert not [line for line in caplog.records if line.levelname == "ERROR"]
