"""The claims of docs/privacy-and-security.md: who can do what with which secret."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
import re
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, Event, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from yarl import URL

from custom_components.inteltele.account.account import ledger_path
from custom_components.inteltele.const import (
    CONF_KEEP_TEXT,
    DOMAIN,
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
)
from custom_components.inteltele.public.guesses import MAX_GUESSES
from custom_components.inteltele.storage.message import Message
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from .conftest import API_KEY, OLENA, PETRO, USERNAME, WEBHOOK_ID, stop

REPORTS = f"/api/webhook/{WEBHOOK_ID}"
HOUSE = "https://house.example.org"
BUTTON = {"button_text": "Answer", "button_action": "open_gate"}
STRANGERS_TOKEN = "AAAAAAAAAAAAAAAAAAAAAA"

type Phone = TestClient[Any, Any]
type ClientGenerator = Callable[[], Coroutine[Any, Any, Phone]]


@pytest.fixture
def settings() -> GatewaySettings:
    """Return a gateway that does not report by itself."""
    return GatewaySettings(username=USERNAME, api_keys=(API_KEY,), report_url=None)


@pytest.fixture
def reports(home: HomeAssistant) -> list[Event]:
    """Return the delivery events that the house hears."""
    return async_capture_events(home, EVENT_DELIVERY_STATUS)


@pytest.fixture
def presses(home: HomeAssistant) -> list[Event]:
    """Return the answers that the house hears."""
    return async_capture_events(home, EVENT_BUTTON_PRESSED)


@pytest.fixture
async def stranger(
    home: HomeAssistant, account: MockConfigEntry, hass_client_no_auth: ClientGenerator
) -> Phone:
    """Return somebody on the internet, without a login."""
    home.config.external_url = HOUSE
    return await hass_client_no_auth()


async def _send(
    home: HomeAssistant, context: Context | None = None, **fields: Any
) -> list[dict[str, Any]]:
    """Send a message and return what became of it."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "The safe is open.", "entity_id": "notify.olena"} | fields,
        blocking=True,
        return_response=True,
        context=context,
    )
    return list(response["messages"])


async def _history(account: MockConfigEntry) -> list[Message]:
    """Return all messages that the account remembers."""
    return await account.runtime_data.ledger.history(None, None, 1000)


# With the report address.


async def test_who_has_the_report_address_can_end_a_message_whose_id_is_known(
    home: HomeAssistant, stranger: Phone, reports: list[Event]
) -> None:
    """Nothing is signed, so a forged receipt is believed."""
    [sent] = await _send(home)
    await stranger.post(
        REPORTS, data={"msgid": sent["message_id"], "status": "delivrd"}
    )
    await home.async_block_till_done()
    assert [event.data["status"] for event in reports] == ["delivered"]


async def test_who_has_the_report_address_cannot_take_a_delivery_back(
    home: HomeAssistant, stranger: Phone, reports: list[Event]
) -> None:
    """A delivery stands, whatever comes after it."""
    [sent] = await _send(home)
    for status in ("delivrd", "undeliv", "expired"):
        report = {"msgid": sent["message_id"], "status": status}
        await stranger.post(REPORTS, data=report)
    await home.async_block_till_done()
    assert [event.data["status"] for event in reports] == ["delivered"]


async def test_who_has_the_report_address_cannot_learn_whether_an_id_exists(
    home: HomeAssistant, stranger: Phone
) -> None:
    """Known, unknown and ended ids are answered alike, header by header."""
    [sent] = await _send(home)
    answers = set()
    for message_id in (sent["message_id"], sent["message_id"], "unknown"):
        report = {"msgid": message_id, "status": "delivrd"}
        response = await stranger.post(REPORTS, data=report)
        told = sorted(item for item in response.headers.items() if item[0] != "Date")
        answers.add((response.status, await response.read(), *told))
    assert len(answers) == 1


async def test_who_has_the_report_address_cannot_send(
    home: HomeAssistant, stranger: Phone, gateway: SimulatedGateway
) -> None:
    """Whatever is posted there, the gateway hears nothing."""
    for body in ({"to": OLENA, "message": "Hi"}, {"msgid": "a", "status": "enroute"}):
        await stranger.post(REPORTS, data=body)
    await home.async_block_till_done()
    assert gateway.request_count() == 0


async def test_who_has_the_report_address_cannot_make_the_ledger_grow(
    home: HomeAssistant, account: MockConfigEntry, stranger: Phone
) -> None:
    """Only what was sent has a row, and memory holds 256 strange receipts at most."""
    await _send(home)
    before = await _history(account)
    for number in range(300):
        await stranger.post(REPORTS, data={"msgid": f"m{number}", "status": "delivrd"})
    await home.async_block_till_done()
    assert await _history(account) == before
    assert len(account.runtime_data.delivery.receipts._early) <= 256


async def test_a_forged_receipt_brings_no_words_of_its_own_into_the_house(
    home: HomeAssistant,
    stranger: Phone,
    reports: list[Event],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither into events and entities, nor as lines of the log."""
    [sent] = await _send(home)
    words = "<b>delivrd</b>\n2026-01-01 ERROR forged line"
    await stranger.post(REPORTS, data={"msgid": words, "status": words})
    await stranger.post(
        REPORTS, data={"msgid": sent["message_id"], "status": words, "datetime": words}
    )
    await home.async_block_till_done()
    assert reports == []
    assert "forged" not in str([state.as_dict() for state in home.states.async_all()])
    ours = [
        r.getMessage() for r in caplog.records if r.name.startswith("custom_components")
    ]
    assert "forged" not in "".join(ours)


# With an answer link.


async def _answer_link(home: HomeAssistant, gateway: SimulatedGateway) -> str:
    """Send a button that acts at home, and return its path."""
    await _send(home, **BUTTON)
    return URL(gateway.messages[-1].button_link or "").path


async def test_who_has_an_answer_link_can_answer_once(
    home: HomeAssistant,
    stranger: Phone,
    gateway: SimulatedGateway,
    presses: list[Event],
) -> None:
    """Also somebody whom the message was forwarded to."""
    path = await _answer_link(home, gateway)
    for _ in range(3):
        await stranger.post(path, data={"answer": "0"})
    await home.async_block_till_done()
    assert [press.data["action"] for press in presses] == ["open_gate"]


async def test_who_has_an_answer_link_sees_the_question_while_it_is_open(
    home: HomeAssistant, stranger: Phone, gateway: SimulatedGateway
) -> None:
    """Not who it was for, nor what the answer does; afterwards only the answer."""
    path = await _answer_link(home, gateway)
    page = await (await stranger.get(path)).text()
    assert "The safe is open." in page
    assert f"<title>{home.config.location_name}</title>" in page
    for private in ("Olena", "2233", "open_gate", "inteltele", WEBHOOK_ID):
        assert private not in page
    await stranger.post(path, data={"answer": "0"})
    page = await (await stranger.get(path)).text()
    assert "was: Answer." in page
    assert "safe" not in page


async def test_where_texts_are_not_kept_an_answer_link_shows_no_question(
    home: HomeAssistant,
    account: MockConfigEntry,
    stranger: Phone,
    gateway: SimulatedGateway,
) -> None:
    """Nor one that was kept before: only the house's name and the answers."""
    path = await _answer_link(home, gateway)
    home.config_entries.async_update_entry(account, options={CONF_KEEP_TEXT: False})
    await _send(home, message="The safe is shut.", **BUTTON)
    later = URL(gateway.messages[-1].button_link or "").path
    for link in (path, later):
        page = await (await stranger.get(link)).text()
        assert "Answer" in page
        assert "safe" not in page


async def test_who_has_an_answer_link_cannot_choose_an_action_of_their_own(
    home: HomeAssistant,
    stranger: Phone,
    gateway: SimulatedGateway,
    presses: list[Event],
) -> None:
    """Only the numbers of the answers that were offered are taken."""
    path = await _answer_link(home, gateway)
    for answer in ("1", "open_safe", "-1", "0x0", "\u0660"):
        response = await stranger.post(
            path, data={"answer": answer, "action": "open_safe"}
        )
        assert response.status == HTTPStatus.BAD_REQUEST
    await home.async_block_till_done()
    assert presses == []


async def test_an_answer_link_ends_with_its_time(
    home: HomeAssistant,
    stranger: Phone,
    gateway: SimulatedGateway,
    presses: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    """After a day, where nothing else was said."""
    path = await _answer_link(home, gateway)
    freezer.tick(timedelta(hours=24, seconds=1))
    response = await stranger.post(path, data={"answer": "0"})
    assert response.status == HTTPStatus.GONE
    assert "safe" not in await response.text()
    await home.async_block_till_done()
    assert presses == []


# With a picture link.


async def test_who_has_a_picture_link_sees_this_picture_until_it_expires(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_client_no_auth: ClientGenerator,
    freezer: FrozenDateTimeFactory,
    tmp_path: Path,
) -> None:
    """And no other, in two sizes."""
    for name, colour in (("porch", "teal"), ("safe", "red")):
        Image.new("RGB", (500, 300), colour).save(tmp_path / f"{name}.png")
    home.config.media_dirs = {"local": str(tmp_path)}
    home.config.allowlist_external_dirs = {str(tmp_path)}
    await async_setup_component(home, "media_source", {})
    home.config.external_url = HOUSE
    stranger = await hass_client_no_auth()
    for name in ("porch", "safe"):
        media = f"media-source://media_source/local/{name}.png"
        await _send(home, message=name, media={"media_content_id": media})
    first, second = (URL(m.image or "").path for m in gateway.messages)
    assert first != second
    seen = await stranger.get(first)
    assert seen.status == HTTPStatus.OK
    assert await seen.read() != await (await stranger.get(second)).read()
    assert not re.search("porch|Olena|2233", f"{first} {seen.headers}")
    freezer.tick(timedelta(hours=24, seconds=1))
    assert (await stranger.get(first)).status == HTTPStatus.NOT_FOUND


# With none of them.


@pytest.mark.parametrize(
    "path",
    [
        f"/api/inteltele/a/{STRANGERS_TOKEN}",
        "/api/inteltele/a/x",
        f"/api/inteltele/picture/{STRANGERS_TOKEN}.jpg",
        f"/api/inteltele/picture/{STRANGERS_TOKEN}/full.png",
        "/api/inteltele/picture/secrets.yaml",
    ],
)
async def test_who_has_none_of_them_is_told_nothing_and_then_shut_up(
    home: HomeAssistant, stranger: Phone, presses: list[Event], path: str
) -> None:
    """404 at first, then 429; never 401, which would ban the house's own proxy."""
    statuses = {(await stranger.get(path)).status for _ in range(MAX_GUESSES)}
    assert statuses == {HTTPStatus.NOT_FOUND}
    assert (await stranger.get(path)).status == HTTPStatus.TOO_MANY_REQUESTS
    assert presses == []


async def test_who_has_none_of_them_cannot_report(
    home: HomeAssistant, stranger: Phone, reports: list[Event]
) -> None:
    """Home Assistant answers every unknown webhook alike."""
    [sent] = await _send(home)
    report = {"msgid": sent["message_id"], "status": "delivrd"}
    response = await stranger.post("/api/webhook/unknown", data=report)
    assert response.status == HTTPStatus.OK
    await home.async_block_till_done()
    assert reports == []


# As the gateway, or between it and the house.


async def test_a_gateway_that_redirects_gets_the_key_to_no_other_host(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """No redirect is followed, by no call."""
    heard: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(await request.text())
        return web.Response(text="{}")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hear)
    async with TestServer(app, host="localhost") as elsewhere:
        gateway.settings.misbehaviour = Misbehaviour(
            redirect_to=str(elsewhere.make_url("/im/send/"))
        )
        with pytest.raises(HomeAssistantError):
            await _send(home, retry_for=0)
        with pytest.raises(HomeAssistantError):
            await home.services.async_call(
                DOMAIN, "get_rates", {}, blocking=True, return_response=True
            )
        # It would have heard, had somebody asked.
        async with aiohttp.ClientSession() as session:
            await session.get(elsewhere.make_url("/"))
    assert heard == [""]


@pytest.mark.parametrize(
    "words",
    [
        "<img src=x onerror=alert(1)>",
        "[click here](https://evil.example)",
        "**bold** `code` # heading | table",
        "two\nlines\r\n2026-01-01 ERROR forged",
        "\u202edesrever \u2066hidden\u2069",
        f"your key {API_KEY} and your number 380671112233",
    ],
)
async def test_a_lying_gateway_gets_no_markup_no_line_and_no_secret_into_an_error(
    home: HomeAssistant,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    words: str,
) -> None:
    """Its words reach the user as plain text, or not at all."""

    async def lie(_: web.Request) -> web.Response:
        said = {"number": OLENA.strip("+"), "status": f"error: {words}"}
        return web.json_response({"reply": [said]})

    app = web.Application()
    app.router.add_post("/im/send/", lie)
    async with TestServer(app) as liar:
        account.runtime_data.client._url = liar.make_url("/")
        with pytest.raises(HomeAssistantError) as caught:
            await _send(home, retry_for=0)
    ours = [
        r.getMessage() for r in caplog.records if r.name.startswith("custom_components")
    ]
    for text in (str(caught.value), *ours):
        assert not re.search(r"[<>\[\]`*#|\n\r\u202e\u2066\u2069]", text)
        assert API_KEY not in text
        assert OLENA.strip("+") not in text


@pytest.mark.parametrize("message_id", ["<b>x</b>", "[a](b)", "a\nb", "x" * 500])
async def test_a_lying_gateway_gets_no_markup_into_an_id(
    home: HomeAssistant, account: MockConfigEntry, message_id: str
) -> None:
    """An id that is none is left out, and the message counts as sent."""

    async def lie(_: web.Request) -> web.Response:
        said = {"number": OLENA.strip("+"), "status": "OK", "message_id": message_id}
        return web.json_response({"reply": [said]})

    app = web.Application()
    app.router.add_post("/im/send/", lie)
    async with TestServer(app) as liar:
        account.runtime_data.client._url = liar.make_url("/")
        [sent] = await _send(home)
    assert (sent["status"], sent["message_id"]) == ("sent", None)


async def test_a_gateway_learns_nothing_but_what_it_is_sent(
    home: HomeAssistant, stranger: Phone, gateway: SimulatedGateway
) -> None:
    """Neither names, nor the report address, nor what an answer does."""
    await _send(home, entity_id=["notify.olena", "notify.petro"], **BUTTON)
    told = " ".join(str(request.parameters) for request in gateway.requests)
    assert "The safe is open." in told
    for private in ("Olena", "Petro", "open_gate", WEBHOOK_ID, "notify."):
        assert private not in told


# As a user of the house.


def _may(user: MockUser, **entities: dict[str, bool]) -> Context:
    """Give a user permissions on notify entities, and return how they call."""
    named = {f"notify.{name}": allowed for name, allowed in entities.items()}
    user.mock_policy({"entities": {"entity_ids": named}})
    return Context(user_id=user.id)


async def test_a_user_without_control_of_an_entity_cannot_send_to_it(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
) -> None:
    """Reading is not enough."""
    context = _may(hass_read_only_user, olena={POLICY_READ: True})
    with pytest.raises(Unauthorized):
        await _send(home, context)
    assert gateway.request_count() == 0


@pytest.mark.parametrize("number", [OLENA, "067 111 22 33", "+48601234567"])
async def test_a_user_without_control_of_an_entity_cannot_send_to_its_number_either(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
    number: str,
) -> None:
    """Numbers without an entity are for those who may control everything."""
    context = _may(hass_read_only_user, petro={POLICY_CONTROL: True})
    with pytest.raises(Unauthorized):
        await _send(home, context, entity_id="notify.petro", to=[number])
    assert gateway.request_count() == 0


@pytest.mark.parametrize(
    ("domain", "action", "data"),
    [
        (DOMAIN, "send_message", {"entity_id": "notify.olena"}),
        (DOMAIN, "send_message", {"entity_id": ["notify.petro", "notify.olena"]}),
        (DOMAIN, "send_message", {"to": OLENA}),
        (DOMAIN, "send_message", {"to": ["+48601234567"]}),
        ("notify", "send_message", {"entity_id": "notify.olena"}),
        ("notify", "inteltele", {}),
        ("notify", "inteltele", {"target": "Olena"}),
        ("notify", "inteltele", {"target": ["Petro", OLENA]}),
        ("notify", "inteltele", {"target": "+48601234567"}),
    ],
)
async def test_rights_are_the_same_by_every_way_to_send(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
    domain: str,
    action: str,
    data: dict[str, Any],
) -> None:
    """Somebody who may write to Petro writes to nobody else.

    The tool of assistants calls the action: `tests/test_llm.py`.
    """
    context = _may(
        hass_read_only_user, petro={POLICY_CONTROL: True}, olena={POLICY_READ: True}
    )
    with pytest.raises(Unauthorized):
        await home.services.async_call(
            domain, action, {"message": "Hi", **data}, blocking=True, context=context
        )
    assert gateway.request_count() == 0


async def test_rights_are_the_same_over_a_connection(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> None:
    """As dashboards and apps call actions."""
    _may(hass_read_only_user, petro={POLICY_CONTROL: True})
    client = await hass_ws_client(home, hass_read_only_access_token)
    for domain, action, data in (
        (DOMAIN, "send_message", {"to": OLENA}),
        ("notify", "inteltele", {"target": OLENA}),
    ):
        await client.send_json_auto_id(
            {
                "type": "call_service",
                "domain": domain,
                "service": action,
                "service_data": {"message": "Hi", **data},
            }
        )
        assert (await client.receive_json())["error"]["message"] == "Unauthorized"
    assert gateway.request_count() == 0


@pytest.mark.parametrize(
    "media",
    [
        "camera.hidden",
        "image.hidden",
        "media-source://camera/camera.hidden",
        {"media_content_id": "media-source://image/image.hidden"},
        "/config/www/hidden.jpg",
        "file:///config/www/hidden.jpg",
    ],
)
async def test_a_user_sends_no_picture_that_they_may_not_see(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
    media: Any,
) -> None:
    """By none of the ways; a file by its path is for those who may read everything."""
    home.config.external_url = HOUSE
    context = _may(hass_read_only_user, olena={POLICY_CONTROL: True})
    with pytest.raises(Unauthorized):
        await _send(home, context, media=media)
    with pytest.raises(Unauthorized):
        await home.services.async_call(
            "notify",
            "inteltele",
            {"message": "Hi", "target": OLENA, "data": {"media": media}},
            blocking=True,
            context=context,
        )
    assert gateway.request_count() == 0


async def test_a_user_hears_no_outcome_of_somebody_they_may_not_read(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
) -> None:
    """Neither by an id of the house's or the gateway's, nor of a bare number."""
    ids = []
    for data in (
        {"entity_id": "notify.olena"},
        {"entity_id": "notify.petro"},
        {"entity_id": [], "to": "+48601234567"},
    ):
        [sent] = await _send(home, **data)
        ids += [sent["id"], sent["message_id"]]
    context = _may(hass_read_only_user, petro={POLICY_READ: True})
    response: Any = await home.services.async_call(
        DOMAIN,
        "get_status",
        {"message_ids": [*ids, "of-another-house"]},
        blocking=True,
        return_response=True,
        context=context,
    )
    assert list(response["messages"]) == ids[2:4]
    [asked] = [item for item in gateway.requests if item.path == "/im/status/"]
    assert asked.parameters["requests"] == ids[3]


# What input may cost.


@pytest.mark.parametrize(
    ("domain", "action", "data"),
    [
        (DOMAIN, "send_message", {"to": [OLENA] * 1001}),
        ("notify", "inteltele", {"target": [OLENA] * 1001}),
        (DOMAIN, "send_message", {"answers": [{"action": "a", "text": "b"}] * 101}),
    ],
)
async def test_more_than_a_thousand_numbers_are_refused_before_one_is_read(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    domain: str,
    action: str,
    data: dict[str, Any],
) -> None:
    """A list is counted first."""
    with pytest.raises(ServiceValidationError, match="It takes at most"):
        await home.services.async_call(
            domain, action, {"message": "Hi", **data}, blocking=True
        )
    assert gateway.request_count() == 0


async def test_a_permission_is_looked_at_with_each_number(
    home: HomeAssistant, account: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """What comes after the first that is not allowed is not even read."""
    context = _may(hass_read_only_user, petro={POLICY_CONTROL: True})
    with pytest.raises(Unauthorized):
        await _send(home, context, entity_id=[], to=[OLENA, "no number"])


async def test_more_than_a_hundred_ids_are_refused(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nothing is asked for any of them."""

    async def ask(count: int) -> Any:
        return await home.services.async_call(
            DOMAIN,
            "get_status",
            {"message_ids": [f"m{number}" for number in range(count)]},
            blocking=True,
            return_response=True,
        )

    with pytest.raises(ServiceValidationError, match="It takes at most 100"):
        await ask(101)
    assert gateway.request_count() == 0
    assert await ask(100) == {"messages": {}}


LONG = "x" * 500_000


@pytest.mark.parametrize(
    "fields",
    [
        {"message": LONG},
        {"title": LONG},
        {"image": f"https://example.org/{LONG}.jpg"},
        {"media": f"media-source://{LONG}"},
        {"button_text": LONG, "button_url": "https://example.org"},
        {"button_text": "Open", "button_url": f"https://example.org/{LONG}"},
        {"button_text": "Open", "button_action": LONG},
        {"button_text": "Open", "answers": {"action": LONG, "text": "Yes"}},
        {"button_text": "Open", "answers": {"action": "yes", "text": LONG}},
        {"sender": LONG},
        {"sms_message": LONG, "sms_sender": "House"},
        {"sms_message": "Hi", "sms_sender": LONG},
    ],
    ids="-".join,
)
async def test_every_field_has_a_length(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
) -> None:
    """It is refused before anything else; the sentence quotes no novel."""
    with pytest.raises(ServiceValidationError, match="has more than") as caught:
        await _send(home, **fields)
    assert len(str(caught.value)) < 500
    # The legacy action may leave out what is beside the text.
    text = {"message": "Hi"} | {
        key: value for key, value in fields.items() if key in {"message", "title"}
    }
    data = {key: value for key, value in fields.items() if key not in text}
    with suppress(HomeAssistantError):
        await home.services.async_call(
            "notify",
            "inteltele",
            {"target": "Olena", "data": data, **text},
            blocking=True,
        )
    sent = [str(request.parameters) for request in gateway.requests]
    assert all(len(parameters) < 5000 for parameters in sent)


@pytest.mark.parametrize("fields", [{"message": LONG}, {"title": LONG}])
async def test_a_notify_entity_keeps_to_the_same_lengths(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
) -> None:
    """Home Assistant's own action has none."""
    with pytest.raises(ServiceValidationError, match="has more than"):
        await home.services.async_call(
            "notify",
            "send_message",
            {"message": "Hi", "entity_id": "notify.olena", **fields},
            blocking=True,
        )
    assert gateway.request_count() == 0


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"image": "https://example.org/a\nb.jpg"}, "Picture URL"),
        ({"button_text": "a\nb", "button_url": "https://example.org"}, "Button text"),
        ({"button_text": "a", "button_url": "https://example.org/\x01"}, "Button link"),
        ({"button_text": "a", "button_action": "a\r\nb"}, "Button action"),
        ({"button_text": "a", "answers": {"action": "a\0", "text": "b"}}, "Action"),
        ({"sender": "a\u2028b"}, "Viber sender"),
        ({"sms_message": "Hi", "sms_sender": "a\nb"}, "SMS sender"),
    ],
)
async def test_what_is_on_one_line_holds_no_control_character(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
    label: str,
) -> None:
    """It is refused, and not cut."""
    with pytest.raises(ServiceValidationError, match=f'"{label}" holds a line'):
        await _send(home, **fields)
    assert gateway.request_count() == 0


async def test_a_text_goes_out_without_control_characters(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """An alarm must not fail for what a template put in."""
    typed = "Water\x00!\r\nIn the\tcellar \x1b[31m\n"
    await _send(home, title="A\x07larm", message=typed)
    assert gateway.messages[0].text == "*Alarm*\nWater!\nIn the\tcellar [31m"


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"retry_for": {"days": 31}}, "Retry for"),
        ({"retry_for": {"days": 999_999_999}}, "Retry for"),
        ({"wait_for": "delivered", "wait_timeout": {"days": 31}}, "Wait at most"),
    ],
)
async def test_a_time_to_wait_has_an_end(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
    label: str,
) -> None:
    """No calendar holds the longest."""
    with pytest.raises(ServiceValidationError, match=f'"{label}" is longer than 30'):
        await _send(home, **fields)
    assert gateway.request_count() == 0


# What somebody typed.

FORGED = "x\n2026-01-01 00:00:00.000 ERROR (MainThread) [homeassistant] forged"
LINK = "[Renew your key](https://evil.example) ![x](https://evil.example/x.png)"


@pytest.mark.parametrize(
    "data",
    [
        {"to": FORGED},
        {"media": FORGED},
        {"media": f"camera.{FORGED}"},
        {"media": f"/{FORGED}"},
        {"button_url": FORGED, "button_text": "Open"},
        {"button_action": "a", "button_text": "Open", "button_url": FORGED},
        {"image": f"{FORGED}.jpg"},
        {"sms_message": "Hi", "sms_sender": FORGED},
        {"sender": FORGED},
        {"answers": [{"action": FORGED, "text": ""}], "button_text": "Open"},
    ],
    ids=str,
)
@pytest.mark.parametrize("way", ["action", "legacy"])
async def test_nothing_typed_forges_a_line_of_the_log(
    home: HomeAssistant,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    data: dict[str, Any],
    way: str,
) -> None:
    """A script that fails is logged by Home Assistant, with our words."""
    home.config.external_url = HOUSE
    step: dict[str, Any] = {
        "action": f"{DOMAIN}.send_message",
        "data": {"message": "Hi", "entity_id": "notify.olena", **data},
    }
    if way == "legacy":
        target = data.get("to", "Olena")
        rest = {key: value for key, value in data.items() if key != "to"}
        step = {
            "action": "notify.inteltele",
            "data": {"message": "Hi", "target": [target], "data": rest},
        }
    assert await async_setup_component(
        home, "script", {"script": {"send": {"sequence": [step]}}}
    )
    caplog.clear()
    # The legacy action may leave out what is beside the text.
    with suppress(HomeAssistantError):
        await home.services.async_call("script", "send", {}, blocking=True)
    logged = [record.getMessage() for record in caplog.records if record.levelno >= 30]
    assert logged or way == "legacy"
    assert not re.search(r"^2026-01-01", "\n".join(logged), re.MULTILINE)


async def test_nothing_that_a_person_named_is_markup_in_a_repairs_dialog(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Descriptions are Markdown: each sign of it is escaped; a title is plain text."""
    home.config_entries.async_update_entry(account, title=f"{LINK} <img src=x> `a` \n#")
    await home.async_block_till_done()
    await _banned(home, "Banned")
    issue = ir.async_get(home).async_get_issue(DOMAIN, "sender_banned_account")
    assert issue is not None
    words = issue.translation_placeholders or {}
    assert re.fullmatch(r"(\\[^\w\s]|[\w ])+", words["account_escaped"])
    assert "\n" not in words["account"]
    texts = await async_get_translations(home, "en", "issues", [DOMAIN])
    for key, text in texts.items():
        if key.endswith(".description"):
            assert "{account}" not in text
            assert "{recipient}" not in text


async def test_a_sender_is_in_no_issue_that_is_kept(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Whoever may send chooses it, and an administrator reads issues."""
    with pytest.raises(ServiceValidationError, match="A Viber sender has at most 50"):
        await _send(home, sender=LINK[:90])
    await _banned(home, "Banned")
    issues = ir.async_get(home).issues.values()
    assert [issue.translation_key for issue in issues] == ["sender_banned"]
    assert "Banned" not in str([issue.to_json() for issue in issues])


async def _banned(home: HomeAssistant, sender: str) -> None:
    """Send from a sender that is banned."""
    with pytest.raises(HomeAssistantError, match="has banned the sender"):
        await _send(home, sender=sender)


async def test_a_user_with_control_of_an_entity_can_send_to_its_number(
    home: HomeAssistant, account: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """It is the same recipient."""
    context = _may(hass_read_only_user, olena={POLICY_CONTROL: True})
    [sent] = await _send(home, context, to=[OLENA])
    assert sent["status"] == "sent"


async def test_a_user_who_may_send_to_nobody_asks_for_no_prices(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
) -> None:
    """Each question is a request to the gateway, in the account's name."""

    async def ask(**policies: dict[str, bool]) -> None:
        await home.services.async_call(
            DOMAIN,
            "get_rates",
            {},
            blocking=True,
            return_response=True,
            context=_may(hass_read_only_user, **policies),
        )

    with pytest.raises(Unauthorized):
        await ask(olena={POLICY_READ: True})
    assert gateway.request_count() == 0
    await ask(olena={POLICY_CONTROL: True})
    assert gateway.request_count() == 1


async def test_a_user_without_read_permission_sees_no_history(
    home: HomeAssistant, account: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """Neither by the recipient, nor among all."""
    await _send(home, entity_id=["notify.olena", "notify.petro"])
    context = _may(hass_read_only_user, petro={POLICY_READ: True})

    async def ask(**fields: Any) -> list[str]:
        response: Any = await home.services.async_call(
            DOMAIN,
            "get_messages",
            fields,
            blocking=True,
            return_response=True,
            context=context,
        )
        return [message["number"] for message in response["messages"]]

    assert await ask() == [PETRO]
    with pytest.raises(Unauthorized):
        await ask(recipient="notify.olena")


async def test_a_user_who_is_no_administrator_cannot_have_messages_forgotten(
    home: HomeAssistant, account: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """Nobody hides what was sent."""
    await _send(home)
    context = _may(hass_read_only_user, olena={POLICY_READ: True, POLICY_CONTROL: True})
    with pytest.raises(Unauthorized):
        await home.services.async_call(
            DOMAIN,
            "delete_messages",
            {"recipient": "notify.olena"},
            blocking=True,
            return_response=True,
            context=context,
        )
    assert len(await _history(account)) == 1


# With a copy of the disk.


async def test_who_copies_the_disk_finds_no_link_that_was_sent(
    home: HomeAssistant,
    account: MockConfigEntry,
    stranger: Phone,
    gateway: SimulatedGateway,
) -> None:
    """Links are kept as fingerprints, and nobody else may read the file."""
    path = await _answer_link(home, gateway)
    await stop(home, account)
    for file in ledger_path(home, account.entry_id).parent.glob("inteltele.*"):
        assert path.rpartition("/")[2].encode() not in file.read_bytes()
        assert API_KEY.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


async def test_an_answer_page_shows_a_text_as_it_is(
    home: HomeAssistant, stranger: Phone, gateway: SimulatedGateway
) -> None:
    """No matter who wrote the button."""
    home.config.location_name = "<b>House</b>"
    await _send(
        home,
        button_text="Answer",
        answers=[{"action": "a", "text": "<script>alert(1)</script>"}],
    )
    path = URL(gateway.messages[-1].button_link or "").path
    page = await (await stranger.get(path)).text()
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search("<script|<b>", page)


def test_the_card_shows_texts_as_they_are() -> None:
    """Its templates escape what is put in, unless they are told not to."""
    sources = Path(__file__).parents[1] / "frontend" / "src"
    written = "".join(path.read_text() for path in sources.glob("*.ts"))
    assert "html`" in written
    assert not re.search("innerHTML|unsafeHTML|insertAdjacent|ha-markdown", written)
