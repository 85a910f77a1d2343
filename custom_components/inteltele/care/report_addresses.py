"""Which addresses for delivery reports were handed out, and whether they are used."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

STORAGE_VERSION: Final = 1
# Reports are many, and a time need not be kept more exactly than this.
REPORTS_KEPT_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAddress:
    """An address that a person was shown, to hand it to the provider.

    `url` is a mere path where the house had no public address. `reported_at` is when a
    report came in by its webhook last, None for never.
    """

    url: str
    handed_out_at: datetime
    reported_at: datetime | None = None

    @property
    def public(self) -> bool:
        """Return whether it was a whole address."""
        return not self.url.startswith("/")

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Return an address as it was stored."""
        reported_at = stored["reported_at"]
        return cls(
            url=stored["url"],
            handed_out_at=datetime.fromisoformat(stored["handed_out_at"]),
            reported_at=reported_at and datetime.fromisoformat(reported_at),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the address for storage."""
        return {
            "url": self.url,
            "handed_out_at": self.handed_out_at.isoformat(),
            "reported_at": self.reported_at and self.reported_at.isoformat(),
        }


class ReportAddresses:
    """The address of each webhook, for all accounts; kept across restarts."""

    def __init__(
        self,
        stored: Mapping[str, Any] | None,
        *,
        on_change: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        """Take up what was stored before; `on_change` is called to store it again."""
        self._on_change = on_change
        self._now = now
        self._addresses = {
            webhook_id: ReportAddress.from_dict(address)
            for webhook_id, address in (stored or {}).items()
        }
        self._kept_at: dict[str, datetime] = {}

    def as_dict(self) -> dict[str, Any]:
        """Return the content for storage."""
        return {
            webhook_id: address.as_dict()
            for webhook_id, address in self._addresses.items()
        }

    def find(self, webhook_id: str) -> ReportAddress | None:
        """Return what was handed out for a webhook, None for nothing."""
        return self._addresses.get(webhook_id)

    def hand_out(self, webhook_id: str, url: str) -> None:
        """Remember that a person was shown an address; its reports begin from now."""
        self._addresses[webhook_id] = ReportAddress(url=url, handed_out_at=self._now())
        self._on_change()

    def reported(self, webhook_id: str) -> None:
        """Remember that a report came in by an address, unless it was renewed since."""
        if (address := self._addresses.get(webhook_id)) is None:
            return
        now = self._now()
        self._addresses[webhook_id] = replace(address, reported_at=now)
        kept_at = self._kept_at.get(webhook_id)
        if kept_at is None or now - kept_at >= REPORTS_KEPT_EVERY:
            self._kept_at[webhook_id] = now
            self._on_change()

    def keep_only(self, webhook_ids: Collection[str]) -> None:
        """Forget the addresses of webhooks that are not in use any more."""
        gone = self._addresses.keys() - webhook_ids
        for webhook_id in gone:
            del self._addresses[webhook_id]
        if gone:
            self._on_change()


DATA_REPORT_ADDRESSES: HassKey[ReportAddresses] = HassKey(f"{DOMAIN}_report_addresses")


@singleton(DATA_REPORT_ADDRESSES, async_=True)
async def async_get_report_addresses(hass: HomeAssistant) -> ReportAddresses:
    """Return the addresses that were handed out, loaded once."""
    store: Store[dict[str, Any]] = Store(
        hass, STORAGE_VERSION, f"{DOMAIN}.report_addresses", private=True
    )

    @callback
    def save() -> None:
        """Write the addresses soon, or leave no file where there are none."""
        content = addresses.as_dict()
        hass.async_create_task(
            store.async_save(content) if content else store.async_remove()
        )

    addresses = ReportAddresses(
        await store.async_load(), on_change=save, now=dt_util.utcnow
    )
    return addresses
