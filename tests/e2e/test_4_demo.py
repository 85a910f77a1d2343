"""The demo, run as the README says."""

import asyncio
from pathlib import Path

from demo.house import REPOSITORY
from demo.ports import free_port


async def _demo(*arguments: str) -> tuple[int, str]:
    """Run scripts/demo and return its exit status and what it said."""
    process = await asyncio.create_subprocess_exec(
        REPOSITORY / "scripts" / "demo",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_once_shows_the_way_of_a_message(tmp_path: Path) -> None:
    """From the doorbell to both phones."""
    ports = [
        *("--gateway-port", str(free_port())),
        *("--home-assistant-port", str(free_port())),
    ]
    status, said = await _demo("--once", *ports, "--folder", str(tmp_path / "house"))
    assert status == 0, said
    for words in ("Olena        sent", "Olena        delivered after", "Petro"):
        assert words in said


async def test_it_stays_on_this_machine() -> None:
    """And says so."""
    status, said = await _demo("--once", "--host", "0.0.0.0")  # noqa: S104
    assert status == 1
    assert "stays on this machine" in said


async def test_a_taken_port_is_told_before_anything_starts() -> None:
    """With the way out."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    status, said = await _demo("--once", "--gateway-port", str(port))
    server.close()
    assert status == 1
    assert f"Port {port} is taken" in said
