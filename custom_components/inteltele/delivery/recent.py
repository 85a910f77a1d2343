"""What went to whom within the last minute, which the gateway remembers too."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

# The gateway refuses repetitions "to the same number within 1 minute".
REPEAT_WINDOW: Final = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A request to some numbers; `at` is monotonic, `text` None where not known."""

    at: float
    text: str | None


class RecentRequests:
    """The last request to each number that may have arrived within a minute."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Start with nothing sent."""
        self._monotonic = monotonic
        self._last: dict[str, Request] = {}
        self._before: dict[str, Request] = {}

    def begin(self, numbers: Iterable[str], text: str) -> Request:
        """Remember a request before it is made."""
        request = Request(self._monotonic(), text)
        for number in numbers:
            if (last := self._last.get(number)) is not None:
                self._before[number] = last
            self._last[number] = request
        return request

    def undo(self, numbers: Iterable[str], request: Request) -> None:
        """Forget a request where it did not come to a message."""
        for number in numbers:
            if self._last.get(number) is request:
                del self._last[number]
                if (before := self._before.pop(number, None)) is not None:
                    self._last[number] = before

    def remember(self, number: str, text: str | None, age: float) -> None:
        """Take up a request of before a restart, so many seconds old."""
        self._last[number] = Request(self._monotonic() - age, text)

    def among(self, numbers: Iterable[str]) -> set[str]:
        """Return those numbers that something went to."""
        self._drop_old()
        return {number for number in numbers if number in self._last}

    def with_text(self, numbers: Iterable[str], text: str) -> set[str]:
        """Return those numbers that this text went to last."""
        return {
            number for number in self.among(numbers) if self._last[number].text == text
        }

    def replaced(self, numbers: Iterable[str], request: Request) -> set[str]:
        """Return those numbers that something else went to after a request."""
        return {number for number in numbers if self._last.get(number) is not request}

    def _drop_old(self) -> None:
        """Forget what the gateway has forgotten."""
        oldest = self._monotonic() - REPEAT_WINDOW
        for requests in (self._last, self._before):
            for number in [
                number for number, request in requests.items() if request.at <= oldest
            ]:
                del requests[number]
