"""Simulated gateways, each in a process of its own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import sys
from typing import Final

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
