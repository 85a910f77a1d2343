"""What becomes of a message after it was taken, and telling the account's owner."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

import aiohttp
from yarl import URL

from .messages import SimulatedMessage
from .numbers import FAILED, FAILED_ON_VIBER, suffix
from .phones import Phone, Phones
from .settings import GatewaySettings, Misbehaviour

# How long networks keep an SMS for a phone that is off.
SMS_KEPT: Final = timedelta(days=1)
REPORT_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


class Delivery:
    """Delivers messages in the background and reports each outcome."""

    def __init__(
        self,
        settings: GatewaySettings,
        phones: Phones,
        now: Callable[[], datetime],
        on_change: Callable[[], None],
    ) -> None:
        """Start with nothing under way."""
        self._settings = settings
        self._phones = phones
        self._now = now
        self._on_change = on_change
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[tuple[SimulatedMessage, list[str]]] = []

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
        """Bring a message to its end."""
        await asyncio.sleep(self._settings.delivery_delay)
        if message.api == "sms":
            await self._by_sms(message, misbehaviour)
        else:
            await self._by_viber(message, misbehaviour)

    async def _by_viber(
        self, message: SimulatedMessage, misbehaviour: Misbehaviour
    ) -> None:
        """Bring a Viber message to its end, by its fallback where there is no Viber."""
        if self._phones.of(message.number).no_viber:
            if message.sms_text:
                await self._by_sms(message, misbehaviour)
            else:
                await self._finish(message, "undeliv", misbehaviour)
        elif await self._reaches(message, lambda phone: phone.gets_viber, message.ttl):
            message.channel = "viber"
            states = {**FAILED, **FAILED_ON_VIBER}
            status = states.get(suffix(message.number), "delivrd")
            await self._finish(message, status, misbehaviour)
        else:
            await self._finish(message, "expired", misbehaviour)
            if self._settings.fallback_on_expiry and message.sms_text:
                # A later time, in the whole seconds that reports have.
                await asyncio.sleep(1 + self._settings.delivery_delay)
                await self._by_sms(message, misbehaviour)

    async def _by_sms(
        self, message: SimulatedMessage, misbehaviour: Misbehaviour
    ) -> None:
        """Bring an SMS to its end."""
        kept = SMS_KEPT.total_seconds()
        if await self._reaches(message, lambda phone: phone.gets_sms, kept):
            message.channel = "sms"
            status = FAILED.get(suffix(message.number), "delivrd")
            await self._finish(message, status, misbehaviour)
        else:
            await self._finish(message, "expired", misbehaviour)

    async def _reaches(
        self,
        message: SimulatedMessage,
        ready: Callable[[Phone], bool],
        seconds: float,
    ) -> bool:
        """Return whether a phone is ready within some simulated seconds."""
        within = seconds / self._settings.speed
        return await self._phones.wait(message.number, ready, within)

    async def _finish(
        self, message: SimulatedMessage, status: str, misbehaviour: Misbehaviour
    ) -> None:
        """Give a message its state and report it, as well or badly as asked for."""
        message.status = status
        message.reported_at = self._now()
        self._on_change()
        await asyncio.sleep(misbehaviour.report_delay)
        self._waiting.append((message, _told(message, misbehaviour)))
        if misbehaviour.reorder_reports and len(self._waiting) == 1:
            return
        reports, self._waiting = self._waiting[::-1], []
        upper = misbehaviour.id_case == "upper"
        for reported, states in reports:
            message_id = reported.message_id
            for state in states * misbehaviour.report_copies:
                await self.report(
                    message_id.upper() if upper else message_id,
                    state,
                    reported.reported_at,
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


def _told(message: SimulatedMessage, misbehaviour: Misbehaviour) -> list[str]:
    """Return what is reported of a message: once, or part by part."""
    parts = message.sms_parts if message.channel == "sms" else None
    if misbehaviour.sms_reports == "together" or parts is None:
        return [message.status]
    states = [message.status] * parts
    if misbehaviour.sms_reports == "last_part_fails":
        states[-1] = "undeliv"
    return states


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is of this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
