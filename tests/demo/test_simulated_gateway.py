"""The simulated gateway speaks the provider's API strictly."""

from datetime import timedelta
from decimal import Decimal
import json
from typing import Any

import aiohttp
import pytest

from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from .conftest import Asker, Clock

MESSAGE = {"to": "380671112233", "im_message": "Hello"}


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_every_call_is_answered_by_either_method(ask: Asker, method: str) -> None:
    """As the page documents the replies."""
    assert await ask("/balance/", method) == {"balance": "25.00"}
    assert await ask("/credit/", method) == {"credit": "0.00"}
    assert (await ask("/rates/", method))["demo"]["ua"][""] == [0.45, 0]
    [result] = (await ask("/im/send/", method, **MESSAGE))["reply"]
    assert (result["status"], result["cost"], result["country"], result["mcc"]) == (
        "OK",
        "0.200000",
        "ua",
        "255",
    )


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"key": "wrong"}, "error: wrong api key"),
        ({"username": "other"}, "error: wrong username/api_key"),
        ({"to": ""}, "error: can't send message"),
        ({"im_message": ""}, "error: can't send message"),
        ({"im_message": "x" * 1001}, "error: message is too long"),
        ({"im_sender": "banned"}, "error: sender is banned"),
        ({"im_image": "https://e.org/a.jpg"}, "error: can't send message"),
        ({"im_button_text": "Go"}, "error: can't send message"),
        ({"im_ttl": "59"}, "error: can't send message"),
        ({"im_ttl": "86401"}, "error: can't send message"),
        ({"sms_message": "x"}, "error: can't send message"),
        ({"sms_source": "ab", "sms_message": "x"}, "error: can't send message"),
        (
            {
                "im_image": "https://e.org/a.JPG",
                "im_button_text": "Go",
                "im_button_link": "https://e.org",
            },
            "error: can't send message",
        ),
    ],
)
async def test_a_request_that_breaks_a_rule_is_refused_as_a_whole(
    ask: Asker, simulated: SimulatedGateway, asked: dict[str, str], answer: str
) -> None:
    """With an object that has no number."""
    reply = await ask("/im/send/", **(MESSAGE | asked))
    assert reply == {"reply": [{"status": answer}]}
    assert simulated.messages == []


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("380671112901", "error: number is blacklisted"),
        ("380671112902", "error: can't determine country"),
        ("380671112903", "error: no route to country"),
        ("380671112904", "error: low balance"),
        ("380671112905", "error: repeat detected"),
        ("+380671112233", "error: can't determine country"),
        ("999999999999", "error: can't determine country"),
        ("81312345678", "error: no route to country"),
    ],
)
async def test_numbers_are_refused_one_by_one(
    ask: Asker, number: str, answer: str
) -> None:
    """The other one is taken."""
    reply = await ask("/im/send/", **(MESSAGE | {"to": f"{number},380671112233"}))
    assert [result["status"] for result in reply["reply"]] == [answer, "OK"]


async def test_wrong_keys_lock_an_address_out_for_five_minutes(
    ask: Asker, clock: Clock
) -> None:
    """Also with the right key."""
    shape = {"message": "Invalid auth", "error": True}
    for _ in range(4):
        assert await ask("/balance/", key="wrong") == shape
    locked = {"status": "bruteforcing detected", "error": True}
    assert await ask("/balance/", key="wrong") == locked
    assert await ask("/balance/") == locked
    clock.time += timedelta(minutes=5)
    assert await ask("/balance/") == {"balance": "25.00"}


async def test_only_listed_addresses_are_let_in(
    ask: Asker, simulated: SimulatedGateway
) -> None:
    """Whatever their key."""
    simulated.settings.allowed_ips = ("10.0.0.0/8",)
    assert await ask("/credit/") == {"status": "ip not allowed", "error": True}


@pytest.mark.parametrize(
    ("detection", "second", "answers"),
    [
        ("same_text", "Hello", ["OK", "error: repeat detected"]),
        ("same_text", "Other", ["OK", "OK"]),
        ("any_text", "Other", ["OK", "error: repeat detected"]),
        ("off", "Hello", ["OK", "OK"]),
    ],
)
async def test_repetitions_are_detected_for_a_minute(
    ask: Asker,
    simulated: SimulatedGateway,
    clock: Clock,
    detection: Any,
    second: str,
    answers: list[str],
) -> None:
    """Of the same text, or of any: the page does not say."""
    simulated.settings.repeat_detection = detection
    given = []
    for text in ("Hello", second):
        reply = await ask("/im/send/", **(MESSAGE | {"im_message": text}))
        given.append(reply["reply"][0]["status"])
    assert given == answers
    clock.time += timedelta(minutes=1)
    reply = await ask("/im/send/", **(MESSAGE | {"im_message": second}))
    assert reply["reply"][0]["status"] == "OK"


async def test_the_balance_goes_down_until_it_is_used_up(
    ask: Asker, simulated: SimulatedGateway
) -> None:
    """Credit counts too."""
    simulated.settings.balance = Decimal("0.15")
    simulated.settings.credit = Decimal("0.10")
    numbers = "380671112233,380671112244"
    reply = await ask("/im/send/", **(MESSAGE | {"to": numbers}))
    assert [result["status"] for result in reply["reply"]] == [
        "OK",
        "error: low balance",
    ]
    assert await ask("/balance/") == {"balance": "-0.050000"}


@pytest.mark.parametrize(
    ("text", "cost"), [("x" * 160, "0.450000"), ("x" * 161, "0.900000")]
)
async def test_an_sms_costs_by_part(ask: Asker, text: str, cost: str) -> None:
    """Where the number has no Viber."""
    fallback = {"to": "380671112911", "sms_source": "House", "sms_message": text}
    reply = await ask("/im/send/", **(MESSAGE | fallback))
    assert reply["reply"][0]["cost"] == cost


@pytest.mark.parametrize(
    ("number", "sms", "status", "channel"),
    [
        ("380671112233", {}, "delivrd", "viber"),
        ("380671112911", {}, "undeliv", None),
        (
            "380671112911",
            {"sms_source": "House", "sms_message": "Hi"},
            "delivrd",
            "sms",
        ),
        ("380671112913", {}, "rejectd", "viber"),
        ("380671112914", {}, "deleted", "viber"),
        ("380671112915", {}, "unknown", "viber"),
        ("380671112916", {}, "undeliv", "viber"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_each_outcome_is_reported(
    ask: Asker,
    simulated: SimulatedGateway,
    reports: list[tuple[str, dict[str, str]]],
    number: str,
    sms: dict[str, str],
    status: str,
    channel: str | None,
    method: Any,
) -> None:
    """To the configured address, by the configured method."""
    simulated.settings.report_method = method
    await ask("/im/send/", **(MESSAGE | {"to": number} | sms))
    await simulated.settle()
    [message] = simulated.messages
    report = {
        "msgid": message.message_id,
        "status": status,
        "datetime": "2026-11-24 03:00:00",
    }
    assert reports == [(method, report)]
    assert message.channel == channel
    asked = {"requests": message.message_id, "timeformat": "datetime"}
    states = await ask("/im/status/", timezone="UTC", **asked)
    assert states == {
        message.message_id: {
            "date": "2026-11-24 03:00:00",
            "status": status,
            "time_zone": "UTC",
        }
    }


@pytest.mark.parametrize(
    ("fallback_on_expiry", "statuses"),
    [(False, ["expired"]), (True, ["expired", "delivrd"])],
)
async def test_a_phone_that_is_off_lets_the_time_to_live_pass(
    ask: Asker,
    simulated: SimulatedGateway,
    reports: list[tuple[str, dict[str, str]]],
    fallback_on_expiry: bool,
    statuses: list[str],
) -> None:
    """Whether an SMS follows then is not documented."""
    simulated.settings.speed = 600
    simulated.settings.fallback_on_expiry = fallback_on_expiry
    sms = {"sms_source": "House", "sms_message": "Hi"}
    await ask("/im/send/", **(MESSAGE | {"to": "380671112912"} | sms))
    assert simulated.messages[0].status == "enroute"
    await simulated.settle()
    assert [parameters["status"] for _, parameters in reports] == statuses


@pytest.mark.parametrize(
    ("misbehaviour", "expected"),
    [
        (Misbehaviour(report_copies=3), ["0", "0", "0", "1", "1", "1"]),
        (Misbehaviour(reorder_reports=True), ["1", "0"]),
        (Misbehaviour(report_delay=0.05), ["0", "1"]),
        (Misbehaviour(report_before_reply=True), ["0", "1"]),
    ],
)
async def test_reports_may_come_twice_late_or_out_of_order(
    ask: Asker,
    simulated: SimulatedGateway,
    reports: list[tuple[str, dict[str, str]]],
    misbehaviour: Misbehaviour,
    expected: list[str],
) -> None:
    """As a client must expect."""
    simulated.settings.misbehaviour = misbehaviour
    for text in ("one", "two"):
        await ask("/im/send/", **(MESSAGE | {"im_message": text}))
        await simulated.settle()
    order = {
        message.message_id: str(place)
        for place, message in enumerate(simulated.messages)
    }
    assert [order[parameters["msgid"]] for _, parameters in reports] == expected


async def test_times_and_paths_limit_a_misbehaviour(
    ask: Asker, simulated: SimulatedGateway
) -> None:
    """Afterwards, and elsewhere, all is well."""
    simulated.settings.misbehaviour = Misbehaviour(
        error_shape="flat", apply_to=("/credit/",), times=1
    )
    usual = {"message": "Invalid auth", "error": True}
    assert await ask("/balance/", key="wrong") == usual
    assert await ask("/credit/", key="wrong") == {"status": "error: wrong api key"}
    assert await ask("/credit/", key="wrong") == usual


async def test_reports_stay_on_this_machine(simulated: SimulatedGateway) -> None:
    """A mistyped address must not be called."""
    simulated.settings.report_url = "http://192.0.2.1/report"
    with pytest.raises(ValueError, match="this machine"):
        await simulated.report("a", "delivrd")


async def test_it_listens_on_this_machine_only() -> None:
    """And says so."""
    with pytest.raises(ValueError, match="this machine only"):
        await SimulatedGateway().start(host="0.0.0.0")  # noqa: S104


async def test_other_names_for_this_machine_are_refused(
    session: aiohttp.ClientSession, simulated: SimulatedGateway
) -> None:
    """A page elsewhere could otherwise talk to it through a name of its own."""
    headers = {"Host": "evil.example"}
    async with session.get(simulated.url, headers=headers) as response:
        assert response.status == 403


async def test_the_controls_change_and_show_everything_but_keys(
    session: aiohttp.ClientSession, simulated: SimulatedGateway, ask: Asker
) -> None:
    """For tests and people in other processes."""
    changes = {"balance": "7", "misbehaviour": {"single_quotes": True}}
    async with session.post(
        f"{simulated.url}/demo/settings", json=changes, headers={"X-Demo": "1"}
    ) as response:
        assert response.status == 200
    assert simulated.settings.misbehaviour.single_quotes
    simulated.settings.misbehaviour = Misbehaviour()
    await ask("/im/send/", **MESSAGE)
    async with session.get(f"{simulated.url}/demo/state") as response:
        text = await response.text()
    assert json.loads(text)["balance"] == "6.800000"
    assert json.loads(text)["messages"][0]["number"] == "+380671112233"
    assert "right" not in text


@pytest.mark.parametrize(
    ("headers", "changes", "status"),
    [
        ({}, {"balance": "7"}, 403),
        ({"X-Demo": "1"}, {"nonsense": 1}, 400),
        ({"X-Demo": "1"}, {"balance": "much"}, 400),
        ({"X-Demo": "1"}, {"allowed_ips": "all"}, 400),
        ({"X-Demo": "1"}, [], 400),
    ],
)
async def test_wrong_controls_are_refused(
    session: aiohttp.ClientSession,
    simulated: SimulatedGateway,
    headers: dict[str, str],
    changes: Any,
    status: int,
) -> None:
    """Without the header it may be a page elsewhere that posts."""
    async with session.post(
        f"{simulated.url}/demo/settings", json=changes, headers=headers
    ) as response:
        assert response.status == status
    assert simulated.settings.balance == 25


async def test_reports_and_a_reset_can_be_asked_for(
    session: aiohttp.ClientSession,
    simulated: SimulatedGateway,
    ask: Asker,
    reports: list[tuple[str, dict[str, str]]],
) -> None:
    """By the controls."""
    await ask("/im/send/", **MESSAGE)
    await simulated.settle()
    reports.clear()
    wanted = {"message_id": "any", "status": "expired"}
    async with session.post(
        f"{simulated.url}/demo/report", json=wanted, headers={"X-Demo": "1"}
    ) as response:
        assert await response.json() == {"http_status": 200}
    assert reports[0][1]["msgid"] == "any"
    async with session.post(
        f"{simulated.url}/demo/reset", headers={"X-Demo": "1"}
    ) as response:
        assert (await response.json())["messages"] == []
    assert simulated.settings.balance == 25


@pytest.mark.parametrize(
    "path", ["/", "/phone", "/phone.css", "/phone.js", "/icon.jpg"]
)
async def test_the_phone_page_allows_no_foreign_script(
    session: aiohttp.ClientSession, simulated: SimulatedGateway, path: str
) -> None:
    """Even if a text got into the page as markup, it could do nothing."""
    async with session.get(f"{simulated.url}{path}") as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


async def test_the_phone_page_is_told_of_changes(
    session: aiohttp.ClientSession, simulated: SimulatedGateway, ask: Asker
) -> None:
    """As they happen."""
    async with session.get(f"{simulated.url}/demo/live") as response:
        first = json.loads((await response.content.readline())[len("data: ") :])
        assert first["messages"] == []
        await response.content.readline()
        await ask("/im/send/", **MESSAGE)
        changed = json.loads((await response.content.readline())[len("data: ") :])
        assert changed["messages"][0]["text"] == "Hello"
