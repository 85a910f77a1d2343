"""A gateway, a disk and a clock that a test has in its hand, step by step."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto
from http import HTTPMethod
import json
from typing import Any, Final, override

from custom_components.inteltele.gateway import (
    CannotConnectError,
    DeliveryReceipt,
    GatewayClient,
    NoAnswerError,
)
from custom_components.inteltele.gateway.access import AccessRegister
from custom_components.inteltele.gateway.transport import HttpReply
from custom_components.inteltele.storage.database import Database
from custom_components.inteltele.storage.transactions import Work
from demo.simulated_gateway import GatewaySettings, Misbehaviour, SimulatedGateway
from demo.simulated_gateway.api import answer
from demo.simulated_gateway.refusals import Refusal

URL: Final = "http://gateway.test"
API_KEY: Final = "key-of-the-model"
_START: Final = datetime(2026, 11, 1, tzinfo=UTC)


class Trouble(StrEnum):
    """What happens to one request to send."""

    NONE = auto()
    UNREACHABLE = auto()
    CUT_OFF_BEFORE_WORK = auto()
    CUT_OFF_AFTER_WORK = auto()
    TIMEOUT = auto()
    SLOW = auto()
    SERVER_ERROR_AFTER_WORK = auto()
    GARBAGE_AFTER_WORK = auto()
    RESULT_LEFT_OUT = auto()
    LOCKED_OUT = auto()
    REPORTED_EARLY = auto()
    OTHER_SEND_FIRST = auto()
    POWER_CUT_BEFORE_WORK = auto()
    POWER_CUT_AFTER_WORK = auto()


BEFORE_WORK: Final[Mapping[Trouble, BaseException]] = {
    Trouble.UNREACHABLE: CannotConnectError("no route"),
    Trouble.CUT_OFF_BEFORE_WORK: NoAnswerError("cut off"),
}
AFTER_WORK: Final[Mapping[Trouble, BaseException]] = {
    Trouble.CUT_OFF_AFTER_WORK: NoAnswerError("cut off"),
    Trouble.TIMEOUT: NoAnswerError("timeout"),
}
REFUSED: Final = {Trouble.LOCKED_OUT: Refusal("bruteforcing detected")}
INSTEAD: Final = {
    Trouble.SERVER_ERROR_AFTER_WORK: HttpReply(status=502, body=b"Bad gateway"),
    Trouble.GARBAGE_AFTER_WORK: HttpReply(status=200, body=b"<h1>Hello</h1>"),
}
LASTS: Final = {Trouble.SLOW: 15.0, Trouble.TIMEOUT: 20.0}


def _raise(errors: Mapping[Trouble, BaseException], trouble: Trouble) -> None:
    """Fail where that is what happens now."""
    if (error := errors.get(trouble)) is not None:
        raise error.with_traceback(None)


class Time:
    """True time, and the house's clock, which may be set."""

    def __init__(self) -> None:
        """Start with a clock that is right."""
        self.elapsed = 1000.0
        self.offset = 0.0

    def monotonic(self) -> float:
        """Return how much time passed."""
        return self.elapsed

    def true(self) -> datetime:
        """Return what the gateway's clock shows."""
        return _START + timedelta(seconds=self.elapsed)

    def now(self) -> datetime:
        """Return what the house's clock shows."""
        return self.true() + timedelta(seconds=self.offset)


class _Immediate(Executor):
    """Does at once what a thread would do."""

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Do it and tell how it went."""
        done = Future[Any]()
        try:
            done.set_result(fn(*args))
        except Exception as err:  # noqa: BLE001 - told where it is waited for
            done.set_exception(err)
        return done


class Disk:
    """Between a house and its file: writes what nobody waits for only when it must.

    So a power cut finds something to lose.
    """

    def __init__(self, database: Database, on_idle: Callable[[], None]) -> None:
        """Put it between; `on_idle` hears when all is written."""
        self._on_idle = on_idle
        self._handed_in: deque[Work] = deque()
        self._on = True
        self._submit, self._write = database.submit, database.write
        self._read, self._close = database.read, database.close
        replaced: Any = database
        replaced.submit, replaced.write = self._handed_in.append, self.write
        replaced.read, replaced.close = self.read, self.close
        replaced._worker = replaced._syncing._thread = _Immediate()

    async def write(
        self, work: Work, *, synced: bool = True, ahead: bool = False
    ) -> Any:
        """Write something that is waited for, before or after what was handed in."""
        await self.flush(0 if ahead else None)
        result = await self._write(work, synced=synced, ahead=ahead)
        if not self._handed_in:
            self._on_idle()
        return result

    async def read(self, work: Work) -> Any:
        """Read something, after all that was handed in before."""
        await self.flush()
        return await self._read(work)

    async def close(self) -> None:
        """Close the file, after all that was handed in before."""
        await self.flush()
        await self._close()

    async def flush(self, count: int | None = None) -> None:
        """Do some of what was handed in, or all, oldest first."""
        if not self._on:
            await asyncio.get_running_loop().create_future()
        if self._handed_in:
            many = len(self._handed_in)
            for _ in range(many if count is None else min(count, many)):
                self._submit(self._handed_in.popleft())
            await self._read(lambda _: None)
            if not self._handed_in:
                self._on_idle()

    def fail(self) -> None:
        """Forget what was handed in and not done, and do nothing any more."""
        self._handed_in.clear()
        self._on = False


class Undelivered:
    """Leaves messages at the gateway, until the test says what becomes of them."""

    def start(self, *_: object) -> None:
        """Do nothing."""


class Gateway(SimulatedGateway):
    """The simulated gateway, asked in this process, with trouble on the way to it."""

    def __init__(self, time: Time, **settings: Any) -> None:
        """Start within reach, and without trouble."""
        super().__init__(
            GatewaySettings(api_keys=(API_KEY,), balance=10_000, **settings), time.true
        )
        self.delivery = Undelivered()
        self.time = time
        self.reachable = True
        self.troubles = deque[Trouble]()
        self.cut = asyncio.Event()
        self.early: Callable[[], Awaitable[None]]
        self.other_send: Callable[[], Awaitable[None]]

    async def exchange(self, path: str, parameters: Mapping[str, str]) -> HttpReply:
        """Answer a request, or fail as a real one may."""
        sends = path == "im/send/"
        trouble = self.troubles.popleft() if sends and self.troubles else Trouble.NONE
        if not self.reachable:
            raise CannotConnectError("no route")
        if trouble is Trouble.OTHER_SEND_FIRST:
            await self.other_send()
        _raise(BEFORE_WORK, trouble)
        await self._stand_still(trouble, Trouble.POWER_CUT_BEFORE_WORK)
        self.time.elapsed += LASTS.get(trouble, 0.0)
        reply = await self._reply(f"/{path}", parameters, trouble)
        _raise(AFTER_WORK, trouble)
        await self._stand_still(trouble, Trouble.POWER_CUT_AFTER_WORK)
        if trouble is Trouble.REPORTED_EARLY:
            await self.early()
        return INSTEAD.get(trouble) or HttpReply(
            status=200, body=json.dumps(reply).encode()
        )

    async def _stand_still(self, trouble: Trouble, cut: Trouble) -> None:
        """Tell that the power is cut where that happens now; nothing goes on then."""
        if trouble is cut:
            self.cut.set()
            await asyncio.get_running_loop().create_future()

    async def _reply(
        self, path: str, parameters: Mapping[str, str], trouble: Trouble
    ) -> dict[str, Any]:
        """Return what the gateway says, or why it refuses."""
        left_out = int(trouble is Trouble.RESULT_LEFT_OUT)
        try:
            _raise(REFUSED, trouble)
            self.doorkeeper.check(
                "127.0.0.1", self.settings.username, API_KEY, self.clock()
            )
            return await answer(
                self, path, parameters, Misbehaviour(omit_results=left_out)
            )
        except Refusal as refusal:
            return refusal.reply(path, "documented")


class Client(GatewayClient):
    """The real client, wired to a gateway in this process."""

    def __init__(
        self,
        gateway: Gateway,
        access: AccessRegister,
        on_receipt: Callable[[DeliveryReceipt], None],
    ) -> None:
        """Wire it; `on_receipt` hears what was learned by asking."""
        super().__init__(None, url=URL, username="demo", api_key=API_KEY, access=access)
        self._gateway = gateway
        self._on_receipt = on_receipt

    @override
    async def statuses(self, message_ids: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Tell what is learned before it is taken in."""
        found = await super().statuses(message_ids)
        for receipt in found.values():
            self._on_receipt(receipt)
        return found

    @override
    async def _exchange(
        self,
        path: str,
        parameters: Mapping[str, str],
        method: HTTPMethod,
        *,
        fresh: bool = False,
    ) -> HttpReply:
        """Ask the gateway in this process."""
        self._access.check(self.address, self._username, self._api_key)
        return await self._gateway.exchange(path, parameters)
