"""The conversation that the card shows, over the websocket."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
import threading
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket
from yarl import URL

from custom_components.inteltele.account.announcer import messages_signal
from custom_components.inteltele.const import CONF_HISTORY_FOR_ADMINS, DOMAIN
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, PETRO, Damage, settled, stop

STRANGER = "+48601234567"
HOUSE = "https://house.example.org"

type Connect = Callable[..., Coroutine[Any, Any, MockHAClientWebSocket]]


@pytest.fixture
async def admin(
    home: HomeAssistant, account: MockConfigEntry, hass_ws_client: Connect
) -> MockHAClientWebSocket:
    """Return an administrator's connection."""
    home.config.external_url = HOUSE
    return await hass_ws_client(home)


@pytest.fixture
async def child(
    home: HomeAssistant,
    account: MockConfigEntry,
    hass_ws_client: Connect,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> MockHAClientWebSocket:
    """Return the connection of somebody who may read Olena's messages only."""
    _allow(hass_read_only_user, "notify.olena")
    return await hass_ws_client(home, hass_read_only_access_token)


def _allow(user: MockUser, *entity_ids: str) -> None:
    """Let a user read these entities and no others."""
    readable = {entity_id: {POLICY_READ: True} for entity_id in entity_ids}
    user.mock_policy({"entities": {"entity_ids": readable}})


async def _send(home: HomeAssistant, number: str, **fields: Any) -> None:
    """Send a message."""
    await home.services.async_call(
        DOMAIN, "send_message", {"message": "Water!", "to": number} | fields, True
    )


async def _ask(
    connection: MockHAClientWebSocket, command: str, **fields: Any
) -> dict[str, Any]:
    """Send a command and return its answer."""
    await connection.send_json_auto_id(
        {"type": f"inteltele/messages/{command}", **fields}
    )
    return dict(await connection.receive_json())


async def _follow(connection: MockHAClientWebSocket, **fields: Any) -> dict[str, Any]:
    """Subscribe and return the first page."""
    answer = await _ask(connection, "subscribe", **fields)
    assert answer["success"], answer
    return await _event(connection)


async def _event(connection: MockHAClientWebSocket) -> dict[str, Any]:
    """Return what a subscription says next."""
    return dict((await connection.receive_json())["event"])


async def _until_sent(connection: MockHAClientWebSocket) -> dict[str, Any]:
    """Return what a subscription says once the gateway took a message."""
    while (change := await _event(connection))["messages"][0]["status"] == "queued":
        pass
    return change


async def _until_quiet(home: HomeAssistant, connection: MockHAClientWebSocket) -> None:
    """Let a subscription say all that it has to say now.

    A change is read from the file before it is told, so one state may be told twice.
    """
    await home.async_block_till_done()
    await connection.send_json_auto_id({"type": "ping"})
    while (await connection.receive_json())["type"] != "pong":
        pass


async def _is_quiet(home: HomeAssistant, connection: MockHAClientWebSocket) -> bool:
    """Return whether a subscription had nothing to say of what happened."""
    await home.async_block_till_done()
    await connection.send_json_auto_id({"type": "ping"})
    return bool((await connection.receive_json())["type"] == "pong")


def _texts(page: dict[str, Any]) -> list[str]:
    """Return the texts of a page."""
    return [message["text"] for message in page["messages"]]


async def test_the_first_page_comes_with_what_a_card_needs(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """The account, its currency, and whom one may write to."""
    await _send(home, OLENA)
    page = await _follow(admin)
    assert page["kind"] == "page"
    assert page["entry_id"] == "account"
    assert page["currency"] == "UAH"
    assert page["has_older"] is False
    assert page["recipients"] == [
        {"entity_id": "notify.olena", "name": "Olena", "number": OLENA},
        {"entity_id": "notify.petro", "name": "Petro", "number": PETRO},
    ]
    [message] = page["messages"]
    assert dt_util.parse_datetime(message.pop("sent_at")) is not None
    assert len(message.pop("id")) == 26
    assert message.pop("message_id")
    assert message == {
        "seq": 1,
        "channel": "viber",
        "number": OLENA,
        "recipient": "Olena",
        "status": "sent",
        "reason": None,
        "reported_at": None,
        "cost": 0.2,
        "text": "Water!",
        "button": None,
        "answer": None,
        "has_picture": False,
        "picture_url": None,
        "full_picture_url": None,
    }


async def test_a_new_message_is_told(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """As soon as the gateway took it."""
    await _follow(admin)
    await _send(home, STRANGER)
    change = await _event(admin)
    assert (change["kind"], _texts(change)) == ("change", ["Water!"])
    assert change["messages"][0]["recipient"] is None


@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [("delivrd", "delivered", None), ("rejectd", "failed", "rejected")],
)
async def test_an_outcome_is_told(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    admin: MockHAClientWebSocket,
    state: str,
    status: str,
    reason: str | None,
) -> None:
    """With its reason."""
    await _send(home, OLENA)
    await _follow(admin)
    receipt = parse_receipt({"msgid": gateway.messages[0].message_id, "status": state})
    await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)
    [message] = (await _event(admin))["messages"]
    assert (message["status"], message["reason"]) == (status, reason)
    assert message["reported_at"] is not None


async def test_a_message_that_waits_is_told(
    home: HomeAssistant, gateway: SimulatedGateway, admin: MockHAClientWebSocket
) -> None:
    """Before the gateway took it."""
    await _follow(admin)
    gateway.settings.allowed_ips = ()
    await _send(home, OLENA)
    [message] = (await _event(admin))["messages"]
    assert message["status"] == "queued"


async def test_an_answer_is_told_at_its_message(
    home: HomeAssistant,
    gateway: SimulatedGateway,
    admin: MockHAClientWebSocket,
    hass_client_no_auth: Callable[[], Coroutine[Any, Any, Any]],
) -> None:
    """At once, and on every page after that."""
    await _send(home, OLENA, button_text="Open gate", button_action="open_gate")
    [message] = (await _follow(admin))["messages"]
    assert (message["button"], message["answer"]) == ("Open gate", None)
    phone = await hass_client_no_auth()
    path = URL(gateway.messages[0].button_link or "").path
    await phone.post(path, data={"answer": "0"})
    [message] = (await _event(admin))["messages"]
    assert message["answer"]["text"] == "Open gate"
    listed = await _ask(admin, "list", before=message["seq"] + 1)
    assert listed["result"]["messages"][0]["answer"] == message["answer"]


async def test_older_messages_are_listed_page_by_page(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """Each begins before the oldest that is known."""
    for number in range(5):
        await _send(home, OLENA, message=f"No. {number}")
    page = await _follow(admin, limit=2)
    assert (_texts(page), page["has_older"]) == (["No. 4", "No. 3"], True)
    for texts, has_older in ((["No. 2", "No. 1"], True), (["No. 0"], False)):
        oldest = page["messages"][-1]
        page = await _ask(admin, "list", limit=2, before=oldest["seq"])
        page = page["result"]
        assert (_texts(page), page["has_older"]) == (texts, has_older)


async def test_a_conversation_with_one_recipient_holds_no_other(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """Neither at first nor later."""
    await _send(home, OLENA, message="To Olena")
    await _send(home, PETRO, message="To Petro")
    assert _texts(await _follow(admin, recipient="notify.petro")) == ["To Petro"]
    await _send(home, OLENA, message="To Olena again")
    assert await _is_quiet(home, admin)


async def test_everything_is_shown_anew_when_messages_are_forgotten(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """They are gone from the card, too."""
    await _send(home, OLENA)
    await _follow(admin)
    await home.services.async_call(DOMAIN, "delete_messages", {"number": OLENA}, True)
    page = await _event(admin)
    assert (page["kind"], page["messages"]) == ("page", [])


async def test_everything_is_shown_anew_when_the_account_was_reloaded(
    home: HomeAssistant, account: MockConfigEntry, admin: MockHAClientWebSocket
) -> None:
    """A subscription outlasts it."""
    await _send(home, OLENA)
    await _follow(admin)
    await home.config_entries.async_reload(account.entry_id)
    assert _texts(await _event(admin)) == ["Water!"]
    await _send(home, OLENA, message="Fire!")
    assert _texts(await _event(admin)) == ["Fire!"]


async def test_who_stops_listening_hears_nothing(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """Any more."""
    answer = await _ask(admin, "subscribe")
    await _event(admin)
    await admin.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": answer["id"]}
    )
    assert (await admin.receive_json())["success"]
    await _send(home, OLENA)
    assert await _is_quiet(home, admin)


async def test_a_user_sees_only_what_may_be_read(
    home: HomeAssistant, child: MockHAClientWebSocket
) -> None:
    """Of the recipients one by one; bare numbers are for administrators."""
    for number in (OLENA, PETRO, STRANGER):
        await _send(home, number, message=f"To {number}")
    page = await _follow(child)
    assert _texts(page) == [f"To {OLENA}"]
    assert page["recipients"] == []
    await _send(home, STRANGER, message="Not for children")
    await _send(home, PETRO, message="Not for this one")
    assert await _is_quiet(home, child)
    refused = await _ask(child, "subscribe", recipient="notify.petro")
    assert refused["error"]["code"] == "unauthorized"


async def test_who_may_see_nothing_is_no_error_in_the_log(
    child: MockHAClientWebSocket, caplog: pytest.LogCaptureFixture
) -> None:
    """A card may be on a dashboard for everybody."""
    await _ask(child, "subscribe", recipient="notify.petro")
    await _ask(child, "list", recipient="notify.petro", before=1)
    assert not [line for line in caplog.records if line.levelname == "ERROR"]


async def test_permission_is_asked_for_with_every_message(
    home: HomeAssistant, child: MockHAClientWebSocket, hass_read_only_user: MockUser
) -> None:
    """It may have been taken away since."""
    await _follow(child)
    await _send(home, OLENA)
    assert _texts(await _until_sent(child)) == ["Water!"]
    await _until_quiet(home, child)
    _allow(hass_read_only_user, "notify.petro")
    await _send(home, OLENA, message="Fire!")
    assert await _is_quiet(home, child)


@pytest.mark.parametrize("options", [{CONF_HISTORY_FOR_ADMINS: True}])
async def test_the_history_can_be_kept_to_administrators(
    home: HomeAssistant, admin: MockHAClientWebSocket, child: MockHAClientWebSocket
) -> None:
    """Whatever entities others may read."""
    await _send(home, OLENA)
    assert _texts(await _follow(admin)) == ["Water!"]
    refused = await _ask(child, "subscribe", recipient="notify.olena")
    assert refused["error"]["code"] == "unauthorized"
    refused = await _ask(child, "subscribe")
    assert refused["error"]["code"] == "unauthorized"


async def test_a_conversation_ends_when_the_history_is_kept_to_administrators(
    home: HomeAssistant, account: MockConfigEntry, child: MockHAClientWebSocket
) -> None:
    """What is shown is taken back."""
    await _send(home, OLENA)
    assert _texts(await _follow(child)) == ["Water!"]
    home.config_entries.async_update_entry(
        account, options={CONF_HISTORY_FOR_ADMINS: True}
    )
    assert (await _event(child))["messages"] == []


async def test_a_conversation_may_be_with_several_recipients(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """One that is not there any more does not hide the others, nor what comes next."""
    for number in (OLENA, PETRO, STRANGER):
        await _send(home, number, message=number)
    whose = {"recipient": ["notify.nobody", "notify.olena", "notify.petro"]}
    assert _texts(await _follow(admin, **whose)) == [PETRO, OLENA]
    await _send(home, STRANGER, message="Not for them.")
    await _send(home, PETRO, message="For Petro.")
    assert _texts(await _until_sent(admin)) == ["For Petro."]


async def test_of_several_recipients_those_are_shown_who_may_be_read(
    home: HomeAssistant, child: MockHAClientWebSocket
) -> None:
    """As where all are asked for."""
    for number in (OLENA, PETRO):
        await _send(home, number, message=number)
    page = await _follow(child, recipient=["notify.petro", "notify.olena"])
    assert _texts(page) == [OLENA]


@pytest.mark.parametrize(
    ("whose", "key"),
    [
        ({"recipient": "notify.nobody"}, "unknown_recipient"),
        ({"recipient": "sensor.inteltele_balance"}, "unknown_recipient"),
        ({"recipient": ["notify.nobody", "notify.nemo"]}, "unknown_recipient"),
        ({"config_entry_id": "nothing"}, "service_config_entry_not_found"),
    ],
)
async def test_who_is_not_there_has_no_conversation(
    admin: MockHAClientWebSocket, whose: dict[str, Any], key: str
) -> None:
    """A sentence says so."""
    answer = await _ask(admin, "subscribe", **whose)
    assert answer["error"]["translation_key"] == key


async def test_an_account_that_does_not_run_has_no_conversation(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    admin: MockHAClientWebSocket,
) -> None:
    """And one that stops tells nothing more."""
    await _send(home, OLENA)
    await _follow(admin)
    delivery = account.runtime_data.delivery
    await stop(home, account)
    receipt = parse_receipt(
        {"msgid": gateway.messages[0].message_id, "status": "delivrd"}
    )
    await delivery.receive(receipt, ReceiptSource.WEBHOOK)
    assert await _is_quiet(home, admin)
    answer = await _ask(admin, "subscribe", recipient="notify.olena")
    assert answer["error"]["translation_key"] == "service_config_entry_not_loaded"


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": 0},
        {"limit": 101},
        {"recipient": "Olena"},
        {"before": "yesterday"},
        {"before": None},
        {"before": 2**63},
        {"recipient": ["notify.olena"] * 101},
    ],
)
async def test_a_malformed_command_is_refused(
    admin: MockHAClientWebSocket, wrong: dict[str, Any]
) -> None:
    """Before anything is read."""
    good = {"before": 1}
    answer = await _ask(admin, "list", **good | wrong)
    assert answer["error"]["code"] == "invalid_format"


@pytest.mark.parametrize("options", [{"keep_text": False}])
async def test_texts_that_are_not_kept_are_not_told(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """Neither that of the message nor that of its button."""
    await _send(home, OLENA, button_text="Look", button_url=HOUSE)
    [message] = (await _follow(admin))["messages"]
    assert (message["text"], message["button"]) == (None, None)


async def test_a_picture_that_lies_elsewhere_is_named_only(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """Its address is not kept, and the card asks no stranger for it."""
    await _send(home, OLENA, image=f"{HOUSE}/cat.png")
    [message] = (await _follow(admin))["messages"]
    assert (message["has_picture"], message["picture_url"]) == (True, None)
    assert message["button"] == "Open"


async def test_answers_last_as_long_as_their_messages(
    home: HomeAssistant,
    account: MockConfigEntry,
    hass_ws_client: Connect,
    hass_admin_user: MockUser,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Links that were not used are forgotten a while after their time is over."""
    home.config.external_url = HOUSE
    ask = {"button_text": "Open", "button_action": "open", "button_valid": 60}
    await _send(home, OLENA, **ask)
    await _send(home, PETRO, **ask)
    answers = account.runtime_data.answers
    [link] = [link for link in answers._links.values() if link.number == OLENA]
    await answers.press(link, link.answers[0])
    freezer.tick(timedelta(days=30, minutes=2))
    await _send(home, STRANGER, **ask)
    await account.runtime_data.delivery.prune()
    session = await home.auth.async_create_refresh_token(hass_admin_user, HOUSE)
    token = home.auth.async_create_access_token(session)
    page = await _follow(await hass_ws_client(home, token))
    given = [message["answer"] for message in page["messages"]]
    assert [answer and answer["text"] for answer in given] == [None, None, "Open"]
    kept = await account.runtime_data.delivery.database.read(
        lambda connection: connection.execute(
            "SELECT number FROM answer_links ORDER BY number"
        ).fetchall()
    )
    assert kept == [(OLENA,), (STRANGER,)]


async def test_older_messages_of_nobody_are_refused(
    admin: MockHAClientWebSocket,
) -> None:
    """As the newest are."""
    answer = await _ask(
        admin,
        "list",
        recipient="notify.nobody",
        before=1,
    )
    assert not answer["success"]


async def test_a_history_that_cannot_be_read_is_told(
    home: HomeAssistant,
    account: MockConfigEntry,
    admin: MockHAClientWebSocket,
    damage: Damage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The card shows the sentence and asks again; nothing is left behind."""
    await _send(home, OLENA)
    await damage("messages", "gone")
    for command, fields in (
        ("subscribe", {}),
        ("list", {"before": 1}),
    ):
        answer = await _ask(admin, command, **fields)
        assert answer["error"]["translation_key"] == "history_not_read"
    assert caplog.text.count("could not be read") == 1
    await damage("gone", "messages")
    async_dispatcher_send(home, messages_signal(account.entry_id), None)
    await home.async_block_till_done()
    assert await _is_quiet(home, admin)
    assert len((await _follow(admin))["messages"]) == 1


async def test_a_conversation_goes_on_after_the_history_could_not_be_read(
    home: HomeAssistant,
    account: MockConfigEntry,
    admin: MockHAClientWebSocket,
    damage: Damage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What comes in between is missing until everything is shown anew."""
    await _follow(admin)
    await damage("messages", "gone")
    async_dispatcher_send(home, messages_signal(account.entry_id), None)
    await home.async_block_till_done()
    assert await _is_quiet(home, admin)
    await damage("gone", "messages")
    await _send(home, OLENA)
    assert _texts(await _event(admin)) == ["Water!"]
    assert "Traceback" not in caplog.text


async def test_a_connection_that_closes_while_the_history_cannot_be_read(
    home: HomeAssistant,
    account: MockConfigEntry,
    admin: MockHAClientWebSocket,
    damage: Damage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is left once."""
    await damage("messages", "gone")
    go_on = threading.Event()
    database = account.runtime_data.delivery.database
    busy = asyncio.create_task(database.read(lambda _: go_on.wait(5)))
    await admin.send_json_auto_id({"type": "inteltele/messages/subscribe"})
    assert await _is_quiet(home, admin)
    await admin.close()
    await asyncio.sleep(0.05)
    go_on.set()
    await busy
    await settled(home)
    assert "could not be read" in caplog.text
    assert "Unable to remove" not in caplog.text


@pytest.mark.parametrize(
    ("recipient", "message", "parts"),
    [
        ("notify.olena", "Water!", None),
        ("notify.petro", "Water!", 1),
        ("notify.petro", "я" * 71, 2),
        # It would be cut to as many as an SMS has.
        ("notify.petro", "я" * 1000, 4),
    ],
)
async def test_parts_are_counted_while_somebody_writes(
    admin: MockHAClientWebSocket,
    gateway: SimulatedGateway,
    recipient: str,
    message: str,
    parts: int | None,
) -> None:
    """By what a send would do; the gateway is asked for nothing, prices either."""
    answer = await _ask(admin, "preview", recipient=recipient, message=message)
    assert answer["result"] == {"sms_parts": parts, "shortened": parts == 4}
    assert not gateway.requests


@pytest.mark.parametrize("options", [{"daily_limit": 0}])
async def test_what_would_not_go_out_has_no_parts(admin: MockHAClientWebSocket) -> None:
    """The limit is reached."""
    answer = await _ask(admin, "preview", recipient="notify.petro", message="Water!")
    assert answer["result"] == {"sms_parts": None, "shortened": False}


@pytest.mark.parametrize(
    ("recipient", "message", "key"),
    [
        ("notify.petro", " ", "message_empty"),
        ("notify.petro", "я" * 1001, "message_too_long"),
        ("notify.stranger", "Water!", "unknown_recipient"),
        # Ours, and nobody that can be written to.
        ("sensor.inteltele_balance", "Water!", "unknown_recipient"),
    ],
)
async def test_what_cannot_be_sent_is_not_counted(
    admin: MockHAClientWebSocket, recipient: str, message: str, key: str
) -> None:
    """The card is told why not, and nobody else."""
    answer = await _ask(admin, "preview", recipient=recipient, message=message)
    assert answer["error"]["translation_key"] == key


async def test_who_may_not_write_is_not_told_how_long_a_text_would_be(
    child: MockHAClientWebSocket, hass_read_only_user: MockUser
) -> None:
    """Reading is not enough; a recipient's settings are nobody's business."""
    for recipient in ("notify.olena", "notify.petro", "notify.stranger"):
        refused = await _ask(child, "preview", recipient=recipient, message="Water!")
        assert refused["error"]["code"] == "unauthorized"
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {"notify.petro": {POLICY_CONTROL: True}}}}
    )
    answer = await _ask(child, "preview", recipient="notify.petro", message="Water!")
    assert answer["result"]["sms_parts"] == 1
