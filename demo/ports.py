"""Ports of this machine."""

import secrets
import socket
from typing import Final

HOST: Final = "127.0.0.1"
# Below those that the system gives to connections: one of them could take the port
# away again, before Home Assistant listens on it.
CHOICE: Final = range(20_000, 32_000)


def free_port() -> int:
    """Return a port that nobody listens on."""
    while is_taken(port := secrets.choice(CHOICE)):
        pass
    return port


def is_taken(port: int) -> bool:
    """Return whether somebody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False
