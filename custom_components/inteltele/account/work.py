"""What an account does by itself."""

import asyncio
from typing import Final

from homeassistant.core import HomeAssistant, callback

from ..alarms.alarms import Alarms
from ..delivery import DeliveryService
from ..public import PictureStore
from .schedules import NightlySchedule, Schedule, async_stop_all

# A gateway that answers at all most often does so within this time.
ANSWERED_WITHIN: Final = 3.0


class Work:
    """Lets messages be sent, tried again and asked about, until it is stopped."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        delivery: DeliveryService,
        pictures: PictureStore,
        alarms: Alarms,
    ) -> None:
        """Do nothing yet."""
        poller, outbox = delivery.poller, delivery.outbox
        self._hass = hass
        self._delivery = delivery
        self._pictures = pictures
        self._outbox = outbox
        self._polling = Schedule(
            hass, "IntelTele outcomes", poller.next_due, poller.ask, now=delivery.now
        )
        ways = delivery.second_ways
        self._second_ways = Schedule(
            hass, "IntelTele second ways", ways.next_due, ways.work, now=delivery.now
        )
        self._retrying = Schedule(
            hass, "IntelTele outbox", outbox.next_due, outbox.work, now=delivery.now
        )
        self._asking = Schedule(
            hass, "IntelTele alarms", alarms.next_due, alarms.work, now=delivery.now
        )
        self._nightly = NightlySchedule(
            hass, "IntelTele night", entry_id, self._async_tidy_up
        )
        self._begun = delivery.begun
        self._begun.clear()
        outbox.on_plan = self._retrying.async_plan
        alarms.on_plan = self._asking.async_plan

    async def async_begin(self, asking: asyncio.Task[None]) -> None:
        """Begin once the first question was answered, or go on.

        A rejected key must make one request only. A gateway that does not answer must
        not keep messages waiting.
        """
        self._outbox.wake()
        # What an alarm asks waits for the first answer, as all messages do.
        self._asking.async_start()
        await asyncio.wait({asking}, timeout=ANSWERED_WITHIN)
        self._begun.set()
        self._polling.async_start()
        self._second_ways.async_start()
        self._retrying.async_start()
        self._nightly.async_start()

    @callback
    def async_plan_soon(self) -> None:
        """Plan when to ask for outcomes, because there is more to ask for."""
        self._polling.async_plan_soon()
        self._second_ways.async_plan_soon()

    async def async_stop(self, within: float) -> None:
        """Begin nothing any more, and let requests come to their end, all together.

        What is not done after so many seconds is cut off.
        """
        self._begun.set()
        await asyncio.gather(
            async_stop_all(
                (
                    self._retrying,
                    self._polling,
                    self._second_ways,
                    self._asking,
                    self._nightly,
                ),
                within,
            ),
            self._delivery.stop(within),
        )

    async def _async_tidy_up(self) -> None:
        """Delete what is old, and leave nothing of what was deleted."""
        await self._hass.async_add_executor_job(self._pictures.prune)
        await self._delivery.tidy_up()
