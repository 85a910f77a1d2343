"""What happens to an alarm in the very moment in which something else does."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.alarms import alarms as engine
from custom_components.inteltele.alarms.alarm import Source
from custom_components.inteltele.alarms.alarms import Alarms
from custom_components.inteltele.const import DOMAIN, EVENT_ALARM
from custom_components.inteltele.delivery import clock
from custom_components.inteltele.delivery.acceptance import Acceptance
from custom_components.inteltele.storage import alarms as table
from demo.simulated_gateway import SimulatedGateway
from tests.conftest import OLENA, PETRO, recipient, restart, settled

from ..visitor import IMAGE, Visitor, picture_of, visited
from .calls import BOTH, call, only_alarm, raise_alarm, sleep

MINUTE: Final = timedelta(minutes=1)
MARTA: Final = "+380671112255"

type Act = Callable[[Alarms, str], Awaitable[object]]

pytestmark = pytest.mark.usefixtures("told")


def _alarms(account: MockConfigEntry) -> Alarms:
    """Return the alarms of the account."""
    found: Alarms = account.runtime_data.alarms
    return found


def _numbers(gateway: SimulatedGateway) -> list[str]:
    """Return who got something, in order."""
    return [message.number for message in gateway.messages]


class TestAlike:
    """People for whom everything is set alike, in a house that no phone reaches."""

    @pytest.fixture
    def recipients(self) -> list[ConfigSubentry]:
        """Return three who differ by name and number alone."""
        return [
            recipient("olena", "Olena", OLENA),
            recipient("petro", "Petro", PETRO),
            recipient("marta", "Marta", MARTA),
        ]

    @pytest.mark.parametrize("sms", ["as_set", "always"])
    async def test_all_are_asked_at_once(
        self,
        home: HomeAssistant,
        account: MockConfigEntry,
        gateway: SimulatedGateway,
        sms: str,
    ) -> None:
        """By one request, since they get the very same."""
        home.config.external_url = None
        people = ["notify.olena", "notify.petro", "notify.marta"]
        response = await raise_alarm(home, sms=sms, recipients=people)
        assert _numbers(gateway) == [OLENA, PETRO, MARTA]
        names = [each["recipient"] for each in response["asked"]]
        assert names == ["Olena", "Petro", "Marta"]


@callback
def _at_once(home: HomeAssistant, kind: str, action: str, **fields: Any) -> None:
    """Let somebody act in the moment in which something is told."""

    @callback
    def act(event: Event) -> None:
        """Act before whoever told it goes on."""
        if event.data["type"] == kind:
            home.async_create_task(
                home.services.async_call(
                    DOMAIN, action, {"tag": "water"} | fields, blocking=True
                ),
                eager_start=True,
            )

    home.bus.async_listen(EVENT_ALARM, act)


@pytest.mark.parametrize("action", ["acknowledge_alarm", "clear_alarm"])
async def test_whoever_ends_it_when_it_is_raised(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
    action: str,
) -> None:
    """Nothing of an alarm leaves after its end: nobody is asked."""
    _at_once(home, "raised", action)
    response = await raise_alarm(home)
    await sleep(home, freezer, 4 * MINUTE)
    assert response["status"] != "open"
    assert only_alarm(account).questions == ()
    assert gateway.messages == []


async def test_whoever_ends_it_when_somebody_cannot(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The next one is not asked."""
    _at_once(home, "declined", "acknowledge_alarm")
    await raise_alarm(home)
    await _alarms(account).decline(only_alarm(account).id, OLENA, Source.LINK)
    await settled(home)
    assert not only_alarm(account).is_open
    assert _numbers(gateway) == [OLENA]


async def test_whoever_raises_it_again_when_it_is_raised(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nobody is asked twice because of it."""
    _at_once(home, "raised", "raise_alarm", message="Smoke!", recipients=BOTH)
    response = await raise_alarm(home)
    assert response["raised"] == 2
    assert _numbers(gateway) == [OLENA]
    assert len(only_alarm(account).questions) == 1


async def _go_on(alarms: Alarms, known: str) -> None:
    """Wait for nothing any longer."""
    alarms.go_on(known)


@pytest.mark.parametrize(
    "jump", [timedelta(hours=2), timedelta(days=30), -timedelta(hours=1)]
)
@pytest.mark.parametrize(
    ("act", "is_open", "asked"),
    [
        (lambda alarms, _: alarms.work(), True, [OLENA]),
        (_go_on, True, [OLENA]),
        (
            lambda alarms, known: alarms.decline(known, OLENA, Source.LINK),
            True,
            [OLENA, PETRO],
        ),
        (
            lambda alarms, known: alarms.acknowledge(
                known, "Olena", OLENA, Source.LINK
            ),
            False,
            [OLENA],
        ),
        (lambda alarms, known: alarms.clear(known, None), False, [OLENA]),
    ],
    ids=["work", "go_on", "decline", "acknowledge", "clear"],
)
async def test_a_clock_that_was_set_is_seen_first(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    jump: timedelta,
    act: Act,
    is_open: bool,
    asked: list[str],
) -> None:
    """Whoever looks at it first: an alarm gets neither older nor younger by it."""
    await raise_alarm(home)
    before, alarms = only_alarm(account), _alarms(account)
    steady = jump.total_seconds()
    monkeypatch.setattr(
        clock, "clock_gettime", lambda _: dt_util.utcnow().timestamp() - steady
    )
    freezer.tick(jump)
    await act(alarms, before.id)
    await settled(home)
    after = only_alarm(account)
    assert after.raised_at == before.raised_at + jump
    assert after.is_open is is_open
    assert _numbers(gateway) == asked


async def test_a_fault_in_asking_costs_no_alarm(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is on disk, and is asked with the next try."""
    with monkeypatch.context() as broken:
        broken.setattr(Acceptance, "accept", Mock(side_effect=RuntimeError))
        response = await raise_alarm(home)
        assert response["status"] == "open"
        [(_, row)] = await account.runtime_data.delivery.database.read(table.load)
        assert "Water in the cellar!" in row
    await sleep(home, freezer, MINUTE)
    assert _numbers(gateway) == [OLENA]
    # It is not told more often than with the first try.
    assert caplog.text.count("IntelTele alarms failed") <= 1


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
    assert len(only_alarm(account).questions) == 1


@pytest.fixture
async def hanging(home: HomeAssistant) -> AsyncGenerator[None]:
    """Let the camera hang."""
    entity = await visited(home)
    entity.comes = comes = asyncio.Event()
    yield
    comes.set()


async def test_a_caller_who_gives_up_leaves_what_was_amiss(
    home: HomeAssistant, account: MockConfigEntry, hanging: None
) -> None:
    """A script that is restarted while the picture is awaited hides no fault."""
    raising = home.async_create_task(
        raise_alarm(
            home,
            recipients=["notify.olena", "notify.nobody"],
            media={"media_content_id": IMAGE},
        )
    )
    async with asyncio.timeout(5):
        while not await account.runtime_data.delivery.database.read(table.load):
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    raising.cancel()
    await asyncio.wait([raising])
    [issue] = [
        each
        for each in ir.async_get(home).issues.values()
        if each.translation_key == "alarm_shortcomings"
    ]
    assert "notify.nobody" in str(issue.translation_placeholders)


@pytest.mark.parametrize("options", [{}])
async def test_a_picture_is_awaited_where_no_sms_can_be_sent(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Who has no sender gets the question by Viber, which holds it."""
    await visited(home)
    await raise_alarm(
        home,
        sms="always",
        recipients=["notify.olena"],
        media={"media_content_id": IMAGE},
    )
    [question] = gateway.messages
    assert question.api == "viber"
    assert question.image


@pytest.mark.parametrize("options", [{"keep_text": False}])
async def test_whoever_raises_it_again_when_it_ends(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The text of before goes with the end, the newest one is what is asked about."""
    _at_once(home, "acknowledged", "raise_alarm", message="It burns on!")
    await raise_alarm(home, recipients=["notify.olena"], quiet_for={"minutes": 5})
    await call(home, "acknowledge_alarm", tag="water")
    await sleep(home, freezer, 6 * MINUTE)
    question, _, again = gateway.messages
    assert question.text.startswith("Water in the cellar!")
    assert again.text.startswith("It burns on!")


async def test_the_alarm_comes_before_the_camera_does_anything(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some cameras hold the whole house up, or take it with them."""
    raised: list[int] = []

    async def looked(_: Visitor) -> bytes:
        """Note how many alarms there are when the camera is asked."""
        raised.append(len(list(_alarms(account))))
        return picture_of((100, 100), "PNG")

    await visited(home)
    monkeypatch.setattr(Visitor, "async_image", looked)
    await raise_alarm(home, media={"media_content_id": IMAGE})
    assert raised == [1]


@pytest.mark.parametrize("action", ["acknowledge_alarm", "clear_alarm"])
@pytest.mark.parametrize("order", ["one_by_one", "all_at_once"])
async def test_what_was_about_to_be_asked_when_it_ended_is_not(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
    action: str,
    order: str,
) -> None:
    """Such as behind a disk, or a request, that takes its time."""
    begun = account.runtime_data.delivery.begun
    begun.clear()
    for name, fields in (
        ("raise_alarm", {"message": "Water!", "recipients": BOTH, "order": order}),
        (action, {}),
    ):
        await home.services.async_call(
            DOMAIN, name, {"tag": "water"} | fields, blocking=True
        )
    assert only_alarm(account).questions
    begun.set()
    await sleep(home, freezer, 3 * MINUTE)
    assert gateway.messages == []
    assert account.runtime_data.ledger.pending == 0
