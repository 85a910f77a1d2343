"""Who may be asked at all: lock-outs and rejected keys."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import Any, Final

from .errors import RefusedError
from .reasons import ErrorReason

LOCK_OUT: Final = timedelta(minutes=5)
# The gateway locks out after 5 wrong keys in 5 minutes. A send may use a rejected key
# this seldom, since the rejection may have been the gateway's mistake.
REJECTED_FOR: Final = timedelta(minutes=6)
TRIES_A_DAY: Final = 3
_DAY: Final = timedelta(days=1)


class AccessRegister:
    """Remembers which gateways shut this house out, and which keys they rejected.

    The gateway locks an IP out after several wrong keys, and a locked-out IP must stay
    silent for 5 minutes. A rejected key is used by sends only, and seldom, until one is
    taken. So one register serves all accounts of a house, and its content (`as_dict`)
    is kept across restarts. `on_change` is called when it changed.
    """

    def __init__(
        self,
        stored: Mapping[str, Any] | None = None,
        *,
        on_change: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take up what was stored before."""
        stored = stored or {}
        self._on_change = on_change
        self._now = now
        self._locked_until = {
            address: datetime.fromisoformat(until)
            for address, until in stored.get("locked_until", {}).items()
        }
        # When a key was rejected first, and when it was tried again since.
        self._rejected = {
            digest: [datetime.fromisoformat(moment) for moment in moments]
            for digest, moments in stored.get("rejected_at", {}).items()
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the content for storage: no key, only digests of rejected ones."""
        return {
            "locked_until": {
                address: until.isoformat()
                for address, until in self._locked_until.items()
                if until > self._now()
            },
            "rejected_at": {
                digest: [moment.isoformat() for moment in moments]
                for digest, moments in self._rejected.items()
            },
        }

    def locked_until(self, address: str) -> datetime | None:
        """Return until when a gateway must not be asked, or None where it may."""
        until = self._locked_until.get(address)
        # A clock that was set back must not prolong a lock-out.
        if until is None or not self._now() < until <= self._now() + LOCK_OUT:
            return None
        return until

    def check(self, address: str, username: str, api_key: str) -> None:
        """Raise RefusedError where the gateway must not be asked a question."""
        if self.locked_until(address) is not None:
            raise RefusedError(ErrorReason.LOCKED_OUT)
        if self._rejected and _digest(address, username, api_key) in self._rejected:
            raise RefusedError(ErrorReason.INVALID_AUTH)

    def check_send(self, address: str, username: str, api_key: str) -> None:
        """Raise RefusedError where the gateway must not be asked to send."""
        try:
            self.check(address, username, api_key)
        except RefusedError as err:
            if err.reason is ErrorReason.LOCKED_OUT or not self._try_again(
                _digest(address, username, api_key)
            ):
                raise

    def _try_again(self, digest: str) -> bool:
        """Return whether a rejected key may be used now, and count that it is."""
        now = self._now()
        first, *tries = self._rejected[digest]
        # What is in the future is of a clock that was set back since.
        tries = [moment for moment in tries if now - _DAY < moment <= now]
        if len(tries) >= TRIES_A_DAY or any(
            now - REJECTED_FOR < moment <= now
            # Of every key: the gateway counts them together.
            for moment in chain.from_iterable(self._rejected.values())
        ):
            return False
        self._rejected[digest] = [first, *tries, now]
        self._on_change()
        return True

    def refused(
        self, address: str, username: str, api_key: str, reason: ErrorReason
    ) -> None:
        """Remember a refusal that forbids to ask again."""
        if reason is ErrorReason.LOCKED_OUT:
            self._locked_until[address] = self._now() + LOCK_OUT
        elif reason is ErrorReason.INVALID_AUTH:
            self._rejected.setdefault(
                _digest(address, username, api_key), [self._now()]
            )
        else:
            return
        self._on_change()

    def forgive(self, address: str, username: str, api_key: str) -> None:
        """Allow a rejected key: a person entered it again, or the gateway took it."""
        if not self._rejected:
            return
        digest = _digest(address, username, api_key)
        if digest in self._rejected:
            del self._rejected[digest]
            self._on_change()


def _digest(address: str, username: str, api_key: str) -> str:
    """Return what identifies a key without telling it."""
    return sha256(f"{address}\0{username}\0{api_key}".encode()).hexdigest()
