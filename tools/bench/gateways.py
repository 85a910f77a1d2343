"""Simulated gateways, each in a process of its own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import sys
from typing import Any, Final

import aiohttp
from yarl import URL

from demo.ports import HOST, free_port

USERNAME: Final = "demo"
API_KEY: Final = "demo-key"
READY: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A gateway, as the house reaches it."""

    url: str
    username: str = USERNAME


@asynccontextmanager
async def gateway_process() -> AsyncGenerator[str]:
    """Run the simulated gateway and return its address; it detects no repetitions."""
    port = free_port()
    async with _process(
        *("demo.simulated_gateway", "--port", str(port)),
        *("--delivery-delay", "3600", "--username", USERNAME),
    ):
        url = f"http://{HOST}:{port}"
        await start_over(url)
        yield url


@asynccontextmanager
async def line_process(gateway: str) -> AsyncGenerator[str]:
    """Run a long line to a gateway, and return the address at its near end."""
    port = free_port()
    async with _process("tools.bench.line", str(port), str(URL(gateway).port)):
        yield f"http://{HOST}:{port}"


@asynccontextmanager
async def least_process() -> AsyncGenerator[str]:
    """Run the server that does as little as it can, and return its address."""
    port = free_port()
    async with _process("tools.bench.least", str(port)):
        yield f"http://{HOST}:{port}"


@asynccontextmanager
async def _process(*module: str) -> AsyncGenerator[None]:
    """Run a module as a process that says a word when it is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        async with asyncio.timeout(READY):
            await process.stdout.readline()
        yield
    finally:
        process.terminate()
        await process.wait()


async def start_over(url: str) -> None:
    """Let the gateway forget everything, and take whatever is sent to it."""
    await control(url, "reset", {})
    await control(url, "settings", {"balance": "100000000", "repeat_detection": "off"})


async def control(url: str, what: str, body: dict[str, Any]) -> None:
    """Tell the simulated gateway something."""
    async with (
        aiohttp.ClientSession(headers={"X-Demo": "1"}) as session,
        session.post(f"{url}/demo/{what}", json=body) as response,
    ):
        response.raise_for_status()
