"""A process of its own that speaks as the gateway and as ntfy do, and does no more.

What it takes itself hides what is compared. It knows one request at a time on each
connection, and of each request only the path and the number that it is for.
"""

import asyncio
from itertools import count
import json
import re
import sys
from typing import Any, Final, override

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TO: Final = re.compile(rb"(?:^|&)to=((?:\d|,|%2C)+)")
_REQUESTS: Final = re.compile(rb"(?:^|&)requests=([^&]*)")
_TLS_GREETING: Final = b"\x16\x03"
_IDS: Final = count(1)
_FORBIDDEN: Final = {"code": 40301, "http": 403, "error": "forbidden"}
_COUNTED: Final = ("messages", "emails", "calls", "reservations")
_STORED: Final = "attachment_total_size"
_LIMITED: Final = (
    *("messages_expiry_duration", "attachment_file_size"),
    *("attachment_expiry_duration", "attachment_bandwidth"),
)
_ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "/balance/": {"balance": "1000000"},
    "/credit/": {"credit": "0"},
    "/v1/account": {
        "username": "*",
        "limits": dict.fromkeys((*_COUNTED, _STORED, *_LIMITED), 1000),
        "stats": {
            name: 0
            for counted in (*_COUNTED, _STORED)
            for name in (counted, f"{counted}_remaining")
        },
    },
    "/v1/version": {"version": "2.17.0", "commit": "", "date": ""},
}


class Least(asyncio.Protocol):
    """A connection on which each request is answered at once."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._heard = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a socket
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        """Answer once all of a request is there."""
        if data.startswith(_TLS_GREETING):
            # Whoever greets so waits for an answer.
            self._transport.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            self._transport.close()
            return
        self._heard += data
        head, ended, body = self._heard.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if ended and len(body) >= (int(length[1]) if length else 0):
            self._heard = b""
            self._transport.write(_reply(head.split(b" ", 2)[1].decode(), body))


def _reply(path: str, body: bytes) -> bytes:
    """Return what is sent back for a request."""
    answer = _answer(path, body)
    written = json.dumps(answer).encode()
    status = b"403 Forbidden" if answer is _FORBIDDEN else b"200 OK"
    return (
        b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (status, len(written), written)
    )


def _answer(path: str, body: bytes) -> dict[str, Any]:
    """Return what is answered."""
    if path == "/im/send/" and (to := _TO.search(body)):
        taken = {"status": "OK", "cost": "0.5"}
        return {
            "reply": [
                taken | {"number": number, "message_id": f"least-{next(_IDS)}"}
                for number in to[1].decode().replace("%2C", ",").split(",")
            ]
        }
    if path == "/im/status/" and (asked := _REQUESTS.search(body)):
        ids = asked[1].decode().replace("%2C", ",").split(",")
        return {known: {"status": "acceptd"} for known in ids}
    if path == "/":
        published = {"id": f"{next(_IDS)}", "time": 1795000000, "event": "message"}
        return published | {"topic": "phone", "message": "Water!"}
    # Nobody may listen to a topic, or nothing would be measured beside that.
    return _ANSWERS.get(path, _FORBIDDEN)


async def _run(port: int) -> None:
    """Answer on a port, until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Least, "127.0.0.1", port)
    print("Listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
