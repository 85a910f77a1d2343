"""Watching over an account: whatever needs a person is told, until it is cured."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
import sqlite3
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..const import CONF_CURRENCY
from ..coordinator import AccountEntry, MoneyCoordinator
from ..delivery import Ledger, Recipient
from ..gateway import Content, ErrorReason, FailureReason, GatewayClient, MessageContent
from ..settings.options import options_of
from ..settings.recipients import recipient_with_number, recipients_of
from ..storage.message import Message, MessageStatus, ReceiptSource
from .issues import (
    AccountIssue,
    async_end_issue,
    async_end_issues_of_removed_recipients,
    async_find_issue,
    async_raise_issue,
)
from .report_addresses import ReportAddresses
from .report_watch import ReportWatch

FAILURES_IN_A_ROW: Final = 3
# So many of the newest messages are looked through for those that ended.
LOOKED_AT: Final = 20


class AccountWatch:
    """Raises an account's repairs issues, each by its cause, and takes them back."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AccountEntry,
        *,
        client: GatewayClient,
        coordinator: MoneyCoordinator,
        ledger: Ledger,
        addresses: ReportAddresses,
    ) -> None:
        """Look after an account's parts."""
        self._hass = hass
        self._entry = entry
        self._coordinator = coordinator
        self._ledger = ledger
        self.reports = ReportWatch(hass, entry, ledger, addresses)
        self._in_order = False
        self._cancel_lock_out: CALLBACK_TYPE | None = None
        self._stop_listening: CALLBACK_TYPE | None = None
        self.async_use(client)

    @callback
    def async_use(self, client: GatewayClient) -> None:
        """Look after what is sent by a client, from now on."""
        self._client = client
        client.on_send = self._async_sent

    async def async_start(self) -> None:
        """Look at everything once, and from then on whenever something changes."""
        self._async_check_sender()
        async_end_issues_of_removed_recipients(self._hass, self._entry)
        await self._async_check_recipients(recipients_of(self._entry))
        await self.reports.async_start()
        self._stop_listening = self._coordinator.async_add_listener(
            self._async_money_changed
        )

    @callback
    def async_take_up(self, changed: Iterable[Recipient]) -> None:
        """Look again, because options, the webhook, or these recipients changed."""
        self._async_check_sender()
        async_end_issues_of_removed_recipients(self._hass, self._entry)
        self._hass.async_create_task(self._async_check_recipients(changed))
        self.reports.async_look_again()

    @callback
    def async_stop(self) -> None:
        """Look after nothing any more."""
        self._async_stop_waiting()
        self.reports.async_stop()
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    @callback
    def async_exchanged(self, reason: ErrorReason | None) -> None:
        """Learn how the gateway answered as a whole; None is as it should be."""
        if reason is None and self._in_order:
            return
        self._in_order = reason is None
        if reason is ErrorReason.IP_NOT_ALLOWED:
            async_raise_issue(self._hass, self._entry, AccountIssue.IP_NOT_ALLOWED)
        elif reason is ErrorReason.LOCKED_OUT:
            self._async_wait_for_lock_out()
        elif reason is None:
            self._async_end(AccountIssue.IP_NOT_ALLOWED)
            self._async_stop_waiting()
            self._async_end(AccountIssue.LOCKED_OUT)

    @callback
    def async_changed(self, message: Message) -> None:
        """Learn what became of a message."""
        recipient = recipient_with_number(self._entry, message.number)
        if recipient is not None and (
            message.reason is FailureReason.UNDELIVERABLE
            or self._is_undeliverable(recipient)
        ):
            self._hass.async_create_task(self._async_check_recipients([recipient]))
        if message.source is ReceiptSource.WEBHOOK:
            self.reports.async_came_in()
        elif message.source is ReceiptSource.POLL:
            self._hass.async_create_task(self.reports.async_check())

    @callback
    def _async_end(self, key: AccountIssue) -> None:
        """Take an issue of the account back."""
        async_end_issue(self._hass, self._entry, key)

    @callback
    def _async_wait_for_lock_out(self, _: datetime | None = None) -> None:
        """Tell of a lock-out until its time is over; nobody may ask before."""
        self._async_stop_waiting()
        until = self._client.locked_until
        if until is None:
            self._async_end(AccountIssue.LOCKED_OUT)
            return
        async_raise_issue(
            self._hass,
            self._entry,
            AccountIssue.LOCKED_OUT,
            time=f"{dt_util.as_local(until):%H:%M}",
        )
        self._cancel_lock_out = async_track_point_in_utc_time(
            self._hass, self._async_wait_for_lock_out, until
        )

    @callback
    def _async_stop_waiting(self) -> None:
        """Wait for the end of a lock-out no longer."""
        if self._cancel_lock_out is not None:
            self._cancel_lock_out()
            self._cancel_lock_out = None

    @callback
    def _async_sent(self, content: Content, reason: ErrorReason | None) -> None:
        """Learn from a send what it cost, and whether its sender may send."""
        if reason in {None, ErrorReason.LOW_BALANCE}:
            self._coordinator.async_ask_soon()
        if reason is ErrorReason.SENDER_BANNED:
            async_raise_issue(
                self._hass,
                self._entry,
                AccountIssue.SENDER_BANNED,
                remembered=self._senders_of_options,
            )
        elif reason is None and content.senders and isinstance(content, MessageContent):
            # An SMS that was taken says nothing of the sender of Viber messages, in
            # place of which it may have gone.
            self._async_end(AccountIssue.SENDER_BANNED)

    @property
    def _senders_of_options(self) -> str:
        """Return by what the senders are known that hold where nothing is said.

        It is kept with an issue, which names no sender.
        """
        options = options_of(self._entry)
        senders = f"{options.sender}, {options.sms_sender}"
        return sha256(senders.encode()).hexdigest()

    @callback
    def _async_check_sender(self) -> None:
        """Take the issue of a banned sender back where another one was set since."""
        issue = async_find_issue(self._hass, self._entry, AccountIssue.SENDER_BANNED)
        if issue is None or issue.data is None:
            return
        if issue.data["remembered"] != self._senders_of_options:
            self._async_end(AccountIssue.SENDER_BANNED)

    @callback
    def _async_money_changed(self) -> None:
        """Look whether the money runs out, and every now and then at the reports."""
        self._hass.async_create_task(self.reports.async_check())
        money, ran_out = self._coordinator.data, self._coordinator.ran_out
        known = money.balance if money else None
        if not ran_out and (known is None or not self._coordinator.last_update_success):
            return
        balance = Decimal(0) if known is None else known
        spent = money.spent if money else Decimal(0)
        if not (ran_out or options_of(self._entry).is_low(balance, spent)):
            self._async_end(AccountIssue.LOW_BALANCE)
            return
        async_raise_issue(
            self._hass,
            self._entry,
            AccountIssue.LOW_BALANCE,
            balance=f"{balance:.2f} {self._entry.data[CONF_CURRENCY]}",
        )

    @callback
    def _is_undeliverable(self, recipient: Recipient) -> bool:
        """Return whether somebody was told that a recipient cannot be reached."""
        key = AccountIssue.UNDELIVERABLE
        subentry_id = recipient.subentry_id
        return async_find_issue(self._hass, self._entry, key, subentry_id) is not None

    async def _async_check_recipients(self, recipients: Iterable[Recipient]) -> None:
        """Look which recipients cannot be reached, and may need an SMS instead."""
        for recipient in recipients:
            if await self._cannot_be_reached(recipient):
                async_raise_issue(
                    self._hass,
                    self._entry,
                    AccountIssue.UNDELIVERABLE,
                    subentry_id=recipient.subentry_id,
                    recipient=recipient.name or "",
                )
            else:
                async_end_issue(
                    self._hass,
                    self._entry,
                    AccountIssue.UNDELIVERABLE,
                    recipient.subentry_id,
                )

    async def _cannot_be_reached(self, recipient: Recipient) -> bool:
        """Return whether the last messages to a recipient were all undeliverable."""
        # Most often the newest message tells, and the file need not be asked.
        has_sms = recipient.sms_fallback or recipient.sms_after is not None
        if has_sms or self._may_be_reached(recipient):
            return False
        endings = await self._endings(recipient)
        return (
            len(endings) == FAILURES_IN_A_ROW
            and all(
                message.reason is FailureReason.UNDELIVERABLE for message in endings
            )
            # It may have changed while the file was read.
            and not self._may_be_reached(recipient)
        )

    @callback
    def _may_be_reached(self, recipient: Recipient) -> bool:
        """Return whether the newest message arrived, or there is none."""
        latest = self._ledger.latest.get(recipient.number)
        return latest is None or latest.status is MessageStatus.DELIVERED

    async def _endings(self, recipient: Recipient) -> list[Message]:
        """Return the messages to a recipient that came to their end last."""
        try:
            newest = await self._ledger.history([recipient.number], None, LOOKED_AT)
        except sqlite3.Error:
            # What cannot be read is told elsewhere.
            return []
        ended = [
            message
            for message in newest
            if message.status in {MessageStatus.DELIVERED, MessageStatus.FAILED}
            and not message.never_sent
        ]
        return ended[:FAILURES_IN_A_ROW]
