"""What becomes of a message after it was taken, and telling the account's owner."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address

import aiohttp
from yarl import URL

from .messages import SimulatedMessage
from .numbers import FAILED, NO_VIBER, PHONE_OFF, suffix
from .settings import GatewaySettings, Misbehaviour

REPORT_TIMEOUT = aiohttp.ClientTimeout(total=10)


class Delivery:
    """Delivers messages in the background and reports each outcome."""

    def __init__(
        self,
        settings: GatewaySettings,
        now: Callable[[], datetime],
        on_change: Callable[[], None],
    ) -> None:
        """Start with nothing under way."""
        self._settings = settings
        self._now = now
        self._on_change = on_change
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[tuple[SimulatedMessage, str]] = []

    def start(self, message: SimulatedMessage, misbehaviour: Misbehaviour) -> None:
        """Set a message on its way."""
        task = asyncio.get_running_loop().create_task(
            self._deliver(message, misbehaviour)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until every message came to its end."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Abandon what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._waiting.clear()

    async def deliver_now(
        self, message: SimulatedMessage, misbehaviour: Misbehaviour
    ) -> None:
        """Bring a message to its end before its request is answered."""
        await self._deliver(message, misbehaviour)

    async def _deliver(
        self, message: SimulatedMessage, misbehaviour: Misbehaviour
    ) -> None:
        """Bring a message to its end, by Viber or by its fallback."""
        await asyncio.sleep(self._settings.delivery_delay)
        kind = suffix(message.number)
        if kind == NO_VIBER:
            message.channel = "sms" if message.sms_text else None
            status = "delivrd" if message.sms_text else "undeliv"
            await self._finish(message, status, misbehaviour)
        elif kind == PHONE_OFF:
            await asyncio.sleep(message.ttl / self._settings.speed)
            await self._finish(message, "expired", misbehaviour)
            if self._settings.fallback_on_expiry and message.sms_text:
                # A later time, in the whole seconds that reports have.
                await asyncio.sleep(1 + self._settings.delivery_delay)
                message.channel = "sms"
                await self._finish(message, "delivrd", misbehaviour)
        else:
            message.channel = "viber"
            await self._finish(message, FAILED.get(kind, "delivrd"), misbehaviour)

    async def _finish(
        self, message: SimulatedMessage, status: str, misbehaviour: Misbehaviour
    ) -> None:
        """Give a message its state and report it, as well or badly as asked for."""
        message.status = status
        message.reported_at = self._now()
        self._on_change()
        await asyncio.sleep(misbehaviour.report_delay)
        self._waiting.append((message, status))
        if misbehaviour.reorder_reports and len(self._waiting) == 1:
            return
        reports, self._waiting = self._waiting[::-1], []
        for reported, reported_status in reports:
            for _ in range(misbehaviour.report_copies):
                await self.report(
                    reported.message_id, reported_status, reported.reported_at
                )

    async def report(
        self, message_id: str, status: str, reported_at: datetime | None = None
    ) -> int | None:
        """Report a state; return the HTTP status that was answered, None for none."""
        url = self._settings.report_url
        if url is None:
            return None
        if not is_loopback(URL(url).host or ""):
            raise ValueError("Reports go to addresses of this machine only.")
        moment = reported_at or self._now()
        parameters = {
            "msgid": message_id,
            "status": status,
            "datetime": moment.strftime("%Y-%m-%d %H:%M:%S"),
        }
        by_get = self._settings.report_method == "GET"
        try:
            async with (
                aiohttp.ClientSession(timeout=REPORT_TIMEOUT) as session,
                session.request(
                    self._settings.report_method,
                    url,
                    params=parameters if by_get else None,
                    data=None if by_get else parameters,
                ) as response,
            ):
                return response.status
        except aiohttp.ClientError, TimeoutError:
            return None


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is of this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
