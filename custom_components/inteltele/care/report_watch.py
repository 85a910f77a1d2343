"""Watching over delivery reports: whether they can come in, and whether they do."""

from datetime import datetime, timedelta
import sqlite3
from typing import Final

from homeassistant.const import CONF_WEBHOOK_ID, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..coordinator import AccountEntry
from ..delivery import Ledger
from ..settings.public_url import public_url, report_url
from ..storage.message import Message, ReceiptSource
from .issues import AccountIssue, async_end_issue, async_raise_issue
from .report_addresses import ReportAddress, ReportAddresses

UNREPORTED_MESSAGES: Final = 3
# Asking is often quicker than a report; after this time it is late.
REPORTED_WITHIN: Final = timedelta(hours=1)
REPORTS_NOTED_EVERY: Final = timedelta(seconds=1)
REPORTS_MISSED_AFTER: Final = timedelta(days=7)
# So many of the newest messages tell how it stands.
LOOKED_AT: Final = 100


class ReportWatch:
    """Knows which address an account's reports come to, and raises issues about it."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AccountEntry,
        ledger: Ledger,
        addresses: ReportAddresses,
    ) -> None:
        """Look after the address of an account."""
        self._hass = hass
        self._entry = entry
        self._ledger = ledger
        self._addresses = addresses
        self._stop_listening: CALLBACK_TYPE | None = None

    @property
    def _webhook_id(self) -> str:
        """Return the webhook that reports come in by now."""
        webhook_id: str = self._entry.data[CONF_WEBHOOK_ID]
        return webhook_id

    @property
    def url(self) -> str:
        """Return the address for delivery reports, as it is now."""
        return report_url(self._hass, self._webhook_id)

    @property
    def reported_at(self) -> datetime | None:
        """Return when the gateway reported last, None for never."""
        address = self._addresses.find(self._webhook_id)
        return address.reported_at if address else None

    async def async_start(self) -> None:
        """Look once, and from then on whenever the house's address changes."""
        self._async_check_url()
        await self.async_check()
        self._stop_listening = self._hass.bus.async_listen(
            EVENT_CORE_CONFIG_UPDATE, self._async_check_url
        )

    @callback
    def async_look_again(self) -> None:
        """Look again, because the webhook may be another."""
        self._async_check_url()
        self._hass.async_create_task(self.async_check())

    @callback
    def async_stop(self) -> None:
        """Look no more."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    @callback
    def async_came_in(self) -> None:
        """Learn that the gateway knows the address for reports.

        Its report may bring nothing new, where the house asked before.
        """
        noted_at = self.reported_at
        if noted_at is None or abs(dt_util.utcnow() - noted_at) > REPORTS_NOTED_EVERY:
            self._addresses.reported(self._webhook_id)
            self._async_end(AccountIssue.NO_RECEIPTS)

    @callback
    def async_handed_in(self) -> None:
        """Learn that a person handed the address for reports in."""
        self._addresses.hand_out(self._webhook_id, self.url)
        self._async_end(AccountIssue.NO_RECEIPTS)
        self._async_end(AccountIssue.REPORT_URL_CHANGED)

    async def async_check(self) -> None:
        """Look whether reports come in where they could."""
        address = self._addresses.find(self._webhook_id)
        # Another address than the one that was handed out is told by itself.
        if (
            address is not None
            and address.public
            and address.url == self.url
            and self._missed(address)
            and len(await self._unreported(address)) >= UNREPORTED_MESSAGES
        ):
            async_raise_issue(self._hass, self._entry, AccountIssue.NO_RECEIPTS)
        else:
            self._async_end(AccountIssue.NO_RECEIPTS)

    @callback
    def _async_check_url(self, _: Event | None = None) -> None:
        """Look whether the address for reports is still the one that was handed out."""
        url, known = self.url, self._addresses.find(self._webhook_id)
        if known is None or not known.public:
            # What was shown at first was this one, or only lacked the house's address.
            if known is None or known.url != url:
                self._addresses.hand_out(self._webhook_id, url)
            return
        # Without a public address there is nothing to hand in.
        if url == known.url or public_url(self._hass) is None:
            self._async_end(AccountIssue.REPORT_URL_CHANGED)
        else:
            async_raise_issue(self._hass, self._entry, AccountIssue.REPORT_URL_CHANGED)

    def _missed(self, address: ReportAddress) -> bool:
        """Return whether no report has come in for longer than chance explains."""
        reported_at = address.reported_at
        return (
            reported_at is None or dt_util.utcnow() - reported_at > REPORTS_MISSED_AFTER
        )

    async def _unreported(self, address: ReportAddress) -> list[Message]:
        """Return the messages whose end the gateway told only when it was asked."""
        since = address.reported_at or address.handed_out_at
        until = dt_util.utcnow() - REPORTED_WITHIN
        try:
            newest = await self._ledger.history(None, None, LOOKED_AT)
        except sqlite3.Error:
            # What cannot be read is told elsewhere.
            return []
        return [
            message
            for message in newest
            if message.source is ReceiptSource.POLL
            and since <= message.sent_at <= until
        ]

    @callback
    def _async_end(self, key: AccountIssue) -> None:
        """Take an issue of the account back."""
        async_end_issue(self._hass, self._entry, key)
