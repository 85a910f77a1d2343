"""How often an alarm is written: a card wears out by what is written."""

import asyncio

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.alarms.alarm import Source
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, settled
from ..visitor import Visitor
from .calls import call, only_alarm, raise_alarm
from .cameras import begin_to_raise

pytestmark = pytest.mark.usefixtures("told")


async def test_a_raise_is_written_once_and_its_first_question_once_more(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    visitor: Visitor,
    come: asyncio.Event,
) -> None:
    """So are an answer and an end."""
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
    await alarms.decline(only_alarm(account).id, OLENA, Source.LINK)
    assert await written() == [1, 1]
    await alarms.acknowledge(only_alarm(account).id, "Petro", PETRO, Source.LINK)
    assert len(await written()) == 1
    # Without a question, then with it, and what became of that.
    raising = begin_to_raise(home)
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
