"""Activity tells of numbers that no entity shows, in words."""

from datetime import timedelta
import logging
from typing import Any, Final

from homeassistant.components.logbook.processor import EventProcessor
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.core import HomeAssistant
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

from custom_components.inteltele.const import DOMAIN, EVENT_ACTIVITY, EVENT_ALARM
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import SimulatedGateway

from .conftest import restart

DELIVERED = {
    "entry_id": "account",
    "device_id": None,
    "recipient": "+48…4567",
    "type": "delivered",
    "action": None,
    "seconds": 12,
    "reason": None,
}
FAILED = DELIVERED | {"type": "failed", "reason": "undeliverable"}
NEVER_SENT = FAILED | {"seconds": None, "reason": "limit_reached"}
ANSWERED = DELIVERED | {"type": "answered", "action": "open_gate", "seconds": None}

# It writes each statement otherwise.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _integration_is_found(
    recorder_mock: Recorder, enable_custom_integrations: None, socket_enabled: None
) -> None:
    """Start the recorder first: it must be there before Home Assistant is."""


@pytest.fixture(autouse=True)
async def _activity(home: HomeAssistant) -> None:
    """Load Activity, without the frontend, which the tests' packages leave out."""
    mock_component(home, "frontend")
    assert await async_setup_component(home, "logbook", {})
    assert await async_setup_component(home, DOMAIN, {})
    await home.async_block_till_done()


async def _lines(home: HomeAssistant) -> list[dict[str, Any]]:
    """Return the lines of ours that the recorder's thread finds."""
    await async_wait_recording_done(home)
    now = dt_util.utcnow()
    processor = EventProcessor(home, [EVENT_ACTIVITY, EVENT_ALARM])
    lines: list[dict[str, Any]] = await get_instance(home).async_add_executor_job(
        processor.get_events, now - timedelta(days=1), now + timedelta(days=1)
    )
    return lines


@pytest.mark.parametrize(
    ("activity", "sentence"),
    [
        (DELIVERED, "Message to +48…4567 was delivered after 12 s"),
        (FAILED, "Message to +48…4567 failed after 12 s: the number cannot be reached"),
        (
            NEVER_SENT,
            "Message to +48…4567 failed: the daily limit or the SMS limit was reached",
        ),
        (ANSWERED, "+48…4567 answered: open_gate"),
        (
            DELIVERED | {"recipient": "{Olena}"},
            "Message to {Olena} was delivered after 12 s",
        ),
    ],
)
async def test_an_activity_is_told_in_a_sentence(
    home: HomeAssistant, activity: dict[str, Any], sentence: str
) -> None:
    """Under the integration's name."""
    home.bus.async_fire(EVENT_ACTIVITY, activity)
    [line] = await _lines(home)
    assert (line["name"], line["domain"]) == ("IntelTele", DOMAIN)
    assert line["message"] == sentence


ALARM: Final = dict.fromkeys(
    ("tag", "recipient", "number", "round", "by", "source", "reason")
)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"type": "raised"}, "Alarm was raised"),
        ({"type": "raised", "tag": "water\nx"}, r"Alarm (water\nx) was raised"),
        (
            {"type": "asked", "recipient": "Olena", "number": "+380671112233"},
            "Olena was asked about the alarm",
        ),
        (
            {"type": "declined", "number": "+48601234567", "tag": "water"},
            "+48…4567 cannot take care of the alarm (water)",
        ),
        (
            {"type": "blocked", "reason": "limit_reached"},
            (
                "Nobody can be asked about the alarm: "
                "the daily limit or the SMS limit was reached"
            ),
        ),
        (
            {"type": "acknowledged", "by": "Olena\u2028x"},
            r"Olena\u2028x takes care of the alarm",
        ),
        ({"type": "acknowledged"}, "Somebody takes care of the alarm"),
        ({"type": "unanswered"}, "Nobody answered the alarm"),
        ({"type": "cleared"}, "The alarm is over"),
    ],
)
async def test_an_alarm_is_told_in_a_sentence(
    home: HomeAssistant, event: dict[str, Any], sentence: str
) -> None:
    """With what it is about, on one line, and numbers masked."""
    home.bus.async_fire(EVENT_ALARM, {**ALARM, **event})
    [line] = await _lines(home)
    assert (line["name"], line["domain"]) == ("IntelTele", DOMAIN)
    assert line["message"] == sentence


async def test_a_line_is_in_the_language_of_the_house(home: HomeAssistant) -> None:
    """Not in that of whoever reads it."""
    await async_get_translations(home, "uk", "common", [DOMAIN])
    home.config.language = "uk"
    home.bus.async_fire(EVENT_ACTIVITY, FAILED)
    [line] = await _lines(home)
    assert line["message"].startswith("+48…4567: повідомлення не доставлено, минуло 12")


async def test_a_line_is_in_english_where_the_language_is_not_loaded(
    home: HomeAssistant,
) -> None:
    """As one is that was chosen after Home Assistant's start."""
    home.config.language = "fi"
    home.bus.async_fire(EVENT_ACTIVITY, DELIVERED)
    [line] = await _lines(home)
    assert line["message"] == "Message to +48…4567 was delivered after 12 s"


async def test_only_a_number_without_entities_has_a_line_of_ours(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """One for a message; neither a reload nor a restart adds another."""
    await home.services.async_call(
        DOMAIN,
        "send_message",
        {"entity_id": "notify.olena", "to": "+48601234567", "message": "Hello."},
        blocking=True,
    )
    for message in gateway.messages:
        receipt = parse_receipt({"msgid": message.message_id, "status": "delivrd"})
        await account.runtime_data.delivery.receive(receipt, ReceiptSource.WEBHOOK)
    await home.async_block_till_done()
    assert home.states.get("event.olena_delivery").attributes["event_type"] == (
        "delivered"
    )
    await home.config_entries.async_reload(account.entry_id)
    await home.async_block_till_done()
    await restart(home, account)
    lines = await _lines(home)
    shown = [line["entity_id"] for line in lines if "event_type" in str(line)]
    assert "event.olena_delivery" in shown
    [ours] = [line["message"] for line in lines if line.get("domain") == DOMAIN]
    assert ours.startswith("Message to +48…4567 was delivered")
