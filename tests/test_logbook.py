"""Activity tells of numbers that no entity shows, in words."""

from datetime import timedelta
import logging
from typing import Any

from homeassistant.components.logbook.processor import EventProcessor
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_component,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.inteltele.const import DOMAIN, EVENT_ACTIVITY
from custom_components.inteltele.gateway import FailureReason
from custom_components.inteltele.public import Pressed
from custom_components.inteltele.storage.answer_links import Answer, AnswerLink
from custom_components.inteltele.storage.message import (
    HouseReason,
    Message,
    MessageStatus,
    ReceiptSource,
)

from .conftest import OLENA

STRANGER = "+48501234567"

# It writes each statement otherwise.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _integration_is_found(
    recorder_mock: Recorder, enable_custom_integrations: None, socket_enabled: None
) -> None:
    """Start the recorder first: it must be there before Home Assistant is."""


@pytest.fixture
async def activity(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Load Activity, without the frontend, which the tests' packages leave out."""
    mock_component(home, "frontend")
    assert await async_setup_component(home, "logbook", {})
    await home.async_block_till_done()


def _message(number: str, seconds: int | None, **fields: Any) -> Message:
    """Return a message whose state was learned some seconds after it was sent."""
    now = dt_util.utcnow()
    return Message(
        seq=1,
        message_id=None if seconds is None else "id",
        number=number,
        sent_at=now - timedelta(seconds=seconds or 0),
        reported_at=now,
        text="The water is at the door",
        source=ReceiptSource.HOUSE if seconds is None else ReceiptSource.WEBHOOK,
        **fields,
    )


def _pressed(number: str) -> Pressed:
    """Return an answer from the link that a number was sent."""
    return Pressed(
        link=AnswerLink(
            fingerprint="",
            number=number,
            recipient=None,
            answers=(),
            valid_until=dt_util.utcnow(),
        ),
        answer=Answer(action="open_gate", text="Open the gate, please"),
        message_id="id",
    )


async def _lines(home: HomeAssistant) -> list[dict[str, Any]]:
    """Return the lines of ours that the recorder's thread finds."""
    await async_wait_recording_done(home)
    now = dt_util.utcnow()
    processor = EventProcessor(home, [EVENT_ACTIVITY, "logbook_entry"])
    lines: list[dict[str, Any]] = await get_instance(home).async_add_executor_job(
        processor.get_events, now - timedelta(days=1), now + timedelta(days=1)
    )
    return [line for line in lines if line.get("domain") == DOMAIN]


DELIVERED = _message(STRANGER, 12, status=MessageStatus.DELIVERED)
UNDELIVERABLE = _message(
    STRANGER, 12, status=MessageStatus.FAILED, reason=FailureReason.UNDELIVERABLE
)
NEVER_SENT = _message(
    STRANGER, None, status=MessageStatus.FAILED, reason=HouseReason.LIMIT_REACHED
)


@pytest.mark.usefixtures("activity")
@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (DELIVERED, "Message to +48…4567 was delivered after 12 s"),
        (
            UNDELIVERABLE,
            "Message to +48…4567 failed after 12 s: the number cannot be reached",
        ),
        (NEVER_SENT, "Message to +48…4567 failed: the daily limit was reached"),
    ],
)
async def test_a_bare_number_has_one_line(
    home: HomeAssistant, account: MockConfigEntry, message: Message, sentence: str
) -> None:
    """With the number masked and without the message's text."""
    account.runtime_data._announcer.async_changed(message)
    [line] = await _lines(home)
    assert line["name"] == "IntelTele"
    assert line["message"] == sentence


@pytest.mark.usefixtures("activity")
async def test_an_answer_from_a_bare_number_has_one_line(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With the action that automations know, not with the words of the button."""
    account.runtime_data._announcer.async_pressed(_pressed(STRANGER))
    [line] = await _lines(home)
    assert line["message"] == "+48…4567 was asked, and the answer is: open_gate"


@pytest.mark.usefixtures("activity")
async def test_a_recipient_has_the_line_of_its_entity_only(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """One is enough."""
    announcer = account.runtime_data._announcer
    announcer.async_changed(_message(OLENA, 12, status=MessageStatus.DELIVERED))
    announcer.async_pressed(_pressed(OLENA))
    assert await _lines(home) == []


@pytest.mark.usefixtures("activity")
async def test_a_recipient_whose_entity_is_disabled_has_one_line(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """By name."""
    er.async_get(home).async_update_entity(
        "event.olena_delivery", disabled_by=er.RegistryEntryDisabler.USER
    )
    await home.async_block_till_done()
    message = _message(OLENA, 12, status=MessageStatus.DELIVERED)
    account.runtime_data._announcer.async_changed(message)
    [line] = await _lines(home)
    assert line["message"] == "Message to Olena was delivered after 12 s"


@pytest.mark.usefixtures("activity")
async def test_a_reload_adds_no_line(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Nothing happened to a message."""
    account.runtime_data._announcer.async_changed(DELIVERED)
    assert await home.config_entries.async_reload(account.entry_id)
    await home.async_block_till_done()
    assert len(await _lines(home)) == 1


@pytest.mark.usefixtures("activity")
async def test_the_event_keeps_no_text_and_no_whole_number(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """The recorder keeps it after the message was deleted."""
    heard: list[str] = []
    home.bus.async_listen(EVENT_ACTIVITY, lambda event: heard.append(str(event.data)))
    account.runtime_data._announcer.async_changed(DELIVERED)
    account.runtime_data._announcer.async_pressed(_pressed(STRANGER))
    await home.async_block_till_done()
    assert len(heard) == 2
    kept = "".join(heard)
    assert [w for w in (STRANGER, "water", "please") if w in kept] == []


@pytest.mark.usefixtures("activity")
async def test_a_line_is_in_the_language_of_the_house(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Not in that of whoever reads it."""
    await async_get_translations(home, "uk", "common", [DOMAIN])
    home.config.language = "uk"
    account.runtime_data._announcer.async_changed(DELIVERED)
    [line] = await _lines(home)
    assert line["message"].startswith("+48…4567: повідомлення доставлено за 12")


@pytest.mark.usefixtures("activity")
async def test_a_line_is_in_english_where_the_language_is_not_loaded(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """As one is that was chosen after Home Assistant's start."""
    home.config.language = "fi"
    account.runtime_data._announcer.async_changed(DELIVERED)
    [line] = await _lines(home)
    assert line["message"] == "Message to +48…4567 was delivered after 12 s"
