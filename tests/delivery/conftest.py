"""A house that sends, for the tests of the delivery room."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from demo.simulated_gateway import SimulatedGateway

from .house import House, open_house


@pytest.fixture
async def sending_house(
    gateway: SimulatedGateway, tmp_path: Path
) -> AsyncGenerator[House]:
    """Return a house that sent nothing yet."""
    async with open_house(tmp_path / "ledger.db", gateway) as house:
        yield house
