"""What happens before automations can hear it: kept, and told afterwards, once."""

from collections.abc import AsyncGenerator
from pathlib import Path
import shutil
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, EVENT_STATE_CHANGED
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.inteltele.account.account import ledger_path
from custom_components.inteltele.account.accounts import async_find_account
from custom_components.inteltele.const import (
    DOMAIN,
    EVENT_ACTIVITY,
    EVENT_BUTTON_PRESSED,
    EVENT_DELIVERY_STATUS,
)
from custom_components.inteltele.gateway import parse_receipt
from custom_components.inteltele.storage.message import ReceiptSource
from demo.simulated_gateway import GatewaySettings, SimulatedGateway

from ..conftest import (
    API_KEY,
    OLENA,
    PETRO,
    USERNAME,
    disable,
    enable,
    recipient,
    restart,
    settled,
    stop,
)

BUTTON = {"button_text": "Open gate", "button_action": "open_gate"}
STRANGER = "+48601234567"
OF_OLENA = ("Olena", "event.olena_delivery", "sensor.olena_last_message")
KINDS = (EVENT_DELIVERY_STATUS, EVENT_BUTTON_PRESSED)


@pytest.fixture
def settings() -> GatewaySettings:
    """Return a gateway whose reports the tests make."""
    return GatewaySettings(username=USERNAME, api_keys=(API_KEY,), report_url=None)


class Ears:
    """What automations hear of a house."""

    def __init__(self, home: HomeAssistant) -> None:
        """Hear nothing yet."""
        self.heard: list[tuple[str | None, str]] = []
        self.activity = async_capture_events(home, EVENT_ACTIVITY)
        home.bus.async_listen(EVENT_STATE_CHANGED, self._state_changed)
        for kind in KINDS:
            home.bus.async_listen(kind, self._fired)

    @callback
    def _fired(self, event: Event[Any]) -> None:
        """Hear an event on the bus."""
        self.heard.append(
            (event.data["recipient"], event.data.get("status") or event.data["action"])
        )

    @callback
    def _state_changed(self, event: Event[Any]) -> None:
        """Hear a state, as a trigger does: not where there was none before."""
        old, new = event.data["old_state"], event.data["new_state"]
        known = old is not None and old.state != "unavailable" and new is not None
        if not known or new.state in {old.state, "unavailable"}:
            return
        if new.entity_id in OF_OLENA:
            value = new.attributes.get("event_type", new.state)
            self.heard.append((new.entity_id, value))

    def of(self, name: str | None) -> list[str]:
        """Return what was heard of one."""
        return [value for heard, value in self.heard if heard == name]


@pytest.fixture
def ears(home: HomeAssistant) -> Ears:
    """Return what automations hear."""
    home.config.external_url = "https://house.example.org"
    return Ears(home)


@pytest.fixture
async def starting(
    home: HomeAssistant, ears: Ears, account: MockConfigEntry
) -> AsyncGenerator[MockConfigEntry]:
    """Return an account that begins while the house is starting."""
    await stop(home, account)
    home.set_state(CoreState.starting)
    await home.config_entries.async_setup(account.entry_id)
    await settled(home)
    yield account
    await settled(home)


async def _has_started(home: HomeAssistant) -> None:
    """Let the house have started."""
    home.set_state(CoreState.running)
    home.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await settled(home)


async def _send(home: HomeAssistant, **fields: Any) -> str:
    """Send something with a button, and return the gateway's id."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", "to": [OLENA]} | fields,
        blocking=True,
        return_response=True,
    )
    await settled(home)
    return str(response["messages"][0]["message_id"])


async def _report(
    home: HomeAssistant, message_id: str, status: str = "delivrd"
) -> None:
    """Let the gateway report, also while no entity is there."""
    account = async_find_account(home, "account")
    assert account is not None
    receipt = parse_receipt({"msgid": message_id, "status": status})
    await account.delivery.receive(receipt, ReceiptSource.WEBHOOK)


async def _press(account: MockConfigEntry) -> None:
    """Let somebody press the button of the last message."""
    answers = account.runtime_data.answers
    link = list(answers._links.values())[-1]
    await answers.press(link, link.answers[0])


async def _live_through(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Send, and let the message arrive, be pressed, and another be refused."""
    sent = await _send(home, **BUTTON)
    await _report(home, sent)
    await _press(account)
    await _report(home, await _send(home, message="Fire!"), "undeliv")
    await settled(home)


TOLD = {
    "Olena": ["delivered", "open_gate", "failed"],
    "event.olena_delivery": ["sent", "delivered", "button_pressed", "sent", "failed"],
    # Of the newest message, which is not told yet when the first one is.
    "sensor.olena_last_message": ["queued", "sent", "failed"],
}
TOLD_AFTER_KILL = {
    "Olena": [*TOLD["Olena"], "delivered"],
    "event.olena_delivery": [*TOLD["event.olena_delivery"], "sent", "delivered"],
    "sensor.olena_last_message": ["sent", "delivered"],
}


def _copy(path: Path, folder: Path) -> None:
    """Copy a file with its log into a folder, and leave nothing else of it there."""
    for part in folder.glob(f"{path.name}*"):
        part.unlink()
    for part in path.parent.glob(f"{path.name}*"):
        shutil.copy(part, folder)


@pytest.mark.parametrize("name", OF_OLENA)
async def test_what_happens_while_the_house_starts_is_told_afterwards(
    home: HomeAssistant, starting: MockConfigEntry, ears: Ears, name: str
) -> None:
    """In order, and once: not after the next start."""
    await _live_through(home, starting)
    assert ears.heard == []
    await _has_started(home)
    assert ears.of(name) == TOLD[name]
    await restart(home, starting)
    assert ears.of(name) == TOLD[name]


@pytest.mark.parametrize("name", OF_OLENA)
async def test_what_could_not_be_told_outlives_the_process(
    home: HomeAssistant,
    starting: MockConfigEntry,
    ears: Ears,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
) -> None:
    """It is told after the next start, with what happened since."""
    await _live_through(home, starting)
    path, killed = ledger_path(home, starting.entry_id), tmp_path_factory.mktemp("x")
    # All that was handed in is in the file once something was read.
    await starting.runtime_data.ledger.with_seq(1)
    _copy(path, killed)
    await stop(home, starting)
    _copy(killed / path.name, path.parent)
    await home.config_entries.async_setup(starting.entry_id)
    await _report(home, await _send(home, message="Ice!"))
    assert ears.heard == []
    await _has_started(home)
    assert ears.of(name) == TOLD_AFTER_KILL[name]


async def test_everything_about_a_bare_number_waits_for_the_start_only(
    home: HomeAssistant, starting: MockConfigEntry, ears: Ears
) -> None:
    """It has no entity; Activity has its line then."""
    await _report(home, await _send(home, to=[STRANGER]))
    assert ears.activity == []
    await _has_started(home)
    assert ears.of(None) == ["delivered"]
    assert [line.data["type"] for line in ears.activity] == ["delivered"]


async def test_a_recipient_without_entities_in_use_is_told_of_at_once(
    home: HomeAssistant, account: MockConfigEntry, ears: Ears
) -> None:
    """Nothing would ever be written of them."""
    registry = er.async_get(home)
    for entity_id in OF_OLENA[1:]:
        registry.async_update_entity(
            entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )
    await settled(home)
    await _report(home, await _send(home))
    await settled(home)
    assert ears.of("Olena") == ["delivered"]


async def test_what_happens_between_two_set_ups_is_told_by_the_entities_after_it(
    home: HomeAssistant, account: MockConfigEntry, ears: Ears
) -> None:
    """As in a reload."""
    sent = await _send(home)
    await home.config_entries.async_unload(account.entry_id)
    await _report(home, sent)
    await settled(home)
    assert ears.of("Olena") == []
    await home.config_entries.async_setup(account.entry_id)
    await settled(home)
    assert ears.of("Olena") == ["delivered"]
    assert ears.of("event.olena_delivery") == ["sent", "delivered"]
    assert ears.of("sensor.olena_last_message") == ["sent", "delivered"]


async def test_what_happens_to_a_recipient_who_was_just_added_is_told_by_the_entities(
    home: HomeAssistant, account: MockConfigEntry, ears: Ears
) -> None:
    """The first state is no change."""
    sent = await _send(home, to=[STRANGER])
    home.config_entries.async_add_subentry(account, recipient("jan", "Jan", STRANGER))
    await _report(home, sent)
    await settled(home)
    assert ears.of("Jan") == ["delivered"]
    state = home.states.get("event.jan_delivery")
    assert state is not None
    assert state.attributes["event_type"] == "delivered"


async def test_what_waited_for_a_recipient_who_is_gone_is_told_of_the_number(
    home: HomeAssistant, account: MockConfigEntry, ears: Ears
) -> None:
    """Nobody else would ever hear it."""
    sent = await _send(home)
    await home.config_entries.async_unload(account.entry_id)
    await _report(home, sent)
    home.config_entries.async_remove_subentry(account, "olena")
    await home.config_entries.async_setup(account.entry_id)
    await settled(home)
    assert ears.of(None) == ["delivered"]


async def test_one_recipient_waits_for_no_other(
    home: HomeAssistant, account: MockConfigEntry, ears: Ears
) -> None:
    """Each is told of as soon as somebody hears it."""
    home.states.async_set("event.petro_delivery", "unavailable")
    ids = [await _send(home, to=[number]) for number in (PETRO, OLENA)]
    for message_id in ids:
        await _report(home, message_id)
    await settled(home)
    assert (ears.of("Olena"), ears.of("Petro")) == (["delivered"], [])


async def test_what_was_deleted_is_not_told(
    home: HomeAssistant, starting: MockConfigEntry, ears: Ears
) -> None:
    """Neither from memory nor from the file."""
    await _live_through(home, starting)
    await starting.runtime_data.async_forget(OLENA)
    await _has_started(home)
    await disable(home, starting)
    await enable(home, starting)
    assert ears.heard == []


async def test_a_refusal_while_the_house_starts_is_told_with_its_reason(
    home: HomeAssistant,
    starting: MockConfigEntry,
    ears: Ears,
    gateway: SimulatedGateway,
) -> None:
    """As what became of any other message."""
    events = async_capture_events(home, EVENT_DELIVERY_STATUS)
    gateway.settings.balance = 0
    with pytest.raises(HomeAssistantError):
        await home.services.async_call(
            DOMAIN, "send_message", {"message": "x", "to": [OLENA]}, blocking=True
        )
    await settled(home)
    assert events == []
    await _has_started(home)
    assert [event.data["reason"] for event in events] == ["low_balance"]
    assert ears.of("sensor.olena_last_message") == ["failed"]
