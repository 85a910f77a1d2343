"""A client of the simulated gateway."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest

from custom_components.inteltele.gateway import AccessRegister, GatewayClient
from demo.simulated_gateway import SimulatedGateway

from ..conftest import API_KEY, USERNAME


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session like Home Assistant's."""
    async with aiohttp.ClientSession() as client_session:
        yield client_session


@pytest.fixture
def access() -> AccessRegister:
    """Return a register without entries."""
    return AccessRegister()


@pytest.fixture
def client(
    session: aiohttp.ClientSession, gateway: SimulatedGateway, access: AccessRegister
) -> GatewayClient:
    """Return a client with the right key."""
    return GatewayClient(
        session,
        url=gateway.url,
        username=USERNAME,
        api_key=API_KEY,
        access=access,
    )
