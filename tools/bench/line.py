"""A process of its own: a line to the gateway as long as one over the internet."""

import asyncio
from contextlib import suppress
import sys
from typing import Final

# Both ways together, in seconds; most gateways are farther away.
ROUND_TRIP: Final = 0.02
_CHUNK_BYTES: Final = 64 * 1024


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass each chunk on half a round trip after it came in."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK_BYTES):
            loop.call_later(ROUND_TRIP / 2, writer.write, chunk)
    loop.call_later(ROUND_TRIP / 2, writer.close)


async def _connect(
    gateway: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Connect somebody with the gateway, which takes one round trip by itself."""
    await asyncio.sleep(ROUND_TRIP)
    answers, questions = await asyncio.open_connection("127.0.0.1", gateway)
    await asyncio.gather(_carry(reader, questions), _carry(answers, writer))


async def _run(port: int, gateway: int) -> None:
    """Carry between a port and the gateway's, until the process ends."""
    server = await asyncio.start_server(
        lambda reader, writer: _connect(gateway, reader, writer), "127.0.0.1", port
    )
    print("Connected", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), int(sys.argv[2])))
