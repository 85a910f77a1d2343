"""One IntelTele account at work in this house."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import sqlite3
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util

from ..care.account_watch import AccountWatch
from ..care.issues import async_tell_of_damage, async_tell_of_limit
from ..care.report_addresses import ReportAddresses
from ..coordinator import UPDATE_INTERVAL, MoneyCoordinator
from ..delivery import DeliveryService, Ledger, Plan, RetryPolicy, Watch
from ..gateway import AccessRegister, ErrorReason, GatewayClient
from ..public import AnswerLinks, PictureStore, Pressed
from ..settings.options import AccountOptions
from ..storage.answer_links import AnswerLink
from ..storage.database import Damage
from ..storage.message import HouseReason, Message, MessageStatus
from .announcer import Announcer
from .clients import async_client_of
from .devices import async_name_devices
from .entry_state import EntryState, recipients_signal
from .paths import ledger_path, pictures_path
from .work import Work

# As long as the house may take to stop for requests that are under way.
STOPPED_WITHIN: Final = 10.0
# Less than Home Assistant waits for an account that is disabled or removed.
CLOSED_WITHIN: Final = 4.0

type IntelTeleConfigEntry = ConfigEntry[Account]


class Account:
    """What belongs to one account: its client, its messages, its money.

    It is at work from its entry's first set-up until the entry is disabled or removed,
    or the house stops. A reload takes its entities away and adds them again, and leaves
    everything else alone; so does a change of what a person entered.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: IntelTeleConfigEntry,
        access: AccessRegister,
        addresses: ReportAddresses,
    ) -> None:
        """Put the account's parts together."""
        self._hass = hass
        self.entry = entry
        self._known = EntryState.of(entry)
        self._access = access
        self._unwritable = False
        # It may be from before.
        self._limit_told = True
        self.at_work = True
        self.asked = False
        self.problem: ErrorReason | None = None
        self.device_id = ""
        self.client = async_client_of(hass, entry, access)
        self.coordinator = MoneyCoordinator(hass, entry.title, self.client)
        self._announcer = Announcer(hass, entry)
        self.delivery = DeliveryService(
            self.client,
            ledger_path(hass, entry.entry_id),
            now=dt_util.utcnow,
            keep_text=self.options.keep_text,
            daily_limit=self.options.daily_limit,
            on_change=self._async_changed,
            on_press=self._async_pressed,
            on_written=self._async_written,
        )
        self.care = AccountWatch(
            hass,
            entry,
            client=self.client,
            coordinator=self.coordinator,
            ledger=self.delivery.ledger,
            addresses=addresses,
        )
        self.pictures = PictureStore(
            pictures_path(hass, entry.entry_id),
            valid_for=self.options.picture_valid,
            now=dt_util.utcnow,
        )
        self._watches: set[Watch] = set()
        self._work = Work(hass, entry.entry_id, self.delivery, self.pictures)
        self._stop_listening: list[CALLBACK_TYPE] = []
        self.client.on_exchange = self._async_exchanged

    @property
    def options(self) -> AccountOptions:
        """Return the account's options, as they are now."""
        return self._known.options

    @property
    def answers(self) -> AnswerLinks:
        """Return the links by which people answer."""
        return self.delivery.answers

    @property
    def ledger(self) -> Ledger:
        """Return the memory of the account's messages."""
        return self.delivery.ledger

    @property
    def keeps_what_waits(self) -> bool:
        """Return whether what waits is on the disk, and would outlive a restart."""
        return self.delivery.database.durable and not self._unwritable

    async def async_open(self) -> None:
        """Take up the messages of before."""
        bus = self._hass.bus
        self._stop_listening = [
            bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_house_stops),
            bus.async_listen(EVENT_HOMEASSISTANT_CLOSE, self._async_house_closes),
        ]
        damage = await self.delivery.open()
        await self._hass.async_add_executor_job(self.pictures.prune)
        if not self._unwritable:
            async_tell_of_damage(self._hass, self.entry, damage)
        self._async_check_limit()
        await self.care.async_start()

    @callback
    def async_attach(self) -> None:
        """Begin to work or, after a reload, go on, with what the entry holds now."""
        polled = not self.entry.pref_disable_polling
        self.coordinator.update_interval = UPDATE_INTERVAL if polled else None
        self.async_take_up()
        self._announcer.async_show(None)
        self._hass.async_create_background_task(self._async_begin(), "IntelTele begins")

    async def _async_begin(self) -> None:
        """Ask the gateway, which nobody has to wait for, then begin or go on."""
        await self._work.async_begin(self._async_ask())
        self._announcer.async_tell_now()

    @callback
    def _async_ask(self) -> asyncio.Task[None]:
        """Ask the gateway how it stands, which nobody has to wait for."""
        return self._hass.async_create_background_task(
            self.coordinator.async_refresh(), "IntelTele's question"
        )

    @callback
    def async_take_up(self) -> None:
        """Take up what the entry holds now, and leave alone what is as it was."""
        before, now = self._known, EntryState.of(self.entry)
        if now == before:
            return
        self._known = now
        renewed = now.credentials != before.credentials
        if renewed:
            self._async_use(async_client_of(self._hass, self.entry, self._access))
        self.coordinator.name = now.title
        self.pictures.valid_for = now.options.picture_valid
        self.delivery.configure(
            client=self.client,
            keep_text=now.options.keep_text,
            daily_limit=now.options.daily_limit,
        )
        self._async_check_limit()
        self.care.async_take_up(now.changed_recipients(before))
        async_name_devices(self._hass, self.entry)
        async_dispatcher_send(self._hass, recipients_signal(self.entry.entry_id))
        self.coordinator.async_update_listeners()
        self._announcer.async_tell_now()
        self._announcer.async_show(None)
        if renewed:
            self._async_ask()

    @callback
    def _async_use(self, client: GatewayClient) -> None:
        """Ask by another client from now on.

        What the one of before still hears says nothing of the new credentials.
        """
        self.client.on_exchange = lambda _: None
        self.client.on_send = lambda _content, _reason: None
        self.client = self.coordinator.client = client
        client.on_exchange = self._async_exchanged
        self.care.async_use(client)

    async def _async_house_stops(self, _: Event) -> None:
        """Begin nothing any more, and let requests come to their end.

        Home Assistant would cut them off, and what the gateway took be forgotten.
        """
        await self._async_stop(STOPPED_WITHIN)

    async def _async_house_closes(self, _: Event) -> None:
        """Write what is left."""
        await self.async_close()

    async def async_close(self) -> None:
        """Let what is under way come to its end, and close the file."""
        while self._stop_listening:
            self._stop_listening.pop()()
        await self._async_stop(CLOSED_WITHIN)
        await self.coordinator.async_shutdown()
        self.care.async_stop()
        await self.delivery.close()

    async def _async_stop(self, within: float) -> None:
        """Begin nothing any more, and let requests come to their end, all together."""
        self.at_work = False
        for watch in self._watches:
            watch.stop()
        self._announcer.async_stop()
        await self._work.async_stop(within)

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
        links: Sequence[AnswerLink] = (),
    ) -> list[Message]:
        """Send to every recipient of a plan and return each message as it stands then.

        A script that is started anew gives up its action, but what was accepted takes
        its course.
        """
        messages = await self.delivery.send(plan, policy, links)
        if self.problem is not ErrorReason.INVALID_AUTH:
            await self.coordinator.async_request_refresh()
        return messages

    async def async_forget(self, number: str) -> int:
        """Forget the messages to a number, with their links; return how many."""
        forgotten = await self.delivery.forget(number)
        self._announcer.async_show(None)
        self._announcer.async_tell_now()
        return forgotten

    @callback
    def _async_changed(self, before: Message | None, after: Message) -> None:
        """Tell everybody of a change of a message."""
        if after.ended:
            for watch in self._watches:
                watch.end(after)
            self.care.async_changed(after)
            if after.reason is HouseReason.LIMIT_REACHED:
                self._async_limit_reached()
        if after.reason is ErrorReason.LOW_BALANCE:
            self.coordinator.async_refused()
        elif after.status is MessageStatus.SENT:
            self.coordinator.async_taken()
        self._announcer.async_changed(before, after)
        self._work.async_plan_soon()

    @callback
    def _async_pressed(self, pressed: Pressed) -> None:
        """Tell that somebody answered."""
        for watch in self._watches:
            watch.answer(pressed.link.fingerprint, pressed.answer.action)
        self._announcer.async_pressed(pressed)
        if pressed.message is not None:
            # Let conversations show the answer at its message.
            self._announcer.async_show([pressed.message])

    @callback
    def _async_limit_reached(self) -> None:
        """Have somebody look at what sends so much."""
        self._limit_told = True
        async_tell_of_limit(self._hass, self.entry, self.options.daily_limit)

    @callback
    def _async_exchanged(self, reason: ErrorReason | None) -> None:
        """Learn from an exchange how it stands with the gateway."""
        if reason is ErrorReason.INVALID_AUTH and self.at_work:
            self.entry.async_start_reauth(self._hass)
        problem = reason if reason and reason.is_gateway_problem else None
        self.care.async_exchanged(problem)
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
            async_tell_of_limit(self._hass, self.entry, None)

    @callback
    def _async_written(self, err: sqlite3.Error | None) -> None:
        """Tell when the disk takes nothing any more, and when it does again."""
        if (err is not None) is not self._unwritable:
            self._unwritable = err is not None
            async_tell_of_damage(
                self._hass, self.entry, Damage.NOT_WRITABLE if err else None
            )
