"""The simulated gateway takes SMS of their own, strictly."""

from typing import Any

import pytest

from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from .conftest import Asker

SMS = {"to": "380671112233", "message": "Hello"}
VIBER = {"to": "380671112233", "im_message": "Hello"}
LONG = "x" * 161

type Reports = list[tuple[str, dict[str, str]]]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_sms_is_answered_by_either_method(
    ask: Asker, simulated: SimulatedGateway, method: str
) -> None:
    """As the page documents the reply."""
    reply = await ask("/message/send/", method, **SMS)
    [message] = simulated.messages
    assert reply == {
        "reply": [
            {
                "status": "OK",
                "cost": "0.450000",
                "country": "ua",
                "mccmnc": "255XX",
                "number": "380671112233",
                "parts": 1,
                "message_id": message.message_id,
            }
        ]
    }
    assert (message.api, message.sender, message.priority) == ("sms", "message", 0)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"key": "wrong"}, "error: wrong api key"),
        ({"username": "other"}, "error: wrong username/api_key"),
        ({"to": ""}, "error: can't send message"),
        ({"message": ""}, "error: can't send message"),
        ({"message": "x" * 613}, "error: message is too long"),
        ({"message": "я" * 269}, "error: message is too long"),
        ({"from": "banned"}, "error: sender is banned"),
        ({"from": "ab"}, "error: can't send message"),
        ({"from": "1" * 16}, "error: can't send message"),
        ({"from": "Дім"}, "error: can't send message"),
        ({"priority": "4"}, "error: can't send message"),
        ({"system_type": "too_long1"}, "error: can't send message"),
        ({"im_ttl": "60"}, "error: can't send message"),
        ({"sms_message": "Hello"}, "error: can't send message"),
    ],
)
async def test_an_sms_that_breaks_a_rule_is_refused_as_a_whole(
    ask: Asker, simulated: SimulatedGateway, asked: dict[str, str], answer: str
) -> None:
    """With an object that has no number."""
    reply = await ask("/message/send/", **(SMS | asked))
    assert reply == {"reply": [{"status": answer}]}
    assert simulated.messages == []


@pytest.mark.parametrize(
    ("path", "asked", "refusal"),
    [
        ("/im/send/", VIBER, {"reply": [{"status": "error: can't send message"}]}),
        ("/im/status/", {}, {"status": "can't send message", "error": True}),
        ("/message/status/", {}, {"status": "can't send message", "error": True}),
        ("/balance/", {}, {"status": "can't send message", "error": True}),
    ],
)
async def test_a_parameter_that_the_page_does_not_name_is_refused(
    ask: Asker, path: str, asked: dict[str, str], refusal: dict[str, Any]
) -> None:
    """So that a client which invents one is noticed."""
    assert await ask(path, **asked, priority="1") == refusal


async def test_an_sms_at_the_edge_of_the_rules_is_taken(
    ask: Asker, simulated: SimulatedGateway
) -> None:
    """And costs by part."""
    asked = {"message": "x" * 612, "from": "My_House-24", "priority": "3"}
    reply = await ask("/message/send/", **(SMS | asked | {"system_type": "Alarms24"}))
    [result] = reply["reply"]
    assert (result["status"], result["parts"]) == ("OK", 4)
    assert result["cost"] == "1.800000"
    [message] = simulated.messages
    assert (message.priority, message.system_type) == (3, "Alarms24")


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("380671112901", "error: number is blacklisted"),
        ("380671112902", "error: can't determine country"),
        ("380671112903", "OK"),
        ("380671112904", "error: low balance"),
        ("380671112905", "error: repeat detected"),
        ("81312345678", "error: no route to country"),
    ],
)
async def test_numbers_are_refused_one_by_one(
    ask: Asker, number: str, answer: str
) -> None:
    """The other one is taken."""
    reply = await ask("/message/send/", **(SMS | {"to": f"{number},380671112233"}))
    assert [result["status"] for result in reply["reply"]] == [answer, "OK"]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("380671112233", "delivrd"),
        ("380671112911", "delivrd"),
        ("380671112912", "delivrd"),
        ("380671112913", "delivrd"),
        ("380671112916", "undeliv"),
    ],
)
async def test_the_outcome_is_reported_and_told(
    ask: Asker,
    simulated: SimulatedGateway,
    reports: Reports,
    number: str,
    status: str,
) -> None:
    """To the same address as that of a Viber message, whether there is Viber or not."""
    await ask("/message/send/", **(SMS | {"to": number}))
    await simulated.settle()
    [message] = simulated.messages
    [(_, report)] = reports
    assert (report["msgid"], report["status"]) == (message.message_id, status)
    assert message.channel == "sms"
    states = await ask("/message/status/", requests=message.message_id)
    assert states == {message.message_id: {"status": status}}
    assert await ask("/im/status/", requests=message.message_id) == {}


async def test_a_viber_message_is_told_of_at_its_own_place_only(
    ask: Asker, simulated: SimulatedGateway
) -> None:
    """The two APIs are apart."""
    await ask("/im/send/", **VIBER)
    asked = {"requests": simulated.messages[0].message_id}
    assert await ask("/message/status/", **asked) == {}
    assert set(await ask("/im/status/", **asked)) == {asked["requests"]}


@pytest.mark.parametrize(
    ("sms_status", "http_status"),
    [("empty", 200), ("not_found", 404), ("page", 404), ("redirect", 302)],
)
async def test_states_may_be_told_elsewhere(
    ask: Asker, simulated: SimulatedGateway, sms_status: Any, http_status: int
) -> None:
    """The page promises a place, and does not describe it."""
    simulated.settings.misbehaviour = Misbehaviour(sms_status=sms_status)
    await ask("/message/send/", **SMS)
    await simulated.settle()
    asked = {"requests": simulated.messages[0].message_id}
    assert await ask.http_status("/message/status/", **asked) == http_status
    assert set(await ask("/im/status/", **asked)) == {asked["requests"]}


async def test_parts_may_be_left_out(ask: Asker, simulated: SimulatedGateway) -> None:
    """A client counts them itself then."""
    simulated.settings.misbehaviour = Misbehaviour(sms_parts=False)
    [result] = (await ask("/message/send/", **SMS))["reply"]
    assert "parts" not in result


@pytest.mark.parametrize(
    ("sms_reports", "expected"),
    [
        ("together", ["delivrd"]),
        ("by_part", ["delivrd", "delivrd"]),
        ("last_part_fails", ["delivrd", "undeliv"]),
    ],
)
async def test_parts_may_be_reported_one_by_one(
    ask: Asker,
    simulated: SimulatedGateway,
    reports: Reports,
    sms_reports: Any,
    expected: list[str],
) -> None:
    """The page does not say."""
    simulated.settings.misbehaviour = Misbehaviour(sms_reports=sms_reports)
    await ask("/message/send/", **(SMS | {"message": LONG}))
    await simulated.settle()
    assert [parameters["status"] for _, parameters in reports] == expected


async def test_a_viber_message_has_no_parts(
    ask: Asker, simulated: SimulatedGateway, reports: Reports
) -> None:
    """Even with a fallback that has two."""
    simulated.settings.misbehaviour = Misbehaviour(sms_reports="by_part")
    sms = {"sms_source": "House", "sms_message": LONG}
    await ask("/im/send/", **(VIBER | sms))
    await simulated.settle()
    assert len(reports) == 1


@pytest.mark.parametrize(
    ("repeat_across", "answer"), [(False, "OK"), (True, "error: repeat detected")]
)
async def test_repetitions_may_count_across_both_apis(
    ask: Asker, simulated: SimulatedGateway, repeat_across: bool, answer: str
) -> None:
    """The page does not say."""
    simulated.settings.repeat_across = repeat_across
    await ask("/im/send/", **VIBER)
    [result] = (await ask("/message/send/", **SMS))["reply"]
    assert result["status"] == answer
    [again] = (await ask("/im/send/", **VIBER))["reply"]
    assert again["status"] == "error: repeat detected"


@pytest.mark.parametrize("path", ["/im/send/", "/message/send/"])
@pytest.mark.parametrize("http_status", [404, 405, 501])
async def test_both_apis_may_refuse_post(
    ask: Asker, simulated: SimulatedGateway, path: str, http_status: Any
) -> None:
    """And take GET."""
    simulated.settings.misbehaviour.get_only = http_status
    asked = {"/im/send/": VIBER, "/message/send/": SMS}[path]
    assert await ask.http_status(path, **asked) == http_status
    [result] = (await ask(path, "GET", **asked))["reply"]
    assert result["status"] == "OK"


async def test_ids_may_be_in_capitals(
    ask: Asker, simulated: SimulatedGateway, reports: Reports
) -> None:
    """They are the same ids."""
    simulated.settings.misbehaviour.id_case = "upper"
    [result] = (await ask("/message/send/", **SMS))["reply"]
    await simulated.settle()
    [(_, report)] = reports
    assert report["msgid"] == result["message_id"].upper() != result["message_id"]
    states = await ask("/message/status/", requests=result["message_id"])
    assert set(states) == {report["msgid"]}
