"""The data of a legacy call, which may be meant for another member of a group."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import combinations
from typing import Any, Final

from homeassistant.components.notify import ATTR_MESSAGE
from homeassistant.exceptions import ServiceValidationError
import voluptuous as vol

from .composing import Addressees, check_fields
from .fields import MESSAGE_SCHEMA

# Some fields make sense only beside another one, which may come after them.
_TOGETHER: Final = (1, 2, 1)


def usable_fields(
    addressees: Addressees, text: Mapping[str, Any], data: Mapping[Any, Any]
) -> dict[str, Any]:
    """Return the fields of a text, with what can be used of the data beside it.

    An alarm must not be lost to a field that another integration has under the same
    name, or that nobody knows here. Raises ServiceValidationError where the text alone
    would be refused.
    """
    fields = {**dict(_known(data)), **text}
    if _makes_sense(addressees, fields):
        return fields
    check_fields(addressees, text)
    usable = dict(text)
    for size in _TOGETHER:
        for names in combinations([name for name in fields if name not in text], size):
            more = usable | {name: fields[name] for name in names}
            if _makes_sense(addressees, more):
                usable = more
    return usable


def _known(data: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a message among some data, validated."""
    for name, value in data.items():
        with suppress(vol.Invalid, ServiceValidationError):
            yield name, MESSAGE_SCHEMA({ATTR_MESSAGE: "", name: value})[name]


def _makes_sense(addressees: Addressees, fields: Mapping[str, Any]) -> bool:
    """Return whether a message with some fields would be sent."""
    try:
        check_fields(addressees, fields)
    except ServiceValidationError:
        return False
    return True
