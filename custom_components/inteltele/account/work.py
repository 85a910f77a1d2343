"""What an account does by itself, and the requests that others made of it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.async_ import create_eager_task

from ..delivery import DeliveryService
from .schedules import Schedule

# A gateway that answers at all most often does so within this time.
ANSWERED_WITHIN: Final = 3.0


class Work:
    """Lets messages be sent, tried again and asked about, until it is stopped."""

    def __init__(self, hass: HomeAssistant, delivery: DeliveryService) -> None:
        """Do nothing yet."""
        poller, outbox = delivery.poller, delivery.outbox
        self._hass = hass
        self._outbox = outbox
        self._polling = Schedule(
            hass, "IntelTele outcomes", poller.next_due, poller.ask
        )
        self._retrying = Schedule(
            hass, "IntelTele outbox", outbox.next_due, outbox.work
        )
        self._requests: set[asyncio.Task[None]] = set()
        self._may_begin = asyncio.Event()
        outbox.on_change = self._retrying.async_plan

    async def async_begin(self, asking: asyncio.Task[None]) -> None:
        """Begin once the first question was answered, or go on.

        A rejected key must make one request only. A gateway that does not answer must
        not keep messages waiting.
        """
        self._outbox.wake()
        await asyncio.wait({asking}, timeout=ANSWERED_WITHIN)
        self._may_begin.set()
        self._polling.async_start()
        self._retrying.async_start()

    @callback
    def async_request(self, request: Coroutine[Any, Any, None]) -> None:
        """Let a request come to its end, whoever gives up waiting for it.

        As a task of our own: for others Home Assistant holds its start up, and when it
        stops it cuts them off, and what the gateway took is forgotten.
        """
        task = create_eager_task(
            self._async_in_turn(request), name="IntelTele request", loop=self._hass.loop
        )
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)

    @callback
    def async_plan_soon(self) -> None:
        """Plan when to ask for outcomes, because there is more to ask for."""
        self._polling.async_plan_soon()

    async def async_stop(self, within: float) -> None:
        """Begin nothing any more, and let requests come to their end, all together.

        What is not done after so many seconds is cut off, or left to itself.
        """
        self._may_begin.set()
        self._outbox.stop()
        await asyncio.gather(
            self._retrying.async_stop(within),
            self._polling.async_stop(within),
            self._async_finish(within),
        )

    async def _async_in_turn(self, request: Coroutine[Any, Any, None]) -> None:
        """Make a request after the first question."""
        await self._may_begin.wait()
        await request

    async def _async_finish(self, within: float) -> None:
        """Let requests come to their end, for so many seconds at most."""
        if self._requests:
            await asyncio.wait(self._requests, timeout=within)
