"""The phones that messages go to, and what a person switched on them."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace

from .numbers import NO_DATA, NO_VIBER, OFF, suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What a phone cannot do just now."""

    no_data: bool = False
    off: bool = False
    no_viber: bool = False

    @property
    def gets_viber(self) -> bool:
        """Return whether a Viber message arrives."""
        return not (self.no_data or self.off or self.no_viber)

    @property
    def gets_sms(self) -> bool:
        """Return whether an SMS arrives."""
        return not self.off


class Phones:
    """All phones by their number in E.164; a number's last digits say how it starts."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        """Start with nothing switched."""
        self._on_change = on_change
        self._switched: dict[str, Phone] = {}
        self._changed = asyncio.Event()

    def of(self, number: str) -> Phone:
        """Return a number's phone."""
        kind = suffix(number)
        return self._switched.get(number) or Phone(
            no_data=kind == NO_DATA, off=kind == OFF, no_viber=kind == NO_VIBER
        )

    def switch(self, number: str, **switches: bool) -> None:
        """Switch something on a phone; raises ValueError for what it does not have."""
        if not number.startswith("+"):
            raise ValueError(f"{number} is no number in E.164.")
        names = sorted(entry.name for entry in fields(Phone))
        if unknown := sorted(set(switches) - set(names)):
            raise ValueError(
                f"A phone has no {', '.join(unknown)}. It has {', '.join(names)}."
            )
        if not all(isinstance(value, bool) for value in switches.values()):
            raise ValueError("A switch is true or false.")
        self._switched[number] = replace(self.of(number), **switches)
        self._tell()

    def reset(self) -> None:
        """Switch everything back."""
        self._switched.clear()
        self._tell()

    async def wait(
        self, number: str, ready: Callable[[Phone], bool], seconds: float
    ) -> bool:
        """Wait until a phone is ready; return whether it was within some seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not ready(self.of(number)):
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def as_json(self, *numbers: str) -> dict[str, dict[str, bool]]:
        """Return some phones, and those on which something was switched."""
        return {
            number: asdict(self.of(number)) for number in {*numbers, *self._switched}
        }

    def _tell(self) -> None:
        """Wake what waits for a phone, and those who watch."""
        self._changed.set()
        self._changed = asyncio.Event()
        self._on_change()
