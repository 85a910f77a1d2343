"""The actions that ask: for outcomes, prices, and what was sent."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.inteltele.const import CONF_HISTORY_FOR_ADMINS, DOMAIN
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import OLENA, PETRO, Damage

STRANGER = "+48601234567"


async def _ask(
    home: HomeAssistant, action: str, context: Context | None = None, **data: Any
) -> Any:
    """Call an action and return its response."""
    return await home.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True, context=context
    )


@pytest.fixture
async def sent(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> list[str]:
    """Return the ids of messages to Olena, Petro and a stranger."""
    for number in (OLENA, PETRO, STRANGER):
        await _ask(home, "send_message", message=f"To {number}", to=number)
    await gateway.settle()
    return [message.message_id for message in gateway.messages]


async def test_outcomes_can_be_asked_for(
    home: HomeAssistant, gateway: SimulatedGateway, sent: list[str]
) -> None:
    """Unknown ids are left out."""
    gateway.messages[1].status = "enroute"
    gateway.messages[2].status = "rejectd"
    answer = await _ask(home, "get_status", message_ids=[*sent, "stranger"])
    states = [
        (state["status"], state["reason"], state["gateway_status"])
        for state in answer["messages"].values()
    ]
    assert list(answer["messages"]) == sent
    assert states == [
        ("delivered", None, "delivrd"),
        ("sent", None, "enroute"),
        ("failed", "rejected", "rejectd"),
    ]
    assert answer["messages"][sent[0]]["reported_at"].endswith("+00:00")


async def test_of_what_has_no_id_the_house_tells_what_it_knows(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """A message that waits; the gateway is not asked."""
    await gateway.stop()
    await asyncio.sleep(0.01)
    response = await _ask(home, "send_message", message="Water!", to=OLENA)
    [waiting] = response["messages"]
    answer = await _ask(home, "get_status", message_ids=[waiting["id"]])
    assert answer["messages"][waiting["id"]]["status"] == "queued"


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(status_zone="Europe/Kiev"),
        Misbehaviour(status_zone="America/Anchorage", id_case="upper"),
        Misbehaviour(),
    ],
)
async def test_a_time_is_told_in_utc_whatever_zone_the_gateway_tells_it_in(
    home: HomeAssistant,
    gateway: SimulatedGateway,
    sent: list[str],
    misbehaviour: Misbehaviour,
) -> None:
    """A reply that names its zone is read in it; ids are compared without case."""
    gateway.settings.misbehaviour = misbehaviour
    asked = [sent[0].upper(), sent[1]]
    answer = await _ask(home, "get_status", message_ids=asked)
    reported = [
        datetime.fromisoformat(state["reported_at"])
        for state in answer["messages"].values()
    ]
    assert len(reported) == 2
    for moment in reported:
        assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("asked", "countries"), [({}, {"ua", "de", "pl"}), ({"country": "UA"}, {"ua"})]
)
async def test_prices_can_be_asked_for(
    home: HomeAssistant,
    account: MockConfigEntry,
    asked: dict[str, str],
    countries: set[str],
) -> None:
    """Of one country or of all."""
    answer = await _ask(home, "get_rates", **asked)
    assert countries <= set(answer["rates"])
    assert answer["rates"]["ua"] == [
        {"network": None, "price": 0.45, "only_delivered": False},
        {"network": "03", "price": 0.43, "only_delivered": False},
    ]


@pytest.mark.parametrize(
    ("action", "asked"), [("get_status", {"message_ids": "a"}), ("get_rates", {})]
)
async def test_a_gateway_that_does_not_answer_is_told(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    action: str,
    asked: dict[str, str],
) -> None:
    """In a sentence."""
    gateway.settings.misbehaviour.server_error = 500
    with pytest.raises(HomeAssistantError, match="Could not connect to IntelTele"):
        await _ask(home, action, **asked)


async def test_messages_are_returned_newest_first(
    home: HomeAssistant, sent: list[str]
) -> None:
    """With everything that is known of them."""
    answer = await _ask(home, "get_messages")
    assert [message["message_id"] for message in answer["messages"]] == sent[::-1]
    message = answer["messages"][-1]
    assert message.pop("sent_at").endswith("+00:00")
    assert len(message.pop("id")) == 26
    assert message == {
        "channel": "viber",
        "message_id": sent[0],
        "number": OLENA,
        "recipient": "Olena",
        "status": "sent",
        "reason": None,
        "gateway_status": None,
        "reported_at": None,
        "seconds": None,
        "source": None,
        "cost": float(Decimal("0.2")),
        "country": "ua",
        "text": f"To {OLENA}",
    }


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"recipient": "notify.petro"}, [PETRO]),
        ({"limit": 2}, [STRANGER, PETRO]),
        ({"status": "sent"}, [STRANGER, PETRO, OLENA]),
        ({"status": "failed"}, []),
        ({"recipient": "notify.petro", "status": "delivered"}, []),
    ],
)
async def test_messages_can_be_chosen(
    home: HomeAssistant, sent: list[str], asked: dict[str, Any], numbers: list[str]
) -> None:
    """By recipient, status and number of them."""
    answer = await _ask(home, "get_messages", **asked)
    assert [message["number"] for message in answer["messages"]] == numbers


async def test_a_user_sees_only_what_may_be_read(
    home: HomeAssistant, sent: list[str], hass_read_only_user: MockUser
) -> None:
    """Numbers without a recipient are for administrators."""
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {"notify.olena": {POLICY_READ: True}}}}
    )
    context = Context(user_id=hass_read_only_user.id)
    answer = await _ask(home, "get_messages", context)
    assert [message["number"] for message in answer["messages"]] == [OLENA]
    with pytest.raises(Unauthorized):
        await _ask(home, "get_messages", context, recipient="notify.petro")
    with pytest.raises(Unauthorized):
        await _ask(home, "delete_messages", context, recipient="notify.olena")


@pytest.mark.parametrize("options", [{CONF_HISTORY_FOR_ADMINS: True}])
async def test_the_history_can_be_kept_to_administrators(
    home: HomeAssistant,
    sent: list[str],
    hass_read_only_user: MockUser,
    hass_admin_user: MockUser,
) -> None:
    """And to the house's own automations."""
    hass_read_only_user.mock_policy({"entities": {"all": {POLICY_READ: True}}})
    for asked in ({}, {"recipient": "notify.olena"}):
        context = Context(user_id=hass_read_only_user.id)
        with pytest.raises(Unauthorized):
            await _ask(home, "get_messages", context, **asked)
    context = Context(user_id=hass_admin_user.id)
    assert len((await _ask(home, "get_messages", context))["messages"]) == 3
    assert len((await _ask(home, "get_messages"))["messages"]) == 3


async def test_an_administrator_sees_everything(
    home: HomeAssistant, sent: list[str], hass_admin_user: MockUser
) -> None:
    """Also what went to bare numbers."""
    context = Context(user_id=hass_admin_user.id)
    assert len((await _ask(home, "get_messages", context))["messages"]) == 3


async def test_an_unknown_user_sees_nothing(
    home: HomeAssistant, sent: list[str]
) -> None:
    """Somebody who was removed in between."""
    with pytest.raises(UnknownUser):
        await _ask(home, "get_messages", Context(user_id="nobody"))


@pytest.mark.parametrize(
    "whose", [{"recipient": "notify.olena"}, {"number": "067 111 22 33"}]
)
async def test_messages_can_be_forgotten(
    home: HomeAssistant,
    account: MockConfigEntry,
    sent: list[str],
    whose: dict[str, str],
) -> None:
    """With all that hangs on them."""
    assert await _ask(home, "delete_messages", **whose) == {"deleted": 1}
    answer = await _ask(home, "get_messages")
    assert [message["number"] for message in answer["messages"]] == [STRANGER, PETRO]
    assert account.runtime_data.ledger.pending == 2
    assert OLENA not in account.runtime_data.ledger.latest
    last = home.states.get("sensor.olena_last_message")
    assert last is not None
    assert last.state == STATE_UNKNOWN


async def test_nobody_waits_for_what_was_forgotten(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """An action that waits ends at once, with what is known."""
    await gateway.stop()
    waiting = home.async_create_task(
        _ask(home, "send_message", message="Water!", to=OLENA, wait_for="delivered")
    )
    async with asyncio.timeout(10):
        while not account.runtime_data.delivery.outbox.room.waiting:
            await asyncio.sleep(0.01)
        await _ask(home, "delete_messages", number=OLENA)
        [message] = (await waiting)["messages"]
    assert message["status"] == "queued"


@pytest.mark.parametrize(
    ("whose", "sentence"),
    [
        ({}, 'Fill in either "Recipient"'),
        ({"recipient": "notify.olena", "number": OLENA}, "Fill in either"),
        ({"recipient": "notify.nobody"}, "is not a recipient"),
        ({"number": 671112233}, "Put it in quotes"),
        ({"number": "12"}, "is not a valid phone number"),
    ],
)
async def test_it_must_be_clear_whose_messages_are_forgotten(
    home: HomeAssistant, sent: list[str], whose: dict[str, Any], sentence: str
) -> None:
    """Nothing is forgotten by mistake."""
    with pytest.raises(ServiceValidationError, match=sentence):
        await _ask(home, "delete_messages", **whose)
    assert len((await _ask(home, "get_messages"))["messages"]) == 3


async def test_what_cannot_be_forgotten_stays_and_is_told(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """A full disk lets nothing be half gone."""
    await _ask(home, "send_message", message="Water!", to=OLENA)
    database = account.runtime_data.delivery.database
    await database.read(lambda db: db.execute("PRAGMA query_only = ON").fetchall())
    with pytest.raises(HomeAssistantError, match="not deleted"):
        await home.services.async_call(
            DOMAIN, "delete_messages", {"recipient": "notify.olena"}, blocking=True
        )
    await database.read(lambda db: db.execute("PRAGMA query_only = OFF").fetchall())
    assert await account.runtime_data.ledger.history(None, None, 10)


async def test_a_history_that_cannot_be_read_is_told(
    home: HomeAssistant,
    sent: list[str],
    damage: Damage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In a sentence, and in the log without a traceback."""
    await damage("messages", "gone")
    with pytest.raises(HomeAssistantError, match="could not be read"):
        await _ask(home, "get_messages")
    assert "no such table" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("action", ["get_messages", "delete_messages"])
async def test_an_entity_of_ours_that_is_no_notify_entity_is_refused(
    home: HomeAssistant, account: MockConfigEntry, action: str
) -> None:
    """It has no messages of its own."""
    with pytest.raises(ServiceValidationError) as refused:
        await _ask(home, action, recipient="sensor.olena_last_message")
    assert refused.value.translation_key == "unknown_recipient"
