"""Client of the IntelTele HTTP API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from http import HTTPMethod, HTTPStatus
from itertools import batched
from typing import Any, Final

import aiohttp
from yarl import URL

from . import replies
from .access import AccessRegister
from .content import MessageContent
from .errors import (
    CannotConnectError,
    GatewayError,
    InvalidResponseError,
    NoAnswerError,
    RefusedError,
    hide,
    printable,
)
from .models import Rates, SendResult
from .numbers import digits
from .reasons import ErrorReason
from .receipts import DeliveryReceipt, receipt
from .time_zones import time_zone
from .transport import HttpReply, exchange

MAX_NUMBERS: Final = 100
MAX_STATUS_IDS: Final = 50

_SEND: Final = "im/send/"
_STATUS: Final = "im/status/"
_BALANCE: Final = "balance/"
_CREDIT: Final = "credit/"
_RATES: Final = "rates/"
# HTTP statuses by which a server says that it does not take POST here.
_POST_REFUSED: Final = frozenset(
    {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
)


class GatewayClient:
    """The gateway as one account sees it.

    Every call asks at most what `access` allows, and tells it of refusals. Every call
    raises RefusedError for a documented error of the whole request, CannotConnectError
    when the gateway could not be reached, and InvalidResponseError for an answer that
    the documentation does not know. `on_exchange` hears after each exchange what was
    wrong with it as a whole, None for nothing; `on_send` hears the same of each send,
    with its content. `address` is the gateway's host and port.
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
        self.on_exchange: Callable[[ErrorReason | None], None] = lambda _: None
        self.on_send: Callable[[MessageContent, ErrorReason | None], None] = (
            lambda _content, _reason: None
        )
        self._session = session
        self._url = URL(url.rstrip("/") + "/")
        self.address = f"{self._url.host}:{self._url.explicit_port or 'default'}"
        self._username = username
        self._api_key = api_key
        self._access = access or AccessRegister()
        self._send_method = HTTPMethod.POST
        self._status_batches = True

    @property
    def encrypted(self) -> bool:
        """Return whether requests travel over TLS."""
        return self._url.scheme == "https"

    @property
    def locked_until(self) -> datetime | None:
        """Return until when the gateway must not be asked, None where it may be."""
        return self._access.locked_until(self.address)

    def forgive(self) -> None:
        """Allow a rejected key: a person entered it again, or the gateway took it."""
        self._access.forgive(self.address, self._username, self._api_key)

    async def send(
        self, content: MessageContent, numbers: Sequence[str], *, fresh: bool = False
    ) -> dict[str, SendResult]:
        """Send one content to up to 100 E.164 numbers, in one request.

        With `fresh`, by a connection of its own.

        Returns the results by number; a number that the gateway's reply leaves out is
        missing. The same arguments make the same request, byte for byte. Raises
        NoAnswerError when the request may have arrived.
        """
        if not 0 < len(numbers) <= MAX_NUMBERS:
            raise ValueError(f"1 to {MAX_NUMBERS} numbers can be sent to at once")
        try:
            results = await self._send(content, numbers, fresh=fresh)
        except GatewayError as err:
            self._failed(err)
            self.on_send(content, err.reason)
            raise
        self._heard(None)
        self.on_send(content, None)
        return results

    async def _send(
        self, content: MessageContent, numbers: Sequence[str], *, fresh: bool
    ) -> dict[str, SendResult]:
        """Send, by whichever method the gateway takes."""
        self._access.check_send(self.address, self._username, self._api_key)
        parameters = _send_parameters(content, numbers)
        method = self._send_method
        reply = await self._exchange(_SEND, parameters, method, fresh=fresh)
        if method is HTTPMethod.POST and await self._refuses_post(reply):
            method = HTTPMethod.GET
            reply = await self._exchange(_SEND, parameters, method, fresh=fresh)
        results = replies.send_results(self._parsed(reply), numbers)
        # Only now is it known that the gateway itself refused the other one.
        self._send_method = method
        return {number: self._discreet(result) for number, result in results.items()}

    async def statuses(self, message_ids: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Return what the gateway knows of messages, by id; unknown ids are missing.

        Asks in batches, and one by one for those that a batch leaves out, because the
        documentation does not say whether several may be asked for at once. What was
        found counts, whatever failed after it or beside it.
        """
        found: dict[str, DeliveryReceipt] = {}
        try:
            if self._status_batches:
                for batch in batched(message_ids, MAX_STATUS_IDS, strict=False):
                    found |= await self._status_batch(batch)
            await self._add_single_statuses(found, message_ids)
        except GatewayError:
            if not found:
                raise
        return found

    async def balance(self) -> Decimal | None:
        """Return the account's balance, in its currency; it may be negative.

        None where the gateway tells none.
        """
        return await self._ask(_BALANCE, partial(replies.amount, field="balance"))

    async def credit(self) -> Decimal | None:
        """Return the account's credit, in its currency, None where it tells none."""
        return await self._ask(_CREDIT, partial(replies.amount, field="credit"))

    async def rates(self) -> Rates:
        """Return the account's SMS prices."""
        return await self._ask(_RATES, partial(replies.rates, username=self._username))

    async def _status_batch(self, batch: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Return the states of a batch, none where several cannot be asked for."""
        try:
            found = await self._status(batch)
        except InvalidResponseError:
            found = {}
        except RefusedError as err:
            if _is_of_all(err):
                raise
            found = {}
        if len(batch) > 1 and len(found) < len(batch):
            self._status_batches = len(found) > 1
        return found

    async def _add_single_statuses(
        self, found: dict[str, DeliveryReceipt], message_ids: Sequence[str]
    ) -> None:
        """Ask one by one for what was not found; an id may be refused alone."""
        refused: GatewayError | None = None
        for message_id in message_ids:
            if message_id in found:
                continue
            try:
                found |= await self._status((message_id,))
            except (InvalidResponseError, RefusedError) as err:
                # Where nothing else was answered, it is most likely not about the id.
                if _is_of_all(err) or (refused is not None and not found):
                    raise
                refused = err
        if refused is not None:
            raise refused

    async def _status(self, message_ids: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Return the states that one request answers."""
        parameters = {
            "requests": ",".join(message_ids),
            "timezone": "UTC",
            "timeformat": "datetime",
        }

        states = await self._ask(_STATUS, replies.states, parameters)
        return {
            message_id: receipt(
                message_id, state.status, state.date, await time_zone(state.zone)
            )
            for message_id in message_ids
            if (state := states.get(message_id.lower())) is not None
        }

    async def _ask[Answer](
        self,
        path: str,
        read: Callable[[replies.Reply], Answer],
        parameters: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask a question, which changes nothing and costs nothing."""
        try:
            self._access.check(self.address, self._username, self._api_key)
            reply = await self._exchange(path, parameters or {}, HTTPMethod.POST)
            answer = read(self._parsed(reply))
        except NoAnswerError as err:
            self._heard(ErrorReason.CANNOT_CONNECT)
            raise CannotConnectError(str(err)) from err
        except GatewayError as err:
            self._failed(err)
            raise
        self._heard(None)
        return answer

    def _failed(self, err: GatewayError) -> None:
        """Tell why an exchange failed.

        A server that throws back what it was sent gets the key into no error.
        """
        if isinstance(err, InvalidResponseError):
            err.leave_out(self._api_key)
        self._heard(err.reason)

    def _heard(self, reason: ErrorReason | None) -> None:
        """Tell what was wrong with an exchange; else the gateway took the key."""
        if reason is None or not reason.is_gateway_problem:
            self.forgive()
        self.on_exchange(reason)

    async def _exchange(
        self,
        path: str,
        parameters: Mapping[str, str],
        method: HTTPMethod,
        *,
        fresh: bool = False,
    ) -> HttpReply:
        """Make one request."""
        return await exchange(
            self._session,
            method,
            self._url / path,
            {"username": self._username, "api_key": self._api_key, **parameters},
            fresh=fresh,
        )

    def _parsed(self, reply: HttpReply) -> dict[str, Any]:
        """Return the object of a reply, or raise the error that it tells.

        The body counts first, then the HTTP status: the provider does not document
        which status goes with an error. Without TLS, a page is of a router or a hotspot
        on the way; behind a proven certificate, it is of the gateway's own server.
        """
        try:
            parsed = replies.parse_body(reply.body)
            replies.raise_for_error(parsed)
        except InvalidResponseError as err:
            if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise NoAnswerError(f"HTTP {reply.status}") from None
            if not self.encrypted and replies.is_page(reply.body):
                raise CannotConnectError("somebody else answered: a page") from None
            err.accepted = reply.ok
            raise
        except RefusedError as err:
            self._access.refused(
                self.address, self._username, self._api_key, err.reason
            )
            raise
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NoAnswerError(f"HTTP {reply.status}")
        return parsed

    def _discreet(self, result: SendResult) -> SendResult:
        """Return a result whose words can be shown to anybody."""
        if result.words is None:
            return result
        return replace(result, words=printable(hide(result.words, self._api_key)))

    async def _refuses_post(self, reply: HttpReply) -> bool:
        """Return whether /im/send/ is to be asked by GET.

        The documentation states no method for it. POST keeps the key out of URLs, so
        GET is used only where a server refuses POST, or does not find the page while
        it answers others.
        """
        if reply.ok or _tells_error(reply):
            return False
        if reply.status in _POST_REFUSED:
            return True
        if reply.status != HTTPStatus.NOT_FOUND:
            return False
        try:
            await self.balance()
        except CannotConnectError, InvalidResponseError:
            return False
        return True


def _is_of_all(err: GatewayError) -> bool:
    """Return whether a refusal would be the same for any other id."""
    return err.reason.retryable or err.reason is ErrorReason.INVALID_AUTH


def _tells_error(reply: HttpReply) -> bool:
    """Return whether a reply's body is one that the documentation knows."""
    try:
        parsed = replies.parse_body(reply.body)
        replies.raise_for_error(parsed)
    except InvalidResponseError:
        return False
    except RefusedError:
        return True
    return "reply" in parsed


def _send_parameters(content: MessageContent, numbers: Sequence[str]) -> dict[str, str]:
    """Return the parameters of /im/send/."""
    parameters = {
        "to": ",".join(digits(number) for number in numbers),
        "im_sender": content.sender,
        "im_message": content.message,
        "im_image": content.image,
        "im_button_text": content.button_text,
        "im_button_link": content.button_url,
        "im_ttl": None if content.ttl is None else str(content.ttl),
        "sms_source": content.sms_sender,
        "sms_message": content.sms_message,
    }
    return {name: value for name, value in parameters.items() if value is not None}
