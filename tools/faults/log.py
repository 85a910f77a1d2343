"""What the house says while it is under fire: kept on disk, searched afterwards."""

from collections.abc import Iterable, Iterator
import logging
from pathlib import Path
from typing import override

OURS = "custom_components.inteltele"


class KeptLog(logging.Handler):
    """Keeps the lines of our loggers, of any level, and all tracebacks that name us."""

    def __init__(self, folder: Path) -> None:
        """Begin a file, in a folder of its own."""
        super().__init__(logging.DEBUG)
        folder.mkdir(exist_ok=True)
        self.lines_path = folder / "lines.log"
        self._lines = self.lines_path.open("a")
        self.lines = 0
        self.errors = 0
        self.tracebacks: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record that concerns us."""
        text = self.format(record)
        if record.name.startswith(OURS):
            self.lines += 1
            self.errors += record.levelno >= logging.ERROR
            self._lines.write(f"{text}\n")
        # For those who debug, Home Assistant itself shows the way of every error.
        told = record.levelno > logging.DEBUG and (
            record.exc_info or "Traceback" in text
        )
        # The server itself tells of bodies that cannot be unpacked, whoever read them.
        if told and "inteltele" in text and "Can not decode content" not in text:
            self.tracebacks.append(text)

    def take_over(self) -> None:
        """Be the only one who is told, and of everything."""
        root = logging.getLogger()
        # Home Assistant colours the first handler that it finds.
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
        for handler in list(root.handlers):
            root.removeHandler(handler)
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        for name in list(logging.root.manager.loggerDict):
            logging.getLogger(name).setLevel(logging.NOTSET)

    def found(self, secrets: Iterable[str]) -> Iterator[str]:
        """Yield the lines of ours that hold one of some texts."""
        self._lines.flush()
        wanted = list(secrets)
        with self.lines_path.open() as lines:
            for line in lines:
                if any(secret in line for secret in wanted):
                    yield line.strip()
