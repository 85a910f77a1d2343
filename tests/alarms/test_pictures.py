"""An alarm whose picture is late: the camera is slow, hangs, fails, or is gone."""

import asyncio
from datetime import timedelta
import sqlite3
from unittest.mock import Mock

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.alarms import alarms as engine
from custom_components.inteltele.alarms.alarm import Source
from custom_components.inteltele.alarms.raised import PICTURE_AWAITED
from custom_components.inteltele.sending import alarm_pictures
from custom_components.inteltele.storage import alarms as table, transactions
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, settled
from ..visitor import Visitor
from .calls import only_alarm, raise_alarm
from .cameras import AWAITED, begin_to_raise, until_asked, until_raised

pytestmark = pytest.mark.usefixtures("told")


@pytest.fixture
def patient(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Return the camera, for which everybody would wait for long."""
    for module in (engine, alarm_pictures):
        monkeypatch.setattr(module, "PICTURE_AWAITED", timedelta(minutes=1))
    return visitor


async def test_an_alarm_is_on_disk_before_its_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """The first question waits a moment for it, and then holds it."""
    raising = begin_to_raise(home)
    await until_raised(account)
    [(_, row)] = await account.runtime_data.delivery.database.read(table.load)
    assert "Somebody is there!" in row
    assert '"questions":[]' in row
    come.set()
    response = await raising
    await settled(home)
    assert response["warnings"] == []
    assert [each["recipient"] for each in response["asked"]] == ["Olena"]
    [question] = gateway.messages
    assert (question.image or "").startswith("https://house.example.org/")


async def test_a_camera_that_hangs_makes_nobody_late(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """The caller is told; what comes all the same, later questions hold."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    response = await begin_to_raise(home)
    assert loop.time() - began < 3 * AWAITED.total_seconds()
    await until_asked(gateway)
    assert not gateway.messages[0].image
    [warning] = response["warnings"]
    assert "did not wait for its picture: image.visitor" in warning
    assert [each["recipient"] for each in response["asked"]] == ["Olena"]
    come.set()
    await settled(home)
    assert only_alarm(account).content.picture is not None
    alarms = account.runtime_data.alarms
    await alarms.decline(only_alarm(account).id, OLENA, Source.LINK)
    await settled(home)
    assert [message.number for message in gateway.messages] == [OLENA, PETRO]
    assert (gateway.messages[1].image or "").startswith("https://house.example.org/")


async def test_a_caller_hears_whom_it_asks(
    home: HomeAssistant,
    account: MockConfigEntry,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever is first to wait no longer: the action, or the alarm."""
    monkeypatch.setattr(engine, "PICTURE_AWAITED", timedelta(minutes=1))
    response = await begin_to_raise(home)
    assert [each["recipient"] for each in response["asked"]] == ["Olena"]


async def test_a_full_disk_and_a_camera_that_hangs(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked from memory, and no later than with a disk."""
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    monkeypatch.setattr(transactions, "_do", Mock(side_effect=full))
    response = await begin_to_raise(home)
    assert len(response["warnings"]) == 2
    await until_asked(gateway)
    come.set()
    await settled(home)
    assert len(gateway.messages) == 1


@pytest.mark.parametrize("error", [RuntimeError("x"), asyncio.CancelledError(), None])
async def test_a_camera_that_fails_is_not_waited_for(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    patient: Visitor,
    come: asyncio.Event,
    error: BaseException | None,
) -> None:
    """The first is asked at once, and the caller hears why there is no picture."""
    patient.error, patient.picture = error, None
    come.set()
    async with asyncio.timeout(5):
        response = await begin_to_raise(home)
        await until_asked(gateway)
    [warning] = response["warnings"]
    assert "image.visitor did not provide one" in warning
    assert not gateway.messages[0].image


@pytest.mark.parametrize("error", [RuntimeError("x"), asyncio.CancelledError()])
async def test_nothing_unforeseen_about_a_picture_costs_the_alarm(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
) -> None:
    """Nor that Home Assistant stops, and cuts off what fetches it."""
    monkeypatch.setattr(alarm_pictures, "async_host", Mock(side_effect=error))
    come.set()
    response = await begin_to_raise(home)
    [warning] = response["warnings"]
    assert "image.visitor did not provide one" in warning
    await until_asked(gateway)


@pytest.mark.parametrize(
    ("url", "sms"),
    [(None, "as_set"), ("https://house.example.org", "always")],
    ids=["no address", "by SMS"],
)
async def test_nobody_waits_for_a_picture_that_no_question_holds(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    url: str | None,
    sms: str,
) -> None:
    """An SMS has none, and without an address nobody sees it."""
    home.config.external_url = url
    raising = begin_to_raise(home, sms=sms)
    await until_raised(account)
    assert only_alarm(account).questions
    await raising


async def test_one_alarm_too_many_fetches_no_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is refused at once."""
    monkeypatch.setattr(engine, "MAX_OPEN", 0)
    with pytest.raises(ServiceValidationError, match="open already"):
        await begin_to_raise(home)
    async with asyncio.timeout(1):
        await settled(home)


async def test_nobody_to_ask_is_told_at_once(
    home: HomeAssistant,
    account: MockConfigEntry,
    patient: Visitor,
) -> None:
    """Whatever its camera does."""
    with pytest.raises(ServiceValidationError, match="nobody to ask"):
        async with asyncio.timeout(5):
            await begin_to_raise(home, recipients=["notify.nobody"])


@pytest.mark.parametrize("nothing", ["", " ", {}, {"media_content_id": ""}, [], 7])
async def test_a_template_that_gives_nothing_costs_the_picture_only(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    nothing: object,
) -> None:
    """It is told, as any field that cannot be used."""
    response = await raise_alarm(home, media=nothing, sms="as_set")
    [warning] = response["warnings"]
    assert "Camera or media" in warning
    assert len(gateway.messages) == 1


def test_the_sentence_names_the_time_that_there_is() -> None:
    """The sentence says it."""
    assert timedelta(seconds=5) == PICTURE_AWAITED
