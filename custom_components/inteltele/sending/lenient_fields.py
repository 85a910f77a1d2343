"""The fields of a call of which none may cost the alarm: what is amiss is noted."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from ..exceptions import invalid_input
from .composing import text_of


class Shortcomings:
    """What of a call could not be taken as it was meant."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.errors: list[HomeAssistantError] = []

    def add(self, key: str, **placeholders: str) -> None:
        """Note something with a sentence."""
        self.errors.append(invalid_input(key, **placeholders))


class LenientFields:
    """A call's fields, read one by one: what cannot be read is left out, and noted."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read from a call's data."""
        self._data = data
        self.shortcomings = Shortcomings()

    def read[T, D](self, field: str, validate: Callable[[Any], T], default: D) -> T | D:
        """Return a field, or what holds where it is missing or cannot be read."""
        if self._data.get(field) is None:
            return default
        try:
            return validate(self._data[field])
        except Exception:  # noqa: BLE001 - whatever is wrong with it
            self.shortcomings.add("alarm_field_left_out", field=field)
            return default

    def text(self, field: str, limit: int) -> str | None:
        """Return a text, cut where it is too long."""
        text = self.read(field, lambda value: text_of(cv.string(value)), None)
        if text is not None and len(text) > limit:
            self.shortcomings.add("alarm_text_cut", field=field)
            text = text[: limit - 1] + "…"
        return text or None

    def duration(
        self, field: str, default: timedelta, least: timedelta, most: timedelta
    ) -> timedelta:
        """Return a time, or the nearest one that is allowed."""
        asked = self.read(field, cv.time_period, default)
        allowed = min(max(asked, least), most)
        if allowed != asked:
            self.shortcomings.add("alarm_out_of_range", field=field)
        return allowed
