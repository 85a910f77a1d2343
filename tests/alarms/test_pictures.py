"""An alarm whose picture is late: the camera is slow, hangs, fails, or is gone."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
import logging
import sqlite3
from typing import Any, Final
from unittest.mock import Mock

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.account.account import pictures_path
from custom_components.inteltele.alarms import alarms as engine
from custom_components.inteltele.alarms.alarm import Alarm, Source
from custom_components.inteltele.alarms.raised import PICTURE_AWAITED
from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.sending import alarm_pictures
from custom_components.inteltele.storage import alarms as table, transactions
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, disable, restart, settled, stop
from ..visitor import IMAGE, Visitor, picture_of, visited
from .calls import call, raise_alarm

AWAITED: Final = timedelta(seconds=0.3)
PICTURE: Final = {"media": {"media_content_id": IMAGE}, "sms": "as_set"}

pytestmark = pytest.mark.usefixtures("told")


@pytest.fixture
async def visitor(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Visitor]:
    """Return a camera that hangs, and for which nobody waits long."""
    for module in (engine, alarm_pictures):
        monkeypatch.setattr(module, "PICTURE_AWAITED", AWAITED)
    entity = await visited(home)
    entity.comes = comes = asyncio.Event()
    yield entity
    comes.set()


@pytest.fixture
def come(visitor: Visitor) -> asyncio.Event:
    """Return what lets the camera go on."""
    assert visitor.comes is not None
    return visitor.comes


def _raising(home: HomeAssistant, **fields: Any) -> asyncio.Task[dict[str, Any]]:
    """Begin to raise an alarm with the camera's picture, and return the response."""

    async def raising() -> dict[str, Any]:
        response: Any = await home.services.async_call(
            DOMAIN,
            "raise_alarm",
            {
                "message": "Somebody is there!",
                "recipients": ["notify.olena", "notify.petro"],
                "tag": "door",
                **PICTURE,
                **fields,
            },
            blocking=True,
            return_response=True,
        )
        return dict(response)

    return asyncio.create_task(raising())


def _alarm(account: MockConfigEntry) -> Alarm:
    """Return the only alarm."""
    [alarm] = account.runtime_data.alarms
    found: Alarm = alarm
    return found


async def _until_raised(account: MockConfigEntry, times: int = 1) -> None:
    """Wait until an alarm was raised so often."""
    async with asyncio.timeout(5):
        while [each.raised for each in account.runtime_data.alarms] != [times]:
            await asyncio.sleep(0.01)


async def _until_asked(gateway: SimulatedGateway, questions: int = 1) -> None:
    """Wait until the gateway took so many questions."""
    async with asyncio.timeout(5):
        while len(gateway.messages) < questions:
            await asyncio.sleep(0.01)


async def test_an_alarm_is_on_disk_before_its_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """The first question waits a moment for it, and then holds it."""
    raising = _raising(home)
    await _until_raised(account)
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
    response = await _raising(home)
    assert loop.time() - began < 3 * AWAITED.total_seconds()
    await _until_asked(gateway)
    assert not gateway.messages[0].image
    [warning] = response["warnings"]
    assert "did not wait for its picture: image.visitor" in warning
    assert [each["recipient"] for each in response["asked"]] == ["Olena"]
    come.set()
    await settled(home)
    assert _alarm(account).content.picture is not None
    alarms = account.runtime_data.alarms
    await alarms.decline(_alarm(account).id, OLENA, Source.LINK)
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
    response = await _raising(home)
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
    response = await _raising(home)
    assert len(response["warnings"]) == 2
    await _until_asked(gateway)
    come.set()
    await settled(home)
    assert len(gateway.messages) == 1


async def test_a_raise_while_the_account_is_reloaded(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
) -> None:
    """It meets the account that goes on."""
    reloading = home.async_create_task(
        home.config_entries.async_reload(account.entry_id)
    )
    response = await _raising(home)
    await reloading
    await _until_asked(gateway)
    assert response["status"] == "open"
    assert len(gateway.messages) == 1


@pytest.mark.parametrize("error", [RuntimeError("x"), asyncio.CancelledError(), None])
async def test_a_camera_that_fails_is_not_waited_for(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException | None,
) -> None:
    """The first is asked at once, and the caller hears why there is no picture."""
    for module in (engine, alarm_pictures):
        monkeypatch.setattr(module, "PICTURE_AWAITED", timedelta(minutes=1))
    visitor.error, visitor.picture = error, None
    come.set()
    async with asyncio.timeout(5):
        response = await _raising(home)
        await _until_asked(gateway)
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
    response = await _raising(home)
    [warning] = response["warnings"]
    assert "image.visitor did not provide one" in warning
    await _until_asked(gateway)


async def test_after_a_restart_it_goes_on_without(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At once: nobody fetches the picture any more."""
    monkeypatch.setattr(engine, "PICTURE_AWAITED", timedelta(minutes=1))
    raising = _raising(home)
    await _until_raised(account)
    raised_at = _alarm(account).raised_at
    await stop(home, account)
    assert gateway.messages == []
    assert await home.config_entries.async_setup(account.entry_id)
    await _until_asked(gateway)
    assert _alarm(account).raised_at == raised_at
    # What came of it in the life before joins nothing.
    come.set()
    await raising
    await settled(home)
    assert _alarm(account).content.picture is None
    assert len(gateway.messages) == 1


async def test_a_reload_changes_nothing(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """The account is at work all the while."""
    raising = _raising(home)
    await _until_raised(account)
    reloading = home.async_create_task(
        home.config_entries.async_reload(account.entry_id)
    )
    await asyncio.sleep(0)
    come.set()
    response = await raising
    await reloading
    await settled(home)
    assert response["warnings"] == []
    assert len(gateway.messages) == 1
    assert gateway.messages[0].image


@pytest.mark.parametrize("keeps", [True, False])
async def test_an_account_that_is_gone_meanwhile_needs_no_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
    caplog: pytest.LogCaptureFixture,
    keeps: bool,
) -> None:
    """Disabled or removed; its folder does not come back, and nothing is lost."""
    raising = _raising(home)
    await _until_raised(account)
    if keeps:
        await disable(home, account)
    else:
        await home.config_entries.async_remove(account.entry_id)
    come.set()
    await raising
    await settled(home)
    assert gateway.messages == []
    assert not pictures_path(home, account.entry_id).exists()
    assert "a change is lost" not in caplog.text
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


@pytest.mark.parametrize("action", ["acknowledge_alarm", "clear_alarm"])
@pytest.mark.parametrize("options", [{"keep_text": False}, {}])
async def test_an_end_before_the_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
    action: str,
) -> None:
    """Nobody is asked any more, and the picture joins nothing."""
    raising = _raising(home)
    await _until_raised(account)
    await home.services.async_call(DOMAIN, action, {"tag": "door"}, blocking=True)
    await asyncio.sleep(2 * AWAITED.total_seconds())
    come.set()
    await raising
    await settled(home)
    assert gateway.messages == []
    assert _alarm(account).content.picture is None
    assert not _alarm(account).is_open


async def test_cleared_and_raised_again_before_the_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """Nobody waits again, so that a sensor that flaps puts nothing off."""
    first = _raising(home)
    await _until_raised(account)
    await home.services.async_call(
        DOMAIN, "clear_alarm", {"tag": "door"}, blocking=True
    )
    second = _raising(home)
    await _until_raised(account, 2)
    assert len(_alarm(account).questions) == 1
    come.set()
    await asyncio.gather(first, second)
    await settled(home)
    assert [message.number for message in gateway.messages] == [OLENA]
    assert _alarm(account).content.picture is not None


async def test_raised_again_without_a_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """The newest stands: there is nothing to wait for, and the older joins no more."""
    first = _raising(home)
    await _until_raised(account)
    await _raising(home, media=None, message="It is a cat.")
    await _until_asked(gateway)
    come.set()
    await first
    await settled(home)
    assert gateway.messages[0].text.startswith("It is a cat.")
    assert not gateway.messages[0].image
    assert _alarm(account).content.picture is None


async def test_the_picture_of_the_newest_raise_stands(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
) -> None:
    """Also where an older one comes later; until then, that of before."""
    first = _raising(home)
    await _until_raised(account)
    visitor.comes = None
    visitor.picture = picture_of((100, 100), "PNG")
    await _raising(home)
    await _until_asked(gateway)
    newest = _alarm(account).content
    assert newest.picture is not None
    come.set()
    await first
    await settled(home)
    assert _alarm(account).content == newest
    visitor.picture = None
    [warning] = (await _raising(home))["warnings"]
    assert "did not provide one" in warning
    assert _alarm(account).content == newest
    assert _alarm(account).raised == 3
    assert len(gateway.messages) == 1


async def test_two_raises_at_once_with_cameras_that_hang(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """They are one alarm, which waits for neither for longer."""
    responses = await asyncio.gather(_raising(home), _raising(home))
    assert len({each["alarm_id"] for each in responses}) == 1
    assert [len(each["warnings"]) for each in responses] == [1, 1]
    await _until_asked(gateway)
    come.set()
    await settled(home)
    assert len(gateway.messages) == 1
    assert _alarm(account).content.picture is not None


async def test_the_first_failing_leaves_the_second_to_be_waited_for(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
) -> None:
    """It is the newest picture anyway."""
    first = _raising(home, media={"media_content_id": "image.none"})
    second = _raising(home)
    await first
    await asyncio.sleep(0.05)
    assert _alarm(account).questions == ()
    come.set()
    await second
    await settled(home)
    assert gateway.messages[0].image


async def test_a_caller_who_gives_up_costs_nothing(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """Such as a script that is restarted."""
    raising = _raising(home)
    await _until_raised(account)
    raising.cancel()
    await asyncio.sleep(0.05)
    come.set()
    await _until_asked(gateway)
    await settled(home)
    assert gateway.messages[0].image


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
    raising = _raising(home, sms=sms)
    await _until_raised(account)
    assert _alarm(account).questions
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
        await _raising(home)
    async with asyncio.timeout(1):
        await settled(home)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_set_while_a_picture_is_awaited(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    hours: int,
) -> None:
    """Nobody waits for an hour, nor less than for the rest."""
    raising = _raising(home)
    await _until_raised(account)
    waits = _alarm(account).opened_at - _alarm(account).raised_at
    account.runtime_data._async_clock_set(timedelta(hours=hours))
    assert _alarm(account).opened_at - _alarm(account).raised_at == waits
    await raising


async def test_nobody_to_ask_is_told_at_once(
    home: HomeAssistant, account: MockConfigEntry, visitor: Visitor
) -> None:
    """Whatever its camera does."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(ServiceValidationError, match="nobody to ask"):
        await _raising(home, recipients=["notify.nobody"])
    assert loop.time() - began < AWAITED.total_seconds()


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


async def test_what_is_due_and_fails_costs_no_alarm(
    home: HomeAssistant,
    account: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is raised, and tried again."""

    def failing(*_: object, **__: object) -> None:
        """Fail as nobody foresaw."""
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(engine.escalation, "advanced", failing)
        response = await raise_alarm(home)
    assert response["status"] == "open"
    await restart(home, account)
    assert len(_alarm(account).questions) == 1


def test_the_sentence_names_the_time_that_there_is() -> None:
    """The sentence says it."""
    assert timedelta(seconds=5) == PICTURE_AWAITED


async def test_a_raise_is_written_once_and_its_first_question_once_more(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
) -> None:
    """So are an answer and an end: a card wears out by what is written."""
    database = account.runtime_data.delivery.database
    statements: list[str] = []
    await database.read(lambda file: file.set_trace_callback(statements.append))

    async def written() -> list[int]:
        """Return how often the alarm is in each transaction that holds it."""
        await settled(home)
        await asyncio.sleep(0.2)
        transactions = "\n".join(statements).split("COMMIT")
        statements.clear()
        rows = [each.count("INSERT INTO alarms") for each in transactions]
        return [count for count in rows if count]

    # With its first question, and what became of that.
    await raise_alarm(home, sms="as_set")
    assert await written() == [1, 1]
    await raise_alarm(home)
    assert await written() == [1]
    alarms = account.runtime_data.alarms
    await alarms.decline(_alarm(account).id, OLENA, Source.LINK)
    assert await written() == [1, 1]
    await alarms.acknowledge(_alarm(account).id, "Petro", PETRO, Source.LINK)
    assert len(await written()) == 1
    # Without a question, then with it, and what became of that.
    raising = _raising(home)
    await asyncio.sleep(0.1)
    assert _rows(statements) == 1
    come.set()
    await raising
    assert await written() == [1, 1, 1]


def _rows(statements: list[str]) -> int:
    """Return how often an alarm was written."""
    return "\n".join(statements).count("INSERT INTO alarms")


async def test_what_is_cleared_is_written_once(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """However many questions it withdraws."""
    await raise_alarm(home, order="all_at_once")
    database = account.runtime_data.delivery.database
    statements: list[str] = []
    await database.read(lambda file: file.set_trace_callback(statements.append))
    await call(home, "clear_alarm", tag="water")
    await asyncio.sleep(0.2)
    assert _rows(statements) == 1
