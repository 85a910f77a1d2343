"""Files of the storage room's tests, closed in the end."""

from collections.abc import Iterator

import pytest

from .messages import OPENED


@pytest.fixture(autouse=True)
def _all_files_are_closed() -> Iterator[None]:
    """Close what a test opened in memory."""
    yield
    for connection in OPENED:
        connection.close()
    OPENED.clear()
