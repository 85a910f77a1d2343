"""One IntelTele account at work in this house."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
import sqlite3
from typing import Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util

from ..care.account_watch import AccountWatch
from ..care.issues import async_tell_of_damage, async_tell_of_limit
from ..care.report_addresses import ReportAddresses
from ..const import DOMAIN
from ..coordinator import IntelTeleConfigEntry, MoneyCoordinator
from ..delivery import DeliveryService, Ledger, Outcome, Plan, RetryPolicy, Watch
from ..gateway import ErrorReason, GatewayClient
from ..public import AnswerLinks, PictureStore, Pressed
from ..settings.options import options_of
from ..storage.database import Damage
from ..storage.message import HouseReason, Message
from .announcer import Announcer
from .devices import async_create_account_device, async_create_recipient_device
from .schedules import Schedule

# As long as a gateway may take for a request and its repetition, and some more.
SENDS_END_WITHIN: Final = 45.0
# A gateway that answers at all most often does so within this time.
ANSWERED_WITHIN: Final = 3.0


@callback
def ledger_path(hass: HomeAssistant, entry_id: str) -> Path:
    """Return where the messages of an account are kept."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}.db"))


@callback
def pictures_path(hass: HomeAssistant, entry_id: str) -> Path:
    """Return where the pictures are that an account hosts."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}.pictures"))


class Account:
    """What belongs to one account: its client, its messages, its money."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: IntelTeleConfigEntry,
        client: GatewayClient,
        addresses: ReportAddresses,
    ) -> None:
        """Put the account's parts together."""
        self._hass = hass
        self._entry = entry
        self._unwritable = False
        # It may be from before.
        self._limit_told = True
        self.options = options_of(entry)
        self.asked = False
        self.problem: ErrorReason | None = None
        self.device = async_create_account_device(hass, entry)
        self._recipient_devices: dict[str, DeviceEntry] = {}
        self.client = client
        self.coordinator = MoneyCoordinator(hass, entry, client)
        self._announcer = Announcer(hass, entry)
        self.delivery = DeliveryService(
            client,
            ledger_path(hass, entry.entry_id),
            now=dt_util.utcnow,
            keep_text=self.options.keep_text,
            daily_limit=self.options.daily_limit,
            on_sent=self._announcer.async_sent,
            on_change=self._async_changed,
            on_written=self._async_written,
        )
        self.care = AccountWatch(
            hass,
            entry,
            client=client,
            coordinator=self.coordinator,
            ledger=self.delivery.ledger,
            addresses=addresses,
        )
        self.answers = AnswerLinks(
            self.delivery.database, now=dt_util.utcnow, on_press=self._async_pressed
        )
        self.pictures = PictureStore(
            pictures_path(hass, entry.entry_id),
            valid_for=self.options.picture_valid,
            now=dt_util.utcnow,
        )
        self._watches: set[Watch] = set()
        self._sends: set[asyncio.Task[None]] = set()
        poller, outbox = self.delivery.poller, self.delivery.outbox
        self._polling = Schedule(
            hass, "IntelTele outcomes", poller.next_due, poller.ask
        )
        self._retrying = Schedule(
            hass, "IntelTele outbox", outbox.next_due, outbox.work
        )
        self.delivery.successor = lambda: self._successor.delivery
        self.ledger.on_record = self._async_recorded
        self.ledger.on_update = self._announcer.async_show
        outbox.on_change = self._retrying.async_plan
        client.on_exchange = self._async_exchanged

    @property
    def _successor(self) -> Account:
        """Return what runs now, since a send may come back after a reload.

        Where nothing runs any more, it is this, which still remembers what was sent.
        """
        return getattr(self._entry, "runtime_data", self)

    @property
    def ledger(self) -> Ledger:
        """Return the memory of the account's messages."""
        return self.delivery.ledger

    @callback
    def async_device_of(self, subentry: ConfigSubentry) -> DeviceEntry:
        """Return the device of a recipient, created once for all its entities."""
        device = self._recipient_devices.get(subentry.subentry_id)
        if device is None:
            device = async_create_recipient_device(
                self._hass, self._entry, subentry, self.device
            )
            self._recipient_devices[subentry.subentry_id] = device
        return device

    async def async_open(self) -> None:
        """Take up the messages of before, until the account or the house stops."""
        closed = False

        async def stop(_: Event) -> None:
            """Begin nothing any more, and let sends come to their end.

            Home Assistant would cut them off, and what the gateway took be forgotten.
            """
            await self._async_stop()
            if self._sends:
                await asyncio.wait(self._sends, timeout=SENDS_END_WITHIN)

        async def close(_: Event | None = None) -> None:
            """Finish what is under way, and write it."""
            nonlocal closed
            if not closed:
                closed = True
                await self._async_stop()
                await self.delivery.close()

        bus = self._hass.bus
        for unload in (
            close,
            bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop),
            bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close),
        ):
            self._entry.async_on_unload(unload)
        damage = await self.delivery.open()
        await self.answers.load()
        await self._hass.async_add_executor_job(self.pictures.prune)
        if not self._unwritable:
            async_tell_of_damage(self._hass, self._entry, damage)
        self._async_check_limit()
        await self.care.async_start()

    @callback
    def async_ask(self) -> asyncio.Task[None]:
        """Ask the gateway the first question, while the account is set up."""
        return self._entry.async_create_background_task(
            self._hass, self.coordinator.async_refresh(), "IntelTele's first question"
        )

    async def async_start(self, asking: asyncio.Task[None]) -> None:
        """Send what waits and ask for outcomes, as long as the account runs.

        Once the first question was answered, because a rejected key must make one
        request only. A gateway that does not answer must not keep messages waiting.
        """
        await asyncio.wait({asking}, timeout=ANSWERED_WITHIN)
        self._polling.async_start()
        self._retrying.async_start()
        self._announcer.async_tell_now()
        self._announcer.async_show(None)

    async def _async_stop(self) -> None:
        """Begin nothing any more, and let a request come to its end."""
        for watch in self._watches:
            watch.stop()
        self._announcer.async_stop()
        self.delivery.outbox.stop()
        await self._retrying.async_stop()
        await self._polling.async_stop()

    @contextmanager
    def watched_by(self, watch: Watch) -> Iterator[None]:
        """Let somebody hear what becomes of messages, while the context lasts."""
        self._watches.add(watch)
        try:
            yield
        finally:
            self._watches.discard(watch)

    async def async_send(
        self,
        plan: Plan,
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008 - it is frozen
    ) -> list[Outcome]:
        """Send to every recipient of a plan and return what became of it.

        A script that is started anew gives up its action, but a request that is under
        way comes to its end: what the gateway takes is remembered.
        """
        answer: asyncio.Future[list[Outcome]] = self._hass.loop.create_future()
        sending = self._hass.async_create_task(self._async_answer(plan, policy, answer))
        self._sends.add(sending)
        sending.add_done_callback(self._sends.discard)
        outcomes = await answer
        if any(outcome.error is HouseReason.LIMIT_REACHED for outcome in outcomes):
            self._async_limit_reached()
        if self.problem is not ErrorReason.INVALID_AUTH:
            await self.coordinator.async_request_refresh()
        return outcomes

    async def _async_answer(
        self, plan: Plan, policy: RetryPolicy, answer: asyncio.Future[list[Outcome]]
    ) -> None:
        """Send, and tell whoever still waits; quicker than a shield around a task."""
        try:
            outcomes = await self.delivery.send(plan, policy)
        except BaseException as err:
            if not answer.done():
                answer.set_exception(err)
                return
            raise
        if not answer.done():
            answer.set_result(outcomes)

    async def async_forget(self, number: str) -> int:
        """Forget the messages to a number, with their links; return how many."""
        await self.answers.forget([number])
        forgotten = await self.delivery.forget(number)
        self._announcer.async_show(None)
        return forgotten

    @callback
    def _async_changed(self, message: Message) -> None:
        """Tell what became of a message, once the gateway's report is answered."""
        for watch in self._watches:
            watch.end(self._entry.entry_id, message)
        self._hass.loop.call_soon(self._async_tell_changed, message)

    @callback
    def _async_tell_changed(self, message: Message) -> None:
        """Tell what became of a message."""
        self._announcer.async_changed(message)
        self.care.async_changed(message)
        if message.reason is HouseReason.LIMIT_REACHED:
            self._async_limit_reached()

    @callback
    def _async_pressed(self, pressed: Pressed) -> None:
        """Tell that somebody answered."""
        for watch in self._watches:
            watch.answer(pressed.link.fingerprint, pressed.answer.action)
        self._announcer.async_pressed(pressed)
        self._hass.async_create_task(self._async_show_answered(pressed))

    async def _async_show_answered(self, pressed: Pressed) -> None:
        """Let conversations show an answer at its message."""
        with suppress(sqlite3.Error):
            self._announcer.async_show(
                await self.ledger.with_link(pressed.link.fingerprint)
            )

    @callback
    def _async_limit_reached(self) -> None:
        """Have somebody look at what sends so much."""
        self._successor._limit_told = True  # noqa: SLF001 - of its own kind
        async_tell_of_limit(self._hass, self._entry, self.options.daily_limit)

    @callback
    def _async_recorded(self) -> None:
        """Go on from what the ledger just recorded."""
        self._polling.async_plan_soon()
        self._announcer.async_tell()

    @callback
    def _async_exchanged(self, reason: ErrorReason | None) -> None:
        """Learn from an exchange how it stands with the gateway."""
        if reason is ErrorReason.INVALID_AUTH:
            self._entry.async_start_reauth(self._hass)
        problem = reason if reason and reason.is_gateway_problem else None
        self._successor.care.async_exchanged(problem)
        if problem is None:
            self.delivery.outbox.wake()
            self._async_check_limit()
        if not self.asked or (problem is None) is not (self.problem is None):
            self._announcer.async_tell()
        self.asked, self.problem = True, problem

    @callback
    def _async_check_limit(self) -> None:
        """Take the issue of the daily limit back when its time is over."""
        if self._limit_told and self.delivery.allowance.left:
            self._limit_told = False
            async_tell_of_limit(self._hass, self._entry, None)

    @callback
    def _async_written(self, err: sqlite3.Error | None) -> None:
        """Tell when the disk takes nothing any more, and when it does again."""
        if (err is not None) is not self._unwritable:
            self._unwritable = err is not None
            async_tell_of_damage(
                self._hass, self._entry, Damage.NOT_WRITABLE if err else None
            )
