"""SMS of their own, against a gateway that may behave in every way that is open."""

from datetime import UTC, datetime
from decimal import Decimal
import logging
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.inteltele.gateway import (
    MAX_NUMBERS,
    CannotConnectError,
    Content,
    ErrorReason,
    GatewayClient,
    GatewayError,
    InvalidResponseError,
    MessageContent,
    NoAnswerError,
    RefusedError,
    SmsContent,
    transport,
)
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import API_KEY, USERNAME

OLENA = "+380671112233"
PETRO = "+380671112244"
WITHOUT_VIBER = "+380671112911"
UNDELIVERABLE = "+380671112916"
CONTENT = SmsContent(
    message="Вода! " * 20, sender="House", priority=3, system_type="alarms"
)
# Where the gateway does not tell of SMS at the place that its page promises.
TOLD_ELSEWHERE = ["empty", "not_found", "page", "redirect"]


async def test_an_sms_reaches_the_gateway_as_documented(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """As a form, with the key in it, whether there is Viber or not."""
    results = await client.send_sms(CONTENT, [OLENA, WITHOUT_VIBER])
    [request] = gateway.requests
    assert (request.path, request.method, request.had_key) == (
        "/message/send/",
        "POST",
        True,
    )
    assert request.parameters == {
        "username": USERNAME,
        "to": "380671112233,380671112911",
        "message": CONTENT.message,
        "from": "House",
        "priority": "3",
        "system_type": "alarms",
    }
    [first, second] = gateway.messages
    assert results[OLENA].message_id == first.message_id
    assert results[WITHOUT_VIBER].message_id == second.message_id
    assert (results[OLENA].cost, results[OLENA].parts) == (Decimal("0.900000"), 2)
    assert results[OLENA].country == "ua"


async def test_what_is_not_set_is_not_sent(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """The gateway has its own sender and priority."""
    await client.send_sms(SmsContent(message="x"), [OLENA])
    assert set(gateway.requests[0].parameters) == {"username", "to", "message"}


async def test_the_lowest_priority_is_one(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """And no missing one."""
    await client.send_sms(SmsContent(message="x", priority=0), [OLENA])
    assert gateway.requests[0].parameters["priority"] == "0"


@pytest.mark.parametrize("count", [0, MAX_NUMBERS + 1])
async def test_a_request_holds_one_to_a_hundred_numbers(
    client: GatewayClient, count: int
) -> None:
    """More take more requests."""
    with pytest.raises(ValueError, match="1 to 100 numbers"):
        await client.send_sms(CONTENT, [OLENA] * count)


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(single_quotes=True),
        Misbehaviour(content_type="text/html"),
        Misbehaviour(mcc_field="mcc"),
        Misbehaviour(mcc_field="mccmnc"),
        Misbehaviour(number_prefix="+"),
        Misbehaviour(shuffle_results=True),
        Misbehaviour(report_before_reply=True),
        Misbehaviour(sms_parts=False),
    ],
)
async def test_a_reply_is_understood_in_every_way_it_may_be_written(
    client: GatewayClient, gateway: SimulatedGateway, misbehaviour: Misbehaviour
) -> None:
    """The parts are counted here where the gateway does not say."""
    gateway.settings.misbehaviour = misbehaviour
    results = await client.send_sms(CONTENT, [OLENA, PETRO])
    assert {number: result.message_id for number, result in results.items()} == {
        message.number: message.message_id for message in gateway.messages
    }
    assert (results[OLENA].country, results[OLENA].parts) == ("ua", 2)


@pytest.mark.parametrize(
    ("parts", "counted"),
    [(3, 3), ("3", 3), (0, 2), (-1, 2), (None, 2), ("many", 2), (2.5, 2), (True, 2)],
)
async def test_the_gateway_knows_best_how_many_parts_it_sent(
    session: aiohttp.ClientSession, aiohttp_server: Any, parts: object, counted: int
) -> None:
    """Where what it says is a number of parts."""

    async def answer(_: web.Request) -> web.Response:
        result = {"status": "OK", "number": 380671112233, "message_id": "a"}
        return web.json_response({"reply": [result | {"parts": parts}]})

    app = web.Application()
    app.router.add_post("/message/send/", answer)
    server = await aiohttp_server(app)
    client = GatewayClient(
        session, url=str(server.make_url("/")), username="a", api_key="b"
    )
    results = await client.send_sms(CONTENT, [OLENA])
    assert results[OLENA].parts == counted


async def test_a_number_that_the_reply_leaves_out_is_missing(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """Nothing is known of it."""
    gateway.settings.misbehaviour.omit_results = 1
    assert set(await client.send_sms(CONTENT, [OLENA, PETRO])) == {PETRO}


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("+380671112901", ErrorReason.BLACKLISTED),
        ("+380671112902", ErrorReason.UNKNOWN_COUNTRY),
        ("+81312345678", ErrorReason.NO_ROUTE),
        ("+380671112904", ErrorReason.LOW_BALANCE),
        ("+380671112905", ErrorReason.REPEAT_DETECTED),
    ],
)
@pytest.mark.parametrize("single_quotes", [False, True])
async def test_an_error_of_one_number_concerns_no_other(
    client: GatewayClient,
    gateway: SimulatedGateway,
    number: str,
    error: ErrorReason,
    single_quotes: bool,
) -> None:
    """And what was not taken has no parts."""
    gateway.settings.misbehaviour.single_quotes = single_quotes
    results = await client.send_sms(CONTENT, [number, OLENA])
    assert (results[number].error, results[number].parts) == (error, None)
    assert (results[OLENA].error, results[OLENA].parts) == (None, 2)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("can't send message", ErrorReason.MISSING_PARAMETER),
        ("message is too long", ErrorReason.TOO_LONG),
        ("sender is banned", ErrorReason.SENDER_BANNED),
    ],
)
async def test_what_the_gateway_finds_wrong_with_a_message_is_told(
    session: aiohttp.ClientSession,
    aiohttp_server: Any,
    words: str,
    reason: ErrorReason,
) -> None:
    """To who sends, and to who looks after the senders."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"reply": [{"status": f"error: {words}"}]})

    app = web.Application()
    app.router.add_post("/message/send/", answer)
    server = await aiohttp_server(app)
    client = GatewayClient(
        session, url=str(server.make_url("/")), username="a", api_key="b"
    )
    heard: list[tuple[Content, ErrorReason | None]] = []
    client.on_send = lambda content, reason: heard.append((content, reason))
    with pytest.raises(RefusedError) as caught:
        await client.send_sms(CONTENT, [OLENA])
    assert caught.value.reason is reason
    assert heard == [(CONTENT, reason)]


async def test_a_banned_sender_is_refused(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """It concerns the whole request."""
    with pytest.raises(RefusedError) as caught:
        await client.send_sms(SmsContent(message="x", sender="banned"), [OLENA, PETRO])
    assert caught.value.reason is ErrorReason.SENDER_BANNED
    assert gateway.messages == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [404, 405, 501])
async def test_get_is_used_only_where_post_is_refused(
    client: GatewayClient, gateway: SimulatedGateway, status: Any, method: str
) -> None:
    """And remembered."""
    gateway.settings.misbehaviour.get_only = {"GET": status, "POST": None}[method]
    await client.send_sms(CONTENT, [OLENA])
    await client.send_sms(CONTENT, [PETRO])
    methods = [
        request.method
        for request in gateway.requests
        if request.path == "/message/send/"
    ]
    assert methods == {"GET": ["POST", "GET", "GET"], "POST": ["POST", "POST"]}[method]
    assert len(gateway.messages) == 2


async def test_a_method_is_remembered_for_its_own_kind_of_message(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """The key goes into no URL where POST is taken."""
    gateway.settings.misbehaviour = Misbehaviour(get_only=405, apply_to=("/im/send/",))
    await client.send(MessageContent(message="x"), [OLENA])
    await client.send_sms(CONTENT, [OLENA])
    assert [request.method for request in gateway.requests] == ["POST", "GET", "POST"]


async def test_a_gateway_without_sms_of_their_own_is_told(
    session: aiohttp.ClientSession, aiohttp_server: Any
) -> None:
    """It was not sent, by either method."""

    async def balance(_: web.Request) -> web.Response:
        return web.json_response({"balance": "1"})

    app = web.Application()
    app.router.add_post("/balance/", balance)
    server = await aiohttp_server(app)
    client = GatewayClient(
        session, url=str(server.make_url("/")), username="a", api_key="b"
    )
    with pytest.raises(InvalidResponseError) as caught:
        await client.send_sms(CONTENT, [OLENA])
    assert not caught.value.accepted


@pytest.mark.parametrize(
    ("misbehaviour", "send_error", "question_error"),
    [
        (Misbehaviour(server_error=500), NoAnswerError, CannotConnectError),
        (Misbehaviour(cut_off="before_work"), NoAnswerError, CannotConnectError),
        (Misbehaviour(cut_off="after_work"), NoAnswerError, CannotConnectError),
        (Misbehaviour(html_body=True), InvalidResponseError, InvalidResponseError),
        (Misbehaviour(oversized_body=True), InvalidResponseError, InvalidResponseError),
        (Misbehaviour(router_page=200), CannotConnectError, CannotConnectError),
        (Misbehaviour(redirect_to="/"), CannotConnectError, CannotConnectError),
    ],
)
async def test_a_gateway_that_fails_is_told_apart_from_one_that_refuses(
    client: GatewayClient,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
    send_error: type[GatewayError],
    question_error: type[GatewayError],
) -> None:
    """A send may have arrived; a question just stays unanswered."""
    gateway.settings.misbehaviour = misbehaviour
    with pytest.raises(send_error):
        await client.send_sms(CONTENT, [OLENA])
    with pytest.raises(question_error):
        await client.sms_statuses(["a", "b"])


async def test_an_sms_may_have_arrived_where_the_gateway_hangs(
    client: GatewayClient, gateway: SimulatedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not waited for longer than for other answers."""
    monkeypatch.setattr(transport, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    gateway.settings.misbehaviour = Misbehaviour(delay=60)
    with pytest.raises(NoAnswerError):
        await client.send_sms(CONTENT, [OLENA])
    with pytest.raises(CannotConnectError):
        await client.sms_statuses(["a", "b"])


async def test_a_gateway_that_cannot_be_reached_is_asked_at_one_place(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """The other one is at the same address."""
    gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work")
    with pytest.raises(CannotConnectError):
        await client.sms_statuses(["a"])
    assert gateway.request_count("/im/status/") == 0


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(),
        Misbehaviour(batch_status="first_only"),
        Misbehaviour(batch_status="refuse"),
        Misbehaviour(single_quotes=True),
        Misbehaviour(date_format="day_first"),
        Misbehaviour(state_case="upper"),
        Misbehaviour(status_zone="Europe/Kyiv"),
        Misbehaviour(status_zone="Europe/Kyiv", date_format="day_first"),
        Misbehaviour(id_case="upper"),
        *(Misbehaviour(sms_status=way) for way in TOLD_ELSEWHERE),  # type: ignore[arg-type]
        Misbehaviour(sms_status="empty", batch_status="first_only", id_case="upper"),
    ],
)
async def test_states_of_several_sms_are_found(
    client: GatewayClient, gateway: SimulatedGateway, misbehaviour: Misbehaviour
) -> None:
    """Wherever the gateway tells of them, in one request or in several."""
    await client.send_sms(CONTENT, [OLENA, PETRO, UNDELIVERABLE])
    await gateway.settle()
    gateway.settings.misbehaviour = misbehaviour
    ids = [message.message_id for message in gateway.messages]
    for _ in range(2):
        states = await client.sms_statuses([*ids, "stranger"])
        assert [states[message_id].gateway_status for message_id in ids] == [
            "delivrd",
            "delivrd",
            "undeliv",
        ]
    moment = states[ids[0]].reported_at
    assert moment is not None
    assert abs((moment - datetime.now(UTC)).total_seconds()) < 60
    assert "stranger" not in states


async def test_states_are_asked_for_where_the_page_promises_them(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """And nowhere else while they are told there."""
    await client.send_sms(CONTENT, [OLENA, PETRO])
    ids = [message.message_id for message in gateway.messages]
    assert set(await client.sms_statuses(ids)) == set(ids)
    assert gateway.request_count("/message/status/") == 1
    assert gateway.request_count("/im/status/") == 0


@pytest.mark.parametrize("sms_status", TOLD_ELSEWHERE)
async def test_where_states_are_told_is_remembered(
    client: GatewayClient, gateway: SimulatedGateway, sms_status: Any
) -> None:
    """And the gateway is in order then."""
    await client.send_sms(CONTENT, [OLENA])
    [message] = gateway.messages
    gateway.settings.misbehaviour = Misbehaviour(sms_status=sms_status)
    heard: list[ErrorReason | None] = []
    client.on_exchange = heard.append
    await client.sms_statuses([message.message_id])
    assert heard[-1] is None
    asked = gateway.request_count("/message/status/")
    await client.sms_statuses([message.message_id])
    assert await client.sms_statuses(["stranger"]) == {}
    assert gateway.request_count("/message/status/") == asked == 1


async def test_an_sms_that_nobody_tells_of_is_missing(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """And the next one is looked for where the page promises it."""
    assert await client.sms_statuses(["stranger"]) == {}
    assert await client.sms_statuses(["stranger"]) == {}
    assert gateway.request_count("/message/status/") == 2


@pytest.mark.parametrize("misbehaviour", [{"html_body": True}, {"router_page": 404}])
async def test_what_one_place_told_counts_though_the_other_failed(
    client: GatewayClient, gateway: SimulatedGateway, misbehaviour: dict[str, Any]
) -> None:
    """One SMS is known, one is not."""
    await client.send_sms(CONTENT, [OLENA])
    [message] = gateway.messages
    gateway.settings.misbehaviour = Misbehaviour(
        apply_to=("/im/status/",), **misbehaviour
    )
    assert set(await client.sms_statuses([message.message_id, "stranger"])) == {
        message.message_id
    }


async def test_a_failure_of_both_places_is_an_error(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """Nothing was learned."""
    gateway.settings.misbehaviour = Misbehaviour(html_body=True)
    with pytest.raises(InvalidResponseError):
        await client.sms_statuses(["stranger"])
    assert gateway.request_count("/im/status/") == 1


@pytest.mark.parametrize(
    "misbehaviour",
    [Misbehaviour(), Misbehaviour(get_only=405), Misbehaviour(html_body=True)],
)
async def test_the_key_stands_in_no_log_line_and_no_exception(
    client: GatewayClient,
    gateway: SimulatedGateway,
    caplog: pytest.LogCaptureFixture,
    misbehaviour: Misbehaviour,
) -> None:
    """Not even where it had to go into a URL."""
    caplog.set_level(logging.DEBUG)
    gateway.settings.api_keys = ("other",)
    gateway.settings.misbehaviour = misbehaviour
    with pytest.raises(GatewayError) as caught:
        await client.send_sms(CONTENT, [OLENA])
    trace: BaseException | None = caught.value
    while trace is not None:
        assert API_KEY not in f"{trace!r} {trace}"
        trace = trace.__cause__ or trace.__context__
    assert API_KEY not in caplog.text
