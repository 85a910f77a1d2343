"""The time zones that the gateway tells its times in."""

from datetime import UTC, tzinfo

from aiozoneinfo import async_get_time_zone


async def time_zone(name: str | None) -> tzinfo | None:
    """Return the zone of a reply, UTC where it names none, None for an unknown one.

    UTC is what is asked for.
    """
    if name is None or name.casefold() == "utc":
        return UTC
    try:
        return await async_get_time_zone(name)
    except KeyError, OSError, ValueError:
        return None
