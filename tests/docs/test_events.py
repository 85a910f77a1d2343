"""Pages name every field of an event and every entity, and no other."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
import re
from typing import Final

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.inteltele.account.announcer import Announcer
from custom_components.inteltele.const import (
    EVENT_ALARM,
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
)
from custom_components.inteltele.gateway import FailureReason
from custom_components.inteltele.public import Pressed
from custom_components.inteltele.storage.answer_links import Answer, AnswerLink
from custom_components.inteltele.storage.message import Message, MessageStatus

from ..conftest import OLENA
from .pages import names, rows, section, tables

EVENTS: Final = "docs/events.md"
NOW: Final = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
MESSAGE: Final = Message(
    seq=1,
    id="01",
    message_id="id",
    number=OLENA,
    sent_at=NOW,
    status=MessageStatus.FAILED,
    reason=FailureReason.EXPIRED,
    reported_at=NOW,
)
PRESSED: Final = Pressed(
    link=AnswerLink(
        fingerprint="", number=OLENA, recipient="Olena", answers=(), valid_until=NOW
    ),
    answer=Answer(action="open_gate", text="Open gate"),
    message=MESSAGE,
    place=1,
)


def _delivery(home: HomeAssistant) -> State:
    """Return the state of a recipient's event entity."""
    state = home.states.get("event.olena_delivery")
    assert state is not None
    return state


async def test_every_field_of_a_delivery_event_is_explained(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And no other."""
    events = async_capture_events(home, EVENT_DELIVERY_STATUS)
    account.runtime_data._announcer.async_changed(None, MESSAGE)
    await asyncio.sleep(0.01)
    explained = names(section(EVENTS, f"`{EVENT_DELIVERY_STATUS}`"))
    assert sorted(explained) == sorted(events[0].data)


async def test_every_field_of_an_answer_event_is_explained(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And no other."""
    events = async_capture_events(home, EVENT_BUTTON_PRESSED)
    account.runtime_data._announcer.async_pressed(PRESSED)
    await asyncio.sleep(0.01)
    explained = names(section(EVENTS, f"`{EVENT_BUTTON_PRESSED}`"))
    assert sorted(explained) == sorted(events[0].data)


async def test_every_field_of_an_event_of_an_alarm_is_explained(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With every type, which the event entity has as well."""
    events = async_capture_events(home, EVENT_ALARM)
    await home.services.async_call(
        "inteltele",
        "raise_alarm",
        {"message": "Water!", "recipients": ["notify.olena"]},
        blocking=True,
    )
    await asyncio.sleep(0.01)
    explained = rows(section(EVENTS, f"`{EVENT_ALARM}`"))
    assert sorted(explained) == sorted(events[0].data)
    state = home.states.get("event.inteltele_alarm")
    assert state is not None
    kinds = state.attributes["event_types"]
    assert re.findall(r"`(\w+)`", explained["type"]["meaning"]) == kinds
    assert names(section("docs/alarms.md", "Events and entities")) == kinds
    assert set(explained) - {"entry_id", "type"} <= set(state.attributes)


@pytest.mark.parametrize(
    ("event_type", "happens"),
    [
        (
            "sent",
            lambda announcer: announcer.async_changed(
                None, replace(MESSAGE, status=MessageStatus.SENT)
            ),
        ),
        (
            "delivered",
            lambda announcer: announcer.async_changed(
                None, replace(MESSAGE, status=MessageStatus.DELIVERED, reason=None)
            ),
        ),
        ("failed", lambda announcer: announcer.async_changed(None, MESSAGE)),
        ("button_pressed", lambda announcer: announcer.async_pressed(PRESSED)),
    ],
)
async def test_every_attribute_of_an_event_entity_is_explained(
    home: HomeAssistant,
    account: MockConfigEntry,
    event_type: str,
    happens: Callable[[Announcer], None],
) -> None:
    """And no other."""
    before = set(_delivery(home).attributes)
    happens(account.runtime_data._announcer)
    await asyncio.sleep(0.01)
    state = _delivery(home)
    assert state.attributes["event_type"] == event_type
    explained = rows(section(EVENTS, "Event entities"))[event_type]["attributes"]
    assert {f"`{name}`" for name in set(state.attributes) - before} == set(
        explained.split(", ")
    )


async def test_every_event_type_is_explained(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And no other."""
    state = _delivery(home)
    assert names(section(EVENTS, "Event entities")) == state.attributes["event_types"]


@pytest.mark.parametrize(
    ("heading", "prefix"), [("The account", "account_"), ("A recipient", "olena_")]
)
async def test_every_entity_is_explained(
    home: HomeAssistant, account: MockConfigEntry, heading: str, prefix: str
) -> None:
    """By its key and by what it is called."""
    entities = [
        (entity.unique_id.removeprefix(prefix), entity.entity_id)
        for entity in er.async_entries_for_config_entry(
            er.async_get(home), account.entry_id
        )
        if entity.unique_id.startswith(prefix)
    ]
    explained = [
        (row["key"].strip("`"), row["entity"].strip("`"))
        for table in tables(section("docs/entities.md", heading))
        for row in table
    ]
    assert sorted(explained) == sorted(entities)
