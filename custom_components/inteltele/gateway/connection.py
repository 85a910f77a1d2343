"""The gateway as one account reaches it: its key, and what each exchange tells."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPMethod, HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from .access import AccessRegister
from .bodies import Reply, is_page, parse_body
from .errors import (
    CannotConnectError,
    GatewayError,
    InvalidResponseError,
    NoAnswerError,
    RefusedError,
    SomebodyElseError,
    hide,
    printable,
)
from .reasons import ErrorReason
from .replies import raise_for_error
from .transport import HttpReply, exchange

_BALANCE: Final = "balance/"
# HTTP statuses by which a server says that it does not take POST here.
_POST_REFUSED: Final = frozenset(
    {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
)

type Read[Answer] = Callable[[Reply], Answer]


class Connection:
    """What every call to the gateway has in common.

    Every call asks at most what `access` allows, and tells it of refusals. Every call
    raises RefusedError for a documented error of the whole request, CannotConnectError
    when the gateway could not be reached, and InvalidResponseError for an answer that
    the documentation does not know. `on_exchange` hears after each exchange what was
    wrong with it as a whole, None for nothing. `address` is the gateway's host and
    port, and `key_was_taken` tells what it said of the key when it spoke last.
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
        self._session = session
        self._url = URL(url.rstrip("/") + "/")
        self.address = f"{self._url.host}:{self._url.explicit_port or 'default'}"
        self._username = username
        self._api_key = api_key
        self._access = access or AccessRegister()
        self._sent_by_get: set[str] = set()
        self.key_was_taken = False

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

    async def ask[Answer](
        self,
        path: str,
        read: Read[Answer],
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

    async def submit[Answer](
        self,
        path: str,
        read: Read[Answer],
        parameters: Mapping[str, str],
        *,
        fresh: bool = False,
    ) -> Answer:
        """Hand something over, by whichever method the gateway takes.

        With `fresh`, by a connection of its own. Raises NoAnswerError when the request
        may have arrived.
        """
        try:
            answer = await self._submit(path, read, parameters, fresh=fresh)
        except GatewayError as err:
            self._failed(err)
            raise
        self._heard(None)
        return answer

    def without_key(self, words: str) -> str:
        """Return a server's words as they can be shown to anybody."""
        return printable(hide(words, self._api_key))

    async def _submit[Answer](
        self,
        path: str,
        read: Read[Answer],
        parameters: Mapping[str, str],
        *,
        fresh: bool,
    ) -> Answer:
        """Hand something over by POST, or by GET where that is known to be needed."""
        self._access.check_send(self.address, self._username, self._api_key)
        by_get = path in self._sent_by_get
        method = HTTPMethod.GET if by_get else HTTPMethod.POST
        reply = await self._exchange(path, parameters, method, fresh=fresh)
        if not by_get and await self._refuses_post(reply):
            by_get = True
            reply = await self._exchange(path, parameters, HTTPMethod.GET, fresh=fresh)
        answer = read(self._parsed(reply))
        if by_get:
            # Only now is it known that the gateway itself refused the other one.
            self._sent_by_get.add(path)
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
            self.key_was_taken = True
            self.forgive()
        elif reason is ErrorReason.INVALID_AUTH:
            self.key_was_taken = False
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

    def _parsed(self, reply: HttpReply) -> Reply:
        """Return the object of a reply, or raise the error that it tells.

        The body counts first, then the HTTP status: the provider does not document
        which status goes with an error. Without TLS, a page is of a router or a hotspot
        on the way; behind a proven certificate, it is of the gateway's own server.
        """
        try:
            parsed = parse_body(reply.body)
            raise_for_error(parsed)
        except InvalidResponseError as err:
            if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise NoAnswerError(f"HTTP {reply.status}") from None
            if not self.encrypted and is_page(reply.body):
                raise SomebodyElseError("somebody else answered: a page") from None
            err.accepted = reply.ok
            raise
        except RefusedError as err:
            self._access.refused(
                self.address, self._username, self._api_key, err.reason
            )
            raise
        # What tells of each number was written by the gateway's program, at its end.
        told = isinstance(parsed.get("reply"), list) and parsed["reply"]
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not told:
            raise NoAnswerError(f"HTTP {reply.status}")
        return parsed

    async def _refuses_post(self, reply: HttpReply) -> bool:
        """Return whether a path is to be asked by GET.

        The documentation states no method for /im/send/, and either for
        /message/send/. POST keeps the key out of URLs, so GET is used only where a
        server refuses POST, or does not find the page while it answers others.
        """
        if reply.ok or _tells_error(reply):
            return False
        if reply.status in _POST_REFUSED:
            return True
        if reply.status != HTTPStatus.NOT_FOUND:
            return False
        try:
            await self.ask(_BALANCE, lambda _: None)
        except CannotConnectError, InvalidResponseError:
            return False
        return True


def _tells_error(reply: HttpReply) -> bool:
    """Return whether a reply's body is one that the documentation knows."""
    try:
        parsed = parse_body(reply.body)
        raise_for_error(parsed)
    except InvalidResponseError:
        return False
    except RefusedError:
        return True
    return "reply" in parsed
