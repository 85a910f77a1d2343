"""A library that is preloaded into a process: its clock and its disk are ours then."""

import asyncio
from pathlib import Path
import struct
from typing import Final

SOURCE: Final = Path(__file__).with_suffix(".c")
_WISHES: Final = struct.Struct("=qqq")


class Shim:
    """The wall clock and the disk of one process, while it runs.

    Times that count on are untouched, as by a clock that is set. A slow or a full disk
    concerns the accounts' files only.
    """

    def __init__(self, folder: Path) -> None:
        """Name where library and wishes are; nothing is there yet."""
        self._library = folder / "shim.so"
        self._wishes = folder / "shim.wishes"
        self._ahead = 0.0
        self._sync_takes = 0.0
        self._full = False

    async def build(self) -> None:
        """Compile the library; raises RuntimeError with the compiler's words."""
        if set(" :") & set(str(self._library)):
            raise RuntimeError("The loader takes blanks and colons for a list.")
        self._wish()
        compiling = await asyncio.create_subprocess_exec(
            *("cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC"),
            *("-o", str(self._library), str(SOURCE), "-ldl"),
            stderr=asyncio.subprocess.PIPE,
        )
        _, words = await compiling.communicate()
        if compiling.returncode:
            raise RuntimeError(words.decode())

    @property
    def environment(self) -> dict[str, str]:
        """Return with what a process is started that is to obey."""
        return {
            "LD_PRELOAD": str(self._library),
            "INTELTELE_SHIM": str(self._wishes),
        }

    @property
    def ahead(self) -> float:
        """Return by how many seconds the clock is ahead."""
        return self._ahead

    @ahead.setter
    def ahead(self, seconds: float) -> None:
        """Set the clock."""
        self._ahead = seconds
        self._wish()

    def slow_disk(self, sync_takes: float) -> None:
        """Let a sync take so many seconds."""
        self._sync_takes = sync_takes
        self._wish()

    def full_disk(self, full: bool) -> None:
        """Let nothing fit on the disk any more, or let it again."""
        self._full = full
        self._wish()

    def _wish(self) -> None:
        """Write down what is to happen; the same file, because it is mapped."""
        wishes = _WISHES.pack(
            int(self._ahead * 1e9), int(self._sync_takes * 1e3), int(self._full)
        )
        with self._wishes.open("r+b" if self._wishes.exists() else "wb") as file:
            file.write(wishes)
