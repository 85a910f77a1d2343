"""Client of the IntelTele HTTP API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

import aiohttp

from . import replies
from .access import AccessRegister
from .connection import Connection
from .content import Content, MessageContent, SmsContent
from .errors import (
    GatewayError,
    InvalidResponseError,
    RefusedError,
    SomebodyElseError,
)
from .models import Rates, SendResult
from .numbers import digits
from .reasons import ErrorReason
from .receipts import DeliveryReceipt
from .statuses import Statuses, is_of_all

MAX_NUMBERS: Final = 100

_SEND: Final = "im/send/"
_STATUS: Final = "im/status/"
_SMS_SEND: Final = "message/send/"
_SMS_STATUS: Final = "message/status/"
_BALANCE: Final = "balance/"
_CREDIT: Final = "credit/"
_RATES: Final = "rates/"


class GatewayClient(Connection):
    """Every call of the gateway's API, for one account.

    `on_send` hears of each send what was wrong with it as a whole, None for nothing,
    with its content.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        url: str,
        username: str,
        api_key: str,
        access: AccessRegister | None = None,
    ) -> None:
        """Bind the account's credentials to a gateway address."""
        super().__init__(
            session, url=url, username=username, api_key=api_key, access=access
        )
        self.on_send: Callable[[Content, ErrorReason | None], None] = (
            lambda _content, _reason: None
        )
        self._statuses = Statuses(self, _STATUS)
        self._sms_statuses = Statuses(self, _SMS_STATUS)

    async def send(
        self, content: MessageContent, numbers: Sequence[str], *, fresh: bool = False
    ) -> dict[str, SendResult]:
        """Send one Viber message to up to 100 E.164 numbers, in one request.

        With `fresh`, by a connection of its own.

        Returns the results by number; a number that the gateway's reply leaves out is
        missing. The same arguments make the same request, byte for byte. Raises
        NoAnswerError when the request may have arrived.
        """
        parameters = {
            "im_sender": content.sender,
            "im_message": content.message,
            "im_image": content.image,
            "im_button_text": content.button_text,
            "im_button_link": content.button_url,
            "im_ttl": None if content.ttl is None else str(content.ttl),
            "sms_source": content.sms_sender,
            "sms_message": content.sms_message,
        }
        return await self._send(_SEND, content, parameters, numbers, fresh=fresh)

    async def send_sms(
        self, content: SmsContent, numbers: Sequence[str], *, fresh: bool = False
    ) -> dict[str, SendResult]:
        """Send one SMS to up to 100 E.164 numbers, whether they have Viber or not.

        Otherwise as `send`. What was taken has its `parts`: as the gateway counted
        them, or where it does not say, by our own count.
        """
        parameters = {
            "from": content.sender,
            "message": content.message,
            "priority": None if content.priority is None else str(content.priority),
            "system_type": content.system_type,
        }
        results = await self._send(_SMS_SEND, content, parameters, numbers, fresh=fresh)
        return {
            number: result
            if result.error or result.parts
            else replace(result, parts=content.parts)
            for number, result in results.items()
        }

    async def statuses(self, message_ids: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Return what the gateway knows of Viber messages, by id.

        Unknown ids are missing. What was found counts, whatever failed beside it.
        """
        return await self._statuses.of(message_ids)

    async def sms_statuses(
        self, message_ids: Sequence[str]
    ) -> dict[str, DeliveryReceipt]:
        """Return what the gateway knows of SMS, by id; unknown ids are missing.

        The provider promises /message/status/, but its description is not to be had.
        What it leaves out is asked at /im/status/; where that knew what the first did
        not, it is asked alone from then on.
        """
        found: dict[str, DeliveryReceipt] = {}
        try:
            found = await self._sms_statuses.of(message_ids)
        except GatewayError as err:
            if self._sms_statuses is self._statuses or not _may_be_missing(err):
                raise
        missing = [item for item in message_ids if item not in found]
        if not missing or self._sms_statuses is self._statuses:
            return found
        try:
            others = await self._statuses.of(missing)
        except GatewayError:
            if not found:
                raise
            return found
        if others and not found:
            self._sms_statuses = self._statuses
        return found | others

    async def balance(self) -> Decimal | None:
        """Return the account's balance, in its currency; it may be negative.

        None where the gateway tells none.
        """
        return await self.ask(_BALANCE, partial(replies.amount, field="balance"))

    async def credit(self) -> Decimal | None:
        """Return the account's credit, in its currency, None where it tells none."""
        return await self.ask(_CREDIT, partial(replies.amount, field="credit"))

    async def rates(self) -> Rates:
        """Return the account's SMS prices."""
        return await self.ask(_RATES, partial(replies.rates, username=self._username))

    async def _send(
        self,
        path: str,
        content: Content,
        parameters: Mapping[str, str | None],
        numbers: Sequence[str],
        *,
        fresh: bool,
    ) -> dict[str, SendResult]:
        """Send one content, leaving out what is not set."""
        if not 0 < len(numbers) <= MAX_NUMBERS:
            raise ValueError(f"1 to {MAX_NUMBERS} numbers can be sent to at once")
        given = {name: value for name, value in parameters.items() if value is not None}
        to = ",".join(digits(number) for number in numbers)
        read = partial(replies.send_results, numbers=numbers)
        try:
            results = await self.submit(path, read, {"to": to, **given}, fresh=fresh)
        except GatewayError as err:
            self.on_send(content, err.reason)
            raise
        self.on_send(content, None)
        return {number: self._discreet(result) for number, result in results.items()}

    def _discreet(self, result: SendResult) -> SendResult:
        """Return a result whose words can be shown to anybody."""
        if result.words is None:
            return result
        return replace(result, words=self.without_key(result.words))


def _may_be_missing(err: GatewayError) -> bool:
    """Return whether a page may just not be there, while the gateway is.

    Servers answer for such a page with an error, with a page for people or with a
    redirect to another.
    """
    if isinstance(err, RefusedError):
        return not is_of_all(err)
    return isinstance(err, InvalidResponseError | SomebodyElseError)
