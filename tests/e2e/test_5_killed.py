"""Power cuts at any moment: nothing that was answered is lost, nothing comes twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
import random
import re
from typing import Any, Final

import aiohttp
import pytest

from demo.simulated_gateway import Misbehaviour
from tools.faults.process import OLENA, RealPlace, real_place

from .conftest import PATIENCE, until_stored

SEED: Final = 20261124
CUTS: Final = 20
SENDS_PER_CUT: Final = 10
LONGEST: Final = 0.5
NUMBERS: Final = (OLENA, "+380671112222", "+380671112244")
PHONE_OFF: Final = "+380671112912"
WITHOUT_VIBER: Final = "+380671112911"
# As much as an automation heard of a person, in the log.
EARS: Final = """
hold_start:
automation:
  - alias: Ears
    triggers:
      - trigger: event
        event_type: [inteltele_delivery_status, inteltele_button_pressed]
        id: event
      - trigger: state
        entity_id: [event.olena_delivery, sensor.olena_last_message]
    mode: queued
    actions:
      - action: system_log.write
        data:
          level: warning
          message: >-
            Heard {{ trigger.event.data.status | default(trigger.event.data.action)
            if trigger.id == 'event' else trigger.entity_id ~ ' ' ~
            trigger.to_state.attributes.event_type
            | default(trigger.to_state.state) }}.
system_log:
"""
# Lets the house go on starting as long as there is a file.
HOLD_START: Final = """
import asyncio
from pathlib import Path

async def async_setup(hass, config):
    async def hold(_):
        while Path(hass.config.path("hold")).exists():
            await asyncio.sleep(0.05)

    hass.bus.async_listen_once("homeassistant_start", hold)
    return True
"""
CONDITIONS: Final = (
    Misbehaviour(),
    Misbehaviour(delay=0.1),
    Misbehaviour(cut_off="before_work", apply_to=("/im/send/",)),
    Misbehaviour(cut_off="after_work", apply_to=("/im/send/",)),
    Misbehaviour(delay=0.2, cut_off="after_work", apply_to=("/im/send/",), times=5),
)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncGenerator[RealPlace]:
    """Return a house of its own, which holds little, and a gateway of its own."""
    async with real_place(tmp_path) as placed:
        yield placed


async def _start_slowly(place: RealPlace) -> None:
    """Start the house with ears, until the account works; it goes on starting."""
    (place.house.folder / "hold").touch()
    await place.house.start()
    await place.house.wait_until_there("event.olena_delivery")
    assert (await place.house.request("GET", "/api/config"))["state"] != "RUNNING"


async def _let_it_start(place: RealPlace) -> None:
    """Let the house end its start, and automations hear what they will."""
    (place.house.folder / "hold").unlink()
    await place.house.wait_until_running()
    await asyncio.sleep(1)


def _give_it_ears(place: RealPlace) -> None:
    """Add automations, and what holds a start up."""
    components = place.house.folder / "custom_components"
    ours = components.resolve() / "inteltele"
    components.unlink()
    (components / "hold_start").mkdir(parents=True)
    (components / "inteltele").symlink_to(ours)
    (components / "hold_start" / "__init__.py").write_text(HOLD_START)
    (components / "hold_start" / "manifest.json").write_text(
        '{"domain": "hold_start", "name": "Hold", "version": "1.0.0"}'
    )
    place.configure(EARS)


def _heard(place: RealPlace) -> list[str]:
    """Return what automations heard since the house was built."""
    return re.findall(r"Heard ([^.]*(?:\.\w+ \w+)?)\.", place.house.log)


async def _sends_until_the_power_is_cut(
    place: RealPlace, texts: Iterable[str], chance: random.Random
) -> list[dict[str, Any]]:
    """Send all at once, cut the power some time later, and return what was answered."""
    sends = [
        asyncio.create_task(place.send(chance.choice(NUMBERS), text)) for text in texts
    ]
    await asyncio.sleep(chance.uniform(0, LONGEST))
    await place.house.kill()
    answers = await asyncio.gather(*sends, return_exceptions=True)
    return [answer for answer in answers if isinstance(answer, dict)]


@pytest.mark.timeout(600)
async def test_power_cuts_at_any_moment_lose_and_repeat_nothing(
    place: RealPlace,
) -> None:
    """Some sends are answered, some are not, some wait; none is sent twice."""
    print(f"The seed is {SEED}.")  # noqa: T201 - shown where the test fails
    chance = random.Random(SEED)  # noqa: S311 - not for cryptography
    place.gateway.settings.report_url = None
    answers: list[dict[str, Any]] = []
    for cut in range(CUTS):
        await place.bring_the_gateway_back(chance.choice(CONDITIONS))
        for _ in range(cut % 2):
            await place.take_the_gateway_away()
        texts = [f"{cut}.{send}" for send in range(SENDS_PER_CUT)]
        answers += await _sends_until_the_power_is_cut(place, texts, chance)
        await place.bring_the_gateway_back(chance.choice(CONDITIONS))
        await place.start()
    await place.bring_the_gateway_back(Misbehaviour())
    await place.house.kill()
    await place.start()
    history = await place.until_nothing_waits()

    taken = place.times_taken()
    by_status = Counter(answer["status"] for answer in answers)
    print(f"{by_status} were answered, {taken.total()} taken.")  # noqa: T201 - likewise
    assert by_status["sent"]
    assert by_status["queued"]
    assert set(taken.values()) == {1}
    ids = {answer["message_id"] for answer in answers} - {None}
    assert ids <= {message["message_id"] for message in history}
    assert ids <= {name for (name,) in place.on_disk("SELECT message_id FROM messages")}
    unknown = {
        message["text"] for message in history if message["reason"] == "outcome_unknown"
    }
    queued = {answer["text"] for answer in answers if answer["status"] == "queued"}
    assert queued <= {message["text"] for message in history}
    assert {message["text"] for message in history} - unknown <= set(taken)
    # Those whose repetition was cut off, too, which the house must not try again.
    print(f"{len(unknown)} of them nobody can tell of.")  # noqa: T201 - likewise
    assert len(unknown) < len(queued) / 2


async def test_every_state_survives_a_power_cut(place: RealPlace) -> None:
    """Delivered, failed, sent and queued; and what was interrupted is recognised."""
    texts = {"delivered": OLENA, "failed": WITHOUT_VIBER, "sent": PHONE_OFF}
    for text, number in texts.items():
        await place.send(number, text)
    async with asyncio.timeout(PATIENCE):
        while {"delivered", "failed"} - await _statuses(place):
            await asyncio.sleep(0.1)
    await place.take_the_gateway_away()
    # To a number of its own, so that a repetition seen is of this very message.
    answer = await place.send(NUMBERS[1], "queued")
    assert answer["status"] == "queued"
    before = await place.remembered()
    await place.house.kill()
    await place.start()
    assert await place.remembered() == before
    assert all(message["text"] == message["status"] for message in before)

    await place.house.kill()
    await place.bring_the_gateway_back(
        Misbehaviour(delay=3.0, apply_to=("/im/send/",), times=1)
    )
    place.gateway.requests.clear()
    await place.house.start()
    async with asyncio.timeout(PATIENCE):
        while not place.gateway.request_count("/im/send/"):
            await asyncio.sleep(0.05)
    await place.house.kill()
    asked = "json_extract(submission, '$.attempted_at') > 0"
    assert place.on_disk(f"SELECT count(*) FROM messages WHERE {asked}") == [(1,)]  # noqa: S608
    async with asyncio.timeout(PATIENCE):
        while "queued" not in place.times_taken():
            await asyncio.sleep(0.05)
    await place.start()
    history = await place.until_nothing_waits()
    assert place.times_taken()["queued"] == 1
    [message] = [message for message in history if message["text"] == "queued"]
    assert (message["status"], message["message_id"]) == ("sent", None)


async def _statuses(place: RealPlace) -> set[str]:
    """Return which states there are in the history."""
    return {message["status"] for message in await place.remembered()}


async def test_what_happens_during_a_start_is_told_once_after_all_cuts(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power is cut before automations run, and once more after they did."""
    gateway, house = place.gateway, place.house
    report_url, gateway.settings.report_url = gateway.settings.report_url, None
    await house.submit_recipient(
        await house.start_recipient(place.entry_id),
        name="Olena",
        phone=OLENA,
        sms_fallback=False,
        test=False,
    )
    await house.wait_until_there("event.olena_delivery")
    await house.call(
        "inteltele.send_message",
        entity_id="notify.olena",
        message="Open?",
        button_text="Open gate",
        button_action="open_gate",
    )
    await until_stored(house, OLENA)
    await house.stop()
    _give_it_ears(place)
    # Or the components of the folder that this runs in are found.
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    [message] = gateway.messages
    gateway.settings.report_url = report_url

    await _start_slowly(place)
    await gateway.report(message.message_id, "delivrd")
    async with (
        aiohttp.ClientSession() as phone,
        phone.post(message.button_link or "", data={"answer": "0"}) as page,
    ):
        assert "Open gate" in await page.text()
    await asyncio.sleep(0.5)
    await house.kill()
    await _start_slowly(place)
    await asyncio.sleep(0.5)
    assert _heard(place) == []

    told = ["delivered", "open_gate"]
    by_entities = [
        "event.olena_delivery button_pressed",
        "event.olena_delivery delivered",
        "sensor.olena_last_message delivered",
    ]
    await _let_it_start(place)
    assert sorted(_heard(place)) == sorted(told + by_entities)
    assert [heard for heard in _heard(place) if heard in told] == told
    await house.kill()
    await _start_slowly(place)
    await _let_it_start(place)
    assert len(_heard(place)) == len(told + by_entities)
    assert place.on_disk("SELECT count(*) FROM untold") == [(0,)]
