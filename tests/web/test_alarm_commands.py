"""The alarms that a card shows, over the websocket."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from custom_components.inteltele.account.alarm_host import alarms_signal
from custom_components.inteltele.alarms.alarm import Source
from custom_components.inteltele.archive.alarm_list import MAX_ENDED
from custom_components.inteltele.const import CONF_HISTORY_FOR_ADMINS, DOMAIN
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, disable, enable, settled

STRANGER = "+48601234567"
BOTH = ["notify.olena", "notify.petro"]

type Connect = Callable[..., Coroutine[Any, Any, MockHAClientWebSocket]]


@pytest.fixture
async def admin(
    home: HomeAssistant, account: MockConfigEntry, hass_ws_client: Connect
) -> MockHAClientWebSocket:
    """Return an administrator's connection."""
    home.config.external_url = "https://house.example.org"
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
    home.config.external_url = "https://house.example.org"
    _allow(hass_read_only_user, POLICY_READ, "notify.olena")
    return await hass_ws_client(home, hass_read_only_access_token)


def _allow(user: MockUser, policy: str, *entity_ids: str) -> None:
    """Let a user do this with these entities, and nothing with others."""
    allowed = {each: {POLICY_READ: True, policy: True} for each in entity_ids}
    user.mock_policy({"entities": {"entity_ids": allowed}})


async def _raise(home: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Raise an alarm, and return the response."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "raise_alarm",
        {"message": "Water!", "recipients": BOTH, "tag": "water"} | fields,
        blocking=True,
        return_response=True,
    )
    await settled(home)
    return dict(response)


async def _subscribe(
    connection: MockHAClientWebSocket, **fields: Any
) -> dict[str, Any]:
    """Subscribe to alarms, and return the answer."""
    await connection.send_json_auto_id({"type": "inteltele/alarms/subscribe", **fields})
    return dict(await connection.receive_json())


async def _follow(
    connection: MockHAClientWebSocket, **fields: Any
) -> list[dict[str, Any]]:
    """Subscribe, and return the alarms that are shown first."""
    answer = await _subscribe(connection, **fields)
    assert answer["success"], answer
    return await _event(connection)


async def _event(connection: MockHAClientWebSocket) -> list[dict[str, Any]]:
    """Return what a subscription says next."""
    return list((await connection.receive_json())["event"]["alarms"])


async def _newest(
    home: HomeAssistant, connection: MockHAClientWebSocket
) -> list[dict[str, Any]] | None:
    """Return what a subscription said last; None where that is nothing new."""
    await settled(home)
    await connection.send_json_auto_id({"type": "ping"})
    newest = None
    while (answer := await connection.receive_json())["type"] != "pong":
        newest = answer["event"]["alarms"]
    return newest


async def test_an_alarm_is_shown_through_its_life(
    home: HomeAssistant,
    account: MockConfigEntry,
    admin: MockHAClientWebSocket,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What it says, whom it asks and when, what becomes of each, and who took over."""
    assert await _follow(admin) == []
    began = dt_util.utcnow()
    raised = await _raise(home, title="Cellar", acknowledge_text="I go")
    [alarm] = await _newest(home, admin) or []
    assert alarm == {
        "id": raised["alarm_id"],
        "status": "open",
        "title": "Cellar",
        "message": "Water!",
        "raised": 1,
        "raised_at": began.isoformat(),
        "blocked": None,
        "ended_at": None,
        "by": None,
        "button": "I go",
        "may_answer": True,
        "people": [
            {
                "name": "Olena",
                "number": OLENA,
                "status": "sent",
                "reason": None,
                "channel": "viber",
                "asked_at": began.isoformat(),
                "next_at": None,
            },
            {
                "name": "Petro",
                "number": PETRO,
                "status": None,
                "reason": None,
                "channel": None,
                "asked_at": None,
                "next_at": (began + timedelta(minutes=3)).isoformat(),
            },
        ],
    }
    await _raise(home, title="Cellar")
    [alarm] = await _newest(home, admin) or []
    assert alarm["raised"] == 2
    await account.runtime_data.alarms.decline(alarm["id"], OLENA, Source.LINK)
    [alarm] = await _newest(home, admin) or []
    assert [each["status"] for each in alarm["people"]] == ["declined", "sent"]
    await account.runtime_data.alarms.acknowledge(
        alarm["id"], "Petro", PETRO, Source.LINK
    )
    [alarm] = await _newest(home, admin) or []
    assert (alarm["status"], alarm["by"]) == ("acknowledged", "Petro")
    assert alarm["ended_at"] == dt_util.utcnow().isoformat()
    assert alarm["may_answer"] is False
    assert alarm["people"][1]["next_at"] is None
    freezer.tick(timedelta(days=1))
    assert await _follow(admin) == []


async def test_what_is_in_the_way_of_an_alarm_is_shown(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
    hass_ws_client: Connect,
) -> None:
    """And nobody is said to be next meanwhile."""
    await gateway.stop()
    await _raise(home)
    for _ in range(4):
        freezer.tick(timedelta(seconds=10))
        async_fire_time_changed(home)
        await settled(home)
    # Later, because a connection does not outlive such jumps.
    [alarm] = await _follow(await hass_ws_client(home))
    assert alarm["blocked"] == "cannot_connect"
    assert [each["next_at"] for each in alarm["people"]] == [None, None]


async def test_nothing_is_said_twice(
    home: HomeAssistant, admin: MockHAClientWebSocket
) -> None:
    """Messages that are no questions change nothing."""
    await _follow(admin)
    await _raise(home)
    assert await _newest(home, admin)
    await home.services.async_call(
        DOMAIN, "send_message", {"message": "Hello", "to": STRANGER}, blocking=True
    )
    assert await _newest(home, admin) is None


async def test_a_subscription_survives_a_reload_of_the_account(
    home: HomeAssistant, account: MockConfigEntry, admin: MockHAClientWebSocket
) -> None:
    """What happens afterwards is shown as before."""
    await _follow(admin)
    raised = await _raise(home)
    await home.config_entries.async_reload(account.entry_id)
    await settled(home)
    assert await _newest(home, admin)
    await home.services.async_call(
        DOMAIN, "acknowledge_alarm", {"alarm_id": raised["alarm_id"]}, blocking=True
    )
    [alarm] = await _newest(home, admin) or []
    assert alarm["status"] == "acknowledged"
    assert alarm["by"] is None


async def test_an_account_that_is_disabled_comes_back(
    home: HomeAssistant, account: MockConfigEntry, admin: MockHAClientWebSocket
) -> None:
    """What was shown stays meanwhile."""
    raised = await _raise(home)
    await _follow(admin)
    await disable(home, account)
    async_dispatcher_send(home, alarms_signal(account.entry_id))
    assert await _newest(home, admin) is None
    await enable(home, account)
    await home.services.async_call(
        DOMAIN, "acknowledge_alarm", {"alarm_id": raised["alarm_id"]}, blocking=True
    )
    [alarm] = await _newest(home, admin) or []
    assert alarm["status"] == "acknowledged"


async def test_who_stops_listening_hears_nothing(
    home: HomeAssistant, account: MockConfigEntry, admin: MockHAClientWebSocket
) -> None:
    """Though an alarm is raised."""
    await _follow(admin)
    await admin.send_json_auto_id({"type": "unsubscribe_events", "subscription": 1})
    assert (await admin.receive_json())["success"]
    await _raise(home)
    assert await _newest(home, admin) is None


async def test_a_user_sees_what_asks_those_whose_messages_may_be_read(
    home: HomeAssistant, account: MockConfigEntry, child: MockHAClientWebSocket
) -> None:
    """Others of the same alarm have no name, and neither has one who takes over."""
    await _raise(home, recipients=["notify.petro"], tag="petro's", to=[STRANGER])
    await _raise(home, tag="both's")
    [alarm] = await _follow(child)
    assert [each["name"] for each in alarm["people"]] == ["Olena"]
    assert alarm["message"] == "Water!"
    assert alarm["may_answer"] is False
    assert PETRO not in str(alarm)
    await account.runtime_data.alarms.acknowledge(
        alarm["id"], "Petro", PETRO, Source.LINK
    )
    [alarm] = await _newest(home, child) or []
    assert alarm["status"] == "acknowledged"
    assert alarm["by"] is None
    assert "Petro" not in str(alarm)


async def test_who_may_control_somebody_asked_may_answer(
    home: HomeAssistant,
    child: MockHAClientWebSocket,
    hass_read_only_user: MockUser,
) -> None:
    """Nobody else: neither is the button shown, nor does the action obey."""
    raised = await _raise(home)
    context = Context(user_id=hass_read_only_user.id)
    which = {"alarm_id": raised["alarm_id"]}
    with pytest.raises(Unauthorized):
        await home.services.async_call(
            DOMAIN, "acknowledge_alarm", which, blocking=True, context=context
        )
    _allow(hass_read_only_user, POLICY_CONTROL, "notify.olena")
    [alarm] = await _follow(child)
    assert alarm["may_answer"] is True
    await home.services.async_call(
        DOMAIN, "acknowledge_alarm", which, blocking=True, context=context
    )
    [alarm] = await _newest(home, child) or []
    assert (alarm["status"], alarm["by"]) == ("acknowledged", hass_read_only_user.name)
    assert alarm["may_answer"] is False


async def test_permission_is_asked_for_each_time(
    home: HomeAssistant, child: MockHAClientWebSocket, hass_read_only_user: MockUser
) -> None:
    """An alarm goes away with the right to see it."""
    await _raise(home)
    assert await _follow(child)
    _allow(hass_read_only_user, POLICY_READ, "light.kitchen")
    await _raise(home)
    assert await _newest(home, child) == []


async def test_alarms_can_be_kept_to_administrators(
    home: HomeAssistant,
    account: MockConfigEntry,
    admin: MockHAClientWebSocket,
    child: MockHAClientWebSocket,
) -> None:
    """With the history, at once."""
    await _raise(home)
    assert await _follow(child)
    options = account.options | {CONF_HISTORY_FOR_ADMINS: True}
    home.config_entries.async_update_entry(account, options=options)
    assert await _newest(home, child) == []
    refused = await _subscribe(child)
    assert refused["error"]["code"] == "unauthorized"
    assert len(await _follow(admin)) == 1


async def test_alarms_may_be_those_of_some_recipients(
    home: HomeAssistant, admin: MockHAClientWebSocket, child: MockHAClientWebSocket
) -> None:
    """Whoever else is asked is named there as well."""
    await _raise(home, recipients=["notify.petro"], tag="petro's")
    await _raise(home, tag="both's")
    [alarm] = await _follow(admin, recipient="notify.olena")
    assert alarm["button"] is None
    assert [each["name"] for each in alarm["people"]] == ["Olena", "Petro"]
    assert len(await _follow(admin, recipient=BOTH)) == 2
    refused = await _subscribe(child, recipient="notify.petro")
    assert refused["error"]["code"] == "unauthorized"
    refused = await _subscribe(admin, recipient="notify.nobody")
    assert refused["error"]["translation_key"] == "unknown_recipient"


async def test_open_alarms_come_first_and_few_of_those_that_ended(
    home: HomeAssistant, admin: MockHAClientWebSocket, freezer: FrozenDateTimeFactory
) -> None:
    """However many there were."""
    await _raise(home, tag="open")
    for number in range(MAX_ENDED + 2):
        freezer.tick(timedelta(seconds=1))
        raised = await _raise(home, tag=f"{number}", message=f"No. {number}")
        await home.services.async_call(
            DOMAIN, "clear_alarm", {"alarm_id": raised["alarm_id"]}, blocking=True
        )
    alarms = await _follow(admin)
    assert [each["status"] for each in alarms] == ["open"] + ["cleared"] * MAX_ENDED
    assert alarms[1]["message"] == f"No. {MAX_ENDED + 1}"


async def test_of_one_cause_the_newest_alarm_is_shown(
    home: HomeAssistant,
    account: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    hass_ws_client: Connect,
) -> None:
    """What comes and goes all night fills no card."""
    for _ in range(3):
        raised = await _raise(home)
        await home.services.async_call(
            DOMAIN, "clear_alarm", {"tag": "water"}, blocking=True
        )
        freezer.tick(timedelta(minutes=3))
        async_fire_time_changed(home)
        await settled(home)
    assert len(list(account.runtime_data.alarms)) == 3
    [alarm] = await _follow(await hass_ws_client(home))
    assert alarm["id"] == raised["alarm_id"]


async def test_a_text_that_is_not_kept_goes_with_the_end(
    home: HomeAssistant, account: MockConfigEntry, admin: MockHAClientWebSocket
) -> None:
    """Of an open one it is shown."""
    options = account.options | {"keep_text": False}
    home.config_entries.async_update_entry(account, options=options)
    await settled(home)
    raised = await _raise(home, title="Cellar")
    [alarm] = await _follow(admin)
    assert (alarm["title"], alarm["message"]) == ("Cellar", "Water!")
    await home.services.async_call(
        DOMAIN, "acknowledge_alarm", {"alarm_id": raised["alarm_id"]}, blocking=True
    )
    [alarm] = await _newest(home, admin) or []
    assert (alarm["title"], alarm["message"]) == (None, None)
