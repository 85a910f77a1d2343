"""Delivery reports that come in by the webhook."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from datetime import timedelta
from http import HTTPStatus
import json
from typing import Any
from urllib.parse import urlencode

from aiohttp import MultipartWriter
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import webhook
from homeassistant.core import Event, HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.aiohttp import MockRequest
from hypothesis import (
    HealthCheck,
    given,
    settings as hypothesis_settings,
    strategies as st,
)
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.inteltele.const import DOMAIN, EVENT_DELIVERY_STATUS
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.web.form_body import async_read_form
from custom_components.inteltele.web.receipts import MAX_REPORT_BYTES
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from ..conftest import OLENA, WEBHOOK_ID, settled, stop
from ..properties import EXAMPLES

PATH = f"/api/webhook/{WEBHOOK_ID}"

type ClientGenerator = Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]]


@pytest.fixture
def settings() -> GatewaySettings:
    """Return a gateway that does not report by itself."""
    return GatewaySettings(
        username="House", api_keys=("key-of-the-tests",), report_url=None
    )


@pytest.fixture
def events(home: HomeAssistant) -> list[Event]:
    """Return the delivery events that the house hears."""
    return async_capture_events(home, EVENT_DELIVERY_STATUS)


@pytest.fixture
async def client(
    account: MockConfigEntry, hass_client_no_auth: ClientGenerator
) -> TestClient[Any, Any]:
    """Return a client that knows the webhook and nothing else."""
    return await hass_client_no_auth()


async def _send(home: HomeAssistant, **target: Any) -> str:
    """Send a message and return its id."""
    response = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", **target},
        blocking=True,
        return_response=True,
    )
    [message] = response["messages"]
    return message["message_id"]


def _multipart(report: dict[str, str]) -> MultipartWriter:
    """Return a report in parts, as a form with a file would be sent."""
    writer = MultipartWriter("form-data")
    for name, text in report.items():
        writer.append(text).set_content_disposition("form-data", name=name)
    return writer


@pytest.mark.parametrize(
    "encoded",
    [
        lambda report: {"params": report},
        lambda report: {"data": report},
        lambda report: {"json": report},
        lambda report: {"data": _multipart(report)},
        lambda report: {"data": b"\xef\xbb\xbf " + json.dumps(report).encode()},
        lambda report: {
            "data": json.dumps(report),
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
        lambda report: {
            "data": (
                "--b\n"
                + "\n--b\n".join(
                    f'Content-Disposition: form-data; name="{name}"\n\n{text}'
                    for name, text in report.items()
                )
                + "\n--b--"
            ),
            "headers": {"Content-Type": 'multipart/form-data; boundary="b"'},
        },
        lambda report: {
            "params": {"msgid": report["msgid"]},
            "json": {"status": report["status"], "copies": [1], "msgid": None},
        },
        lambda report: {"data": json.dumps(report).encode("utf-16")},
        lambda report: {"data": urlencode(report).encode("utf-16-le")},
        lambda report: {"data": b"\xef\xbb\xbf" + urlencode(report).encode()},
        lambda report: {
            "data": json.dumps(report)[:-1]
            + ', "cost": NaN, "tag": "\\ud800", "more": {"msgid": "b"}, "msgid": '
            + f'"{report["msgid"]}"}}'
        },
    ],
    ids=[
        *("query", "form", "json", "parts", "BOM", "other name", "LF", "both"),
        *("UTF-16", "form in UTF-16", "form with a BOM", "odd fields"),
    ],
)
async def test_a_report_is_taken_in_every_encoding(
    home: HomeAssistant,
    client: TestClient[Any, Any],
    events: list[Event],
    encoded: Callable[[dict[str, str]], dict[str, Any]],
) -> None:
    """How the provider posts its parameters is not stated."""
    message_id = await _send(home, entity_id="notify.olena")
    report = {"msgid": f" {message_id.upper()}", "status": " Delivrd "}
    response = await client.post(PATH, **encoded(report))
    assert response.status == HTTPStatus.OK
    await home.async_block_till_done()
    assert [event.data["status"] for event in events] == ["delivered"]
    assert events[0].data["message_id"] == message_id


async def test_word_of_delivery_counts_in_the_second_of_a_failure(
    home: HomeAssistant, client: TestClient[Any, Any], events: list[Event]
) -> None:
    """The fallback SMS may have got through; the gateway tells no finer times."""
    message_id = await _send(home, entity_id="notify.olena")
    second = dt_util.utcnow().strftime("%Y-%m-%d %H:%M:%S")
    for status in ("undeliv", "delivrd", "undeliv"):
        report = {"msgid": message_id, "status": status, "datetime": second}
        response = await client.post(PATH, data=report)
        assert response.status == HTTPStatus.OK
        await home.async_block_till_done()
    assert [event.data["status"] for event in events] == ["failed", "delivered"]
    state = home.states.get("sensor.olena_last_message")
    assert state.state == "delivered"


@pytest.mark.parametrize(
    "request_data",
    [
        {"data": "msgid=a&msgid=b&status=delivrd"},
        {"data": {"msgid": "a", "status": "delivrd"}, "params": {"msgid": "b"}},
        {"json": {"msgid": True, "status": "delivrd"}},
        {"json": {"msgid": ["a"], "status": "delivrd"}},
        {"json": [{"msgid": "a", "status": "delivrd"}]},
        {"json": dict.fromkeys(map(str, range(40)), "x") | {"msgid": "a"}},
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
        {"data": b'{"msgid": "a", "status": "delivrd", "status": "undeliv"}'},
        {"data": b'{"msgid": "a", "status": "delivrd", "msgid": "b"}'},
        {"data": b'{"a":' * 9000},
        {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        {
            "data": b"--b\r\n" * 9000,
            "headers": {"Content-Type": "multipart/form-data; boundary=b"},
        },
        {
            "data": b'--b\r\nContent-Disposition: form-data; name="msgid"\r\n\r\na',
            "headers": {"Content-Type": "multipart/form-data; boundary=b"},
        },
    ],
)
async def test_a_report_that_is_not_clear_is_refused(
    client: TestClient[Any, Any],
    caplog: pytest.LogCaptureFixture,
    request_data: dict[str, Any],
) -> None:
    """The provider may send it again; guessed, it would be lost."""
    response = await client.post(PATH, **request_data)
    assert response.status == HTTPStatus.BAD_REQUEST
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_report_becomes_an_event(
    home: HomeAssistant,
    client: TestClient[Any, Any],
    events: list[Event],
    method: str,
) -> None:
    """Whichever method the provider was told."""
    message_id = await _send(home, entity_id="notify.olena")
    report = {"msgid": message_id, "status": "DELIVRD"}
    part = {"GET": "params", "POST": "data"}[method]
    response = await client.request(method, PATH, **{part: report})
    assert response.status == HTTPStatus.OK
    await home.async_block_till_done()
    [event] = events
    data = dict(event.data)
    assert data.pop("seconds") >= 0
    assert data.pop("reported_at").endswith("+00:00")
    assert data.pop("device_id")
    assert len(data.pop("id")) == 26
    assert data == {
        "entry_id": "account",
        "channel": "viber",
        "message_id": message_id,
        "number": OLENA,
        "recipient": "Olena",
        "status": "delivered",
        "reason": None,
        "gateway_status": "delivrd",
        "source": "webhook",
    }


async def test_a_report_shows_at_the_event_entity(
    home: HomeAssistant, client: TestClient[Any, Any]
) -> None:
    """Sent first, then how it ended."""
    message_id = await _send(home, entity_id="notify.olena")
    await home.async_block_till_done()
    state = home.states.get("event.olena_delivery")
    assert state.attributes["event_type"] == "sent"
    assert state.attributes["message_id"] == message_id
    await client.post(PATH, data={"msgid": message_id, "status": "undeliv"})
    await home.async_block_till_done()
    state = home.states.get("event.olena_delivery")
    assert state.attributes["event_type"] == "failed"
    assert state.attributes["reason"] == "undeliverable"
    assert state.attributes["message_id"] == message_id


async def test_a_number_without_a_recipient_has_an_event_without_names(
    home: HomeAssistant, client: TestClient[Any, Any], events: list[Event]
) -> None:
    """There is no entity for it."""
    message_id = await _send(home, to="+48601234567")
    await client.post(PATH, data={"msgid": message_id, "status": "expired"})
    await home.async_block_till_done()
    [event] = events
    assert event.data["recipient"] is None
    assert event.data["device_id"] is None
    assert event.data["number"] == "+48601234567"


async def test_a_report_of_somebody_elses_message_is_answered_alike(
    home: HomeAssistant, client: TestClient[Any, Any], events: list[Event]
) -> None:
    """And ignored."""
    response = await client.post(PATH, data={"msgid": "x", "status": "delivrd"})
    assert response.status == HTTPStatus.OK
    assert await response.text() == ""
    await home.async_block_till_done()
    assert events == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"msgid=a",
        b"status=delivrd",
        b"{}",
        b"\xff\xfe\x00",
        b"msgid=a&status=" + b"x" * 70_000,
        b"&".join(b"a=b" for _ in range(40)),
        b"msgid=a%00b&status=delivrd",
    ],
    ids=[
        "nothing",
        "no status",
        "no id",
        "json",
        "bytes",
        "too long",
        "too many",
        "control character",
    ],
)
async def test_a_malformed_report_is_refused_without_a_traceback(
    client: TestClient[Any, Any], caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    """A stranger who knows the address can send anything."""
    response = await client.post(PATH, data=body)
    assert response.status == HTTPStatus.BAD_REQUEST
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("filling", "status"), [(10, HTTPStatus.OK), (70_000, HTTPStatus.BAD_REQUEST)]
)
async def test_a_report_that_comes_in_pieces_is_waited_for(
    client: TestClient[Any, Any], filling: int, status: HTTPStatus
) -> None:
    """Until it is there, or too long."""

    async def pieces() -> AsyncGenerator[bytes]:
        yield b"msgid=a&more="
        for _ in range(2):
            await asyncio.sleep(0.05)
            yield b"x" * filling
        yield b"&status=delivrd"

    response = await client.post(PATH, data=pieces())
    assert response.status == status


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_report_that_is_packed_wrongly_is_refused_without_a_word_in_the_log(
    client: TestClient[Any, Any], caplog: pytest.LogCaptureFixture, encoding: str
) -> None:
    """Home Assistant would log the address with the error, and aiohttp its own."""
    response = await client.post(
        PATH, data=b"no archive", headers={"Content-Encoding": encoding}
    )
    assert response.status == HTTPStatus.BAD_REQUEST
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


async def test_a_report_through_home_assistant_cloud_counts(
    home: HomeAssistant, account: MockConfigEntry, events: list[Event]
) -> None:
    """Its request knows less than one of aiohttp."""
    message_id = await _send(home, entity_id="notify.olena")
    for part in ("content", "query_string"):
        report: dict[str, Any] = {"content": b"", "query_string": ""}
        text = urlencode({"msgid": message_id, "status": "delivrd"})
        report[part] = {"content": text.encode(), "query_string": text}[part]
        response = await webhook.async_handle_webhook(
            home, WEBHOOK_ID, MockRequest(mock_source="cloud", method="POST", **report)
        )
        assert response.status == HTTPStatus.OK
    await home.async_block_till_done()
    assert len(events) == 1


async def test_reports_of_the_gateway_reach_the_house(
    home: HomeAssistant,
    client: TestClient[Any, Any],
    events: list[Event],
    gateway: SimulatedGateway,
) -> None:
    """Sent by the simulated gateway itself, before its own reply."""
    gateway.settings.report_url = str(client.make_url(PATH))
    gateway.settings.misbehaviour.report_before_reply = True
    await _send(home, entity_id="notify.olena")
    await gateway.settle()
    await home.async_block_till_done()
    [event] = events
    assert event.data["status"] == "delivered"
    state = home.states.get("event.olena_delivery")
    assert state.attributes["event_type"] == "delivered"


async def test_an_outcome_that_nobody_reports_is_asked_for(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    events: list[Event],
    gateway: SimulatedGateway,
) -> None:
    """Half a minute after the message was sent, and never again."""
    await _send(home, entity_id="notify.olena")
    await gateway.settle()
    for _ in range(2):
        freezer.tick(timedelta(seconds=31))
        async_fire_time_changed(home)
        await settled(home)
    [event] = events
    assert event.data["source"] == "poll"
    assert gateway.request_count("/im/status/") == 1


async def test_an_account_that_stops_asks_nothing(
    freezer: FrozenDateTimeFactory,
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """But it does when it is back."""
    await _send(home, entity_id="notify.olena")
    await gateway.settle()
    await stop(home, account)
    freezer.tick(timedelta(seconds=31))
    async_fire_time_changed(home)
    await settled(home)
    assert gateway.request_count("/im/status/") == 0
    await home.config_entries.async_setup(account.entry_id)
    await settled(home)
    async_fire_time_changed(home)
    await settled(home)
    assert gateway.request_count("/im/status/") == 1


IDS = st.text("0123456789abcdefABCDEF-", min_size=1, max_size=36)
# What may be written between the parts of a form, and anything.
BODIES = st.binary(max_size=300) | st.lists(
    st.sampled_from(
        [
            *(
                b"--b",
                b"--b--",
                b"\r\n",
                b"\n",
                b": ",
                b"; ",
                b'name="msgid"',
                b"name*=x",
            ),
            *(b"Content-Disposition: form-data", b"Content-Type: multipart/mixed"),
            *(b"Content-Transfer-Encoding: base64", b"charset=none", b"boundary=b"),
            *(b"{", b"}", b'"msgid"', b'"status"', b":", b'"a"', b",", b"[", b"1e999"),
            *(b"msgid=", b"status=", b"&", b"delivrd", b"%ff", b"\xff", b"\x00", b"="),
        ]
    ),
    max_size=30,
).map(b"".join)
KINDS = st.sampled_from(
    [
        *("", "application/json", "multipart/form-data; boundary=b", "multipart/"),
        *("multipart/mixed; boundary*=utf-16'x'%ff", "multipart/x; boundary=\xff"),
    ]
)


@given(body=BODIES, kind=KINDS)
@hypothesis_settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
async def test_any_report_is_taken_or_refused(
    home: HomeAssistant, account: MockConfigEntry, body: bytes, kind: str
) -> None:
    """Nothing breaks, whatever comes in."""
    request = MockRequest(
        mock_source="test",
        method="POST",
        content=body,
        headers={"Content-Type": kind},
    )
    response = await webhook.async_handle_webhook(home, WEBHOOK_ID, request)
    assert response.status in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}


def _in_parts(report: dict[str, str]) -> bytes:
    """Return a report in parts, between lines of "b"."""
    parts = [
        f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in report.items()
    ]
    return "--b".join(["", *parts, "--"]).encode()


ENCODINGS: dict[str, Callable[[dict[str, str]], bytes]] = {
    "application/x-www-form-urlencoded": lambda report: urlencode(report).encode(),
    "multipart/form-data; boundary=b": _in_parts,
    "application/json": lambda report: json.dumps(report).encode(),
    "": lambda report: json.dumps(report, ensure_ascii=False).encode(),
}


@given(
    message_id=IDS,
    status=st.sampled_from(["delivrd", "undeliv", "EXPIRED", "enroute"]),
    more=st.dictionaries(
        st.sampled_from(["datetime", "tag", "part"]),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    ),
    kind=st.sampled_from(sorted(ENCODINGS)),
)
@hypothesis_settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
async def test_a_report_says_the_same_in_every_encoding(
    home: HomeAssistant,
    message_id: str,
    status: str,
    more: dict[str, str],
    kind: str,
) -> None:
    """Never another message, never less than was given."""
    report = {**more, "msgid": message_id, "status": status}
    request: Any = MockRequest(
        mock_source="test",
        method="POST",
        content=ENCODINGS[kind](report),
        headers={"Content-Type": kind},
    )
    form = await async_read_form(request, MAX_REPORT_BYTES)
    assert {name: text.strip() for name, text in form.items()} == {
        name: text.strip() for name, text in report.items()
    }
    assert parse_receipt(form) == parse_receipt(report)


async def test_a_report_that_comes_before_its_account_comes_again(
    home: HomeAssistant, account: MockConfigEntry, events: list[Event]
) -> None:
    """Taken for heard, it would be lost."""
    message_id = await _send(home, entity_id="notify.olena")
    report = MockRequest(
        mock_source="test",
        content=urlencode({"msgid": message_id, "status": "delivrd"}).encode(),
        method="POST",
    )
    await stop(home, account)
    response = await webhook.async_handle_webhook(home, WEBHOOK_ID, report)
    assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert int(response.headers["Retry-After"]) > 0
    assert events == []
    await home.config_entries.async_setup(account.entry_id)
    await webhook.async_handle_webhook(home, WEBHOOK_ID, report)
    await home.async_block_till_done()
    assert len(events) == 1
