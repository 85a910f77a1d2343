"""What an SMS costs: asked for where somebody wants to know, and kept for a day."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from homeassistant.util import dt as dt_util

from ..gateway import GatewayClient, Rates, country_of

KEPT_FOR: Final = timedelta(hours=24)


class SmsPrices:
    """The prices of an account, as its gateway last told them."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._rates: Rates = {}
        self._told_by: GatewayClient | None = None
        self._told_at: datetime | None = None
        self._asking = asyncio.Lock()

    async def async_ask(self, client: GatewayClient) -> None:
        """Learn the prices, where they are not known yet, or too old.

        Raises GatewayError; what was known before is not known any more then.
        """
        async with self._asking:
            now = dt_util.utcnow()
            if (
                self._told_by is client
                and self._told_at is not None
                and timedelta(0) <= now - self._told_at < KEPT_FOR
            ):
                return
            self._rates, self._told_at = {}, None
            self._rates = await client.rates()
            self._told_by, self._told_at = client, now

    def of(self, number: str, parts: int) -> tuple[Decimal, Decimal] | None:
        """Return what so many parts to a number cost, by network: least and most.

        None where that is not known.
        """
        rates = self._rates.get(country_of(number) or "", ())
        # What costs nothing is not sold.
        prices = [rate.price * parts for rate in rates if rate.price > 0]
        return (min(prices), max(prices)) if prices else None
