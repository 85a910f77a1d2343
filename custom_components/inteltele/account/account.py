"""One IntelTele account at work in this house."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util

from ..alarms.alarms import Alarms
from ..care.account_watch import AccountWatch
from ..care.file_watch import FileWatch
from ..care.issues import async_end_reauth
from ..care.limit_watch import LimitWatch
from ..care.report_addresses import ReportAddresses
from ..coordinator import MoneyCoordinator
from ..delivery import Clock, DeliveryService, Ledger, Plan, RetryPolicy, Watch
from ..gateway import AccessRegister, ErrorReason, GatewayClient
from ..public import AnswerLinks, PictureStore, Pressed
from ..settings.options import AccountOptions
from ..storage.answer_links import AnswerLink
from ..storage.message import Message, MessageStatus
from .alarm_host import AlarmHost
from .announcer import Announcer
from .clients import async_client_of
from .devices import async_name_devices
from .entry_state import EntryState, recipients_signal
from .paths import ledger_path, pictures_path
from .prices import SmsPrices
from .work import Work

type IntelTeleConfigEntry = ConfigEntry[Account]


class Account:
    """What belongs to one account: its client, its messages, its money.

    At work from its entry's first set-up until that is disabled or removed, or the
    house stops: a reload takes entities away and adds them again, and nothing else.
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
        self.at_work = True
        self.closed = False
        self.asked = False
        self.problem: ErrorReason | None = None
        self.device_id = ""
        self.client = async_client_of(hass, entry, access)
        self.prices = SmsPrices()
        self._file = FileWatch(hass, entry)
        clock = Clock(dt_util.utcnow)
        self.delivery = DeliveryService(
            self.client,
            ledger_path(hass, entry.entry_id),
            now=clock.now,
            keep_text=self.options.keep_text,
            daily_limit=self.options.daily_limit,
            sms_limit=self.options.sms_limit,
            on_change=self._async_changed,
            on_press=self._async_pressed,
            on_written=self._file.async_written,
        )
        self.coordinator = MoneyCoordinator(
            hass,
            entry.title,
            self.client,
            spent=self.delivery.spent,
            on_more=self.delivery.outbox.afford,
        )
        self._alarm_host = AlarmHost(hass, entry, self._async_alarms_heard)
        self.alarms = Alarms(self.delivery, self._alarm_host, now=clock.now)
        clock.on_set = self._async_clock_set
        self._announcer = Announcer(hass, entry, self.delivery.untold)
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
        self._limit = LimitWatch(hass, entry, self.delivery.allowance)
        self._watches: set[Watch] = set()
        self._work = Work(
            hass, entry.entry_id, self.delivery, self.pictures, self.alarms
        )
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
        return self.delivery.database.durable and self._file.writable

    async def async_open(self) -> None:
        """Take up the messages of before."""
        damage = await self.delivery.open()
        await self.alarms.load()
        await self._hass.async_add_executor_job(self.pictures.prune)
        self._file.async_opened(damage)
        self._limit.async_check()
        await self.care.async_start()
        self._announcer.async_begin()
        self._alarm_host.async_begin()

    @callback
    def async_attach(self) -> None:
        """Begin to work or, after a reload, go on, with what the entry holds now."""
        self.coordinator.async_poll(polled=not self.entry.pref_disable_polling)
        self.async_take_up()
        self._announcer.async_show(None)
        self._hass.async_create_background_task(self._async_begin(), "IntelTele begins")

    async def _async_begin(self) -> None:
        """Ask the gateway, which nobody has to wait for, then begin or go on."""
        await self._work.async_begin(self.coordinator.async_ask())
        self._announcer.async_tell_now()

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
            sms_limit=now.options.sms_limit,
        )
        self._limit.async_check()
        self.care.async_take_up(now.changed_recipients(before))
        async_name_devices(self._hass, self.entry)
        async_dispatcher_send(self._hass, recipients_signal(self.entry.entry_id))
        self.coordinator.async_update_listeners()
        self._announcer.async_tell_now()
        self._announcer.async_tell_untold()
        self._announcer.async_show(None)
        if renewed:
            self.coordinator.async_ask()
        self.alarms.try_now()

    @callback
    def _async_use(self, client: GatewayClient) -> None:
        """Ask by another client from now on."""
        # What the one of before still hears says nothing of the new credentials.
        self.client.on_exchange = lambda _: None
        self.client.on_send = lambda _content, _reason: None
        self.client = self.coordinator.client = client
        client.on_exchange = self._async_exchanged
        self.care.async_use(client)

    async def async_close(self, within: float) -> None:
        """Let what is under way come to its end, and close the file."""
        self.closed = True
        await self.async_stop(within)
        await self.coordinator.async_shutdown()
        self.care.async_stop()
        await self.delivery.close()

    async def async_stop(self, within: float) -> None:
        """Begin nothing any more, and give requests so many seconds to end."""
        self.at_work = False
        for watch in self._watches:
            watch.stop()
        self.alarms.stop()
        self._alarm_host.async_stop()
        self._announcer.async_stop()
        await self._work.async_stop(within)

    @callback
    def async_tell_untold(self) -> None:
        """Tell what had to wait, where somebody hears it now."""
        self._announcer.async_tell_untold()

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

        What was accepted takes its course, whoever gives up waiting.
        """
        return await self.delivery.send(plan, policy, links)

    async def async_forget(self, number: str) -> int:
        """Forget the messages to a number, with their links; return how many."""
        ledger = self.ledger
        before = [
            message
            for message in (*ledger.queued.values(), *ledger.under_way)
            if message.number == number
        ]
        forgotten = await self.delivery.forget(number, but=self.alarms.kept)
        gone = {item.id for item in before if ledger.with_number(item.seq) is None}
        for watch in self._watches:
            watch.forget(gone)
        self._announcer.async_forgot(number)
        return forgotten

    @callback
    def _async_changed(self, before: Message | None, after: Message) -> None:
        """Tell everybody of a change of a message."""
        self.alarms.hear(after)
        if after.ended:
            for watch in self._watches:
                watch.end(after)
            self.care.async_changed(after)
        if after.reason is ErrorReason.LOW_BALANCE and after.attempted_at is None:
            self.coordinator.async_refused()
        elif after.status is MessageStatus.SENT and (
            before is None or before.status is not after.status
        ):
            self.coordinator.async_taken()
        if before is None:
            self._limit.async_check()
        self._announcer.async_changed(before, after)
        self._work.async_plan_soon()

    @callback
    def _async_clock_set(self, by: timedelta) -> None:
        """Let nothing end early, or wait for long, because the clock was set."""
        self.delivery.move(by)
        self.alarms.move(by)

    @callback
    def _async_alarms_heard(self) -> None:
        """Tell of alarms what nobody heard before."""
        self.alarms.tell_untold()

    @callback
    def _async_pressed(self, pressed: Pressed) -> None:
        """Tell that somebody answered."""
        for watch in self._watches:
            watch.answer(pressed.link.fingerprint, pressed.answer.action)
        self._announcer.async_pressed(pressed)

    @callback
    def _async_exchanged(self, reason: ErrorReason | None) -> None:
        """Learn from an exchange how it stands with the gateway."""
        if reason is ErrorReason.INVALID_AUTH and self.at_work:
            self.entry.async_start_reauth(self._hass)
        problem = reason if reason and reason.is_gateway_problem else None
        self.care.async_exchanged(problem)
        if problem is None:
            self.delivery.outbox.wake()
            self._limit.async_check()
            if self.problem is not None:
                async_end_reauth(self._hass, self.entry)
                self.alarms.try_now()
        if not self.asked or (problem is None) is not (self.problem is None):
            self._announcer.async_tell()
        self.asked, self.problem = True, problem
