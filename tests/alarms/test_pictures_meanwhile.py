"""What happens to an alarm, its account or its clock while its picture is awaited."""

import asyncio
from datetime import timedelta
import logging

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.account.account import pictures_path
from custom_components.inteltele.alarms import alarms as engine
from custom_components.inteltele.const import DOMAIN
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, disable, settled, stop
from ..visitor import Visitor, picture_of
from .calls import only_alarm
from .cameras import AWAITED, begin_to_raise, until_asked, until_raised

pytestmark = pytest.mark.usefixtures("told")


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
    response = await begin_to_raise(home)
    await reloading
    await until_asked(gateway)
    assert response["status"] == "open"
    assert len(gateway.messages) == 1


async def test_after_a_restart_it_goes_on_without(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At once: nobody fetches the picture any more."""
    monkeypatch.setattr(engine, "PICTURE_AWAITED", timedelta(minutes=1))
    raising = begin_to_raise(home)
    await until_raised(account)
    raised_at = only_alarm(account).raised_at
    await stop(home, account)
    assert gateway.messages == []
    assert await home.config_entries.async_setup(account.entry_id)
    await until_asked(gateway)
    assert only_alarm(account).raised_at == raised_at
    # What came of it in the life before joins nothing.
    come.set()
    await raising
    await settled(home)
    assert only_alarm(account).content.picture is None
    assert len(gateway.messages) == 1


async def test_a_reload_changes_nothing(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """The account is at work all the while."""
    raising = begin_to_raise(home)
    await until_raised(account)
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
    raising = begin_to_raise(home)
    await until_raised(account)
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
    raising = begin_to_raise(home)
    await until_raised(account)
    await home.services.async_call(DOMAIN, action, {"tag": "door"}, blocking=True)
    await asyncio.sleep(2 * AWAITED.total_seconds())
    come.set()
    await raising
    await settled(home)
    assert gateway.messages == []
    assert only_alarm(account).content.picture is None
    assert not only_alarm(account).is_open


async def test_cleared_and_raised_again_before_the_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """Nobody waits again, so that a sensor that flaps puts nothing off."""
    first = begin_to_raise(home)
    await until_raised(account)
    await home.services.async_call(
        DOMAIN, "clear_alarm", {"tag": "door"}, blocking=True
    )
    second = begin_to_raise(home)
    await until_raised(account, 2)
    assert len(only_alarm(account).questions) == 1
    come.set()
    await asyncio.gather(first, second)
    await settled(home)
    assert [message.number for message in gateway.messages] == [OLENA]
    assert only_alarm(account).content.picture is not None


async def test_raised_again_without_a_picture(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """The newest stands: there is nothing to wait for, and the older joins no more."""
    first = begin_to_raise(home)
    await until_raised(account)
    await begin_to_raise(home, media=None, message="It is a cat.")
    await until_asked(gateway)
    come.set()
    await first
    await settled(home)
    assert gateway.messages[0].text.startswith("It is a cat.")
    assert not gateway.messages[0].image
    assert only_alarm(account).content.picture is None


async def test_the_picture_of_the_newest_raise_stands(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
) -> None:
    """Also where an older one comes later; until then, that of before."""
    first = begin_to_raise(home)
    await until_raised(account)
    visitor.comes = None
    visitor.picture = picture_of((100, 100), "PNG")
    await begin_to_raise(home)
    await until_asked(gateway)
    newest = only_alarm(account).content
    assert newest.picture is not None
    come.set()
    await first
    await settled(home)
    assert only_alarm(account).content == newest
    visitor.picture = None
    [warning] = (await begin_to_raise(home))["warnings"]
    assert "did not provide one" in warning
    assert only_alarm(account).content == newest
    assert only_alarm(account).raised == 3
    assert len(gateway.messages) == 1


async def test_two_raises_at_once_with_cameras_that_hang(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    come: asyncio.Event,
) -> None:
    """They are one alarm, which waits for neither for longer."""
    responses = await asyncio.gather(begin_to_raise(home), begin_to_raise(home))
    assert len({each["alarm_id"] for each in responses}) == 1
    assert [len(each["warnings"]) for each in responses] == [1, 1]
    await until_asked(gateway)
    come.set()
    await settled(home)
    assert len(gateway.messages) == 1
    assert only_alarm(account).content.picture is not None


async def test_the_first_failing_leaves_the_second_to_be_waited_for(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
) -> None:
    """It is the newest picture anyway."""
    first = begin_to_raise(home, media={"media_content_id": "image.none"})
    second = begin_to_raise(home)
    await first
    await asyncio.sleep(0.05)
    assert only_alarm(account).questions == ()
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
    raising = begin_to_raise(home)
    await until_raised(account)
    raising.cancel()
    await asyncio.sleep(0.05)
    come.set()
    await until_asked(gateway)
    await settled(home)
    assert gateway.messages[0].image


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_set_while_a_picture_is_awaited(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    hours: int,
) -> None:
    """Nobody waits for an hour, nor less than for the rest."""
    raising = begin_to_raise(home)
    await until_raised(account)
    waits = only_alarm(account).opened_at - only_alarm(account).raised_at
    account.runtime_data._async_clock_set(timedelta(hours=hours))
    assert only_alarm(account).opened_at - only_alarm(account).raised_at == waits
    await raising
