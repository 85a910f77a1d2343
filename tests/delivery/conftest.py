"""A house that sends, for the tests of the delivery room."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from demo.simulated_gateway import SimulatedGateway

from .house import House, open_house


@pytest.fixture
async def house(gateway: SimulatedGateway, tmp_path: Path) -> AsyncGenerator[House]:
    """Return a house that sent nothing yet."""
    async with open_house(tmp_path / "ledger.db", gateway) as opened:
        yield opened


@pytest.fixture
async def waiting(house: House) -> House:
    """Return a house where a message to Olena waits, and that is let in again."""
    house.shut_out()
    await house.send()
    house.let_in()
    house.gateway.requests.clear()
    return house
