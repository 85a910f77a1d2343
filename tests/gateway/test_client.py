"""The client against a gateway that may behave in every way its page leaves open."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
import gzip
from html import escape
import logging
import socket
import ssl
import struct
from typing import Any
from urllib.parse import quote_plus

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest
import trustme

from custom_components.inteltele.gateway import (
    MAX_NUMBERS,
    CannotConnectError,
    CertificateError,
    ErrorReason,
    GatewayClient,
    GatewayError,
    InvalidResponseError,
    MessageContent,
    NoAnswerError,
    RefusedError,
    SmsContent,
    TlsUnavailableError,
    transport,
)
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway

from ..conftest import API_KEY, USERNAME

OLENA = "+380671112233"
PETRO = "+380671112244"
CONTENT = MessageContent(
    message="Вода!",
    image="https://example.org/a.jpg",
    button_text="See",
    button_url="https://example.org/?a=1&b=2",
    sender="House",
    ttl=180,
    sms_sender="House",
    sms_message="Voda!",
)
CALLS = (
    *("balance", "credit", "rates"),
    *("send", "statuses", "send_sms", "sms_statuses"),
)


async def test_a_message_reaches_the_gateway_as_documented(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """As a form, with the key in it."""
    results = await client.send(CONTENT, [OLENA, PETRO])
    [request] = gateway.requests
    assert (request.method, request.had_key) == ("POST", True)
    assert request.parameters == {
        "username": USERNAME,
        "to": "380671112233,380671112244",
        "im_message": "Вода!",
        "im_image": "https://example.org/a.jpg",
        "im_button_text": "See",
        "im_button_link": "https://example.org/?a=1&b=2",
        "im_sender": "House",
        "im_ttl": "180",
        "sms_source": "House",
        "sms_message": "Voda!",
    }
    [first, second] = gateway.messages
    assert results[OLENA].message_id == first.message_id
    assert results[PETRO].message_id == second.message_id
    assert results[OLENA].cost == Decimal("0.200000")
    assert results[OLENA].country == "ua"


@pytest.mark.parametrize("count", [0, MAX_NUMBERS + 1])
async def test_a_request_holds_one_to_a_hundred_numbers(
    client: GatewayClient, count: int
) -> None:
    """More take more requests."""
    with pytest.raises(ValueError, match="1 to 100 numbers"):
        await client.send(CONTENT, [OLENA] * count)


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(single_quotes=True),
        Misbehaviour(content_type="text/html"),
        Misbehaviour(mcc_field="mccmnc"),
        Misbehaviour(number_prefix="+"),
        Misbehaviour(shuffle_results=True),
        Misbehaviour(report_before_reply=True),
    ],
)
async def test_a_reply_is_understood_in_every_way_it_may_be_written(
    client: GatewayClient, gateway: SimulatedGateway, misbehaviour: Misbehaviour
) -> None:
    """The page leaves it open."""
    gateway.settings.misbehaviour = misbehaviour
    results = await client.send(CONTENT, [OLENA, PETRO])
    assert {number: result.message_id for number, result in results.items()} == {
        message.number: message.message_id for message in gateway.messages
    }
    assert results[OLENA].country == "ua"


async def test_a_number_that_the_reply_leaves_out_is_missing(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """Nothing is known of it."""
    gateway.settings.misbehaviour.omit_results = 1
    assert set(await client.send(CONTENT, [OLENA, PETRO])) == {PETRO}


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("+380671112901", ErrorReason.BLACKLISTED),
        ("+380671112902", ErrorReason.UNKNOWN_COUNTRY),
        ("+380671112903", ErrorReason.NO_ROUTE),
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
    """Also where the body is in single quotes."""
    gateway.settings.misbehaviour.single_quotes = single_quotes
    results = await client.send(CONTENT, [number, OLENA])
    assert results[number].error is error
    assert results[OLENA].error is None


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [404, 405, 501])
async def test_get_is_used_only_where_post_is_refused(
    client: GatewayClient, gateway: SimulatedGateway, status: Any, method: str
) -> None:
    """And remembered."""
    gateway.settings.misbehaviour.get_only = {"GET": status, "POST": None}[method]
    await client.send(CONTENT, [OLENA])
    await client.send(CONTENT, [PETRO])
    methods = [
        request.method for request in gateway.requests if request.path == "/im/send/"
    ]
    assert methods == {"GET": ["POST", "GET", "GET"], "POST": ["POST", "POST"]}[method]
    assert len(gateway.messages) == 2


async def test_a_gateway_that_is_not_there_is_not_asked_by_get(
    session: aiohttp.ClientSession, gateway: SimulatedGateway
) -> None:
    """Every page of a wrong address is unknown, not only that for sending."""
    client = GatewayClient(
        session, url=f"{gateway.url}/elsewhere", username=USERNAME, api_key=API_KEY
    )
    with pytest.raises(InvalidResponseError):
        await client.send(CONTENT, [OLENA])
    assert gateway.request_count() == 0


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("shape", ["documented", "reply", "flat"])
@pytest.mark.parametrize("single_quotes", [False, True])
@pytest.mark.parametrize("http_status", [200, 403, 404, 500])
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"username": "other"}, ErrorReason.INVALID_AUTH),
        ({"api_keys": ("other",)}, ErrorReason.INVALID_AUTH),
        ({"api_keys": ("other",), "lock_out_after": 1}, ErrorReason.LOCKED_OUT),
        ({"allowed_ips": ()}, ErrorReason.IP_NOT_ALLOWED),
    ],
)
async def test_a_refusal_is_known_in_every_shape_and_by_its_body(
    client: GatewayClient,
    gateway: SimulatedGateway,
    call: str,
    shape: Any,
    single_quotes: bool,
    http_status: int,
    wrong: dict[str, Any],
    reason: ErrorReason,
) -> None:
    """Nothing else is tried then: neither another method nor another place."""
    for name, value in wrong.items():
        setattr(gateway.settings, name, value)
    gateway.settings.misbehaviour = Misbehaviour(
        error_shape=shape, single_quotes=single_quotes, error_http_status=http_status
    )
    with pytest.raises(RefusedError) as caught:
        await _calls(client)[call]()
    assert caught.value.reason is reason
    assert gateway.request_count() == 1


def _calls(client: GatewayClient) -> dict[str, Callable[[], Any]]:
    """Return every call of the API."""
    return {
        "balance": client.balance,
        "credit": client.credit,
        "rates": client.rates,
        "send": lambda: client.send(CONTENT, [OLENA]),
        "statuses": lambda: client.statuses(["a", "b"]),
        "send_sms": lambda: client.send_sms(SmsContent(message="x"), [OLENA]),
        "sms_statuses": lambda: client.sms_statuses(["a", "b"]),
    }


@pytest.mark.parametrize("call", CALLS)
async def test_a_rejected_key_is_not_tried_again_by_any_call(
    client: GatewayClient, gateway: SimulatedGateway, call: str
) -> None:
    """Until a person enters it again."""
    gateway.settings.api_keys = ("other",)
    with pytest.raises(RefusedError):
        await client.balance()
    with pytest.raises(RefusedError):
        await _calls(client)[call]()
    assert gateway.request_count() == 1
    gateway.settings.api_keys = (API_KEY,)
    client.forgive()
    await client.balance()


@pytest.mark.parametrize("sender", ["banned", "Banned"])
async def test_a_banned_sender_is_told(client: GatewayClient, sender: str) -> None:
    """It concerns the whole request."""
    with pytest.raises(RefusedError) as caught:
        await client.send(MessageContent(message="x", sender=sender), [OLENA])
    assert caught.value.reason is ErrorReason.SENDER_BANNED


@pytest.mark.parametrize(
    ("misbehaviour", "send_error", "question_error"),
    [
        (Misbehaviour(server_error=500), NoAnswerError, CannotConnectError),
        (Misbehaviour(server_error=503), NoAnswerError, CannotConnectError),
        (Misbehaviour(cut_off="before_work"), NoAnswerError, CannotConnectError),
        (Misbehaviour(cut_off="after_work"), NoAnswerError, CannotConnectError),
        (Misbehaviour(delay=0.3), NoAnswerError, CannotConnectError),
        (Misbehaviour(drip=0.05), NoAnswerError, CannotConnectError),
        (Misbehaviour(html_body=True), InvalidResponseError, InvalidResponseError),
        (Misbehaviour(oversized_body=True), InvalidResponseError, InvalidResponseError),
    ],
)
async def test_a_gateway_that_fails_is_told_apart_from_one_that_refuses(
    client: GatewayClient,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    misbehaviour: Misbehaviour,
    send_error: type[GatewayError],
    question_error: type[GatewayError],
) -> None:
    """A send may have arrived; a question just stays unanswered."""
    monkeypatch.setattr(transport, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    gateway.settings.misbehaviour = misbehaviour
    with pytest.raises(send_error):
        await client.send(CONTENT, [OLENA])
    with pytest.raises(question_error):
        await client.balance()
    assert gateway.request_count() == 2


@pytest.mark.parametrize(
    ("misbehaviour", "accepted"),
    [
        (Misbehaviour(html_body=True), True),
        (Misbehaviour(oversized_body=True), True),
        (Misbehaviour(server_error=403), False),
    ],
)
async def test_an_invalid_answer_tells_whether_it_came_with_success(
    client: GatewayClient,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
    accepted: bool,
) -> None:
    """The message may have been taken all the same."""
    gateway.settings.misbehaviour = misbehaviour
    with pytest.raises(InvalidResponseError) as caught:
        await client.send(CONTENT, [OLENA])
    assert caught.value.accepted is accepted


async def test_the_key_does_not_follow_a_redirect(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """It belongs to the gateway alone."""
    async with SimulatedGateway() as other:
        gateway.settings.misbehaviour.redirect_to = f"{other.url}/balance/"
        with pytest.raises(CannotConnectError):
            await client.balance()
        assert other.request_count() == 0


async def test_a_send_by_get_is_not_repeated_behind_our_back(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """It would cost and arrive twice."""
    gateway.settings.misbehaviour = Misbehaviour(get_only=405)
    await client.send(CONTENT, [OLENA])
    gateway.settings.misbehaviour = Misbehaviour(cut_off="after_work")
    gateway.requests.clear()
    with pytest.raises(NoAnswerError):
        await client.send(CONTENT, [PETRO])
    assert gateway.request_count() == 1


async def test_nobody_at_the_address_means_that_nothing_left(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """The request may be repeated safely."""
    await gateway.stop()
    with pytest.raises(CannotConnectError):
        await client.send(CONTENT, [OLENA])


async def test_an_unknown_host_means_that_nothing_left(
    session: aiohttp.ClientSession,
) -> None:
    """Neither an address nor a name server."""
    client = GatewayClient(
        session, url="http://nowhere.invalid", username="a", api_key="b"
    )
    with pytest.raises(CannotConnectError):
        await client.balance()


async def test_a_gateway_without_tls_is_recognised(
    session: aiohttp.ClientSession, gateway: SimulatedGateway
) -> None:
    """So that a person can be asked about plain HTTP."""
    url = gateway.url.replace("http:", "https:")
    client = GatewayClient(session, url=url, username=USERNAME, api_key=API_KEY)
    assert client.encrypted
    with pytest.raises(TlsUnavailableError):
        await client.balance()
    assert gateway.request_count() == 0


@pytest.mark.usefixtures("handshakes_may_fail")
@pytest.mark.parametrize("name", ["127.0.0.1", "elsewhere.example"])
async def test_an_untrusted_certificate_is_no_missing_tls(
    session: aiohttp.ClientSession, settings: GatewaySettings, name: str
) -> None:
    """Nothing may be sent, encrypted or not."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert(name).configure_cert(context)
    gateway = SimulatedGateway(settings)
    await gateway.start(ssl_context=context)
    client = GatewayClient(session, url=gateway.url, username="a", api_key="b")
    with pytest.raises(CertificateError):
        await client.balance()
    await gateway.stop()
    assert gateway.request_count() == 0


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(),
        Misbehaviour(batch_status="first_only"),
        Misbehaviour(batch_status="refuse"),
        Misbehaviour(single_quotes=True),
        Misbehaviour(date_format="day_first"),
        Misbehaviour(state_case="upper"),
        Misbehaviour(id_case="upper"),
        Misbehaviour(status_zone="Europe/Kiev"),
        Misbehaviour(status_zone="America/Anchorage", date_format="day_first"),
    ],
)
async def test_states_of_several_messages_are_found(
    client: GatewayClient, gateway: SimulatedGateway, misbehaviour: Misbehaviour
) -> None:
    """In one request or in several, whichever the gateway allows."""
    await client.send(CONTENT, [OLENA, PETRO, "+380671112916"])
    await gateway.settle()
    gateway.settings.misbehaviour = misbehaviour
    ids = [message.message_id for message in gateway.messages]
    for _ in range(2):
        states = await client.statuses([*ids, "stranger"])
        assert [states[message_id].gateway_status for message_id in ids] == [
            "delivrd",
            "delivrd",
            "undeliv",
        ]
    moment = states[ids[0]].reported_at
    assert moment is not None
    assert abs((moment - datetime.now(UTC)).total_seconds()) < 60
    assert "stranger" not in states


async def test_states_of_many_messages_take_few_requests(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """Fifty ids in each."""
    numbers = [f"+38067111{number}" for number in range(2000, 2100)]
    await client.send(MessageContent(message="x"), numbers)
    await client.statuses([message.message_id for message in gateway.messages])
    assert gateway.request_count("/im/status/") == 2


async def _sent_ids(client: GatewayClient, gateway: SimulatedGateway) -> list[str]:
    """Return the ids of three messages, of which the gateway tells one at a time."""
    await client.send(CONTENT, [OLENA, PETRO, "+380671112255"])
    await gateway.settle()
    gateway.settings.misbehaviour = Misbehaviour(batch_status="first_only")
    ids = [message.message_id for message in gateway.messages]
    await client.statuses(ids)
    gateway.requests.clear()
    return ids


async def test_an_id_that_the_gateway_refuses_spoils_no_other(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """The others are told."""
    ids = await _sent_ids(client, gateway)
    gateway.settings.misbehaviour = Misbehaviour(html_body=True, times=1)
    assert set(await client.statuses(ids)) == set(ids[1:])


async def test_a_gateway_that_refuses_every_id_is_not_asked_about_each(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """It is not about the ids then."""
    ids = await _sent_ids(client, gateway)
    gateway.settings.misbehaviour = Misbehaviour(html_body=True)
    with pytest.raises(InvalidResponseError):
        await client.statuses(ids)
    assert gateway.request_count() == 2


async def test_the_only_id_that_the_gateway_refuses_is_an_error(
    client: GatewayClient, gateway: SimulatedGateway
) -> None:
    """Nothing else was learned."""
    ids = await _sent_ids(client, gateway)
    gateway.settings.misbehaviour = Misbehaviour(html_body=True)
    with pytest.raises(InvalidResponseError):
        await client.statuses(ids[:1])


@pytest.mark.parametrize("allowed_ips", [(), ("127.0.0.0/8",)])
async def test_what_was_found_before_the_gateway_failed_counts(
    client: GatewayClient, gateway: SimulatedGateway, allowed_ips: tuple[str, ...]
) -> None:
    """Whether it is cut off or shuts the house out, it is asked no further."""
    ids = await _sent_ids(client, gateway)

    def fail(_: ErrorReason | None) -> None:
        """Let the gateway fail from now on."""
        gateway.settings.allowed_ips = allowed_ips
        gateway.settings.misbehaviour = Misbehaviour(cut_off="before_work")

    client.on_exchange = fail
    assert set(await client.statuses(ids)) == {ids[0]}
    assert gateway.request_count() == 2


async def test_money_is_exact(client: GatewayClient, gateway: SimulatedGateway) -> None:
    """And may be negative."""
    gateway.settings.balance = Decimal("-0.420000")
    gateway.settings.credit = Decimal("1.23")
    assert str(await client.balance()) == "-0.420000"
    assert str(await client.credit()) == "1.23"


async def test_rates_are_read(client: GatewayClient) -> None:
    """By country, network and part."""
    rates = await client.rates()
    assert {rate.network: rate.price for rate in rates["ua"]} == {
        None: Decimal("0.45"),
        "03": Decimal("0.43"),
    }
    assert rates["de"][0].only_delivered


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(),
        Misbehaviour(get_only=405),
        Misbehaviour(get_only=405, cut_off="after_work"),
        Misbehaviour(html_body=True),
        Misbehaviour(server_error=500),
        Misbehaviour(redirect_to="http://127.0.0.1:1/"),
    ],
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
        await client.send(CONTENT, [OLENA])
    trace: BaseException | None = caught.value
    while trace is not None:
        assert API_KEY not in f"{trace!r} {trace}"
        trace = trace.__cause__ or trace.__context__
    assert API_KEY not in caplog.text


async def test_a_server_error_around_a_good_answer_is_not_believed(
    session: aiohttp.ClientSession, aiohttp_server: Any
) -> None:
    """The message may have been taken or not."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"reply": []}, status=500)

    app = web.Application()
    app.router.add_post("/im/send/", answer)
    server = await aiohttp_server(app)
    client = GatewayClient(
        session, url=str(server.make_url("/")), username="a", api_key="b"
    )
    with pytest.raises(NoAnswerError):
        await client.send(MessageContent(message="x"), [OLENA])


async def test_a_server_error_around_results_is_what_they_tell(
    session: aiohttp.ClientSession, aiohttp_server: Any
) -> None:
    """The gateway's program got to its end: sent again, it could arrive twice."""

    async def answer(_: web.Request) -> web.Response:
        result = {"status": "OK", "number": OLENA.strip("+"), "message_id": "a"}
        return web.json_response({"reply": [result]}, status=500)

    app = web.Application()
    app.router.add_post("/im/send/", answer)
    server = await aiohttp_server(app)
    client = GatewayClient(
        session, url=str(server.make_url("/")), username="a", api_key="b"
    )
    results = await client.send(MessageContent(message="x"), [OLENA])
    assert results[OLENA].message_id == "a"


async def test_a_gateway_that_takes_no_connection_got_nothing(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So what was to be sent may be sent again."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        # The queue of a socket that accepts nobody is full after a few.
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        monkeypatch.setattr(
            transport, "TIMEOUT", aiohttp.ClientTimeout(total=5, sock_connect=0.2)
        )
        client = GatewayClient(
            session, url=f"http://127.0.0.1:{port}", username="a", api_key="b"
        )
        with pytest.raises(CannotConnectError, match="timed out"):
            await client.send(MessageContent(message="x"), [OLENA])
        for one in waiting:
            one.close()


async def test_a_port_that_hangs_up_speaks_no_tls(
    session: aiohttp.ClientSession,
) -> None:
    """As some plain servers answer a handshake."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        linger = struct.pack("ii", 1, 0)
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = GatewayClient(
        session, url=f"https://127.0.0.1:{port}", username="a", api_key="b"
    )
    with pytest.raises(TlsUnavailableError):
        await client.balance()
    server.close()


@pytest.mark.parametrize("api_key", ["key_of*the+tests&more", "a secret key of 1999"])
@pytest.mark.parametrize(
    "reply",
    [
        '{{"reply": [{{"number": "380671112233", "status": "error: {0}"}}]}}',
        '{{"reply": [{{"status": "error: {0}"}}]}}',
        '{{"error": true, "message": "{0}"}}',
        '{{"balance": "{0}"}}',
        "<p>Nobody at {0}</p>",
    ],
)
@pytest.mark.parametrize("write", [str, quote_plus, escape])
async def test_a_server_that_throws_the_key_back_gets_it_into_no_error(
    session: aiohttp.ClientSession,
    api_key: str,
    reply: str,
    write: Callable[[str], str],
) -> None:
    """Neither whole nor cut off, whichever question it answers."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=reply.format("x" * 15 + f" {write(api_key)}" * 6))

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    async with TestServer(app) as server:
        client = GatewayClient(
            session, url=str(server.make_url("/")), username=USERNAME, api_key=api_key
        )
        told = await asyncio.gather(
            client.send(CONTENT, [OLENA]),
            client.balance(),
            client.rates(),
            return_exceptions=True,
        )
    shown = f"{told!r} {[getattr(item, 'words', item) for item in told]}"
    assert api_key[:4] not in shown
    assert write(api_key)[:4] not in shown


async def test_a_short_reply_that_unpacks_to_a_long_one_is_refused(
    session: aiohttp.ClientSession, aiohttp_server: Any
) -> None:
    """It came whole, with the header."""

    async def bomb(_: web.Request) -> web.Response:
        packed = gzip.compress(b"[" + b" " * 8 * transport.MAX_REPLY_BYTES + b"]")
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    app = web.Application()
    app.router.add_post("/im/send/", bomb)
    server: TestServer = await aiohttp_server(app)
    client = GatewayClient(
        session, url=str(server.make_url("/")), username=USERNAME, api_key=API_KEY
    )
    with pytest.raises(InvalidResponseError, match="reply too large"):
        await client.send(CONTENT, [OLENA])
