"""What went to whom within the last minute, which the gateway remembers too."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

# The gateway refuses repetitions "to the same number within 1 minute".
REPEAT_WINDOW: Final = 60.0


@dataclass(slots=True, eq=False, kw_only=True)
class Request:
    """A request to some numbers, with its repetitions.

    `ended_at` is by the monotonic clock, None while it is under way; `text` is None
    where it is not known. `busy` are those numbers that something else went to in the
    minute before, `same_text` those that the same text went to last.
    """

    text: str | None
    ended_at: float | None = None
    busy: Collection[str] = ()
    same_text: Collection[str] = ()


class RecentRequests:
    """The requests to each number that may have arrived within a minute."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Start with nothing sent."""
        self._monotonic = monotonic
        self._requests: dict[str, list[Request]] = {}
        self._swept_at = monotonic()

    def is_busy(self, number: str) -> bool:
        """Return whether something went to a number in the minute before."""
        return bool(self._recent(number))

    def begin(self, numbers: Collection[str], text: str) -> Request:
        """Remember a request before it is made."""
        self._sweep()
        busy = {number for number in numbers if self.is_busy(number)}
        request = Request(
            text=text,
            busy=busy,
            same_text={
                number for number in busy if self._requests[number][-1].text == text
            },
        )
        for number in numbers:
            self._requests.setdefault(number, []).append(request)
        return request

    def end(self, request: Request) -> None:
        """Note that nothing of a request can arrive any more."""
        request.ended_at = self._monotonic()

    def undo(self, numbers: Iterable[str], request: Request) -> None:
        """Forget a request where it did not come to a message."""
        for number in numbers:
            with suppress(ValueError):
                self._requests.get(number, []).remove(request)

    def remember(
        self,
        numbers: Iterable[str],
        text: str | None,
        age: float,
        *,
        busy: Collection[str] = (),
    ) -> Request:
        """Take up a request of before a restart, so many seconds old; oldest first."""
        at = self._monotonic() - max(age, 0.0)
        request = Request(text=text, ended_at=at, busy=busy)
        for number in numbers:
            self._requests.setdefault(number, []).append(request)
        return request

    def doubtful(self, numbers: Iterable[str], request: Request) -> set[str]:
        """Return numbers that something else went to around a request.

        A repetition of the request that the gateway sees there may be of that.
        """
        return {
            number
            for number in numbers
            if number in request.busy
            or (self._requests.get(number) or [request])[-1] is not request
        }

    def _recent(self, number: str) -> list[Request]:
        """Return the requests to a number that the gateway has not forgotten."""
        requests = self._requests.get(number, [])
        while requests and self._is_old(requests[0]):
            del requests[0]
        return requests

    def _is_old(self, request: Request) -> bool:
        """Return whether the gateway has forgotten a request."""
        return (
            request.ended_at is not None
            and request.ended_at <= self._monotonic() - REPEAT_WINDOW
        )

    def _sweep(self) -> None:
        """Forget numbers that nothing went to, once for all sends of a while."""
        now = self._monotonic()
        if now - self._swept_at >= REPEAT_WINDOW:
            self._swept_at = now
            for number in list(self._requests):
                if not self._recent(number):
                    del self._requests[number]
