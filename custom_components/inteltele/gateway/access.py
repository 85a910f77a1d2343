"""Who may be asked at all: lock-outs and rejected keys."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from .errors import RefusedError
from .reasons import ErrorReason

LOCK_OUT: Final = timedelta(minutes=5)


class AccessRegister:
    """Remembers which gateways shut this house out, and which keys they rejected.

    The gateway locks an IP out after several wrong keys, and a locked-out IP must stay
    silent for 5 minutes. So one register serves all accounts of a house, and its
    content (`as_dict`) is kept across restarts. `on_change` is called when it changed.
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
        self._rejected: set[str] = set(stored.get("rejected", ()))

    def as_dict(self) -> dict[str, Any]:
        """Return the content for storage: no key, only digests of rejected ones."""
        return {
            "locked_until": {
                address: until.isoformat()
                for address, until in self._locked_until.items()
                if until > self._now()
            },
            "rejected": sorted(self._rejected),
        }

    def locked_until(self, address: str) -> datetime | None:
        """Return until when a gateway must not be asked, or None where it may."""
        until = self._locked_until.get(address)
        # A clock that was set back must not prolong a lock-out.
        if until is None or not self._now() < until <= self._now() + LOCK_OUT:
            return None
        return until

    def check(self, address: str, username: str, api_key: str) -> None:
        """Raise RefusedError where the gateway must not be asked."""
        if self.locked_until(address) is not None:
            raise RefusedError(ErrorReason.LOCKED_OUT)
        if self._rejected and _digest(address, username, api_key) in self._rejected:
            raise RefusedError(ErrorReason.INVALID_AUTH)

    def refused(
        self, address: str, username: str, api_key: str, reason: ErrorReason
    ) -> None:
        """Remember a refusal that forbids to ask again."""
        if reason is ErrorReason.LOCKED_OUT:
            self._locked_until[address] = self._now() + LOCK_OUT
        elif reason is ErrorReason.INVALID_AUTH:
            self._rejected.add(_digest(address, username, api_key))
        else:
            return
        self._on_change()

    def forgive(self, address: str, username: str, api_key: str) -> None:
        """Allow a rejected key once more, because a person entered it again."""
        digest = _digest(address, username, api_key)
        if digest in self._rejected:
            self._rejected.remove(digest)
            self._on_change()


def _digest(address: str, username: str, api_key: str) -> str:
    """Return what identifies a key without telling it."""
    return sha256(f"{address}\0{username}\0{api_key}".encode()).hexdigest()
