"""Phones that have no data, no Viber, or are off."""

import asyncio
from typing import Any

import aiohttp
import pytest

from demo.simulated_gateway import SimulatedGateway

from .conftest import Asker

NUMBER = "+380671112233"
SMS = {"to": NUMBER[1:], "message": "Hello"}
VIBER = {"to": NUMBER[1:], "im_message": "Hello"}
FALLBACK = {"sms_source": "House", "sms_message": "Hi"}

type Reports = list[tuple[str, dict[str, str]]]


async def _a_while(simulated: SimulatedGateway) -> None:
    """Let what is ready arrive."""
    await asyncio.wait([asyncio.ensure_future(simulated.settle())], timeout=0.5)


@pytest.mark.parametrize(
    ("switch", "path", "asked", "status", "channel"),
    [
        ("no_data", "/im/send/", VIBER, "enroute", None),
        ("no_data", "/im/send/", VIBER | FALLBACK, "enroute", None),
        ("no_data", "/message/send/", SMS, "delivrd", "sms"),
        ("off", "/im/send/", VIBER, "enroute", None),
        ("off", "/message/send/", SMS, "enroute", None),
        ("no_viber", "/im/send/", VIBER, "undeliv", None),
        ("no_viber", "/im/send/", VIBER | FALLBACK, "delivrd", "sms"),
        ("no_viber", "/message/send/", SMS, "delivrd", "sms"),
    ],
)
async def test_a_switch_decides_what_arrives(
    ask: Asker,
    simulated: SimulatedGateway,
    switch: str,
    path: str,
    asked: dict[str, str],
    status: str,
    channel: str | None,
) -> None:
    """Of what is sent to this phone."""
    simulated.phones.switch(NUMBER, **{switch: True})
    await ask(path, **asked)
    await _a_while(simulated)
    [message] = simulated.messages
    assert (message.status, message.channel) == (status, channel)


@pytest.mark.parametrize(
    ("switch", "path", "asked", "channel"),
    [
        ("no_data", "/im/send/", VIBER, "viber"),
        ("off", "/im/send/", VIBER, "viber"),
        ("off", "/message/send/", SMS, "sms"),
    ],
)
async def test_what_waits_arrives_once_the_switch_is_off(
    ask: Asker,
    simulated: SimulatedGateway,
    reports: Reports,
    switch: str,
    path: str,
    asked: dict[str, str],
    channel: str,
) -> None:
    """At once."""
    simulated.phones.switch(NUMBER, **{switch: True})
    await ask(path, **asked)
    await _a_while(simulated)
    assert reports == []
    simulated.phones.switch("+380671112244", off=True)
    simulated.phones.switch(NUMBER, **{switch: False})
    await simulated.settle()
    [message] = simulated.messages
    assert (message.status, message.channel) == ("delivrd", channel)
    assert [parameters["status"] for _, parameters in reports] == ["delivrd"]


@pytest.mark.parametrize(
    ("path", "asked", "speed"),
    [("/im/send/", VIBER, 600), ("/message/send/", SMS, 864_000)],
)
async def test_what_waits_too_long_is_reported_as_expired(
    ask: Asker,
    simulated: SimulatedGateway,
    reports: Reports,
    path: str,
    asked: dict[str, str],
    speed: float,
) -> None:
    """A Viber message by its time to live, an SMS after a day."""
    simulated.settings.speed = speed
    simulated.phones.switch(NUMBER, off=True)
    await ask(path, **asked)
    await simulated.settle()
    assert [parameters["status"] for _, parameters in reports] == ["expired"]


@pytest.mark.parametrize(
    ("number", "switches"),
    [
        ("+380671112911", {"no_data": False, "off": False, "no_viber": True}),
        ("+380671112912", {"no_data": True, "off": False, "no_viber": False}),
        ("+380671112917", {"no_data": False, "off": True, "no_viber": False}),
        (NUMBER, {"no_data": False, "off": False, "no_viber": False}),
    ],
)
async def test_the_last_digits_say_how_a_phone_starts(
    simulated: SimulatedGateway, number: str, switches: dict[str, bool]
) -> None:
    """And a person may switch it otherwise."""
    assert simulated.phones.as_json(number) == {number: switches}
    simulated.phones.switch(number, no_data=True, off=True, no_viber=False)
    otherwise = {"no_data": True, "off": True, "no_viber": False}
    assert simulated.phones.as_json() == {number: otherwise}
    simulated.reset()
    assert simulated.phones.as_json(number) == {number: switches}


async def test_phones_are_switched_and_shown_by_the_controls(
    session: aiohttp.ClientSession, simulated: SimulatedGateway, ask: Asker
) -> None:
    """For the phone page."""
    simulated.settings.contacts = {NUMBER: "Olena"}
    await ask("/message/send/", **(SMS | {"to": "380671112244"}))
    wanted = {"number": NUMBER, "no_data": True}
    async with session.post(
        f"{simulated.url}/demo/phone", json=wanted, headers={"X-Demo": "1"}
    ) as response:
        phones = (await response.json())["phones"]
    assert set(phones) == {NUMBER, "+380671112244"}
    assert phones[NUMBER] == {"no_data": True, "off": False, "no_viber": False}
    assert not simulated.phones.of(NUMBER).gets_viber


@pytest.mark.parametrize(
    ("headers", "wanted", "status"),
    [
        ({}, {"number": NUMBER, "off": True}, 403),
        ({"X-Demo": "1"}, {"number": NUMBER, "broken": True}, 400),
        ({"X-Demo": "1"}, {"number": NUMBER, "off": "yes"}, 400),
        ({"X-Demo": "1"}, {"number": "Olena", "off": True}, 400),
        ({"X-Demo": "1"}, {"off": True}, 400),
        ({"X-Demo": "1"}, [], 400),
    ],
)
async def test_wrong_switches_are_refused(
    session: aiohttp.ClientSession,
    simulated: SimulatedGateway,
    headers: dict[str, str],
    wanted: Any,
    status: int,
) -> None:
    """Nothing is switched."""
    async with session.post(
        f"{simulated.url}/demo/phone", json=wanted, headers=headers
    ) as response:
        assert response.status == status
    assert simulated.phones.as_json() == {}
