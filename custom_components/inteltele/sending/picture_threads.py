"""Threads for pictures alone: one that hangs holds up no other part of the house."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

MAX_THREADS: Final = 4

# A place is taken until its thread has really ended.
DATA_PLACES: HassKey[asyncio.Semaphore] = HassKey(f"{DOMAIN}_picture_threads")


async def async_in_thread[**P, T](
    hass: HomeAssistant, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Do something that blocks, once there is a place for it, and return its result.

    What waits for a dead network share cannot be ended. Its thread stays, and neither
    the house's own threads nor its end have to wait for it.
    """
    places = hass.data.setdefault(DATA_PLACES, asyncio.Semaphore(MAX_THREADS))
    await places.acquire()
    future: asyncio.Future[T] = hass.loop.create_future()

    @callback
    def end(tell: Callable[[], None]) -> None:
        """Give the place back, and the result to whoever still waits for it."""
        places.release()
        if not future.done():
            tell()

    def run() -> None:
        """Work, in the thread."""
        try:
            result = work(*args, **kwargs)
        except BaseException as err:  # noqa: BLE001 - it is raised where it is awaited
            tell = partial(future.set_exception, err)
        else:
            tell = partial(future.set_result, result)
        # The house may have ended meanwhile.
        with suppress(RuntimeError):
            hass.loop.call_soon_threadsafe(end, tell)

    Thread(target=run, name="IntelTele picture", daemon=True).start()
    return await future
