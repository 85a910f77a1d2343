"""What is left on the account, asked for now and then."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .const import DOMAIN
from .gateway import (
    CannotConnectError,
    GatewayClient,
    GatewayError,
    InvalidResponseError,
)
from .plain import get_logger

_LOGGER = get_logger(__name__)

UPDATE_INTERVAL: Final = timedelta(minutes=30)
REFRESH_COOLDOWN: Final = 10.0

# The entry of an account, as rooms below the account at work know it.
type AccountEntry = ConfigEntry[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Balance and credit, in the account's currency, None for what cannot be read.

    `spent` is what the last day's messages cost.
    """

    balance: Decimal | None
    credit: Decimal | None
    spent: Decimal = Decimal(0)


class MoneyCoordinator(DataUpdateCoordinator[Money]):
    """Asks for balance and credit every half hour, and after sends."""

    def __init__(
        self,
        hass: HomeAssistant,
        name: str,
        client: GatewayClient,
        *,
        spent: Callable[[], Awaitable[Decimal]],
        on_more: Callable[[], None],
    ) -> None:
        """Bind the coordinator to an account.

        `spent` tells what the last day's messages cost, `on_more` hears that the
        balance has grown.
        """
        super().__init__(
            hass,
            _LOGGER,
            # With its entry it would end with each reload, and what is known with it.
            config_entry=None,
            name=name,
            update_interval=UPDATE_INTERVAL,
            request_refresh_debouncer=Debouncer(
                hass, _LOGGER, cooldown=REFRESH_COOLDOWN, immediate=False
            ),
        )
        self.client = client
        self._spent = spent
        self._on_more = on_more
        self.ran_out = False

    @callback
    def async_poll(self, *, polled: bool) -> None:
        """Ask by itself or not, as a person set it for the account."""
        self.update_interval = UPDATE_INTERVAL if polled else None

    @callback
    def async_ask(self) -> asyncio.Task[None]:
        """Ask now, which nobody has to wait for."""
        return self.hass.async_create_background_task(
            self.async_refresh(), "IntelTele's question"
        )

    @callback
    def async_ask_soon(self) -> None:
        """Ask once for all that is sent within some seconds."""
        self._debounced_refresh.async_schedule_call()

    @callback
    def async_refused(self) -> None:
        """Hear that the gateway refused a message for want of money."""
        self._async_set_ran_out(ran_out=True)

    @callback
    def async_taken(self) -> None:
        """Hear that the gateway took a message."""
        self._async_set_ran_out(ran_out=False)

    @callback
    def _async_set_ran_out(self, *, ran_out: bool) -> None:
        """Tell where it is news whether the money has run out."""
        if self.ran_out is not ran_out:
            self.ran_out = ran_out
            self.async_update_listeners()

    @override
    async def _async_update_data(self) -> Money:
        """Ask the gateway, one question after the other.

        A rejected key must make one request only, so they are not asked together. One
        that cannot be read does not hide the other.
        """
        unread: list[GatewayError] = []

        async def read(ask: Callable[[], Awaitable[Decimal | None]]) -> Decimal | None:
            """Return an amount, None where this question is not answered."""
            try:
                return await ask()
            except (CannotConnectError, InvalidResponseError) as err:
                unread.append(err)
                return None

        try:
            balance = await read(self.client.balance)
            credit = await read(self.client.credit)
            failure: GatewayError | None = unread[0] if len(unread) > 1 else None
        except GatewayError as err:
            failure = err
        if failure is not None:
            # Also where the key is rejected: a send may find that it is not any more.
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=f"account_{failure.reason.of_account}",
            ) from failure
        before = self.data.balance if self.data else None
        if before is not None and balance is not None and balance > before:
            self.ran_out = False
            self._on_more()
        return Money(balance=balance, credit=credit, spent=await self._spent())
