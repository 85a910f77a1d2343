"""The demo knows nothing of Home Assistant's fixtures but that sockets work."""

import pytest


@pytest.fixture(autouse=True)
def _sockets_work(socket_enabled: None) -> None:
    """Let tests speak over loopback."""
